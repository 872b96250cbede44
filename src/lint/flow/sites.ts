// From the values that an operation can return to records: one for each place where an errno arises and each check that leads to it.
import type { AllocationSite, DomainState, Operation, Print, ReturnSite, SourceLine, WitnessStep } from '../../core/returnSites.ts';
import { classify } from './classify.ts';
import type { Summary } from './program.ts';
import { common, fails, type Guard, type Value } from './values.ts';

const domainState = (guards: readonly Guard[]): DomainState => guards.findLast(({ domain }) => domain !== null)?.domain ?? 'any';

const opposites: { readonly [operator: string]: string } = { '==': '!=', '!=': '==', '<': '>=', '>=': '<', '>': '<=', '<=': '>' };

/** What holds where the test does not, as somebody would write it. */
const negated = (text: string): string => {
  const bare = /^!(\w[\w>.-]*(?:\(.*\))?)$/.exec(text)?.[1];
  if (bare !== undefined) return bare;
  const [, left, operator, right] = /^([^=!<>&|?]+(?:->[^=!<>&|?]+)*) ([=!]=|[<>]=?) ([^=!<>&|?]+(?:->[^=!<>&|?]+)*)$/.exec(text) ?? [];
  if (operator !== undefined) return `${left} ${opposites[operator]} ${right}`;
  return /^[\w>.-]+(?:\([^()]*\))?$/.test(text) ? `!${text}` : `!(${text})`;
};

const guardText = (guard: Guard): string => (guard.holds ? guard.text : negated(guard.text));

const conditionOf = (value: Value): string => {
  if (value.origin && value.origin.how !== 'constant') return value.origin.text;
  if (value.origin === null && value.silent === null) return value.unresolved ?? '';
  return value.check ? guardText(value.check) : '';
};

/** So many failures that led to one another are shown; a chain as long was never met. */
const longestChain = 8;

/** What failed before, the check that saw it, the errno; of several failures that lead here the first. */
const lastSteps = ({ check, origin }: Value, left = longestChain): WitnessStep[] => {
  const cause = left === 0 ? undefined : check?.causes.find((one) => one.origin !== null);
  const steps: WitnessStep[] = cause ? [...cause.steps, ...lastSteps(cause, left - 1)] : [];
  if (check) steps.push({ file: check.file, line: check.line, function: check.function, text: guardText(check) });
  if (origin) steps.push(origin);
  return steps.map(({ file, line, function: name, text }) => ({ file, line, function: name, text }));
};

const placeOf = ({ file, line }: SourceLine): string => `${file}:${line}`;

/** Every place where something failed so that this came back. */
const failedAt = ({ check, origin }: Value, left = longestChain): string[] => [
  ...(origin ? [placeOf(origin)] : []),
  ...(left === 0 ? [] : (check?.causes ?? []).flatMap((cause) => failedAt(cause, left - 1))),
];

/** The errno that was at hand; of a null pointer or a number there was none. */
const replacedBy = ({ kind, names, origin }: Value): readonly string[] =>
  kind !== 'errno' ? [] : names.length > 0 ? names : origin?.api ? [`errno of ${origin.api}()`] : [];

/** Messages on every way here, those of the call that failed before included. */
const printsOf = ({ check, prints }: Value): readonly Print[] => {
  const causes = (check?.causes ?? []).filter(fails);
  const before = causes.length === 0 ? [] : causes.map(printsOf).reduce(common);
  return [...before.filter((print) => !prints.includes(print)), ...prints];
};

const siteOf = (operation: Operation, value: Value): ReturnSite => {
  const { origin, check, silent, steps, unresolved } = value;
  const at = origin ?? silent ?? steps.at(-1);
  const causes = (check?.causes ?? []).filter(fails);
  const memory = origin?.how === 'memory' || causes.some(({ origin: cause }) => cause?.how === 'memory');
  return {
    ...operation,
    ...classify(value),
    function: at?.function ?? operation.entry,
    file: at?.file ?? '',
    line: at?.line ?? 0,
    errnos: value.kind === 'errno' ? [...value.names] : value.kind === 'zero' ? ['0'] : [],
    origin: memory ? 'memory' : (origin?.how ?? 'api'),
    api: origin?.api ?? causes[0]?.origin?.api ?? null,
    condition: conditionOf(value),
    certainty: unresolved === null ? 'certain' : 'maybe',
    unresolved,
    domain: domainState(value.guards),
    prints: printsOf(value),
    locks: [...new Set(value.locks)],
    witness: [...steps, ...lastSteps(value)],
    replaced: origin?.how === 'constant' ? [...new Set(causes.flatMap(replacedBy))] : [],
  };
};

/** Success is no record, unless a check of something else led to it. */
const isSite = (value: Value): boolean =>
  value.kind === 'errno' ||
  value.kind === 'unknown' ||
  (value.kind === 'zero' && (value.silent !== null || value.origin?.how === 'memory'));

/** The same place met on several ways: one record, with the shortest way, and what holds on all of them. */
const united = (a: ReturnSite, b: ReturnSite): ReturnSite => {
  const [near, far] = (a.certainty === b.certainty ? a.witness.length <= b.witness.length : a.certainty === 'certain') ? [a, b] : [b, a];
  return {
    ...near,
    domain: a.domain === b.domain ? a.domain : 'any',
    prints: near.prints.filter((print) => far.prints.includes(print)),
    locks: common(near.locks, far.locks),
  };
};

/** Ways that part in the operation itself stay apart: a request and its repetition. */
const siteKey = ({ file, line, condition, errnos, witness }: ReturnSite): string =>
  [file, line, condition, errnos.join(), witness[0]?.line].join(';');

export const sitesOf = (operation: Operation, { values }: Summary): ReturnSite[] => {
  const sites = new Map<string, ReturnSite>();
  for (const site of values.filter(isSite).map((value) => siteOf(operation, value))) {
    const same = sites.get(siteKey(site));
    sites.set(siteKey(site), same === undefined ? site : united(same, site));
  }
  return [...sites.values()];
};

/** Errnos that come back by the place where something failed. */
const errnosByPlace = ({ values }: Summary): ReadonlyMap<string, ReadonlySet<string>> => {
  const places = new Map<string, Set<string>>();
  for (const value of values.filter(({ kind }) => kind === 'errno')) {
    for (const place of failedAt(value)) places.set(place, new Set([...(places.get(place) ?? []), ...value.names]));
  }
  return places;
};

export const allocationsOf = (operation: Operation, summary: Summary): AllocationSite[] => {
  const errnos = errnosByPlace(summary);
  return summary.allocations.map((found) => ({
    ...operation,
    file: found.file,
    line: found.line,
    function: found.function,
    callee: found.callee,
    gfp: found.gfp,
    domain: domainState(found.guards),
    failure: [...(errnos.get(placeOf(found)) ?? ['ignored'])],
  }));
};
