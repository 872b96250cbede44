// Scenarios made in TypeScript: equal to the file that says the same, and refused for the same mistakes.
import { describe, expect, it } from 'vitest';
import { scenario } from '../../src/scenario/builder.ts';
import { loadTopology } from '../../src/scenario/load.ts';
import { known, parsed, refusal, script, withoutPlaces } from './samples.ts';

const { topology } = parsed(script);
const demo = () => scenario('demo').topology(topology).kernel('6.12.y').caller('vfio-type1');

describe('the builder', () => {
  it('makes what a file makes', () => {
    const built = demo()
      .title('one line')
      .task('t0', (task) =>
        task
          .attach(5)
          .map('64K')
          .attach({ device: '0000:05:01.0', with: { badPointer: true } })
          .close(),
      )
      .task('t1', (task) => task.attach('11').unbindDriver('11'), { container: 'c1', caller: 'iommufd-auto', context: 'x' })
      .order('t1', 't0')
      .failNth({ request: 3, nth: 20 })
      .failSite({ site: 'domain_attach_iommu', domain: 'c0.d0' })
      .failApi({ api: 'pm-runtime-resume', errno: 'EINVAL', sticky: true })
      .set('iommu/dmar0', { domainIdsFree: 1 })
      .set('system', { allowUnsafeInterrupts: true })
      .claim('always', 'domains(c0) <= 1')
      .claimDetector('group-split', { most: 2 })
      .claimDetector('duplicate-domain')
      .expect({ kernel: '6.12.y', result: 'ok', findings: ['duplicate-domain'] })
      .build(known);
    const file = parsed(`title: one line
tasks:
  - {id: t0, script: [attach: 5, map: 64K, attach: {device: '0000:05:01.0', with: {badPointer: true}}, close]}
  - {id: t1, container: c1, caller: iommufd-auto, context: x, script: [attach: 11, unbind-driver: 11]}
order: [t1, t0]
faults:
  - {request: 3, nth: 20}
  - {site: domain_attach_iommu, domain: c0.d0}
  - {api: pm-runtime-resume, errno: EINVAL, sticky: true}
set: {iommu/dmar0: {domainIdsFree: 1}, system: {allowUnsafeInterrupts: true}}
claims: [always: domains(c0) <= 1, {detector: group-split, with: {most: 2}}, duplicate-domain]
expect: [{kernel: 6.12.y, result: ok, findings: [duplicate-domain]}]
`);
    expect(withoutPlaces(built)).toEqual(withoutPlaces(file));
  });

  it('has a method for every verb', () => {
    const built = demo()
      .task('t0', (task) =>
        task
          .setContainer(5)
          .setIommu()
          .map({ iova: 0x2000, size: '4K' })
          .unmap(0x2000)
          .unsetContainer(5)
          .bind('0000:00:10.0')
          .detach(5)
          .makePageTable({ name: 'p0', device: '0000:00:10.0' })
          .replace({ group: 5, 'page-table': 'p0' })
          .destroyPageTable('p0')
          .unbind(5)
          .bindDriver(5)
          .unplug('0000:00:10.0')
          .kill('t0'),
      )
      .build();
    expect(built.tasks[0]!.requests.map(({ verb }) => verb).join(' ')).toBe(
      'set-container set-iommu map unmap unset-container bind detach make-page-table replace destroy-page-table unbind bind-driver unplug kill',
    );
  });

  it('takes a topology from a file, or one in the shape of a file', () => {
    const shipped = loadTopology('scenarios/topologies/q35-intel.yaml');
    const on = (given: Parameters<ReturnType<typeof demo>['topology']>[0]) =>
      demo()
        .topology(given)
        .task('t0', (task) => task.attach(5))
        .build();
    expect(on(shipped).topology).toEqual(shipped);
    expect(on({ groups: [{ id: 5, devices: ['a'] }] }).topology).toMatchObject({
      name: 'demo',
      source: 'made by hand',
      groups: [{ id: '5' }],
    });
  });

  it.each([
    [
      'an unknown group',
      () => demo().task('t0', (task) => task.attach(55)),
      'tasks[0].script[0].attach: expected a group or a device of topology demo, found 55',
    ],
    [
      'a duplicate task',
      () =>
        demo()
          .task('t0', (task) => task)
          .task('t0', (task) => task),
      'tasks[1].id: expected each task once, found t0 again',
    ],
    [
      'a number out of range',
      () =>
        demo()
          .task('t0', (task) => task.attach(5))
          .failNth({ request: 2, nth: 1 }),
      'faults[0].request: expected a request of the script of t0, from 1 to 1, found 2',
    ],
    [
      'an unknown reading',
      () =>
        demo()
          .task('t0', (task) => task)
          .claim('always', 'domans(c0) <= 1'),
      'claims[0].always: expected a reading, found domans',
    ],
    [
      'an unknown caller',
      () =>
        demo()
          .caller('vfio')
          .task('t0', (task) => task),
      'caller: expected the name of a caller, or a path such as ./mine, found vfio',
    ],
    ['no task', demo, 'tasks: expected at least one task, found none'],
  ])('refuses %s', (_, builder, message) => {
    expect(refusal(() => builder().build(known))).toContain(`scenario demo: ${message}`);
  });

  it('refuses a scenario without a topology, or with a path for one', () => {
    expect(
      refusal(() =>
        scenario('demo')
          .kernel('6.12.y')
          .caller('x')
          .task('t0', (task) => task)
          .build(),
      ),
    ).toBe(
      'scenario demo: topology: expected the key "topology" in a scenario, found name, kernel, caller, tasks, faults, set, claims, expect',
    );
    const misled = demo()
      .topology('a.yaml' as never)
      .task('t0', (task) => task);
    expect(() => misled.build()).toThrow('expected a topology, found where one can be read\nRead it with loadTopology() first.');
  });
});
