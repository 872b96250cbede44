// Scenario files that are as they should be: every key, every verb, what is filled in, and what extends does.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Request } from '../../src/core/scenario.ts';
import type { Topology } from '../../src/core/topology.ts';
import { loadScenario, parseScenario } from '../../src/scenario/load.ts';
import { head, known, parsed, script, withoutPlaces } from './samples.ts';

const requestsOf = (rest: string): Request[] => parsed(rest).tasks.flatMap(({ requests }) => withoutPlaces(requests));

const everything = `${script}title: one line
$schema: ./scenario.json
order: [t0]
faults:
  - {request: 3, nth: 20}
  - {request: 1, nth: 2, call: VFIO_SET_IOMMU, task: t0}
  - {site: 'domain_attach_iommu:52', domain: c0.d0, request: 3, nth: 2}
  - {site: domain_attach_iommu, device: '0000:05:01.0', sticky: true}
  - {api: pm-runtime-resume, errno: EINVAL, on: dmar0, request: 1, sticky: true}
set: {iommu/dmar0: {domainIdsFree: 1}, system: {allowUnsafeInterrupts: true}}
claims:
  - always: domains(c0) <= 1
  - duplicate-domain
  - {detector: group-split, with: {most: 2}}
expect:
  - {kernel: 6.12.y, caller: vfio-type1, result: ok, domains: 2, findings: [duplicate-domain]}
  - {results: [ok, ok, ENOMEM]}
`;

const meant = {
  name: 'demo',
  title: 'one line',
  kernel: '6.12.y',
  caller: 'vfio-type1',
  topology: {
    name: 'demo',
    source: 'demo.yaml',
    system: {},
    iommus: [{ id: 'dmar0', driver: 'intel', attributes: {} }],
    groups: [
      { id: '5', type: 'DMA', devices: [{ id: '0000:00:10.0', iommu: 'dmar0', attributes: {} }], regions: [] },
      {
        id: '11',
        type: 'DMA',
        devices: [
          { id: '0000:05:01.0', iommu: 'dmar0', attributes: {} },
          { id: '0000:05:01.1', iommu: 'dmar0', attributes: {} },
        ],
        regions: [],
      },
    ],
  },
  tasks: [
    {
      id: 't0',
      caller: null,
      container: 'c0',
      requests: [
        { verb: 'attach', target: '5' },
        { verb: 'map', target: null, iova: 0x1000000, size: 65536 },
        { verb: 'attach', target: '11' },
      ],
    },
  ],
  order: ['t0'],
  faults: [
    { kind: 'nth', task: 't0', request: 2, nth: 20 },
    { kind: 'nth', task: 't0', request: 0, nth: 2, call: 'VFIO_SET_IOMMU' },
    { kind: 'site', site: 'domain_attach_iommu:52', nth: 2, request: 2, domain: 'c0.d0', sticky: false },
    { kind: 'site', site: 'domain_attach_iommu', nth: 1, device: '0000:05:01.0', sticky: true },
    { kind: 'api', api: 'pm-runtime-resume', errno: 'EINVAL', nth: 1, on: 'dmar0', request: 0, sticky: true },
  ],
  set: { 'iommu/dmar0': { domainIdsFree: 1 }, system: { allowUnsafeInterrupts: true } },
  claims: [
    {
      kind: 'compare',
      mood: 'always',
      text: 'domains(c0) <= 1',
      left: { reading: 'domains', of: ['c0'] },
      operator: '<=',
      right: { constant: 1 },
    },
    { kind: 'detector', mood: 'always', text: 'duplicate-domain', detector: 'duplicate-domain', parameters: {} },
    { kind: 'detector', mood: 'always', text: 'group-split {"most":2}', detector: 'group-split', parameters: { most: 2 } },
  ],
  expect: [
    { kernel: '6.12.y', caller: 'vfio-type1', result: 'ok', domains: 2, findings: ['duplicate-domain'] },
    { kernel: '*', caller: '*', results: ['ok', 'ok', 'ENOMEM'] },
  ],
};

