// Recordings by someone who had fewer probes: what each attach came to is as with all of them, where any other function shows it.
import { expect, it } from 'vitest';
import type { Attaches } from '../../../src/core/attaches.ts';
import type { Event } from '../../../src/core/events.ts';
import { attachesOf } from '../../../src/detect/attaches.ts';
import { RecordedRun } from '../../../src/recordings/kernel/recordedRun.ts';
import { factsOf, finishRun } from '../../../src/recordings/readRecording.ts';
import { openRecording } from '../../../src/recordings/trace/recording.ts';
import { printAttaches } from '../../../src/report/attaches.ts';
import { profiles, recordedFile, without } from '../../support/recorded.ts';

/** The trace alone, without the probes on a function. */
const seenWithout = async (name: string, missing: string): Promise<Attaches> => {
  const recording = without(await openRecording(recordedFile(name)), ['calls.jsonl']);
  const { facts } = factsOf(recording, { profiles });
  const events: Event[] = [];
  const run = new RecordedRun(facts, (event) => events.push(event));
  for await (const some of (await recording.trace()).tokens)
    for (const token of some) if (token.kind !== 'line' || !new RegExp(`^[pr]_${missing}$`).test(token.name)) run.take(token);
  finishRun(run, { backwards: 0, firstBackwards: null, moved: 0 });
  return attachesOf(events);
};

const outcomes = async (name: string, missing: string): Promise<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const { outcome } of (await seenWithout(name, missing)).attaches) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
};

it.each([
  { name: '6.12-x86_64-intel-basic', missing: 'iommu_paging_domain_alloc', found: { kept: 53, joined: 26, failed: 1 } },
  {
    name: '6.12-x86_64-intel-basic',
    missing: '(iommu|intel_iommu|vfio_iommu)\\w*_domain_alloc',
    found: { kept: 53, joined: 26, failed: 1 },
  },
  { name: '6.12-x86_64-intel-basic', missing: 'iommu_attach_group', found: { kept: 53, joined: 26, failed: 1 } },
  { name: '6.12-x86_64-intel-basic', missing: 'iommu_group_claim_dma_owner', found: { kept: 53, joined: 26, failed: 1 } },
  { name: '6.1-arm64-smmuv3x3-basic', missing: 'iommu_domain_alloc', found: { kept: 100, joined: 15 } },
  { name: '6.1-arm64-smmuv3x3-basic', missing: 'iommu_group_claim_dma_owner', found: { kept: 100, joined: 15 } },
  { name: '6.1-x86_64-intel-conc', missing: 'iommu_attach_group', found: { kept: 101, joined: 60 } },
])('$name without $missing', async ({ name, missing, found }) => {
  expect(await outcomes(name, missing)).toEqual(found);
});

it('says that no attach can be told where no function shows one', async () => {
  const found = await seenWithout('6.12-x86_64-intel-basic', 'vfio_iommu_type1_attach_group');
  expect(printAttaches('few', found, false)).toContain(
    '\nno attach can be told: nothing in the trace is of\nvfio_iommu_type1_attach_group(),',
  );
});

it('lists twenty gaps at most, and counts the others', async () => {
  const found = await seenWithout('6.12-x86_64-intel-basic', 'none');
  const gaps = Array.from({ length: 25 }, (_, line) => ({ type: 'RecordingGap' as const, what: 'unread', line, count: 1, text: 'x' }));
  const lines = printAttaches('many', { ...found, gaps }, false).split('\n');
  expect(lines.slice(-2)).toEqual(['  line 19  x', '  and 5 more']);
});
