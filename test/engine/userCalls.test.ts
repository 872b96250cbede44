// Calls that user space gets wrong, and calls whose effect depends on what came before: what the recordings show, and their neighbours.
import { describe, expect, it } from 'vitest';
import type { Request } from '../../src/core/scenario.ts';
import { engineFor, eventsOf, recorded, request, scenario, task, told } from '../support/runs.ts';

const intel = recorded('6.12custom-x86_64-intel-failnth');
const smmuv3 = recorded('6.12-arm64-smmuv3x3-basic');

/** `attach 5 !badPointer`: the request with one option set. */
const asked = (text: string): Request => {
  const [plain, option] = text.split(' !') as [string, string | undefined];
  return option ? { ...request(plain), options: { [option]: true } } : request(plain);
};

const results = (kernel: string, caller: string, script: string, context?: string) => {
  const requests = script.split(';').map((text) => asked(text.trim()));
  return told(engineFor({ kernel, caller }), scenario(intel, [{ ...task('t0', 'close', 'c0', context), requests }], { kernel, caller }));
};

describe('VFIO calls that are wrong', () => {
  it.each([
    ['6.1.y', 'set-container 5 !badPointer', 'EFAULT'],
    ['6.1.y', 'set-container 5 !badDescriptor', 'EBADF'],
    ['6.1.y', 'set-container 5 !otherFile', 'EINVAL'],
    ['6.12.y', 'set-container 5 !otherFile', 'EBADFD'],
    ['6.12.y', 'attach 5 !otherFile', 'EBADFD'],
    ['6.12.y', 'attach 5 !noBackend', 'ENODEV'],
    ['6.12.y', 'attach 5 !nestingRefused', 'EINVAL'],
    ['6.12.y', 'set-container 5; set-iommu !unmapAllType', 'OK EINVAL'],
    ['6.12.y', 'set-container 5; set-iommu !nestingRefused; set-iommu', 'OK EINVAL OK'],
    ['6.12.y', 'attach 5; map 8192 @0x1000000; map 4K @0x1001000', 'OK OK EEXIST'],
    ['6.12.y', 'attach 5; map 8192 @0x1000000; map 4K @0x1000800', 'OK OK EINVAL'],
    ['6.12.y', 'attach 5; map 2048 @0x2000000', 'OK EINVAL'],
    ['6.12.y', 'attach 5; map 0 @0x2000000', 'OK EINVAL'],
  ])('%s: %s gives %s', (kernel, script, expected) => {
    expect(results(kernel, 'vfio-type1', script).results.join(' ')).toBe(expected);
  });
});

describe('a group that is not as a container wants it', () => {
  it.each([
    ['6.1.y', 'EINVAL'],
    ['6.12.y', 'ENODEV'],
  ])('%s: no IOMMU behind it: the claim finds no domain to block with, %s', (kernel, errno) => {
    const groups = intel.groups.map((group) => ({ ...group, devices: group.devices.map((device) => ({ ...device, iommu: null })) }));
    const { results: given } = told(engineFor({ kernel }), scenario({ ...intel, groups }, [task('t0', 'attach 5; detach 5')], { kernel }));
    expect(given).toEqual([errno, 'EINVAL']);
  });

  it.each([
    ['6.1.y', 'OK OK EINVAL'],
    // UNSET_CONTAINER gives up the context only (teardown 2.5).
    ['6.12.y', 'EINVAL OK EINVAL'],
  ])('%s: an iommufd context in it: %s', (kernel, expected) => {
    const given = scenario(intel, [task('t0', 'attach 5; unset-container 5; detach 5')], { kernel, set: { 'group/5': { iommufd: true } } });
    expect(told(engineFor({ kernel }), given).results.join(' ')).toBe(expected);
  });
});

describe('iommufd calls that are wrong', () => {
  it.each([
    ['attach 5 !unknownObject', 'ENOENT'],
    ['attach 5 !wrongObjectType', 'EINVAL'],
    ['attach 5; attach 5 in c1 !unknownObject', 'OK ENOENT'],
    ['attach 5; attach 5 in c1 !wrongObjectType', 'OK EINVAL'],
    ['bind 5; close', 'OK OK'],
  ])('%s gives %s', (script, expected) => {
    expect(results('6.12.y', 'iommufd-auto', script, 'fd0').results.join(' ')).toBe(expected);
  });

  it('a detach gives the ranges back in the address space that the device is attached to', () => {
    const { world, results: given } = results('6.12.y', 'iommufd-auto', 'map 4K; attach 5 in c1; detach 5', 'fd0');
    expect(given).toEqual(['OK', 'OK', 'OK']);
    expect(world.containers['c1']!.reserved).toEqual([]);
    expect(world.containers['c1']!.records).toEqual([]);
  });
});

describe('VFIO_SET_IOMMU with several groups', () => {
  /** Groups 6 and 9 share an SMMU, 10 has another. */
  it.each(['6.1.y', '6.12.y'])('%s: attaches the group that joined last first', (kernel) => {
    const script = 'set-container 6; set-container 9; set-container 10; set-iommu';
    const { events, world } = told(engineFor({ kernel, caller: 'vfio-type1' }), scenario(smmuv3, [task('t0', script)], { kernel }));
    const entered = eventsOf(events, 'FrameEntered').filter(({ frame }) => frame.workflow === 'type1Attach');
    expect(entered.map(({ frame }) => frame.registers['group'])).toEqual(['10', '9', '6']);
    expect(world.containers['c0']!.records.map(({ groups }) => groups)).toEqual([['9', '6'], ['10']]);
  });

  it('takes back in reverse what it attached before the failure', () => {
    const faults = [{ kind: 'site', site: 'type1-group-alloc', nth: 3, sticky: false }] as const;
    const script = 'set-container 6; set-container 9; set-container 10; set-iommu';
    const { events, results: given } = told(
      engineFor({ kernel: '6.12.y', caller: 'vfio-type1' }),
      scenario(smmuv3, [task('t0', script)], { faults }),
    );
    const entered = eventsOf(events, 'FrameEntered').filter(({ frame }) => frame.workflow === 'type1Detach');
    expect(given.at(-1)).toBe('ENOMEM');
    expect(entered.map(({ frame }) => frame.registers['group'])).toEqual(['9', '10']);
  });
});
