// `attachlab list`: stored runs, and the names that exist: kernels, callers, contracts, detectors, readings.
import type { Event } from '../../core/events.ts';
import { Failure } from '../../core/failure.ts';
import type { Recipe } from '../../engine/recipe.ts';
import { table, wrap } from '../../report/text.ts';
import type { SqliteStore } from '../../store/sqlite.ts';
import { type CommandFile, printJson } from '../command.ts';
import { hasRuns, withRuns } from '../storePath.ts';

const runs = (store: SqliteStore<Event>) =>
  store.streams().map(({ id, version }) => {
    const about = store.about(id);
    const recipe = about?.recipe as Recipe | undefined;
    return {
      run: id,
      events: version,
      scenario: recipe?.scenario.name ?? 'imported',
      kernel: recipe?.kernel ?? '',
      caller: recipe?.caller ?? '',
      parent: about?.parent ?? null,
      when: about?.when ?? '',
    };
  });

const names = async () => {
  const { callerTable, contractTable, driverTable, profileTable } = await import('../../kernels/build.ts');
  const { detectors, readings } = await import('../../detect/registry.ts');
  return {
    kernels: [...profileTable.values()].map(({ name, title }) => [name, title]),
    callers: [...callerTable.values()].map(({ name, title }) => [name, title]),
    contracts: [...contractTable.values()].map(({ name, words }) => [name, words]),
    drivers: [...driverTable.values()].map(({ name, sharing }) => [name, sharing]),
    detectors: detectors.map(({ id, title }) => [id, title]),
    readings: readings.map(({ name, words }) => [name, words]),
  };
};

/** Lines of a table that are too long go on below. */
const fitted = (text: string): string =>
  text
    .split('\n')
    .map((line) => wrap(line, '      '))
    .join('\n');

export const command: CommandFile = {
  configure: (command, io) =>
    command
      .argument('[what]', 'runs (default) or names')
      .option('--store <file>', 'store to read')
      .option('--json', 'as JSON')
      .action(async (what: string | undefined, options: { store?: string; json?: boolean }) => {
        if (what !== undefined && what !== 'runs' && what !== 'names')
          throw new Failure('bad-usage', `list takes runs or names, found ${what}`);
        if (what === 'names') {
          const found = await names();
          if (options.json) return printJson(io, 'names', 1, found);
          for (const [title, rows] of Object.entries(found)) io.out(`${title}\n${fitted(table(rows as string[][], '  '))}\n`);
          return;
        }
        const found = hasRuns(io, options.store) ? await withRuns(io, options.store, runs) : [];
        if (options.json) return printJson(io, 'runs', 1, { runs: found });
        if (found.length === 0) return io.out('no runs are stored yet: attachlab run SCENARIO\n');
        const line = ({ run, events, scenario, caller, kernel, parent }: (typeof found)[number]): string[] => [
          run,
          String(events),
          scenario,
          caller,
          kernel,
          parent === null ? '' : `from ${parent}`,
        ];
        io.out(`${fitted(table(found.map(line)))}\n`);
      }),
};
