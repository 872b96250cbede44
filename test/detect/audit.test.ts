// Ranking, identity and repetition of findings, with detectors and histories made for it.
import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/core/events.ts';
import type { Detector, Level } from '../../src/core/finding.ts';
import type { Plausible } from '../../src/core/rows.ts';
import { audit, detectors, shownDetectors } from '../../src/detect/audit.ts';
import { engineFor, task } from '../support/runs.ts';
import { probeSaying, started } from './audited.ts';
import { scenario, siteFaultRun } from './schedules.ts';

const failed = (plausible: Plausible): Event => ({
  type: 'AllocationFailed',
  task: 't0',
  row: 'row',
  site: 'site:1',
  n: null,
  gfp: 'GFP_KERNEL',
  plausible,
  device: null,
  domain: null,
  outcome: 'ENOMEM',
});

/** Sees every failed allocation whose likelihood it is told to look for, and explains it by that event and those in `with`. */
const seeing = (id: string, level: Level, wanted: Plausible | null, others: readonly number[] = []): Detector => ({
  id,
  level,
  title: id,
  evidence: { kind: 'model', source: 'made' },
  initial: null,
  step: (state, event) => {
    const isHit = wanted === null ? event.type === 'TaskEnded' : event.type === 'AllocationFailed' && event.plausible === wanted;
    return { state, hits: isHit ? [{ entity: 'e', subject: {} }] : [] };
  },
  explain: (_history, at) => [...others, at].map((number) => ({ at: number, words: '' })),
});

const history: Event[] = [started(), failed('small-sleeping'), failed('atomic'), failed('atomic'), { type: 'TaskEnded', task: 't0' }];

describe('an audit', () => {
  it('ranks by level, then likelihood, then event; what needs no failure is likeliest', () => {
    const used = [
      seeing('cost', 'cost', 'atomic'),
      seeing('unlikely', 'bug', 'small-sleeping'),
      seeing('contract', 'contract', 'atomic'),
      seeing('likely', 'bug', 'atomic'),
      seeing('certain', 'bug', null),
    ];
    expect(audit(history, probeSaying(), used).map(({ rule, plausible, at }) => [rule, plausible, at])).toEqual([
      ['certain', null, 5],
      ['likely', 'atomic', 3],
      ['unlikely', 'small-sleeping', 2],
      ['contract', 'atomic', 3],
      ['cost', 'atomic', 3],
    ]);
  });

  it('is as likely as the least likely failure of the chain', () => {
    const [finding] = audit(history, probeSaying(), [seeing('two', 'bug', 'atomic', [2])]);
    expect(finding!.plausible).toBe('small-sleeping');
  });

  it('gives one finding for a rule and an entity, from where it was seen first', () => {
    expect(audit(history, probeSaying(), [seeing('likely', 'bug', 'atomic')]).map(({ id, at }) => [id, at])).toEqual([['likely:e', 3]]);
  });

  it('leaves cost to those who ask', () => {
    const cost = detectors.filter(({ level }) => level === 'cost').map(({ id }) => id);
    expect(cost).toEqual(['discouraged-errno', 'needless-work', 'soft-failure-prints']);
    expect(shownDetectors.map(({ id }) => id)).toEqual(detectors.map(({ id }) => id).filter((id) => !cost.includes(id)));
  });

  it('names the same finding under another schedule', () => {
    const engine = engineFor({ kernel: '6.12.y', caller: 'vfio-type1' });
    const tasks = [task('t0', 'attach 5; map 4K; attach 11'), task('t1', 'attach 6; map 4K; attach 10', 'c1')];
    const found = ['one after the other', 'in turns'].map((order) => siteFaultRun(engine, scenario(tasks), order === 'in turns'));
    expect(found[0]!.ids).toEqual(['duplicate-domain:c0/c0.d1', 'errno-against-class:c0/c0.d0/11/intel-instance-record-alloc']);
    expect(found[1]!.ids).toEqual(found[0]!.ids);
    expect(found[1]!.numbers).not.toEqual(found[0]!.numbers);
  });
});
