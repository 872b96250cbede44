// A request for a row: what makes it refuse, fail or act, or nothing where nothing does.
import { describe, expect, it } from 'vitest';
import { attempt } from '../../src/engine/guards.ts';
import { requestFor } from '../../src/engine/rowRequests.ts';
import { knownOf, someMapping } from '../../src/engine/scratchKnown.ts';
import { engineFor } from '../rows/tables.ts';

const engine = engineFor('6.12.y');
const old = engineFor('6.1.y');

describe('a request for a row', () => {
  it.each([
    ['intel', 'attach', 'intel-domain-ids-exhausted', 'ENOSPC', { iommu: { domainIdsFree: 0 } }],
    [
      'intel',
      'attach',
      'intel-instance-record-alloc',
      'ENOMEM',
      { faults: [{ kind: 'site', site: 'intel-instance-record-alloc', nth: 1, sticky: true }] },
    ],
    ['intel', 'map', 'intel/map-beyond-width', 'EFAULT', { domain: { gaw: 39 }, mapping: { iova: 2 ** 39, size: 4096 } }],
    ['intel-nested', 'attach', 'intel-nested-agaw', 'ENODEV', { domain: { parent: { agaw: 57 } } }],
    ['virtio-iommu', 'attach', 'virtio-foreign-viommu', 'EINVAL', { domain: { iommu: 'something' } }],
  ])('%s %s: %s', (driver, path, row, errno, given) => {
    const request = requestFor(engine, driver, path, row)!;
    expect(request).toMatchObject({ driver, path, ...given });
    expect(attempt(engine, request)).toMatchObject({ errno, row });
  });

  it('has the device on an old domain where the row is the way out', () => {
    const request = requestFor(engine, 'intel', 'attach', 'intel/leave')!;
    const { events } = attempt(engine, request);
    expect(events.some((event) => event.type === 'DeviceLeft')).toBe(true);
  });

  it('reaches an effect through the rows before it', () => {
    const request = requestFor(engine, 'intel', 'attach', 'intel/array-entry')!;
    expect(request.iommu).toMatchObject({ index: 1 });
    expect(attempt(engine, request).world.domains['domain']!.attributes['arrayEntries']).toBe(1);
  });

  it('is there in the columns that have the row', () => {
    expect(requestFor(old, 'intel', 'attach', 'intel-rmrr-unmanaged')).toMatchObject({ device: { rmrrLocked: true } });
    expect(() => requestFor(engine, 'intel', 'attach', 'intel-rmrr-unmanaged')).toThrow(
      "no row of intel's path attach is named intel-rmrr-unmanaged",
    );
  });

  it('is null where nothing reaches the row', () => {
    expect(requestFor(old, 'intel', 'attach', 'intel-context-missing-level')).toBeNull();
  });

  it('needs a row that is there', () => {
    expect(() => requestFor(engine, 'intel', 'attach', 'intel-domain-ids-exhaust')).toThrow('did you mean intel-domain-ids-exhausted?');
    expect(() => requestFor(engine, 'intl', 'attach', 'intel-domain-ids-exhausted')).toThrow('did you mean intel?');
  });
});

describe('what is known of a scratch world', () => {
  const known = knownOf(engine.operationModel.driver('intel-nested'), engine.operationModel.driver);
  it.each([
    ['iommu.agaw', 48, [39, 57]],
    ['domain.type', 'nested', ['unmanaged', 'identity', 'dma', 'nested', 'blocking']],
    ['domain.parent.agaw', 57, []],
    ['device.iommu', 'iommu', [null]],
    ['domain.instances[iommu.id]', 0, []],
    ['mapping.size', someMapping.size, [4096, 0x200000, 0x40000000]],
    ['device.nothing', null, []],
  ])('%s', (path, value, alternatives) => {
    expect([known.default(path), known.alternatives!(path)]).toEqual([value, alternatives]);
  });
});