describe('a scenario file', () => {
  it('says everything that a scenario holds', () => {
    expect(withoutPlaces(parsed(everything))).toEqual(meant);
  });

  it('may be JSON, with TABs and carriage returns', () => {
    const json = JSON.stringify(
      { name: 'j', topology: { groups: [{ id: 1, devices: ['a'] }] }, kernel: '6.1.y', caller: 'x', script: [{ attach: '1' }] },
      null,
      '\t',
    );
    expect(parseScenario(json.replaceAll('\n', '\r\n'), 'j.json')).toMatchObject({ title: 'j', tasks: [{ requests: [{ target: '1' }] }] });
  });

  it('keeps the place of requests, claims and expectations', () => {
    const scenario = parsed(`${script}claims:\n  - always: domains(c0) <= 1\n  - duplicate-domain\nexpect:\n  - {result: ok}\n`);
    const places = [...scenario.tasks[0]!.requests, ...scenario.claims, ...scenario.expect].map(
      ({ place }) => `${place!.line}:${place!.column}`,
    );
    expect(places).toEqual(['10:5', '11:5', '12:5', '14:13', '15:5', '17:5']);
  });

  it('may name a kernel or caller by a path, which is seen from the current folder afterwards', () => {
    const text = head.replace('6.12.y', './mine.yaml').replace('vfio-type1', '../mine.ts');
    const scenario = parseScenario(`${text}${script}expect: [{kernel: ./mine.yaml, caller: /a/b.ts}]`, 'some/where/demo.yaml', { known });
    expect([scenario.kernel, scenario.caller]).toEqual(['./some/where/mine.yaml', './some/mine.ts']);
    expect(scenario.expect[0]).toMatchObject({ kernel: './some/where/mine.yaml', caller: '/a/b.ts' });
  });

  it('gives several tasks their callers, containers and contexts', () => {
    const tasks = `tasks:
  - {id: t0, container: c0, caller: iommufd-auto, context: ctx0, script: [{attach: 5}]}
  - {id: t1, script: [{attach: {group: 11, container: c1}}]}
`;
    expect(withoutPlaces(parsed(tasks).tasks)).toEqual([
      { id: 't0', caller: 'iommufd-auto', container: 'c0', context: 'ctx0', requests: [{ verb: 'attach', target: '5' }] },
      { id: 't1', caller: null, container: 'c0', requests: [{ verb: 'attach', target: '11', container: 'c1' }] },
    ]);
  });
});

describe('a request', () => {
  it.each<[string, Request]>([
    ['attach: 0000:05:01.0', { verb: 'attach', target: '0000:05:01.0' }],
    ['attach: {group: 5, with: {badPointer: true}}', { verb: 'attach', target: '5', options: { badPointer: true } }],
    ['attach: {device: 0000:05:01.0, page-table: c0.p0}', { verb: 'attach', target: '0000:05:01.0', pageTable: 'c0.p0' }],
    ['detach: 5', { verb: 'detach', target: '5' }],
    ['replace: {group: 5, page-table: c1.p2, container: c1}', { verb: 'replace', target: '5', pageTable: 'c1.p2', container: 'c1' }],
    ['map: {iova: 0x2000, size: 4096}', { verb: 'map', target: null, iova: 0x2000, size: 4096 }],
    ['map: 1G', { verb: 'map', target: null, iova: 0x1000000, size: 2 ** 30 }],
    ['unmap: {iova: 16M, size: 4K}', { verb: 'unmap', target: null, iova: 0x1000000, size: 4096 }],
    ['close', { verb: 'close', target: null }],
    ['close:', { verb: 'close', target: null }],
    ['close: {container: c1}', { verb: 'close', target: null, container: 'c1' }],
    ['kill: t0', { verb: 'kill', target: 't0' }],
    ['unplug: 0000:05:01.1', { verb: 'unplug', target: '0000:05:01.1' }],
    ['bind-driver: 5', { verb: 'bind-driver', target: '5' }],
    ['unbind-driver: 5', { verb: 'unbind-driver', target: '5' }],
    ['set-container: 5', { verb: 'set-container', target: '5' }],
    ['set-iommu', { verb: 'set-iommu', target: null }],
    ['unset-container: {group: 5}', { verb: 'unset-container', target: '5' }],
    ['bind: 0000:05:01.1', { verb: 'bind', target: '0000:05:01.1' }],
    ['unbind: 5', { verb: 'unbind', target: '5' }],
    ['make-page-table: {name: p0, device: 0000:00:10.0}', { verb: 'make-page-table', target: '0000:00:10.0', pageTable: 'p0' }],
    [
      'make-page-table: {name: p1, device: 0000:00:10.0, parent: c0.p0, with: {domain.s1only: true}}',
      {
        verb: 'make-page-table',
        target: '0000:00:10.0',
        pageTable: 'p1',
        options: { 'domain.s1only': true, parent: 'c0.p0', nested: true },
      },
    ],
    ['destroy-page-table: c0.p0', { verb: 'destroy-page-table', target: null, pageTable: 'c0.p0' }],
  ])('%s', (text, request) => {
    expect(requestsOf(`script:\n  - ${text}\n`)).toEqual([request]);
  });

  it('without an address maps behind the last mapping of its container, and unmaps the last', () => {
    const tasks = `tasks:
  - {id: t0, script: [map: 64K, map: 4K, map: {iova: 0x100000000, size: 1M}, map: 4K, unmap, unmap: 0x1000000]}
  - {id: t1, script: [map: 4K, map: {size: 8K, container: c1}, unmap: {size: 4K}]}
  - {id: t2, container: c1, script: [map: 4K, unmap, unmap]}
`;
    const ranges = requestsOf(tasks).map(({ verb, iova, size }) => `${verb} ${iova!.toString(16)} ${size}`);
    expect(ranges).toEqual([
      'map 1000000 65536',
      'map 1010000 4096',
      'map 100000000 1048576',
      'map 100100000 4096',
      'unmap 100100000 4096',
      'unmap 1000000 65536',
      'map 100101000 4096',
      'map 1000000 8192',
      'unmap 100101000 4096',
      'map 1002000 4096',
      'unmap 1002000 4096',
      'unmap 1000000 8192',
    ]);
  });
});

