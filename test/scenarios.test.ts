// The scenario library: every file comes out as it says under every kernel and caller, `run` exits by its verdict, what is healthy is
// silent, and a kill before any step leaves nothing half done.
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { command as run } from '../src/cli/commands/run.ts';
import { readScenario } from '../src/cli/scenarios.ts';
import type { Event } from '../src/core/events.ts';
import { evaluateClaims } from '../src/detect/claims.ts';
import { probeOf } from '../src/engine/probe.ts';
import { engineFor } from '../src/engine/recipe.ts';
import { runScenario } from '../src/engine/run.ts';
import { expectationFor, judge, resultsOf } from '../src/explore/judge.ts';
import { matrix } from '../src/explore/matrix.ts';
import { called } from './support/called.ts';

const names = readdirSync('scenarios')
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => file.replace('.yaml', ''));

const read = (name: string) => readScenario(`scenarios/${name}.yaml`);

/** Callers that no scenario is about unless it says so: page tables by id, and private domains that nobody shares. */
const otherCallers = ['iommufd-hwpt', 'vhost-vdpa'];
/** Scenarios about user space may say nothing of the kernel's callers. */
const kernelCallers = ['iommufd-auto', 'iommufd-hwpt', 'retry-any', 'vfio-type1', 'vfio-type1-seed', 'vhost-vdpa'];
const withoutExpectation: Readonly<Record<string, readonly string[]>> = {
  'amd-dirty-tracking': [],
  'intel-nested-narrow-instance': [],
  'group-of-three': ['iommufd-hwpt'],
  'iommufd-compat-late-errors': kernelCallers,
  'iommufd-replace': ['iommufd-hwpt'],
  'ownership-vfio-iommufd-kernel': ['iommufd-auto', 'iommufd-hwpt', 'retry-any', 'vhost-vdpa'],
  'qemu-iommufd-errnos': kernelCallers,
  'qemu-second-container': ['iommufd-auto', 'iommufd-hwpt', 'retry-any', 'vhost-vdpa'],
  'tegra-gart-single-aperture': ['vhost-vdpa'],
};

/** Exit code of `run` with the kernel and caller of the file; 0 where none is named. */
const exitCodes: Readonly<Record<string, number>> = {
  'enomem-duplicate-domain': 1,
  'iommufd-replace': 1,
  'runtime-pm-einval': 1,
  'sprd-single-device': 1,
  'virtio-host-refusal': 1,
};

const exitCodeOf = (out: string): number => {
  const verdict = out.split('\n').find((line) => /^(violated|inconclusive|no finding)/.test(line));
  return verdict?.startsWith('violated') ? 1 : verdict?.startsWith('no finding') ? 0 : 3;
};

it('has the scenarios that it is asked for', () => {
  expect(names.sort()).toEqual(
    [
      'amd-dirty-tracking',
      'amd-two-instances',
      'apple-dart-stream-maps',
      'arm-smmu-foreign',
      'enomem-duplicate-domain',
      'given-back',
      'group-of-three',
      'ids-exhausted',
      'ids-exhausted-by-another',
      'ids-exhausted-on-join',
      'ids-race',
      'intel-coherency-mismatch-narrow-first',
      'intel-coherency-mismatch-wide-first',
      'intel-nested-narrow-instance',
      'intel-width-high-mapping',
      'intel-width-low-mapping',
      'iommufd-compat-late-errors',
      'iommufd-replace',
      'ipmmu-foreign',
      'kill-during-attach',
      'omap-single-device',
      'ownership-two-containers',
      'ownership-vfio-iommufd-kernel',
      'permanent-einval',
      'qcom-iommu-foreign',
      'qemu-iommufd-errnos',
      'qemu-second-container',
      'runtime-pm-einval',
      's390-dma-ranges',
      'smmuv3-ssid-bits',
      'smmuv3-stall',
      'smmuv3-three-instances',
      'smmuv3-two-instances',
      'sprd-single-device',
      'states-to-begin-in',
      'tegra-gart-single-aperture',
      'three-containers-two-instances',
      'virtio-foreign-viommu',
      'virtio-host-refusal',
    ].sort(),
  );
});

