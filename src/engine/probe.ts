// Answers what only the model can: would a group's attach to a domain be refused now, if nothing failed, and where does a row stand.
import { copyOnWrite } from '../core/copyOnWrite.ts';
import type { Event, EventOf } from '../core/events.ts';
import type { Probe } from '../core/finding.ts';
import type { Driver, Row } from '../core/rows.ts';
import { newTask, type World } from '../core/world.ts';
import type { Engine } from './engine.ts';
import { advance, enterWorkflow, type Stepper } from './step.ts';

const scratchTask = 'probe';

/** The parts that an attach reads or changes; no lock is held and nobody else is at work. */
const scratchWorld = (world: World, caller: string): World => {
  const { devices, groups, domains, iommus, containers, system } = world;
  const parts = copyOnWrite({ devices, groups, domains, iommus, containers, system });
  return Object.assign(parts, { locks: {}, tasks: { [scratchTask]: newTask(scratchTask, caller, '') } });
};

type Refused = EventOf<'CheckRefused'>;

/** Walks one workflow of the core to its end, or to the first row that refuses; every allocation and kernel API works. */
const walk = (engine: Engine, world: World, workflow: string, registers: Record<string, string>): Refused | null => {
  let refused: Refused | null = null;
  const listen = (event: Event): void => {
    if (event.type === 'CheckRefused' && event.errno !== '0') refused ??= event;
  };
  const stepper: Stepper = { engine, world, choose: () => 0, listen, files: {}, counts: () => false };
  enterWorkflow(stepper, scratchTask, { workflow, state: '', registers });
  const { stack } = world.tasks[scratchTask]!;
  while (stack.length > 0 && refused === null) advance(stepper, scratchTask);
  return refused;
};

/** The group first leaves the domain that it is on, as a caller lets it: else its own attachment would stand in the way. */
const refusal = (engine: Engine, world: World, group: string, domain: string): { row: string; errno: string } | null => {
  const scratch = scratchWorld(world, engine.model.caller.name);
  const refused = walk(engine, scratch, 'detachGroup', { group }) ?? walk(engine, scratch, 'attachGroup', { group, domain });
  return refused && { row: refused.row, errno: refused.errno };
};

interface Known {
  readonly row: Row;
  /** File that the row's citation is about unless it names one. */
  readonly file: string | null;
}

const driverRows = (driver: Driver, column: Engine['model']['column']): Known[] =>
  Object.values(driver.paths).flatMap((path) => (path[column] ?? []).map((row) => ({ row, file: driver.files[column] ?? null })));

/** Rows by id; an id that two drivers share is the first one's. */
const knownRows = ({ model }: Engine): Map<string, Known> => {
  const known = new Map<string, Known>();
  const drivers = [...model.drivers.values()].flatMap((driver) => driverRows(driver, model.column));
  for (const found of [...[...model.rows.values()].map((row) => ({ row, file: null })), ...drivers]) {
    if (!known.has(found.row.id)) known.set(found.row.id, found);
  }
  return known;
};

const namesFile = /^[\w./-]+\.[ch]: /;

const citationOf = (known: Known | undefined, column: Engine['model']['column'], row: string): string => {
  const cite = known?.row.cite[column];
  if (!known || cite === undefined) return row;
  return known.file === null || namesFile.test(cite) ? cite : `${known.file}: ${cite}`;
};

export const probeOf = (engine: Engine): Probe => {
  let rows: Map<string, Known> | null = null;
  const known = (row: string): Known | undefined => {
    rows ??= knownRows(engine);
    return rows.get(row);
  };
  return {
    refusal: (world, group, domain) => refusal(engine, world, group, domain),
    citation: (row) => citationOf(known(row), engine.model.column, row),
    words: (row) => known(row)?.row.words ?? row,
  };
};
