// Scripts on one line: `attach 5; map 64K; attach 11`, as the command line takes them; a mistake is placed at its character.
import { Failure, type Place } from '../core/failure.ts';
import type { Request, Verb } from '../core/scenario.ts';
import type { Topology } from '../core/topology.ts';
import { demandName } from './names.ts';
import { demandPageTables } from './pageTables.ts';
import { type RequestFile, scriptSchema } from './requestSchema.ts';
import { openRequestReader } from './requests.ts';
import { checked, didYouMean, wordPattern } from './schemaParts.ts';
import { type PlaceOf, type Step, scenarioKind } from './source.ts';
import { type DetailKey, exampleOf, takenBy, type VerbFacts, verbNames, verbs } from './verbs.ts';

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
  /** The key that the words around it give it: `at 0x1000000` means an iova. */
  readonly key?: DetailKey;
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
  return { file: { [verb]: detailOf(rest, { verb, text, topology }, at) }, at };
};

interface Context {
  readonly verb: Verb;
  /** The whole script. */
  readonly text: string;
  readonly topology: Topology | undefined;
}

const detailOf = (given: readonly Word[], context: Context, at: Map<string, number>): object => {
  const facts = verbs[context.verb];
  const detail: Record<string, unknown> = {};
  const flags: Record<string, string | number | boolean> = {};
  withKeys(given, context).forEach((word, index) => {
    const { key, given, start } = pairOf(word);
    const bare = index === 0 && given === undefined ? bareKey(word.text, facts, context.topology) : undefined;
    const own = bare ?? (facts.keys.includes(key as DetailKey) ? key : undefined);
    if (own === undefined) flags[demandFlag(key, word, context)] = flagOf(given);
    else detail[own] = own === 'nested' ? flagOf(given) : (given ?? word.text);
    at.set(own ?? key, start);
  });
  return Object.keys(flags).length === 0 ? detail : { ...detail, with: flags };
};

/** `64K at 0x1000000`, as reports print a range: a size and an iova. */
const withKeys = (words: readonly Word[], { verb, text }: Context): readonly Word[] => {
  const at = verbs[verb].keys.includes('iova') ? words.findIndex((word) => word.text === 'at') : -1;
  if (at === -1) return words;
  const address = words[at + 1];
  if (address === undefined)
    throw new Failure(scenarioKind.code, 'expected an address behind at, found nothing', placeIn(text, words[at]!.at));
  const before = words.slice(0, at).map((word, index): Word => (index === 0 && !word.text.includes('=') ? { ...word, key: 'size' } : word));
  return [...before, { ...address, key: 'iova' }, ...words.slice(at + 2)];
};

interface Pair {
  readonly key: string;
  readonly given: string | undefined;
  /** Where what is given begins. */
  readonly start: number;
}

const pairOf = ({ text, at, key }: Word): Pair => {
  if (key !== undefined) return { key, given: text, start: at };
  const equals = text.indexOf('=');
  return equals === -1
    ? { key: text, given: undefined, start: at }
    : { key: text.slice(0, equals), given: text.slice(equals + 1), start: at + equals + 1 };
};

/** A flag may have any name but one that is no word, or nearly a key of the verb. */
const demandFlag = (name: string, word: Word, { verb, text }: Context): string => {
  const near = word.text === name ? '' : didYouMean(name, verbs[verb].keys);
  if (near === '' && wordPattern.test(name)) return name;
  throw new Failure(scenarioKind.code, `expected ${takenBy(verb)}, found ${word.text}${near}`, placeIn(text, word.at));
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
