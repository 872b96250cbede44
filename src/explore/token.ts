// A counterexample as a short text to paste: which scenario, what replaces its kernel and caller, what was removed, and the deviations
// from the default schedule, each by task, step and site. It names places, not numbers of choices, so that it outlives the model.
import { canonical } from '../core/canonical.ts';
import { Failure } from '../core/failure.ts';
import { contentHash } from '../core/hash.ts';
import type { Scenario } from '../core/scenario.ts';
import type { Deviation } from '../core/schedule.ts';
import type { Edit } from './edits.ts';

export interface Token {
  /** Hash of the scenario as its file has it. */
  readonly scenario: string;
  /** Hash of the model it was found under. */
  readonly model: string;
  readonly overrides: Readonly<Record<string, string>>;
  /** Number of the variant, in the order of src/explore/variants.ts; with how many kills and unplugs there are. */
  readonly variant: { readonly kills: number; readonly unplugs: number; readonly unknown: boolean; readonly number: number } | null;
  readonly edits: readonly Edit[];
  readonly schedule: readonly Deviation[];
}

const FORM = 'al1';
const SCENARIO = 6;
const MODEL = 4;
const CHECK = 3;

const withoutPlaces = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutPlaces);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).flatMap(([key, inner]) => (key === 'place' ? [] : [[key, withoutPlaces(inner)]])));
};

/** Of what the file says: how it is laid out does not matter. */
export const scenarioHash = (scenario: Scenario): string => contentHash(canonical(withoutPlaces(scenario))).slice(0, SCENARIO);
export const modelHash = (hash: string): string => hash.slice(0, MODEL);

/** Everything but letters, digits, `.` and `_`: safe in a shell, a URL and a mail. */
const escaped = (text: string): string =>
  text.replace(/[^A-Za-z0-9._]/g, (found) => `~${found.charCodeAt(0).toString(16).padStart(2, '0')}`);
const unescaped = (text: string): string =>
  text.replace(/~([0-9a-f]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));

/** What a token's numbers of tasks and devices mean: their places in the scenario that it was made from. */
export interface Numbering {
  readonly tasks: readonly string[];
  readonly devices: readonly string[];
}

export const numberingOf = ({ tasks, topology }: Scenario): Numbering => ({
  tasks: tasks.map(({ id }) => id),
  devices: topology.groups.flatMap(({ devices }) => devices.map(({ id }) => id)),
});

/** Requests count from 1, as in files; the first time is not said. */
const spotText = ({ tasks }: Numbering, { task, request, nth }: Deviation, site: string): string =>
  [tasks.indexOf(task), request + 1, escaped(site), ...(nth === 1 ? [] : [nth])].join(':');

const deviationText = (numbering: Numbering, deviation: Deviation): string => {
  if (deviation.kind === 'fails') return `f${spotText(numbering, deviation, deviation.site)}`;
  if (deviation.kind === 'gives') return `a${spotText(numbering, deviation, deviation.api)}=${deviation.errno}`;
  return `s${spotText(numbering, deviation, deviation.at)}=${numbering.tasks.indexOf(deviation.to)}`;
};

const editText = ({ tasks, devices }: Numbering, edit: Edit): string => {
  if (edit.drop === 'task') return `t${tasks.indexOf(edit.task)}`;
  if (edit.drop === 'device') return `d${devices.indexOf(edit.device)}`;
  return `r${tasks.indexOf(edit.task)}:${edit.request + 1}`;
};

const checksum = (text: string): string => contentHash(text).slice(0, CHECK);

export const printToken = ({ scenario, model, overrides, variant, edits, schedule }: Token, numbering: Numbering): string => {
  const parts = [
    FORM,
    scenario,
    model,
    ...Object.entries(overrides).map(([name, value]) => `o${name}=${escaped(value)}`),
    ...(variant === null ? [] : [`v${[variant.kills, variant.unplugs, Number(variant.unknown), variant.number].join(':')}`]),
    ...(edits.length === 0 ? [] : [`x${edits.map((edit) => editText(numbering, edit)).join('_')}`]),
    ...schedule.map((deviation) => deviationText(numbering, deviation)),
  ];
  const text = parts.join('-');
  return `${text}-${checksum(text)}`;
};

export const isToken = (text: string): boolean => text.startsWith(`${FORM}-`);

const broken = (found: string): Failure =>
  new Failure('bad-usage', `expected a whole token, ${found}`, undefined, 'Copy it again from its first letter to its last.');

/** What stands in a token before its numbers are known to mean something. */
export interface ReadToken extends Omit<Token, 'edits' | 'schedule'> {
  /** Fails where a number is of nothing in the scenario. */
  readonly within: (numbering: Numbering) => Pick<Token, 'edits' | 'schedule'>;
}

/** Fails where the token was cut short or changed. */
export const readToken = (text: string): ReadToken => {
  const cut = text.lastIndexOf('-');
  const [form, scenario, model, ...parts] = text.slice(0, Math.max(0, cut)).split('-');
  if (form !== FORM) throw broken(`found ${text.slice(0, 12)}, which does not begin with ${FORM}-`);
  const check = text.slice(cut + 1);
  if (scenario?.length !== SCENARIO || model?.length !== MODEL || check !== checksum(text.slice(0, cut)))
    throw broken(`found one that is cut short or changed: its last ${CHECK} characters do not fit the rest`);
  const of = (sign: string): string[] => parts.flatMap((part) => (part.startsWith(sign) ? [part.slice(1)] : []));
  const variant = of('v')[0]?.split(':').map(Number);
  return {
    scenario,
    model,
    overrides: Object.fromEntries(of('o').map((part) => part.split('=').map(unescaped) as [string, string])),
    variant: variant ? { kills: variant[0]!, unplugs: variant[1]!, unknown: variant[2] === 1, number: variant[3]! } : null,
    within: (numbering) => ({
      edits: of('x').flatMap((part) => part.split('_').map((edit) => readEdit(numbering, edit))),
      schedule: parts.flatMap((part) => ('fas'.includes(part[0]!) ? [readDeviation(numbering, part)] : [])),
    }),
  };
};

const named = (names: readonly string[], number: string): string => {
  const found = names[Number(number)];
  if (found === undefined) throw broken(`found number ${number} of ${names.length}`);
  return found;
};

const readEdit = ({ tasks, devices }: Numbering, text: string): Edit => {
  const [number, request] = text.slice(1).split(':') as [string, string];
  if (text.startsWith('t')) return { drop: 'task', task: named(tasks, number) };
  if (text.startsWith('d')) return { drop: 'device', device: named(devices, number) };
  return { drop: 'request', task: named(tasks, number), request: Number(request) - 1 };
};

const readDeviation = ({ tasks }: Numbering, part: string): Deviation => {
  const [spot, value = ''] = part.slice(1).split('=') as [string, string?];
  const [task, request, site, nth = '1'] = spot.split(':') as [string, string, string, string?];
  const where = { task: named(tasks, task), request: Number(request) - 1, nth: Number(nth) };
  if (part.startsWith('f')) return { kind: 'fails', ...where, site: unescaped(site) };
  if (part.startsWith('a')) return { kind: 'gives', ...where, api: unescaped(site), errno: value };
  return { kind: 'switch', ...where, at: unescaped(site), to: named(tasks, value) };
};
