// The table of probes against every definition that a recorded kernel took.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { UserCall } from '../../src/core/reproduction.ts';
import { probesFor } from '../../src/explore/reproProbes.ts';
import {
  entryEvent,
  entryFetch,
  type ProbeKernel,
  probesOf,
  probeTable,
  returnEvent,
  returnType,
} from '../../src/recordings/probeTable.ts';

/** Definitions that real kernels took: all of kprobe_events of every guest that was recorded, each once. */
const recorded = (kernel: ProbeKernel): string[] =>
  readFileSync(new URL(`probes/${kernel}.txt`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.replace(/^([pr])\d*:iox\//, '$1 '));

/** `p p_f f[.isra.0] fetch ...` for every row. */
const defined = (kernel: ProbeKernel): Map<string, string> =>
  new Map(
    probesOf(kernel).flatMap((row) => {
      const back = returnType(row);
      return [
        [entryEvent(row), `p ${entryEvent(row)} ${row.function} ${entryFetch(row)}`.trimEnd()] as const,
        ...(back === null ? [] : [[returnEvent(row), `r ${returnEvent(row)} ${row.function} ret=$retval:${back}`] as const]),
      ];
    }),
  );

/** What the table says better than the recordings did: arguments by name, none where there was no use for one. */
const better: Readonly<Record<ProbeKernel, readonly string[]>> = {
  '6.1': [
    'p___iommu_domain_alloc',
    'p_arm_smmu_detach_dev',
    'p_amd_iommu_detach_device',
    'p_arm_smmu_domain_finalise_s1',
    'p_arm_smmu_domain_finalise_s2',
    'p_vfio_iommu_domain_alloc',
    'p_vfio_iommu_type1_open',
    'r_vfio_iommu_domain_alloc',
  ],
  '6.12': [
    'p___iommu_device_set_domain',
    'p___iommu_domain_alloc',
    'p_arm_smmu_domain_finalise',
    'p_arm_smmu_domain_finalise_s1',
    'p_arm_smmu_domain_finalise_s2',
    'p_do_iommu_domain_alloc',
    'p_iommufd_hwpt_paging_alloc',
    'p_vfio_iommu_domain_alloc',
    'p_vfio_iommu_type1_open',
    'r_vfio_iommu_domain_alloc',
  ],
  '6.18': [
    'p___iommu_device_set_domain',
    'p_arm_smmu_domain_alloc',
    'p_arm_smmu_domain_finalise',
    'p_arm_smmu_domain_finalise_s1',
    'p_arm_smmu_domain_finalise_s2',
    'p_do_iommu_domain_alloc',
    'p_vfio_iommu_domain_alloc',
    'p_vfio_iommu_type1_open',
    'r_vfio_iommu_domain_alloc',
  ],
};

describe.each<{ kernel: ProbeKernel; probes: number }>([
  { kernel: '6.1', probes: 53 },
  { kernel: '6.12', probes: 126 },
  { kernel: '6.18', probes: 90 },
])('probes that a $kernel kernel took', ({ kernel, probes }) => {
  const definitions = defined(kernel);
  const lines = recorded(kernel);
  const differing = lines.filter((line) => definitions.get(line.split(' ')[1]!) !== line.replace(/\.(isra|constprop)\.\d+/, ''));

  test('are all rows of the table', () => {
    expect(lines).toHaveLength(probes);
    expect(lines.filter((line) => !definitions.has(line.split(' ')[1]!))).toEqual([]);
  });

  test('are written as the table writes them, but for those listed', () => {
    expect(differing.map((line) => line.split(' ')[1]!).sort()).toEqual([...better[kernel]].sort());
  });
});

test('each kernel has one row for a function of a part', () => {
  for (const kernel of ['6.1', '6.12', '6.18'] as const) {
    const keys = probesOf(kernel).map((row) => `${row.part} ${row.function}`);
    expect(new Set(keys).size).toBe(keys.length);
  }
});

test('the values that an importer pairs by have one name each', () => {
  const names = (role: string) => [
    ...new Set(probeTable.flatMap(({ arguments: all }) => all.filter((one) => one.role === role).map(({ name }) => name))),
  ];
  expect(['domain', 'device', 'group', 'owner', 'bound-device', 'page-table'].map(names)).toEqual([
    ['dom'],
    ['dev'],
    ['grp'],
    ['owner', 'vgrp'],
    ['idev'],
    ['hwpt', 'obj'],
  ]);
});

test.each(['6.1', '6.12'] as const)('a reproduction for %s fetches what the table says of the same function', (kernel) => {
  const calls = ['VFIO_GROUP_SET_CONTAINER', 'VFIO_DEVICE_ATTACH_IOMMUFD_PT'].map((call) => ({ call }) as UserCall);
  const rows = new Map(probesOf(kernel).map((row) => [row.function, row]));
  const events = probesFor(`v${kernel}`, calls, []);
  expect(events.length).toBeGreaterThan(3);
  for (const { definition } of events) {
    const [event, symbol, ...fetches] = definition.split(' ') as [string, string, ...string[]];
    const row = rows.get(symbol)!;
    const known = event.startsWith('p') ? entryFetch(row).split(' ') : [`ret=$retval:${returnType(row)}`];
    expect(known).toEqual(expect.arrayContaining(fetches));
  }
});

/** As tracefs prints a probe event: task, CPU, flags, time, name, place, values. */
const probeLine =
  /^ *\S.*-\d+ +\[\d{3}\] \.{5} +\d+\.\d{6}: ([pr])_(\w+): \((?:(\S+)\+0x0\/0x0|\[unknown\/kretprobe'd\] <- (\S+))\)((?: \w+=\S+)*)$/;

test('bpftrace printed what tracefs would: the names and kinds of values that the table has', () => {
  const text = readFileSync(new URL('probes/bpftrace-6.1.txt', import.meta.url), 'utf8');
  const lines = text
    .trim()
    .split('\n')
    .filter((line) => /: [pr]_/.test(line));
  expect(lines).toHaveLength(50);
  const shape = (fetch: string): RegExp => {
    const [name, spec] = fetch.split(/=(.*)/) as [string, string];
    const value = spec.endsWith('string') ? '"[^"]*"' : /x\d\d$/.test(spec) ? '0x[0-9a-f]+' : '-?\\d+';
    return new RegExp(`^${name}=${value}$`);
  };
  for (const line of lines) {
    const [, kind, name, , , values] = probeLine.exec(line)!;
    const row = probesOf('6.1').find((one) => one.function === name)!;
    const wanted = kind === 'p' ? entryFetch(row).split(' ').filter(Boolean) : [`ret=$retval:${returnType(row)}`];
    const printed = values!.trim().split(' ').filter(Boolean);
    expect(printed.map((value, index) => shape(wanted[index]!).test(value))).toEqual(wanted.map(() => true));
  }
});
