// Where a compiler put a function into its caller: the recording has a probe on it, and yet the step is not in the trace.
import type { Observation, What } from './observation.ts';
import type { Session } from './sessions.ts';

const callers: ReadonlySet<What> = new Set(['claim', 'release', 'attach-group', 'replace-group', 'detach-group']);

/** Which of the core's calls moves a device, and whether the switch of its group is seen around the move. */
const moves = (observations: readonly Observation[]): { caller: What | undefined; isSeen: boolean }[] =>
  observations.flatMap(({ what, inside }, index) => {
    if (what !== 'attach-device') return [];
    const caller = observations.slice(0, index).findLast((before) => callers.has(before.what))?.what;
    return [{ caller, isSeen: inside.includes('set-domain') }];
  });

/**
 * The core moves devices inside __iommu_group_set_domain_internal() only, which Debian's 6.18 has inside iommu_detach_group(). A caller
 * has it inside always or never: a switch that is missing now and then was dropped from the trace.
 */
export const hidesSetDomain = ({ calls }: Session): boolean => {
  const all = calls.flatMap(({ observations }) => moves(observations));
  const seen = new Set(all.filter(({ isSeen }) => isSeen).map(({ caller }) => caller));
  const hidden = all.filter(({ isSeen }) => !isSeen);
  return hidden.length > 0 && hidden.every(({ caller }) => !seen.has(caller));
};
