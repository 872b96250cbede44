// Runs functions once for each way that they are called, and finds out which function a name means.
import { apiNamed } from '../apis/tables.ts';
import type { SourceFile } from '../c/sourceFile.ts';
import { type FunctionSource, within } from '../c/syntax.ts';
import { driverFiles, driverOf } from '../drivers.ts';
import { executeBlock } from './execute.ts';
import { Frame } from './frame.ts';
import type { Argument, Callee, Program, Summary } from './program.ts';
import { State } from './state.ts';
import { unknown, type Value } from './values.ts';

const empty: Summary = { values: [], allocations: [], ignored: [] };
const unresolved = (why: string): Summary => ({ ...empty, values: [unknown(why)] });

/** Deeper calls are not followed; no attach path of the kernels that were read goes half as deep. */
const depthLimit = 24;
/** A function is run for so many ways of calling it; further ones share one run that knows no argument. */
const contextLimit = 12;

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/'));

/** Constants only: a function is not run anew for every value. */
const passed = (values: readonly Value[]): readonly Value[] =>
  values.length === 1 && values[0]!.origin === null && values[0]!.kind !== 'unknown' && values[0]!.silent === null ? values : [];

const contextKey = (args: readonly Argument[]): string =>
  args.map(({ values, roots }) => `${roots}${passed(values).map(({ kind, names }) => `${kind}${names.join()}`)}`).join(';');

export class Analysis implements Program {
  readonly files: readonly SourceFile[];
  /** Functions that were run, for reports of what was reached. */
  readonly reached = new Set<FunctionSource>();
  private readonly byName: ReadonlyMap<string, readonly FunctionSource[]>;
  private readonly byFile: ReadonlyMap<string, SourceFile>;
  private readonly byMember: ReadonlyMap<string, readonly FunctionSource[]>;
  /** Files of drivers: those with a table of operations, and those beside one in a driver's own folder. */
  private readonly drivers: ReadonlySet<string>;
  private readonly summaries = new Map<FunctionSource, Map<string, Summary>>();
  private readonly running: FunctionSource[] = [];

  constructor(files: readonly SourceFile[]) {
    this.files = files;
    this.drivers = driverFiles(files);
    this.byFile = new Map(files.map((file) => [file.path, file]));
    this.byName = grouped(files.flatMap(({ functions }) => functions.map((found) => [found.name, found] as const)));
    this.byMember = grouped(
      files
        .flatMap((file) => membersOf(file).map(([member, name]) => [member, name, file] as const))
        .flatMap(([member, name, file]) => this.named(name, file.path).map((found) => [member, found] as const)),
    );
  }

  file(of: FunctionSource): SourceFile {
    return this.byFile.get(of.file)!;
  }

  /** The definitions that `name` can mean in a file, nearest first: its own, then its folder's, then any that is visible. */
  named(name: string, from: string): readonly FunctionSource[] {
    const all = this.byName.get(name) ?? [];
    const own = all.filter(({ file }) => file === from);
    if (own.length > 0) return own;
    const visible = all.filter(({ isStatic, file }) => !isStatic || file.endsWith('.h'));
    const sources = visible.filter(({ file }) => file.endsWith('.c'));
    const candidates = sources.length > 0 ? sources : visible;
    const near = candidates.filter(({ file }) => folderOf(file) === folderOf(from));
    return near.length > 0 ? near : candidates;
  }

  callee(name: string, from: FunctionSource): Callee {
    const found = this.named(name, from.file);
    const own = found.some(({ file }) => file === from.file);
    const api = own ? undefined : apiNamed(name);
    if (api !== undefined && !(api.unlessDefined && found.length > 0)) return { kind: 'api', api };
    if (found.length === 0) return this.macro(name, from.file) ?? { kind: 'unknown', name };
    return found.length === 1
      ? { kind: 'function', of: found[0]! }
      : { kind: 'any', of: found, through: `${found.length} definitions of ${name}()` };
  }

