// Recorded kernels rerun: every call of 19 recordings as a request of the model, with the recorded errno, the recorded outcome of each
// type1 attach, the recorded number of domains, and no finding but where the recording itself shows the fault.
import { describe, expect, it } from 'vitest';
import { differences } from '../support/differences.ts';
import { type Rerunning, rerun } from '../support/rerun.ts';
import { type AttachOutcome, type Phase, phasesOf, recordings } from '../support/sequence.ts';

const all: readonly Phase[] = recordings.flatMap(phasesOf);

const done = new Map<Phase, Rerunning>();
const rerunOf = (phase: Phase): Rerunning => {
  const known = done.get(phase) ?? rerun(phase);
  done.set(phase, known);
  return known;
};

const counted = (names: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
};

/** The duplicate that a real kernel made: the second group's attach succeeds although its allocation on the existing domain failed. */
const expectedFindings = ({ name, calls }: Phase): string[] =>
  name === 'fn_second'
    ? calls.flatMap(({ nth = 0, container }) => (nth >= 20 && nth <= 25 ? [`duplicate-domain:${container}/${container}.d1`] : []))
    : [];

describe.each(recordings)('%s', (recording) => {
  it.each(phasesOf(recording).map(({ name }) => name))('%s', (name) => {
    const phase = all.find((one) => one.recording === recording && one.name === name)!;
    const { reruns, findings } = rerunOf(phase);
    expect(reruns.length).toBeGreaterThan(0);
    expect(differences(reruns)).toEqual([]);
    expect(findings.map(({ id }) => id)).toEqual(expectedFindings(phase));
  });
});

const kindOf = ({ outcome, refused }: AttachOutcome): string => (refused ? `${outcome} after refusals` : outcome);

/** As the recordings' summaries count them: kept, kept after refusals; joined, joined after refusals; failed, failed after refusals. */
const attachCounts = `
  6.1-arm64-smmuv3x3-basic               71 29  11 4   0  0
  6.1-arm64-smmuv3x3-memory              12 17   4 0   0  0
  6.1-x86_64-intel-basic                 53  0  26 0   1  0
  6.1-x86_64-intel-conc                 101  0  60 0   0  0
  6.1-x86_64-intel-memory                12  0  21 0   0  0
  6.1-x86_64-intel_noir-basic            43  0  18 0   7  0
  6.1-x86_64-intel_rmrr-basic            40  0  15 0   0  0
  6.12-arm64-smmuv3x3-basic              71 29  11 4   1  0
  6.12-arm64-smmuv3x3-conc               65 40  11 6   0  0
  6.12-arm64-smmuv3x3-memory             12  1   4 0   0 16
  6.12-x86_64-intel-basic                53  0  26 0   1  0
  6.12-x86_64-intel-conc                 48  0  36 0   0  0
  6.12-x86_64-intel-memory               12  0  21 0   0  0
  6.12-x86_64-intel_sc-basic             49  0  23 0   0  0
  6.12-x86_64-virtio-basic               47  0  26 0   7  0
  6.12custom-arm64-smmuv3x3-failnth_conc 27  0   0 0  29  0
  6.12custom-x86_64-intel-failnth        33  6   4 0  27  0`;

/** Calls on what the model does not have (open devices, statuses, ids without a meaning), and descriptors that open by their first use. */
const skippedCalls: Record<string, number> = {
  open_container: 835,
  'open_container ENOMEM': 40,
  open_group: 1126,
  'open_group EBUSY': 69,
  'open_group ENOENT': 6,
  'close_group of a group without a container': 1012,
  VFIO_GROUP_GET_STATUS: 288,
  VFIO_CHECK_EXTENSION: 24,
  VFIO_GROUP_GET_DEVICE_FD: 111,
  'VFIO_GROUP_GET_DEVICE_FD EINVAL': 6,
  'VFIO_GROUP_GET_DEVICE_FD ENODEV': 12,
  close_device: 111,
  'VFIO_GROUP_UNSET_CONTAINER while a device is open EBUSY': 11,
  'VFIO_IOMMU_MAP_DMA of an address without memory EFAULT': 6,
  open_iommufd: 58,
  'close_iommufd that a bound device keeps open': 1,
  open_device_cdev: 85,
  'close_device_cdev of a device that is not bound': 1,
  IOMMU_IOAS_ALLOC: 111,
  'IOMMU_DESTROY of an address space': 6,
  'IOMMU_DESTROY of an address space EBUSY': 1,
  'IOMMU_DESTROY of a device EBUSY': 1,
  'IOMMU_DESTROY of nothing ENOENT': 1,
  'IOMMU_HWPT_ALLOC for an unknown device ENOENT': 1,
  'IOMMU_HWPT_ALLOC for an unknown id EINVAL': 1,
  'IOMMU_HWPT_ALLOC with flags that the driver refuses EOPNOTSUPP': 2,
  'VFIO_DEVICE_ATTACH_IOMMUFD_PT of a device that is not bound EINVAL': 1,
  'VFIO_DEVICE_ATTACH_IOMMUFD_PT with an address space beside page tables by id': 1,
  'VFIO_DEVICE_BIND_IOMMUFD of a bound device EINVAL': 1,
  'VFIO_DEVICE_BIND_IOMMUFD of a device whose group is open EBUSY': 1,
  'VFIO_DEVICE_BIND_IOMMUFD to a bad descriptor EINVAL': 1,
  'VFIO_DEVICE_BIND_IOMMUFD to another file EBADFD': 1,
  'VFIO_GROUP_SET_CONTAINER beside an iommufd': 2,
  'VFIO_SET_IOMMU beside an iommufd': 1,
  'VFIO_GROUP_UNSET_CONTAINER beside an iommufd': 2,
  'close_group beside an iommufd': 2,
  'close_container beside an iommufd': 1,
};

describe('over all recordings', () => {
  it.each(attachCounts.trim().split('\n'))('type1 attaches: %s', (row) => {
    const [recording, ...counts] = row.trim().split(/\s+/);
    const attaches = all
      .filter((phase) => phase.recording === recording)
      .flatMap((phase) => rerunOf(phase).reruns.flatMap((one) => one.attaches));
    const found = counted(attaches.map(kindOf));
    const kinds = ['kept', 'joined', 'failed'].flatMap((kind) => [kind, `${kind} after refusals`]);
    expect(kinds.map((kind) => String(found[kind] ?? 0))).toEqual(counts);
  });

  it('every recorded call is compared or skipped', () => {
    const called = all.flatMap(({ calls }) => calls).filter(({ actor }) => actor !== undefined);
    const compared = all.flatMap((phase) => rerunOf(phase).reruns).filter(({ call }) => call.actor !== undefined);
    const skipped = all.flatMap((phase) => rerunOf(phase).skipped);
    expect([called.length, compared.length, skipped.length]).toEqual([10296, 6356, 3940]);
  }, 60_000);

  it('what no request says is skipped, by name and number', () => {
    expect(counted(all.flatMap((phase) => rerunOf(phase).skipped))).toEqual(skippedCalls);
  }, 60_000);

  it('failed allocations stand in for causes that no request says', () => {
    expect(counted(all.flatMap((phase) => rerunOf(phase).standIns))).toEqual({
      'VFIO_IOMMU_MAP_DMA over the limit of locked memory': 4,
      'VFIO_DEVICE_ATTACH_IOMMUFD_PT over the limit of locked memory': 2,
      'VFIO_IOMMU_MAP_DMA over the limit of the control group': 20,
      'VFIO_GROUP_SET_CONTAINER over the limit of the control group': 16,
    });
  }, 60_000);
});
