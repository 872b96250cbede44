// Paths relative to a source file, as the published package has them: code stands in its code folder, everything else that a source
// names stands in the root.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, posix } from 'node:path';

/** `new URL('../../scenarios/', import.meta.url)`: the only way in which a source may name a file. */
const relativeUrl = /new URL\(\s*(['"])(\.[^'"]*)\1,\s*import\.meta\.url,?\s*\)/g;

/** The folder of the package that holds its code: no bundled file may stand elsewhere, or paths in it lead nowhere. */
export const codeFolder = 'lib';

/** The folder of the package for files of other packages that are read, not run: a package may not carry its node_modules. */
export const dataFolder = 'data';

/** What `target`, seen from the source file `from` (relative to the sources' root), is called seen from the code folder. */
export const packagedPath = (from: string, target: string): string => {
  const path = posix.join(posix.dirname(from), target);
  if (path.startsWith('node_modules/')) return `../${dataFolder}/${basename(path)}`;
  return path.endsWith('.ts') ? `./${basename(path, '.ts')}.js` : `../${path.replace(/^\.\//, '')}`;
};

/** Files of other packages that sources name by URL. */
export const dataFiles = (root: string): string[] => namedFiles(root).filter((path) => path.startsWith('node_modules/'));

/** The text of source file `from` with its relative URLs as the package needs them; `seen` gets each of them. */
export const withPackagedPaths = (from: string, text: string, seen: Set<string>): string =>
  text.replace(relativeUrl, (_, _quote, target: string) => {
    const path = packagedPath(from, target);
    seen.add(path);
    return `new URL('${path}', import.meta.url)`;
  });

/** Sources that are named by URL, that is, workers: they become files of their own. */
export const workerSources = (root: string): string[] => namedFiles(root).filter((path) => path.endsWith('.ts'));

/** Everything that a source names by URL, from the sources' root. */
const namedFiles = (root: string): string[] => {
  const found = new Set<string>();
  for (const file of sourceFiles(root)) {
    for (const [, , target] of readFileSync(join(root, file), 'utf8').matchAll(relativeUrl))
      found.add(posix.join(posix.dirname(file), target!));
  }
  return [...found].sort();
};

const sourceFiles = (root: string): string[] =>
  readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .map((file) => `src/${file.replaceAll('\\', '/')}`)
    .filter((file) => file.endsWith('.ts'))
    .sort();
