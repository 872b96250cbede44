// Scripts on one line: `attach 5; map 64K; attach 11`, as the command line takes them; a mistake is placed at its character.
import { Failure, type Place } from '../core/failure.ts';
import type { Request, Verb } from '../core/scenario.ts';
import type { Topology } from '../core/topology.ts';
import { demandName } from './names.ts';
import { demandPageTables } from './pageTables.ts';
import { type RequestFile, scriptSchema } from './requestSchema.ts';
import { openRequestReader } from './requests.ts';
import { checked } from './schemaParts.ts';
import { type PlaceOf, type Step, scenarioKind } from './source.ts';
import { type DetailKey, exampleOf, type VerbFacts, verbNames, verbs } from './verbs.ts';

/** Requests end at `;` or a line's end. Behind the verb: what it is about, then `key=value`, or `flag` for `with: {flag: true}`. */
export const parseScript = (text: string, topology?: Topology, container = 'c0'): Request[] => {
  const parts = partsOf(text).map((words) => requestOf(words, text, topology));
  if (parts.length === 0)
    throw new Failure(scenarioKind.code, 'expected a script such as `attach 5; map 64K`, found nothing', placeIn(text, 0));
  const place = placesOf(parts, text);
  const script = checked(scriptSchema, { value: parts.map(({ file }) => file), place }, scenarioKind);
  const reader = openRequestReader({ topology, tasks: ['t0'], place });
  const requests = script.map((file, index) => reader(file, [index], container));
  demandPageTables([{ id: 't0', caller: null, container, requests }]);
  return requests;
};

interface Word {
  readonly text: string;
  readonly at: number;
}

const partsOf = (text: string): Word[][] => {
  const parts: Word[][] = [[]];
  for (const match of text.matchAll(/[;\n]|[^\s;]+/g)) {
    if (match[0] === ';' || match[0] === '\n') parts.push([]);
    else parts.at(-1)!.push({ text: match[0], at: match.index });
  }
  return parts.filter((words) => words.length > 0);
};

interface Part {
  readonly file: RequestFile;
  /** Where each key stands; the verb itself at ''. */
  readonly at: ReadonlyMap<string, number>;
}

const requestOf = ([first, ...rest]: readonly Word[], text: string, topology: Topology | undefined): Part => {
  const place = placeIn(text, first!.at);
  demandName(first!.text, { words: 'a request', names: verbNames, kind: scenarioKind, place });
  const verb = first!.text as Verb;
  const at = new Map([['', first!.at]]);
  if (rest.length === 0) {
    if (verbs[verb].alone) return { file: verb, at };
    throw new Failure(
      scenarioKind.code,
      `expected ${verb} with what it is about, e.g. \`${verb} ${exampleOf(verb)}\`, found nothing behind it`,
      place,
    );
  }
  const single = rest.length === 1 && verbs[verb].bare !== undefined && !rest[0]!.text.includes('=');
  if (single) return { file: { [verb]: rest[0]!.text }, at: at.set(verb, rest[0]!.at) };
  return { file: { [verb]: detailOf(rest, verbs[verb], at, topology) }, at };
};

const detailOf = (words: readonly Word[], facts: VerbFacts, at: Map<string, number>, topology: Topology | undefined): object => {
  const detail: Record<string, unknown> = {};
  const flags: Record<string, string | number | boolean> = {};
  words.forEach(({ text, at: start }, index) => {
    const [key, given] = pairOf(text);
    const bare = index === 0 && given === undefined ? bareKey(text, facts, topology) : undefined;
    const own = bare ?? (facts.keys.includes(key as DetailKey) ? key : undefined);
    if (own === undefined) flags[key] = flagOf(given);
    else detail[own] = own === 'nested' ? flagOf(given) : (given ?? text);
    at.set(own ?? key, bare === undefined && given !== undefined ? start + key.length + 1 : start);
  });
  return Object.keys(flags).length === 0 ? detail : { ...detail, with: flags };
};

const pairOf = (text: string): [key: string, given: string | undefined] => {
  const equals = text.indexOf('=');
  return equals === -1 ? [text, undefined] : [text.slice(0, equals), text.slice(equals + 1)];
};

/** The key that the first word stands for; `attach 5` and `attach 0000:00:10.0` both mean a target. */
const bareKey = (text: string, { bare }: VerbFacts, topology: Topology | undefined): string | undefined => {
  if (bare !== 'target') return bare;
  const isDevice = topology?.groups.some(({ devices }) => devices.some(({ id }) => id === text)) ?? !/^\d+$/.test(text);
  return isDevice ? 'device' : 'group';
};

const flagOf = (given: string | undefined): string | number | boolean => {
  if (given === undefined || given === 'true') return true;
  if (given === 'false') return false;
  return /^-?\d+$/.test(given) ? Number(given) : given;
};

/** The deepest part of the path that stands in the text. */
const placesOf =
  (parts: readonly Part[], text: string): PlaceOf =>
  ([index, ...path]) => {
    const { at } = parts[Number(index)]!;
    const step = path.findLast((name: Step) => at.has(String(name)));
    return placeIn(text, at.get(String(step ?? '')) ?? 0);
  };

const placeIn = (text: string, character: number): Place => {
  const before = text.slice(0, character).split('\n');
  return { file: 'script', line: before.length, column: before.at(-1)!.length + 1 };
};
