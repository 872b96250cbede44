// `attachlab show`: a run in short, or a caller's algorithm as a numbered list.
import { Failure } from '../../core/failure.ts';
import { listCaller } from '../../engine/callerListing.ts';
import { engineFor } from '../../engine/recipe.ts';
import { printListing } from '../../report/callerListing.ts';
import { printRunSummary, summarise } from '../../report/runSummary.ts';
import { ruleText, wrap } from '../../report/text.ts';
import { type CommandFile, type Io, printJson } from '../command.ts';
import { type ModelFlags, modelPart, resolverFor, withModelOptions } from '../recipes.ts';
import { withRuns } from '../storePath.ts';

interface Options extends ModelFlags {
  readonly request: string;
  readonly store?: string;
  readonly json?: boolean;
}

const showCaller = async (io: Io, name: string, options: Options): Promise<void> => {
  const part = { ...modelPart(options, { kernel: '6.12.y', caller: name }), caller: name };
  const engine = engineFor(part, await resolverFor([part]));
  const listed = listCaller(engine, options.request);
  if (listed.length === 0)
    throw new Failure('unknown-name', `${name} has no request ${options.request}; it has ${Object.keys(engine.model.requests).join(', ')}`);
  if (options.json) return printJson(io, 'caller', 1, { caller: name, kernel: part.kernel, workflows: listed });
  const { caller, above, profile, scan } = engine.model;
  const whose = above === null ? '' : `${above.name} below: `;
  const rule = wrap(`model of ${profile.title}; ${whose}try the next on ${ruleText(scan)}`, '  ');
  io.out(`${wrap(caller.title, '  ')}\n${rule}\n\n${printListing(listed)}\n`);
};

const showRun = async (io: Io, id: string, options: Options): Promise<void> => {
  const summary = await withRuns(io, options.store, (store) => summarise(store.read(id)));
  if (options.json) return printJson(io, 'run', 1, { run: id, requests: summary.requests, events: summary.events });
  const { scenario, caller, kernel } = summary.started;
  io.out(`${id}: ${scenario}, ${caller} on ${kernel}, ${summary.events} events\n${printRunSummary(summary)}\n`);
};

export const command: CommandFile = {
  configure: (command, io) =>
    withModelOptions(command)
      .argument('<what>', 'run, caller, or the id of a run')
      .argument('[name]', 'id of a run, or name or file of a caller')
      .option('--request <verb>', "which of the caller's requests", 'attach')
      .option('--store <file>', 'store to read')
      .option('--json', 'as JSON')
      .action(async (what: string, name: string | undefined, options: Options) => {
        if (what === 'caller') return showCaller(io, name ?? 'vfio-type1', options);
        if (what === 'run' && name === undefined) throw new Failure('bad-usage', 'show run takes the id of a run, found none');
        if (what !== 'run' && name !== undefined)
          throw new Failure('bad-usage', `show takes run RUN, caller NAME or RUN, found ${what} ${name}`);
        return showRun(io, what === 'run' ? name! : what, options);
      }),
};
