// From a call of user space to every row whose errno it can return: follows the workflow machines from row to end, as the errno would go.
import type { Column, Driver, Errno, Row } from '../core/rows.ts';
import type { StateFacts } from '../core/workflow.ts';
import type { Engine } from '../engine/engine.ts';

/** A row that can end the call with the errno. */
export interface Returned {
  readonly row: Row;
  /** Null: of the core or of a caller. */
  readonly driver: Driver | null;
  /** As user space sees it. */
  readonly errno: Errno;
}

type Transitions = Readonly<Record<string, string>>;
type Config = Readonly<Record<string, { readonly on?: Transitions; readonly meta?: Partial<StateFacts> & { result?: string } }>>;

/** Operations whose row is only printed or changes something, or whose failure is tolerated. */
const silent: readonly string[] = ['warn', 'attempt', 'change', 'lock', 'unlock', 'test', 'next'];

/** Driver paths that an operation may walk. */
const walked: Readonly<Record<string, readonly string[]>> = {
  attachDevice: ['attach', 'attachBlocking', 'attachIdentity'],
  walkAllocate: ['allocate'],
  walkAllocateUser: ['allocateUser', 'allocate'],
};

const errnosOf = (row: Row, column: Column, engine: Engine): readonly Errno[] => {
  if (row.kind === 'effect' || (row.kind === 'alloc' && row.failure !== undefined && row.failure !== 'errno')) return [];
  if (row.kind === 'call' && row.failure === 'ignored') return [];
  const found = row.errno[column];
  const own = found === undefined ? [] : typeof found === 'string' ? [found] : (found as readonly Errno[]);
  const named = own.filter((errno) => /^(E[A-Z0-9]+|NULL)$/.test(errno));
  return named.length > 0 || row.kind !== 'call' || row.api === undefined ? named : (engine.apiOf(row.api)?.errnos ?? []);
};

/** A driver's rows on a path, with those of the paths that it walks in place. */
const pathRows = (driver: Driver, path: string, column: Column, seen: readonly string[] = []): Row[] =>
  (driver.paths[path]?.[column] ?? []).flatMap((row) =>
    row.kind === 'call' && row.path !== undefined && !seen.includes(row.path)
      ? [row, ...pathRows(driver, row.path, column, [...seen, path])]
      : [row],
  );

const driverRows = (facts: StateFacts, drivers: readonly Driver[], column: Column): [Driver, Row][] => {
  const [operation, argument] = facts.op;
  const paths = operation === 'mapPath' ? [String(argument)] : (walked[operation] ?? []);
  return drivers.flatMap((driver) => paths.flatMap((path) => pathRows(driver, path, column).map((row): [Driver, Row] => [driver, row])));
};

/** What one state itself can fail with, before its transitions have their say. */
const within = (engine: Engine, facts: StateFacts, drivers: readonly Driver[], seen: readonly string[]): Returned[] => {
  const { column } = engine.model;
  const [operation, ...args] = facts.op;
  if (silent.includes(operation)) return [];
  if (operation === 'call') return returnedBy(engine, String(args[0]), drivers, seen);
  if (operation === 'callUnlessNone') return returnedBy(engine, String(args[1]), drivers, seen);
  const own = args.flatMap((id) => engine.model.rows.get(String(id)) ?? []).map((row): [null, Row] => [null, row]);
  return [...own, ...driverRows(facts, drivers, column)].flatMap(([driver, row]) =>
    errnosOf(row, column, engine).map((errno) => ({ row, driver, errno })),
  );
};

/** The errno at the end of the workflow, or null where the workflow goes on; `failAs` puts its row's own in its place. */
const endOf = (engine: Engine, config: Config, state: string | undefined, errno: Errno, seen: readonly string[]): Errno | null => {
  if (state === undefined || seen.includes(state)) return null;
  const { on = {}, meta } = config[state]!;
  if (meta?.result !== undefined) return meta.result === 'errno' ? errno : null;
  const [operation, id] = meta?.op ?? [''];
  const deeper = [...seen, state];
  if (operation === 'failAs') {
    const hides = errnosOf(engine.model.rows.get(String(id))!, engine.model.column, engine)[0] ?? errno;
    return endOf(engine, config, on['errno.*'], hides, deeper);
  }
  const ends = Object.entries(on).flatMap(([outcome, to]) =>
    outcome.startsWith('errno.') ? [] : (endOf(engine, config, to, errno, deeper) ?? []),
  );
  return ends[0] ?? null;
};

const goesOn = (scan: Engine['model']['scan'], errno: Errno): boolean => scan === 'any' || scan.includes(errno);

const leaving = (on: Transitions, errno: Errno): string | undefined => on[`errno.${errno}`] ?? on['errno.*'];

/** States that only an errno leads to say again what that errno meant. */
const onlyByErrno = (config: Config): ReadonlySet<string> => {
  const edges = Object.values(config).flatMap(({ on = {} }) => Object.entries(on));
  const otherwise = new Set(edges.filter(([outcome]) => !outcome.startsWith('errno.')).map(([, to]) => to));
  return new Set(edges.map(([, to]) => to).filter((to) => !otherwise.has(to)));
};

export const returnedBy = (engine: Engine, workflow: string, drivers: readonly Driver[], seen: readonly string[] = []): Returned[] => {
  const source = engine.model.workflows.get(workflow) as { config: { states: Config } } | undefined;
  if (source === undefined || seen.includes(workflow)) return [];
  const config = source.config.states;
  const masking = onlyByErrno(config);
  const found = Object.entries(config).flatMap(([state, { on = {}, meta }]): Returned[] => {
    if (!meta?.op || meta.drops || (meta.op[0] === 'failAs' && masking.has(state))) return [];
    return within(engine, meta as StateFacts, drivers, [...seen, workflow]).flatMap((returned) => {
      if (meta.scan && goesOn(engine.model.scan, returned.errno)) return [];
      const errno = endOf(engine, config, leaving(on, returned.errno), returned.errno, [state]);
      return errno === null ? [] : [{ ...returned, errno }];
    });
  });
  return distinct(found);
};

const distinct = (found: readonly Returned[]): Returned[] => [
  ...new Map(found.map((returned) => [`${returned.driver?.name} ${returned.row.id} ${returned.errno}`, returned])).values(),
];
