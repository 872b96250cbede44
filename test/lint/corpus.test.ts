// What a reading of both kernels finds of the facts, and what it has beside them, on the excerpts; on whole trees where they are named.
import { describe, expect, it } from 'vitest';
import { readTree } from '../../src/lint/read/readTree.ts';
import type { KernelTree } from '../../src/lint/tree.ts';
import { type Excerpt, excerptTree } from '../support/kernelExcerpts.ts';
import { measureAll } from './columns.ts';
import type { Measured } from './corpus.ts';

/** Errnos of the secure monitor, and of a virtqueue through a function pointer. */
const missed = ['qcom-iommu-secure-init-errno', 'virtio-queue-add'];

/** Sanity checks and the memory of a nested domain, which the facts list once, for paging domains. */
const extra = [
  'intel_pasid_setup_first_level unlikely(!(cr0 & X86_CR0_WP))',
  'intel_pasid_setup_first_level !ecap_srs(iommu->ecap)',
  'device_pasid_table_setup !context',
  'domain_attach_iommu num >= ndomains',
];

/** The facts know what the hardware means; a reading sees what is compared. */
const otherClass = [
  'amd-gcr3-already-present',
  'arm-smmu-no-context-format',
  'intel-nested-instance-attach',
  'intel-rmrr-unmanaged',
  'omap-zero-iommus',
  'qcom-iommu-secure-init-positive',
  's390-ioat-register',
  'virtio-request-malformed',
];

/** The message of a page that is missing stands in the caller; what the firmware said is printed before the check that refuses. */
const otherMessages = ['arm-smmu-v3-cd-leaf-alloc', 'qcom-iommu-secure-init-positive'];

const share = (part: number, whole: number): number => part / whole;

const check = (measured: Measured): void => {
  const { column, entries, found, certain, extra: beside } = measured;
  expect(entries.length).toBe({ 'v6.1': 87, 'seed-v6': 88, 'v6.12': 98 }[column]);
  expect(share(found.length, entries.length)).toBeGreaterThanOrEqual(0.97);
  expect(share(certain.length - beside.length, certain.length)).toBeGreaterThanOrEqual(0.97);
  expect(certain.length).toBeGreaterThan(100);
  const ids = entries.filter((entry) => !found.includes(entry)).map(({ id }) => id);
  expect(missed).toEqual(expect.arrayContaining(ids));
  expect(extra).toEqual(expect.arrayContaining(beside.map((site) => `${site.function} ${site.condition}`)));
  expect(otherClass).toEqual(expect.arrayContaining(measured.otherClass.map(({ entry }) => entry.id)));
  expect(otherMessages).toEqual(expect.arrayContaining(measured.otherMessages.map(({ entry }) => entry.id)));
};

const named = { '6.1': process.env.LINUX_6_1, '6.12': process.env.LINUX_6_12 };
const whole = (name: Excerpt): KernelTree => readTree(named[name]!);
const sources: [string, (name: Excerpt) => KernelTree][] = [
  ['excerpts', excerptTree],
  ...(named['6.1'] && named['6.12'] ? [['whole trees', whole] as [string, typeof whole]] : []),
];

describe.each(sources)('%s against the facts', (_, tree) => {
  it.each(measureAll(tree('6.1'), tree('6.12')).map((measured) => [measured.column, measured] as const))('%s', (_, measured) =>
    check(measured),
  );
});
