// Tasks that share a container: each has a descriptor of its own, files stay open until the last one closes (facts: teardown 1.2, 1.3, 1.5),
// and no order of what two tasks ask for is an error of the model.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../src/core/scenario.ts';
import { type Engine, engineOf } from '../../src/engine/engine.ts';
import { buildModel, operationTable } from '../../src/kernels/build.ts';
import { task } from '../support/runs.ts';
import { cutTo, on, searchOf } from '../support/searching.ts';
import { run, story } from '../support/teardown.ts';

const machine = cutTo('q35-intel', '5', '11');
const models = [
  ['vfio-type1', '6.1.y'],
  ['vfio-type1', '6.12.y'],
  ['iommufd-auto', '6.12.y'],
  ['iommufd-compat', '6.12.y'],
] as const;

const engines = new Map<string, Engine>();
const engineFor = (caller: string, kernel: string): Engine => {
  const key = `${caller} ${kernel}`;
  if (!engines.has(key)) engines.set(key, engineOf(buildModel({ caller, kernel }), operationTable));
  return engines.get(key)!;
};

const shared = (...scripts: string[]): Scenario =>
  on(
    machine,
    scripts.map((script, index) => task(`t${index}`, script)),
  );

describe.each(['6.1.y', '6.12.y'])('%s: two tasks with descriptors of one container', (kernel) => {
  const told = (...scripts: string[]) => run(kernel, 'vfio-type1', { ...shared(...scripts), kernel });

  it('a close takes out the groups that the task put in, and leaves the container to the other', () => {
    const { events, world } = told('attach 5; map 4K', 'attach 11; close');
    expect(world.containers['c0']).toMatchObject({ phase: 'ready', groups: ['5'], backend: 'type1' });
    expect([world.groups['5']!.owner, world.groups['11']!.owner]).toEqual(['c0', null]);
    expect(events.map(({ type }) => type).filter((type) => /Descriptor|Closed/.test(type))).toEqual([
      'DescriptorOpened',
      'DescriptorClosed',
    ]);
  });

  it('the last close releases the file, whoever makes it', () => {
    const { events, world } = told('attach 5', 'attach 11; close; kill t0');
    expect(world.containers['c0']).toMatchObject({ phase: 'closed', groups: [], records: [] });
    expect(story(events).filter((word) => /^close/.test(word))).toEqual(['close c0']);
  });

  it('what was closed can be had again, while the other has it open', () => {
    const { world, results } = told('attach 5', 'attach 11; close; attach 11');
    expect(results).toEqual(['OK', 'OK', 'OK', 'OK']);
    expect(world.containers['c0']).toMatchObject({ phase: 'ready', groups: ['5', '11'] });
  });

  it('a killed task gives back what is its own only', () => {
    const { world, results } = told('attach 11', 'attach 5; kill t0');
    expect([results, world.tasks['t0']!.phase]).toEqual([['OK', 'OK', 'OK', 'OK'], 'ended']);
    expect(world.containers['c0']).toMatchObject({ phase: 'ready', groups: ['5'] });
  });
});

describe('a search ends in no error of the model', () => {
  it.each([
    ['attach 5; detach 5', 'close; attach 11'],
    ['attach 5; detach 5', 'close; attach 5'],
    ['attach 5; close; attach 5', 'attach 11; close'],
  ])('t0: %s, t1: %s', { timeout: 60_000 }, (first, second) => {
    for (const kernel of ['6.1.y', '6.12.y']) {
      const given = { ...shared(first, second), kernel };
      expect(searchOf(engineFor('vfio-type1', kernel), given).isComplete, kernel).toBe(true);
    }
  });

  /** ATTACHLAB_LAWS=1000 makes as many scenarios. */
  const runs = Number(process.env['ATTACHLAB_LAWS'] ?? 12);
  const seed = Number(process.env['SEED'] ?? 3);
  const words = fc.constantFrom('attach 5', 'attach 11', 'detach 5', 'detach 11', 'map 4K', 'unmap 4K', 'close', 'bind-driver 5');
  const script = fc.array(words, { minLength: 1, maxLength: 3 }).map((texts) => texts.join('; '));
  const drawn = fc.record({
    first: script,
    second: script,
    container: fc.constantFrom('c0', 'c0', 'c1'),
    model: fc.constantFrom(...models),
  });

  it(`of small scripts by chance (seed ${seed}, ${runs} runs)`, { timeout: 60_000 + runs * 2000 }, () => {
    fc.assert(
      fc.property(drawn, ({ first, second, container, model: [caller, kernel] }) => {
        const given = { ...on(machine, [task('t0', first), task('t1', second, container)]), kernel, caller };
        const { states, isComplete } = searchOf(engineFor(caller, kernel), given, { control: { goesOn: (reached) => reached < 20_000 } });
        expect(isComplete || states >= 20_000).toBe(true);
      }),
      { seed, numRuns: runs },
    );
  });
});