  /** A macro of the same file, of a header beside it, or of one header alone. */
  private macro(name: string, from: string): Callee | null {
    const owners = this.files.filter(
      (file) => (file.path === from || file.path.endsWith('.h')) && file.macros.some((macro) => macro.name === name),
    );
    const near =
      owners.find(({ path }) => path === from) ??
      owners.find(({ path }) => folderOf(path) === folderOf(from)) ??
      (owners.length === 1 ? owners[0] : undefined);
    const of = near?.macroFunction(name);
    return of ? { kind: 'function', of } : null;
  }

  /** Those of the same file, else of the same driver, else of what drivers share: no driver calls into another one. */
  members(name: string, from: FunctionSource): readonly FunctionSource[] {
    const all = this.byMember.get(name) ?? [];
    const own = all.filter(({ file }) => file === from.file);
    if (own.length > 0) return own;
    const sameDriver = all.filter(({ file }) => this.drivers.has(file) && driverOf(file) === driverOf(from.file));
    return sameDriver.length > 0 ? sameDriver : all.filter(({ file }) => !this.drivers.has(file));
  }

  summary(of: FunctionSource, args: readonly Argument[]): Summary {
    if (this.running.includes(of)) return unresolved(`${of.name}() calls itself`);
    if (this.running.length >= depthLimit) return unresolved(`calls below ${of.name}() are too deep`);
    const known = this.summaries.get(of) ?? new Map<string, Summary>();
    this.summaries.set(of, known);
    const wanted = contextKey(args);
    const general = args.map(({ roots }) => ({ values: [], roots }));
    const [key, given] = known.has(wanted) || known.size < contextLimit ? [wanted, args] : [contextKey(general), general];
    const summary = known.get(key) ?? this.attempt(of, given);
    known.set(key, summary);
    return summary;
  }

  /** A body that is nested deeper than the stack reaches is one that cannot be read. */
  private attempt(of: FunctionSource, args: readonly Argument[]): Summary {
    const depth = this.running.length;
    try {
      return this.run(of, args);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.running.length = depth;
      return unresolved(`source of ${of.name}() is nested too deeply to be read`);
    }
  }

  private run(of: FunctionSource, args: readonly Argument[]): Summary {
    this.reached.add(of);
    this.running.push(of);
    const body = this.file(of).body(of);
    const frame = new Frame(this, of, args);
    for (let turn = 0; turn === 0 || (frame.again && turn < 4); turn++) {
      Object.assign(frame, { again: false, returned: [] });
      frame.passed.clear();
      executeBlock(frame, begin(of, args), body);
    }
    this.running.pop();
    const why = of.damaged ? `source of ${of.name}() that the parser could not read` : null;
    const values = frame.returned.map((value) => (why === null ? value : { ...value, unresolved: value.unresolved ?? why }));
    return { values, allocations: [...frame.allocations.values()], ignored: [...frame.ignored.values()] };
  }
}

const begin = ({ parameters }: FunctionSource, args: readonly Argument[]): State =>
  new State(
    parameters.flatMap(({ name }, index) => [[name, passedOr(args[index], name)] as const]),
    parameters.map(({ name }, index) => [name, args[index]?.roots ?? 0] as const),
  );

const passedOr = (argument: Argument | undefined, name: string): readonly Value[] => {
  const values = passed(argument?.values ?? []);
  return values.length > 0 ? values : [unknown(name)];
};

const grouped = <T>(pairs: readonly (readonly [string, T])[]): ReadonlyMap<string, readonly T[]> => {
  const groups = new Map<string, T[]>();
  for (const [key, item] of pairs) {
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else if (!group.includes(item)) group.push(item);
  }
  return groups;
};

/** Pairs of member and function that the tables of a file name. */
const membersOf = ({ tables }: SourceFile): (readonly [string, string])[] =>
  tables
    .flatMap(({ value }) => within(value))
    .flatMap((expression) => (expression.kind === 'initialiser' ? expression.fields : []))
    .flatMap(({ name, value }) => (name !== null && value.kind === 'name' ? [[name, value.name] as const] : []));
