// What the tests of scenario files share: a small machine, a scenario on it, the names that exist, and failures as text.
import { Failure } from '../../src/core/failure.ts';
import type { Scenario } from '../../src/core/scenario.ts';
import { type LoadOptions, parseScenario } from '../../src/scenario/load.ts';
import type { Known } from '../../src/scenario/names.ts';

export const known: Known = {
  kernels: ['6.1.y', '6.1.y+seed-v6', '6.12.y'],
  callers: ['vfio-type1', 'iommufd-auto', 'iommufd-hwpt'],
  detectors: ['duplicate-domain', 'group-split'],
  readings: { domain: 1, domains: 1, ids: 2, stuck: 0 },
  drivers: ['intel', 'arm-smmu-v3'],
  apis: ['pm-runtime-resume'],
  sites: ['domain_attach_iommu'],
  attributes: { iommu: ['domainIdsFree'], device: ['isPci'], group: [], system: ['allowUnsafeInterrupts'] },
};

export const machine = `  iommus: [{id: dmar0, driver: intel}]
  groups:
    - {id: 5, devices: ['0000:00:10.0']}
    - {id: 11, devices: ['0000:05:01.0', '0000:05:01.1']}
`;

/** The rest of a scenario goes below; its first line is line 9. */
export const head = `name: demo
kernel: 6.12.y
caller: vfio-type1
topology:
${machine}`;

export const withHead = (rest: string): string => `${head}${rest}`;

export const script = `script:
  - attach: 5
  - map: 64K
  - attach: 11
`;

export const parsed = (rest: string, options: LoadOptions = { known }): Scenario => parseScenario(withHead(rest), 'demo.yaml', options);

/** First line of the failure's message: what the hint says is the failure code's own. */
export const refusal = (attempt: () => unknown): string => {
  try {
    attempt();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return error.message.split('\n')[0]!;
  }
  throw new Error('nothing was refused');
};

/** Places differ between two texts of the same scenario. */
export const withoutPlaces = <T>(value: T): T =>
  JSON.parse(JSON.stringify(value, (key, part: unknown) => (key === 'place' ? undefined : Object.is(part, -0) ? 0 : part))) as T;
