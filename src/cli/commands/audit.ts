// `attachlab audit RUN`: the findings of a stored run.
import { audit, detectors, shownDetectors } from '../../detect/audit.ts';
import { probeOf } from '../../engine/probe.ts';
import { engineFor } from '../../engine/recipe.ts';
import { printFinding } from '../../report/findings.ts';
import { type CommandFile, printJson } from '../command.ts';
import { resolverFor } from '../recipes.ts';
import { modelOf } from '../runs.ts';
import { withRuns } from '../storePath.ts';

export const command: CommandFile = {
  configure: (command, io) =>
    command
      .argument('<run>', 'id of a stored run')
      .option('--cost', 'show findings of level cost too')
      .option('--store <file>', 'store to read')
      .option('--json', 'as JSON')
      .action(async (id: string, options: { cost?: boolean; store?: string; json?: boolean }) =>
        withRuns(io, options.store, async (store) => {
          const model = modelOf(store, id);
          const engine = engineFor(model, await resolverFor([model]));
          const findings = audit([...store.read(id)], probeOf(engine), options.cost ? detectors : shownDetectors);
          if (options.json) printJson(io, 'audit', 1, { run: id, findings });
          else if (findings.length === 0) io.out(`${id}: no finding\n`);
          else io.out(`${findings.map((finding) => printFinding(finding, id)).join('\n\n')}\n`);
          if (findings.some(({ level }) => level === 'bug')) io.exit(1);
        }),
      ),
};
