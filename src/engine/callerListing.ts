// A caller's algorithm as a list: for each state its kernel function, the lock held, the row it performs, and where each outcome leads.
import { wordsOf } from '../core/conditions.ts';
import type { ListedState, ListedWorkflow } from '../core/listing.ts';
import { refusesOf } from '../core/perform.ts';
import type { Column, Row } from '../core/rows.ts';
import type { StateFacts } from '../core/workflow.ts';
import type { Engine } from './engine.ts';
import type { ClosedMachine } from './machines.ts';
import { operationWords } from './operationWords.ts';

const rowWords = (row: Row, column: Column): string => {
  if (row.kind === 'check') return `refuse if ${wordsOf(refusesOf(row, column))} (${row.id})`;
  return row.kind === 'alloc' ? `allocate: ${row.what} (${row.id})` : `${row.words} (${row.id})`;
};

const rowFor = (engine: Engine, facts: Partial<StateFacts>): Row | null => {
  const [name, ...args] = facts.op ?? [''];
  const named = [facts.row, ...args].map(String).filter((id) => engine.model.rows.has(id));
  const own = [
    'row',
    'attempt',
    'failAs',
    'enableNesting',
    'firstDomainRow',
    'firstBoundRow',
    'firstObjectRow',
    'whenFaulty',
    'cookieOnce',
  ].includes(name);
  const id = own ? named.at(-1) : undefined;
  return id === undefined ? null : (engine.model.rows.get(id) ?? null);
};

const allocationOf = (row: Row | null, column: Column): ListedState['allocation'] =>
  row?.kind === 'alloc' ? { site: row.site[column] ?? row.id, gfp: row.gfp[column] ?? '' } : null;

/** What the row itself can say; any errno for what is called. */
const errnosOf = (row: Row | null, column: Column): string => {
  const errno = row && row.kind !== 'effect' ? row.errno[column] : undefined;
  const errnos = typeof errno === 'string' ? [errno] : (errno ?? []);
  return errnos.length > 0 && errnos.every((name) => /^E[A-Z0-9]+$/.test(name)) ? errnos.map((name) => `-${name}`).join('/') : '-E*';
};

/** Errnos on which the search goes on. */
const nextText = (scan: 'any' | readonly string[]): string => (scan === 'any' ? 'any errno' : scan.map((errno) => `-${errno}`).join('/'));

const outcomesOf = (config: Record<string, string>, errnos: string, next: string): ListedState['outcomes'] =>
  Object.entries(config).map(([outcome, to]) => ({
    outcome: outcome === 'OK' ? '0' : outcome === 'errno.*' ? errnos : outcome === 'NEXT' ? next : outcome.replace('errno.', '-'),
    to,
  }));

/** Locks taken on the straight way to each state: a state inherits those of the state that leads to it first. */
const locksHeld = (machine: ClosedMachine, transitions: (state: string) => Record<string, string>): Map<string, readonly string[]> => {
  const held = new Map<string, readonly string[]>([[machine.initial, []]]);
  const queue = [machine.initial];
  for (let state = queue.shift(); state !== undefined; state = queue.shift()) {
    const op = machine.states.get(state)?.facts.op;
    const before = held.get(state)!;
    const after = op?.[0] === 'lock' ? [...before, String(op[1])] : op?.[0] === 'unlock' ? before.filter((lock) => lock !== op[1]) : before;
    for (const to of Object.values(transitions(state))) {
      if (held.has(to)) continue;
      held.set(to, after);
      queue.push(to);
    }
  }
  return held;
};

const configOf = (source: unknown): Record<string, { on?: Record<string, string> }> =>
  (source as { config: { states: Record<string, { on?: Record<string, string> }> } }).config.states;

const listWorkflow = (engine: Engine, workflow: string): ListedWorkflow | null => {
  const machine = engine.machine(workflow);
  if (!machine) return null;
  const config = configOf(engine.model.workflows.get(workflow));
  const held = locksHeld(machine, (state) => config[state]?.on ?? {});
  const states = [...machine.states].flatMap(([state, { facts, final }]): ListedState[] => {
    if (final) return [];
    const row = rowFor(engine, facts);
    return [
      {
        state,
        step: facts.step ?? null,
        does: row ? rowWords(row, engine.model.column) : operationWords(facts.op ?? ['']),
        kernel: facts.kernel ?? null,
        locks: held.get(state) ?? [],
        allocation: allocationOf(row, engine.model.column),
        outcomes: outcomesOf(config[state]?.on ?? {}, errnosOf(row, engine.model.column), nextText(engine.model.scan)),
        undo: facts.undo ?? null,
      },
    ];
  });
  return { workflow, kernel: machine.facts.kernel ?? null, call: machine.facts.call ?? null, states };
};

/** Workflows that a request runs, callees after their callers, each once. */
export const listCaller = (engine: Engine, verb: string): ListedWorkflow[] => {
  const first = engine.model.requests[verb];
  const found = new Map<string, ListedWorkflow>();
  const queue = first === undefined ? [] : [first];
  for (let workflow = queue.shift(); workflow !== undefined; workflow = queue.shift()) {
    if (found.has(workflow)) continue;
    const listed = listWorkflow(engine, workflow);
    if (!listed) continue;
    found.set(workflow, listed);
    for (const { facts } of engine.machine(workflow)!.states.values()) if (facts.op?.[0] === 'call') queue.push(String(facts.op[1]));
  }
  return [...found.values()];
};
