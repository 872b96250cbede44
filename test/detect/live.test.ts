// The audit of a history while it goes on: it tells what the audit of the whole history tells, as long as it keeps enough of it.
import { beforeAll, describe, expect, it } from 'vitest';
import type { Event } from '../../src/core/events.ts';
import type { Finding } from '../../src/core/finding.ts';
import { attachesOf } from '../../src/detect/attaches.ts';
import { audit, detectors } from '../../src/detect/audit.ts';
import { type Notice, openLive } from '../../src/detect/live.ts';
import { recordedProbe } from '../../src/detect/recordedProbe.ts';
import type { WindowLimits } from '../../src/detect/window.ts';
import { bareEvents } from '../support/bareTrace.ts';

const told = (events: readonly Event[], limits?: WindowLimits): Notice[] => events.flatMap(openLive(detectors, recordedProbe, limits));

const findingsIn = (notices: readonly Notice[]) => notices.flatMap((notice) => (notice.what === 'finding' ? [notice] : []));

const byId = (a: Finding, b: Finding): number => (a.id < b.id ? -1 : 1);

describe('what is told of a recording', () => {
  it.each([
    ['6.12custom-x86_64-intel-failnth', 70, 4],
    ['6.12-x86_64-intel-conc', 84, 8],
    ['6.1-arm64-smmuv3x3-memory', 33, 1],
    ['6.12custom-x86_64-intel-iommufd', 60, 1],
  ])('%s: the attaches and findings of the whole', async (name, attaches, findings) => {
    const events = await bareEvents(name);
    const notices = told(events);
    const rows = notices.flatMap((notice) => (notice.what === 'attach' ? [notice.row] : []));
    const whole = attachesOf(events).attaches;
    expect(rows).toEqual(whole);
    expect(rows.length).toBe(attaches);
    const found = findingsIn(notices);
    expect(found.map(({ finding }) => finding).toSorted(byId)).toEqual([...audit(events, recordedProbe, detectors)].sort(byId));
    expect(found.map(({ before }) => before)).toEqual(Array(findings).fill(null));
  });
});

describe('a window', () => {
  let events: Event[] = [];
  beforeAll(async () => {
    events = await bareEvents('6.12custom-x86_64-intel-failnth');
  });
  const duplicate = (limits: WindowLimits) => findingsIn(told(events, limits)).find(({ finding }) => finding.rule === 'duplicate-domain')!;
  const numbers = ({ because }: Finding) => because.flatMap(({ at }) => at ?? []);

  it.each([
    ['of everything', { events: 10_000, whileOpen: 10_000 }, [7155, 7290, 7301, 7317, 7362], null],
    ['of few events, but for the request in progress', { events: 10, whileOpen: 10_000 }, [7290, 7301, 7317, 7362], 7162],
    ['of few events whatever is in progress', { events: 10, whileOpen: 10 }, [7362], 7357],
  ] as const)('%s gives the links that it holds and says what it let go', (_, limits, links, before) => {
    const found = duplicate(limits);
    expect(numbers(found.finding)).toEqual(links);
    expect(found.before).toBe(before);
    expect(found.finding.at).toBe(7368);
  });
});
