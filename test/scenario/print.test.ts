// Scenarios as text: read back as they were printed.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseScenario } from '../../src/scenario/load.ts';
import { printScenario } from '../../src/scenario/print.ts';
import { scenario } from './arbitrary.ts';
import { known, parsed, script, withoutPlaces } from './samples.ts';

const seed = Number(process.env.SEED ?? 4);

describe('a scenario', () => {
  it('is printed so that people can change it', () => {
    const given = parsed(`${script}  - unmap
  - attach: {device: '0000:05:01.0', page-table: c0.p0, with: {badPointer: true}}
  - make-page-table: {name: p1, device: '0000:00:10.0', parent: c0.p0}
title: one line
faults:
  - {request: 3, nth: 20}
  - {api: pm-runtime-resume, errno: EINVAL, request: 1, sticky: true}
claims:
  - duplicate-domain
  - always: domains(c0)<=1
expect:
  - {kernel: 6.12.y, result: ok, findings: []}
`);
    expect(printScenario(given)).toBe(`name: demo
title: one line
kernel: 6.12.y
caller: vfio-type1
script:
  - attach: 5
  - map: {iova: 0x1000000, size: 64K}
  - attach: 11
  - unmap: {iova: 0x1000000, size: 64K}
  - attach:
      device: 0000:05:01.0
      page-table: c0.p0
      with: {badPointer: true}
  - make-page-table: {device: 0000:00:10.0, name: p1, parent: c0.p0, nested: true}
faults:
  - {task: t0, request: 3, nth: 20}
  - {api: pm-runtime-resume, errno: EINVAL, request: 1, nth: 1, sticky: true}
claims:
  - duplicate-domain
  - always: domains(c0) <= 1
expect:
  - {kernel: 6.12.y, caller: "*", result: ok, findings: []}
topology:
  name: demo
  source: demo.yaml
  iommus:
    - {id: dmar0, driver: intel}
  groups:
    - id: 5
      type: DMA
      devices:
        - {id: 0000:00:10.0, iommu: dmar0}
    - id: 11
      type: DMA
      devices:
        - {id: 0000:05:01.0, iommu: dmar0}
        - {id: 0000:05:01.1, iommu: dmar0}
`);
    expect(withoutPlaces(parseScenario(printScenario(given), 'again.yaml', { known }))).toEqual(withoutPlaces(given));
  });

  it(`is read back from its print (seed ${seed})`, () => {
    fc.assert(
      fc.property(scenario, (given) => {
        expect(withoutPlaces(parseScenario(printScenario(given), 'again.yaml'))).toEqual(given);
      }),
      { seed, numRuns: 300 },
    );
  });
});
