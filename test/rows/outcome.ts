// What a request came to, as plain values: errno, the row that refused, the rows that acted in their order, and what changed for good.
import type { Event } from '../../src/core/events.ts';
import { isPathFrame, type PathFrame, type World } from '../../src/core/world.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { type AttachRequest, attempt, partsOf } from '../../src/engine/guards.ts';
import { scratchWorld } from '../../src/engine/scratch.ts';
import { rowsIn } from '../../src/kernels/reach.ts';

export interface Outcome {
  readonly errno: string | null;
  readonly row: string | null;
  /** Each row that acted or refused, once, in their order. */
  readonly walk: readonly string[];
  readonly left: Readonly<Record<string, string>>;
  /** As walk, with `!` before what failed, `-` before what refused and `>` before a path that was entered. */
  readonly acts: readonly string[];
  /** How many rows of the path itself were passed. */
  readonly passed: number;
}

const flat = (world: World): Map<string, string> => {
  const values = new Map<string, string>();
  const put = (part: string, attributes: object): void => {
    for (const [name, found] of Object.entries(attributes)) values.set(`${part}.${name}`, JSON.stringify(found));
  };
  for (const device of Object.values(world.devices)) put(device.id, { ...device.attributes, domain: device.domain });
  for (const domain of Object.values(world.domains)) put(domain.id, domain.attributes);
  for (const iommu of Object.values(world.iommus)) put(iommu.id, iommu.attributes);
  put('system', world.system.attributes);
  return values;
};

const changed = (before: World, after: World): Record<string, string> => {
  const old = flat(before);
  return Object.fromEntries([...flat(after)].filter(([name, found]) => old.get(name) !== found).sort());
};

/** The rows that acted, as they come by; a tolerated failure is an act of its own. */
const walked = (events: readonly Event[], engine: Engine, start: PathFrame): string[] => {
  const stack: PathFrame[] = [start];
  return events.flatMap((event): string[] => {
    const frame = stack.at(-1)!;
    if (event.type === 'FrameEntered' && isPathFrame(event.frame)) {
      stack.push(event.frame);
      return [`>${event.frame.path}`];
    }
    if (event.type === 'FrameLeft') stack.pop();
    if (event.type === 'CheckRefused') return [`-${event.row}`];
    if (event.type === 'ApiFailed' || event.type === 'AllocationFailed') return [`!${event.row}`];
    if (event.type === 'DeviceAttached' || event.type === 'DeviceLeft') return [event.type];
    if (event.type !== 'RowPassed') return [];
    const row = rowsIn(engine.operationModel.driver(frame.driver), frame.path, engine.model.column)[event.row]!;
    return event.done !== null || row.kind === 'check' ? [row.id] : [];
  });
};

/** A row that failed and refused, or was tried twice, is one step of the walk. */
const once = (acts: readonly string[]): string[] =>
  acts.map((act) => act.replace(/^[!-]/, '')).filter((act, index, all) => act !== all[index - 1]);

/** What a table pins and a judge compares. */
export const verdictOf = ({ errno, row, walk, left }: Outcome): string => JSON.stringify([errno, row, walk, left]);

const passedRows = (events: readonly Event[]): number => {
  let depth = 1;
  let passed = 0;
  for (const event of events) {
    if (event.type === 'FrameEntered') depth += 1;
    if (event.type === 'FrameLeft') depth -= 1;
    if (event.type === 'RowPassed' && depth === 1) passed = event.row + 1;
  }
  return passed;
};

export const outcomeOf = (engine: Engine, request: AttachRequest): Outcome => {
  const driver = engine.operationModel.driver(request.driver);
  const { errno, row, events, world } = attempt(engine, request);
  const start = { driver: request.driver, path: request.path ?? 'attach' } as PathFrame;
  const acts = walked(events, engine, start);
  const before = scratchWorld(driver, partsOf(request), engine.operationModel.driver);
  return { errno, row, walk: once(acts), left: changed(before, world), acts, passed: passedRows(events) };
};
