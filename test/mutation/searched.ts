// Small scenarios searched in every order. What such a search comes upon: findings, claims, tasks that wait for ever, what is printed, and how
// each request ended and where groups, domains and mappings are then.
import type { Event } from '../../src/core/events.ts';
import type { Detector } from '../../src/core/finding.ts';
import type { Scenario } from '../../src/core/scenario.ts';
import type { Attributes, World } from '../../src/core/world.ts';
import { shownDetectors } from '../../src/detect/audit.ts';
import { quiet, sees } from '../../src/detect/steps.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { Labels } from '../../src/explore/observer.ts';
import { search } from '../../src/explore/search.ts';
import { atOnce } from '../../src/explore/turns.ts';
import type { Verdict } from './machineJudge.ts';

/** More states than the largest search has. */
const mostStates = 1_000_000;

const rangesIn = (ranges: readonly { readonly start: number; readonly end: number }[]): string =>
  ranges.map(({ start, end }) => `${start}-${end}`).join('+');

/** Ids that an instance has left: what its `domains_used` says. */
const poolsIn = (attributes: Attributes): string =>
  Object.entries(attributes)
    .flatMap(([name, value]) => (typeof value === 'number' ? [`${name} ${value}`] : []))
    .join(' ');

/** What claims can speak of, and what GET_INFO and IOVA_RANGES tell user space. */
export const leftIn = ({ groups, devices, containers, domains, iommus }: World): string =>
  [
    ...Object.values(groups)
      .filter(({ domain, owner, container, default: own }) => domain !== own || owner !== null || container !== null)
      .map(({ id, domain, owner, ownerCount, container }) => `group ${id} on ${domain} of ${owner} ${ownerCount} in ${container}`),
    ...Object.values(devices)
      .filter(({ domain, group, attributes }) => domain !== groups[group]?.domain || attributes['boundTo'])
      .map(({ id, domain, phase, attributes }) => `device ${id} on ${domain}, ${phase}, bound to ${attributes['boundTo']}`),
    ...Object.values(iommus).map(({ id, attributes }) => `${id} has ${poolsIn(attributes)}`),
    ...Object.values(domains).map(({ id, type, mappings }) => `${type} ${id} maps ${mappings.length}`),
    ...Object.values(containers).map(({ id, phase, backend, mappings, records, reserved, valid }) =>
      [
        `${id} ${phase} with ${backend} maps ${mappings.length}, has ${rangesIn(valid)} but ${rangesIn(reserved)},`,
        ...records.map((record) => `${record.id} of ${record.users} for ${record.groups.join('+')}`),
      ].join(' '),
    ),
  ].join('; ');

/** Each print and each end of a request is seen as a finding, so that a search tells of it. */
const outcomes: Detector<null> = {
  id: 'outcome',
  level: 'cost',
  title: 'a request ended',
  evidence: { kind: 'model', source: 'the search' },
  initial: null,
  step: (state, event: Event, world) => {
    if (event.type === 'KernelPrinted') return sees(state, { entity: `${event.row} prints`, subject: {} });
    if (event.type !== 'RequestEnded') return quiet(state);
    const result = `${event.task} ${event.verb} ${event.request} ${event.result}`;
    return sees(state, { entity: `${result}: ${leftIn(world)}`, subject: {} });
  },
  explain: () => [],
};

/** Ends of requests look at all there is, so no order may be left out. */
export const verdictOfSearch = (engine: Engine, scenario: Scenario): Verdict => {
  const labels = new Labels();
  const options = {
    bounds: { faults: 0, apiFaults: 0, mayFail: () => false },
    labels,
    detectors: [...shownDetectors, outcomes],
    control: { goesOn: (states: number) => states < mostStates },
    preemptions: null,
    reduce: false,
    symmetry: false,
    memory: 2 ** 26,
  };
  const { isComplete, paths } = atOnce(search(engine, scenario, options));
  return { isComplete, labels: [...paths.keys()].map((number) => labels.list[number]!.id) };
};
