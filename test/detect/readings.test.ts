// Every reading against a run whose state is known, and what it reads where there is nothing.
import { describe, expect, it } from 'vitest';
import { emptyWorld } from '../../src/core/world.ts';
import { readings, readTerm, termReader, termText } from '../../src/detect/terms.ts';
import { eventsOf } from '../support/runs.ts';
import { audited } from './audited.ts';
import { intel } from './machines.ts';

const type1 = audited({ kernel: '6.12.y', caller: 'vfio-type1', topology: intel, script: 'attach 5; map 64K; attach 11' });
const iommufd = audited({ kernel: '6.12.y', caller: 'iommufd-auto', topology: intel, script: 'attach 5; map 64K; attach 11' });

describe('a reading', () => {
  it.each([
    ['type1', 'domains', ['c0'], 1],
    ['iommufd', 'domains', ['c0'], 1],
    ['type1', 'domain', ['g11'], 'c0.d0'],
    ['type1', 'domain', ['11'], 'c0.d0'],
    ['type1', 'owner', ['5'], 'c0'],
    ['type1', 'phase', ['5'], 'attached'],
    ['type1', 'devices', ['c0.d0'], 4],
    ['type1', 'devices', ['g5.blocking'], 0],
    ['type1', 'groups', ['c0'], 2],
    ['iommufd', 'groups', ['c0'], 2],
    ['type1', 'mappings', ['c0'], 1],
    ['iommufd', 'users', ['c0.d0'], 2],
    ['type1', 'users', ['c0.d1'], 0],
  ] as const)('%s: %s(%s) is %s', (which, reading, of, expected) => {
    const { world } = which === 'type1' ? type1 : iommufd;
    expect(readTerm(world, { reading, of: [...of] }, undefined)).toBe(expected);
  });

  it('ids counts what the instance has left: one less than before the first attach', () => {
    const [started] = eventsOf(type1.events, 'RunStarted');
    const of = ['dmar0', 'domainIdsFree'];
    const before = readTerm(started!.world, { reading: 'ids', of }, undefined);
    // Both groups have left their default domains, which had an id each, for one domain: one less in use.
    expect(readTerm(type1.world, { reading: 'ids', of }, undefined)).toBe(Number(before) + 1);
  });

  it.each(readings.map((reading) => [reading.name, reading] as const))('%s reads nothing from an empty world', (_, reading) => {
    expect(
      reading.read(
        emptyWorld(),
        reading.takes.map(() => 'absent'),
      ),
    ).toBeOneOf([0, null]);
    expect([reading.arity, reading.words === '']).toEqual([reading.takes.length, false]);
  });

  it('is the same for every world once its names are known', () => {
    const read = termReader(type1.world, { reading: 'domains', of: ['c0'] }, undefined);
    expect([read(emptyWorld()), read(type1.world)]).toEqual([0, 1]);
  });

  it('prints as it is written', () => {
    expect([termText({ reading: 'ids', of: ['dmar0', 'domainIdsFree'] }), termText({ constant: 3 })]).toEqual([
      'ids(dmar0, domainIdsFree)',
      '3',
    ]);
  });
});
