// The package's first file: the clone's own, with the bundle in place of the sources.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeFolder } from './paths.ts';

export const launcherText = (root: string): string => {
  const [before, after, ...more] = readFileSync(join(root, 'src/cli/start.js'), 'utf8').split("import('./clone.ts')");
  if (after === undefined || more.length > 0) throw new Error('src/cli/start.js must import ./clone.ts exactly once');
  return `${before}import('./${codeFolder}/main.js')${after}`;
};
