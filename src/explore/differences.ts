// Where two outcomes of one scenario differ: requests that end otherwise, containers with fewer or more domains.
import type { Difference, DifferenceKind } from '../core/comparison.ts';
import type { Outcome, RequestOutcome } from './outcome.ts';

/** Where it was seen is for others to say. */
export type Bare = Omit<Difference, 'row' | 'scenario'>;

const kindOf = (from: string, to: string): DifferenceKind => (from === 'OK' ? 'fails' : to === 'OK' ? 'works' : 'errno');

const inRequests = (from: Outcome, to: Outcome): { readonly container: string; readonly difference: Bare }[] =>
  from.requests.flatMap(({ subject, container, result }, index) => {
    const { result: other } = to.requests[index] as RequestOutcome;
    if (result === other) return [];
    return [{ container, difference: { kind: kindOf(result, other), subject, from: result, to: other } }];
  });

/** Both outcomes are of the same scenario. A container whose requests fail or work now has other domains for that reason alone. */
export const differencesBetween = (from: Outcome, to: Outcome): Bare[] => {
  const requests = inRequests(from, to);
  const explained = new Set(requests.filter(({ difference }) => difference.kind !== 'errno').map(({ container }) => container));
  const containers = [...new Set([...Object.keys(from.domains), ...Object.keys(to.domains)])].filter((id) => !explained.has(id));
  const domains = containers.flatMap((id): Bare[] => {
    const [before, after] = [from.domains[id] ?? 0, to.domains[id] ?? 0];
    return before === after ? [] : [{ kind: after < before ? 'shares' : 'splits', subject: id, from: before, to: after }];
  });
  return [...requests.map(({ difference }) => difference), ...domains];
};