describe.each(names)('%s', (name) => {
  const scenario = read(name);
  const cells = matrix(scenario);
  const present = cells.filter(({ absent }) => absent === null);

  it('is named as its file and says in one line what it shows', () => {
    expect(scenario.name).toBe(name);
    expect(scenario.title).not.toBe(name);
  });

  it('comes out as it expects under every kernel and caller', () => {
    const told = cells.flatMap(({ kernel, caller, problems }) => problems.map((problem) => `${caller} on ${kernel}: ${problem}`));
    expect(told).toEqual([]);
    const open = new Set(present.filter(({ expected }) => expected === null).map(({ caller }) => caller));
    const unsaid = withoutExpectation[name] ?? otherCallers.filter((caller) => present.some((cell) => cell.caller === caller));
    expect([...open].sort()).toEqual(unsaid);
  });

  it('expects exact results, domains and findings, and nothing of cells that are not there', () => {
    const exact = scenario.expect.filter(({ results, domains, findings }) => results && domains !== undefined && findings);
    expect(exact).toEqual(scenario.expect);
    const used = new Set(present.map(({ kernel, caller }) => expectationFor(scenario.expect, kernel, caller)));
    expect(scenario.expect.filter((expectation) => !used.has(expectation))).toEqual([]);
  });

  it('exits by its own verdict', async () => {
    const { out, code } = await called(run, [`scenarios/${name}.yaml`, '--no-store']);
    expect(code).toBe(exitCodeOf(out));
    expect(code).toBe(exitCodes[name] ?? 0);
  });
});

/** No fault, nothing that does not fit but what the hardware demands; `seed` callers with the drivers that were written for them. */
const healthy = [
  'amd-two-instances',
  'arm-smmu-foreign',
  'intel-coherency-mismatch-narrow-first',
  'intel-width-low-mapping',
  'ipmmu-foreign',
  'kill-during-attach',
  'ownership-two-containers',
  'qcom-iommu-foreign',
  'smmuv3-three-instances',
  'smmuv3-two-instances',
  'virtio-foreign-viommu',
];
const combinations = [
  ['6.1.y', 'vfio-type1'],
  ['6.12.y', 'vfio-type1'],
  ['6.1.y+seed-v6', 'vfio-type1-seed'],
  ['6.12.y', 'iommufd-auto'],
  ['6.12.y', 'retry-any'],
] as const;

describe.each(healthy)('%s is healthy', (name) => {
  it.each(combinations)('and has no finding of any shown level on %s with %s', (kernel, caller) => {
    const { findings, claims, inconclusive } = judge({ scenario: read(name), kernel, caller, decisions: [] });
    expect(findings).toEqual([]);
    expect(claims.filter(({ outcome }) => outcome !== 'held')).toEqual([]);
    expect(inconclusive).toBe(false);
  });
});

/** Runs with a kill before each step of the other task: what requests came to, and the claims that did not hold. */
const killed = (kernel: string, caller: string) => {
  const scenario = read('kill-during-attach');
  const engine = engineFor({ kernel, caller });
  const choices: number[] = [];
  let asked = 0;
  runScenario(engine, scenario, {
    ask: (question) => {
      if (question.kind === 'task') choices.push(asked);
      asked += 1;
      return undefined;
    },
  });
  return choices.map((choice) => {
    const events: Event[] = [];
    const { stuck } = runScenario(engine, scenario, { decisions: [[choice, 1]], listen: (event) => events.push(event) });
    const claims = evaluateClaims(events, scenario.claims, probeOf(engine));
    return { results: resultsOf(events).join(' '), broken: claims.filter(({ outcome }) => outcome !== 'held'), stuck };
  });
};

describe('a kill before any step of an attach', () => {
  it.each([
    ['6.1.y', 'vfio-type1', ['ok ok', 'ok killed ok', 'ok ok ok', 'ok ok EINTR ok', 'ok ok ok ok', 'ok ok ok killed ok']],
    ['6.12.y', 'vfio-type1', ['ok ok', 'ok killed ok', 'ok ok ok', 'ok ok EINTR ok', 'ok ok ok ok', 'ok ok ok killed ok']],
    [
      '6.12.y',
      'iommufd-auto',
      ['ok ok', 'ok killed ok', 'ok ok ok', 'ok ok EINTR ok', 'ok ok ok ok', 'ok ok ok killed ok', 'ok ok ok ok ok'],
    ],
  ])('leaves nothing half done on %s with %s', { timeout: 60_000 }, (kernel, caller, results) => {
    const runs = killed(kernel, caller);
    expect(runs.filter(({ broken, stuck }) => broken.length > 0 || stuck.length > 0)).toEqual([]);
    expect([...new Set(runs.map((each) => each.results))]).toEqual(results);
  });
});

describe('a wrong expectation', () => {
  it('is told in words', () => {
    const scenario = read('enomem-duplicate-domain');
    const [first] = scenario.expect;
    const wrong = { ...scenario, expect: [{ ...first!, results: ['ok', 'ok', 'ENOMEM'], domains: 1, findings: [] }] };
    const [cell] = matrix(wrong, { kernels: ['6.12.y'], callers: ['vfio-type1'] });
    expect(cell).toMatchObject({
      expected: false,
      problems: [
        'expected results ok, ok, ENOMEM, found ok, ok, ok',
        'expected 1 domains, found 2',
        'expected findings none, found duplicate-domain',
      ],
    });
  });
});
