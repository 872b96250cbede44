// Every row by a case of its own: what drivers do on solved attributes, what the core and callers do in whole runs, each with the errno
// that the row declares. Whole tables are pinned in test/golden/rows; `vitest -u` takes over what was changed on purpose.
import { from, lastValueFrom, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { errnoOf, isIn } from '../../src/core/perform.ts';
import type { CallRow, Column, Driver, Errno, Row } from '../../src/core/rows.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { attempt, throughGuards } from '../../src/engine/guards.ts';
import { rowsIn } from '../../src/kernels/reach.ts';
import { namedTable } from '../rows/namedTable.ts';
import { notReached } from '../rows/notReached.ts';
import type { Outcome } from '../rows/outcome.ts';
import { differing, tableText } from '../rows/table.ts';
import { driversIn, engineFor, kernels, namedRows, runsIn, seed, seedBase, toldIn, tried } from '../rows/tables.ts';

const inKernels = kernels.flatMap((kernel) => driversIn(kernel).map((driver) => ({ kernel, driver: driver.name })));

const listed = (errno: Errno | readonly Errno[] | undefined): readonly Errno[] =>
  errno === undefined ? [] : typeof errno === 'string' ? [errno] : errno;

/** What can come out of the row: its own errnos, or those of the kernel API that it calls. */
const declared = (engine: Engine, row: Exclude<Row, { kind: 'effect' }>, column: Column): readonly Errno[] => {
  const own = listed(row.errno[column]);
  const api = row.kind === 'call' && row.api !== undefined && !row.masks ? engine.model.apis.get(row.api) : undefined;
  return api ? api.errnos.map(({ errno }) => api.sticky ?? errno).concat(api.errnos.map(({ errno }) => errno)) : own;
};

/** Rows by the path they stand in, without those of a column that the driver lacks. */
const rowsOf = (driver: Driver, column: Column): { path: string; row: Row }[] =>
  Object.keys(driver.paths).flatMap((path) => rowsIn(driver, path, column).flatMap((row) => (isIn(row, column) ? [{ path, row }] : [])));

const acting = (row: Row): string =>
  row.kind === 'effect' ? row.id : row.kind === 'alloc' || row.kind === 'call' ? `!${row.id}` : `-${row.id}`;

const isActing = (row: Row, { acts }: Outcome): boolean =>
  row.kind === 'call' && row.path !== undefined ? acts.includes(`>${row.path}`) : acts.includes(acting(row));

/** A failure that the path goes on after. */
const isTolerated = (row: Row, column: Column): boolean =>
  row.kind === 'effect' ||
  (row.kind === 'call' && row.path !== undefined) ||
  ('failure' in row && row.failure !== undefined && row.failure !== 'errno') ||
  errnoOf(row, column) === '0';

const isUnreachable = (row: Row): boolean => 'unreachable' in row && row.unreachable !== undefined;

describe.each(inKernels)('$kernel $driver', ({ kernel, driver: name }) => {
  const engine = engineFor(kernel);
  const { column } = engine.model;
  const driver = engine.operationModel.driver(name);
  const outcomes = () => tried(kernel, name);

  it('has a case in which each row acts that anything reaches', () => {
    const all = outcomes();
    const missing = rowsOf(driver, column).filter(({ row }) => !isUnreachable(row) && !all.some(({ outcome }) => isActing(row, outcome)));
    expect(missing.map(({ path, row }) => `${path}: ${row.id}`)).toEqual([]);
  });

  it('gives the errno that the refusing row declares, and goes on where it tolerates a failure', () => {
    const wrong = outcomes().flatMap(({ one, outcome }) => {
      const row = rowsOf(driver, column).find(({ row: found }) => found.id === (outcome.row ?? one.row))!.row;
      if (outcome.errno === null)
        return isActing(row, outcome) && !isTolerated(row, column) ? [`${row.id}: acts and nothing comes of it`] : [];
      const fits = row.kind !== 'effect' && declared(engine, row, column).includes(outcome.errno);
      return fits ? [] : [`${row.id}: -${outcome.errno}`];
    });
    expect(wrong).toEqual([]);
  });

  it('gives each errno of a kernel API that it calls', () => {
    const all = outcomes();
    const calls = rowsOf(driver, column).filter(({ row }) => row.kind === 'call' && row.path === undefined && !isUnreachable(row));
    for (const { row } of calls) {
      const given = all.flatMap(({ one }) =>
        (one.request.faults ?? []).flatMap((fault) => (fault.kind === 'api' && fault.api === row.id ? [fault.errno] : [])),
      );
      const wanted = listed((row as CallRow).api ? engine.apiOf((row as CallRow).api!)?.errnos : (row as CallRow).errno[column]);
      expect([row.id, [...new Set(given)].sort()]).toEqual([row.id, [...new Set(wanted)].sort()]);
    }
  });

  it('does on each row the same in a stream of requests', async () => {
    const requests = tried(kernel, name).map(({ one }) => one.request);
    const streamed = await lastValueFrom(from(requests).pipe(throughGuards(engine), toArray()));
    expect(streamed).toEqual(requests.map((request) => attempt(engine, request)));
  });

  it('does what was agreed', async () => {
    const text = (of: string): string => `${tableText(engineFor(of), engineFor(of).operationModel.driver(name), tried(of, name))}\n`;
    const pinned = kernel === seed ? differing(text(seed), text(seedBase)) : text(kernel);
    await expect(pinned).toMatchFileSnapshot(`../golden/rows/${name}-${kernel}.txt`);
  });
});

describe.each(kernels)('%s: rows of the core and of callers', (kernel) => {
  const callers = [...new Set(runsIn(kernel).map((run) => run.caller))];

  it('are reached by a run, or listed with the reason why not', () => {
    const told = new Set(toldIn(kernel).flatMap(({ outcome }) => outcome.told.map(({ row }) => row)));
    const missing = callers.flatMap((caller) => namedRows(kernel, caller).filter((row) => !told.has(row.id) && !(row.id in notReached)));
    expect([...new Set(missing.map((row) => row.id))]).toEqual([]);
  });

  it('are reached by the run that was made for them', () => {
    const missed = toldIn(kernel).flatMap((run) => {
      const { told } = run.outcome;
      return (run.reaches ?? []).filter((id) => !told.some(({ row }) => row === id)).map((id) => `${run.name}, ${run.caller}: ${id}`);
    });
    expect(missed).toEqual([]);
  });

  it('give the errno that they declare', () => {
    const wrong = toldIn(kernel).flatMap((run) => {
      const engine = engineFor(kernel, run.caller);
      return run.outcome.told.flatMap(({ row: id, errno, callee }) => {
        const row = engine.model.rows.get(id);
        if (errno === null || callee || row === undefined || row.kind === 'effect' || row.kind === 'call') return [];
        return listed(row.errno[engine.model.column]).includes(errno) ? [] : [`${run.name}, ${run.caller}: ${id} -${errno}`];
      });
    });
    expect(wrong).toEqual([]);
  });

  it.each(callers)('do what was agreed under %s', async (caller) => {
    const text = (of: string): string => namedTable(toldIn(of).filter((run) => run.caller === caller));
    const pinned = kernel === seed ? differing(text(seed), text(seedBase)) : text(kernel);
    await expect(pinned).toMatchFileSnapshot(`../golden/rows/${caller}-${kernel}.txt`);
  });
});

describe('the list of rows that no run reaches', () => {
  it('has no row that one does reach', () => {
    const told = new Set(kernels.flatMap((kernel) => toldIn(kernel).flatMap(({ outcome }) => outcome.told.map(({ row }) => row))));
    expect(Object.keys(notReached).filter((id) => told.has(id))).toEqual([]);
  });

  it('has no row that is none', () => {
    const known = new Set(
      kernels.flatMap((kernel) =>
        [...new Set(runsIn(kernel).map((run) => run.caller))].flatMap((caller) => [...engineFor(kernel, caller).model.rows.keys()]),
      ),
    );
    expect(Object.keys(notReached).filter((id) => !known.has(id))).toEqual([]);
  });

  it('has every row that is marked unreachable', () => {
    const marked = kernels.flatMap((kernel) => runsIn(kernel).flatMap((run) => namedRows(kernel, run.caller).filter(isUnreachable)));
    expect([...new Set(marked.map((row) => row.id))].filter((id) => !(id in notReached))).toEqual([]);
  });
});