describe('files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'attachlab-scenario-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const write = (name: string, text: string): string => {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  it('may name a topology beside them', () => {
    write('machines/one.yaml', 'iommus: [{id: dmar0, driver: intel}]\ngroups: [{id: 1, devices: [a]}]\n');
    const file = write('a.yaml', 'name: a\ntopology: machines/one.yaml\nkernel: 6.12.y\ncaller: vfio-type1\nscript: [attach: 1]\n');
    expect(loadScenario(file, { known }).topology).toEqual({
      name: 'one',
      source: join(folder, 'machines/one.yaml'),
      system: {},
      iommus: [{ id: 'dmar0', driver: 'intel', attributes: {} }],
      groups: [{ id: '1', type: 'DMA', devices: [{ id: 'a', iommu: 'dmar0', attributes: {} }], regions: [] }],
    });
  });

  it('hand a snapshot to whoever can import it', () => {
    const snapshot = write('machine.txt', '');
    const topology: Topology = {
      name: 'snap',
      source: 'x',
      system: {},
      iommus: [],
      groups: [{ id: '1', type: 'DMA', devices: [], regions: [] }],
    };
    const asked: string[] = [];
    const readTopologyFile = (path: string): Topology => {
      asked.push(path);
      return topology;
    };
    for (const given of ['machine.txt', '{snapshot: machine.txt}']) {
      const file = write('b.yaml', `name: b\ntopology: ${given}\nkernel: 6.12.y\ncaller: vfio-type1\nscript: [attach: 1]\n`);
      expect(loadScenario(file, { readTopologyFile }).topology).toBe(topology);
    }
    expect(asked).toEqual([snapshot, snapshot]);
  });

  it('extend others: mappings merged, the rest replaced, paths seen from the file that says them', () => {
    write('base/machine.yaml', 'iommus: [{id: dmar0, driver: intel}]\ngroups: [{id: 1, devices: [a]}, {id: 2, devices: [b]}]\n');
    write(
      'base/base.yaml',
      'name: base\ntitle: base\ntopology: machine.yaml\nkernel: ./mine.yaml\ncaller: vfio-type1\nscript: [attach: 1, attach: 2]\n' +
        'set: {system: {allowUnsafeInterrupts: true}, iommu/dmar0: {domainIdsFree: 2}}\nclaims: [duplicate-domain, group-split]\n',
    );
    const file = write(
      'child.yaml',
      'extends: base/base.yaml\nname: child\nset: {iommu/dmar0: {domainIdsFree: 1}}\nclaims: [group-split]\ntasks: [{id: t7, script: [attach: 2]}]\n',
    );
    const scenario = loadScenario(file, { known });
    expect(scenario).toMatchObject({ name: 'child', title: 'base', kernel: `${folder}/base/mine.yaml`, topology: { name: 'machine' } });
    expect(scenario.set).toEqual({ system: { allowUnsafeInterrupts: true }, 'iommu/dmar0': { domainIdsFree: 1 } });
    expect(scenario.claims.map(({ text }) => text)).toEqual(['group-split']);
    expect(scenario.tasks.map(({ id, requests }) => [id, requests.map(({ target }) => target)])).toEqual([['t7', ['2']]]);
    const again = write('again.yaml', 'extends: child.yaml\nscript: [attach: 1]\n');
    expect(loadScenario(again, { known }).tasks).toMatchObject([
      { id: 't0', requests: [{ target: '1', place: { file: again, line: 2 } }] },
    ]);
  });
});
