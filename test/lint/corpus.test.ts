// What a reading of both kernels finds of the facts, and what it has beside them, on the excerpts; on whole trees where they are named.
import { describe, expect, it } from 'vitest';
import { readTree } from '../../src/lint/read/readTree.ts';
import type { KernelTree } from '../../src/lint/tree.ts';
import { type Excerpt, excerptTree } from '../support/kernelExcerpts.ts';
import { measureAll } from './columns.ts';
import type { Measured } from './corpus.ts';

interface Expected {
  readonly entries: number;
  readonly certain: number;
  /** Sanity checks, and the memory of a nested domain, which the facts list once, for paging domains. */
  readonly extra: readonly string[];
  /** The facts know what the hardware means; a reading sees what is compared. */
  readonly otherClass: readonly string[];
  /** What the firmware said is printed before the check that refuses. */
  readonly otherMessages: readonly string[];
}

const sanity = ['intel_pasid_setup_first_level unlikely(!(cr0 & X86_CR0_WP))', 'intel_pasid_setup_first_level !ecap_srs(iommu->ecap)'];

const expected: { readonly [column: string]: Expected } = {
  'v6.1': {
    entries: 87,
    certain: 113,
    extra: sanity,
    otherClass: ['arm-smmu-no-context-format', 'intel-rmrr-unmanaged', 'omap-zero-iommus', 'virtio-request-malformed'],
    otherMessages: [],
  },
  'seed-v6': {
    entries: 88,
    certain: 113,
    extra: sanity,
    otherClass: [
      'arm-smmu-no-context-format',
      'qcom-iommu-secure-init-positive',
      'intel-rmrr-unmanaged',
      'omap-zero-iommus',
      'virtio-request-malformed',
    ],
    otherMessages: ['qcom-iommu-secure-init-positive'],
  },
  'v6.12': {
    entries: 98,
    certain: 130,
    extra: ['device_pasid_table_setup !context', 'domain_attach_iommu num >= ndomains'],
    otherClass: [
      'amd-gcr3-already-present',
      'arm-smmu-no-context-format',
      'intel-nested-instance-attach',
      'omap-zero-iommus',
      'virtio-request-malformed',
    ],
    otherMessages: [],
  },
};

/** Every entry of the facts is found. */
const check = (measured: Measured): void => {
  expect({
    entries: measured.entries.length,
    certain: measured.certain.length,
    extra: measured.extra.map((site) => `${site.function} ${site.condition}`),
    otherClass: measured.otherClass.map(({ entry }) => entry.id),
    otherMessages: measured.otherMessages.map(({ entry }) => entry.id),
  }).toEqual(expected[measured.column]);
  expect(measured.entries.filter((entry) => !measured.found.includes(entry)).map(({ id }) => id)).toEqual([]);
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
