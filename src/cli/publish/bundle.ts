// Bundles the command line, the library and the workers so that Node starts them quickly: few files, and each command's code in files
// of its own that are loaded only when it is asked for.
import { readFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';
import { entries } from './entries.ts';
import { codeFolder, dataFiles, withPackagedPaths, workerSources } from './paths.ts';

export interface Bundles {
  /** Names of third-party packages that became part of a bundle, or of which a file goes along. */
  readonly bundled: readonly string[];
  /** Paths that bundled code names, relative to the code folder. */
  readonly named: readonly string[];
}

/**
 * `external` are the packages whose types the library shows: a user's own RxJS must be the library's RxJS.
 * The command line has everything inside, since nobody passes it values.
 */
export const bundle = async (root: string, out: string, external: readonly string[]): Promise<Bundles> => {
  const named = new Set<string>();
  const workers = workerSources(root).map((file) => [basename(file, '.ts'), join(root, file)]);
  const common = options(root, out, named);
  const entryPoints = { main: join(root, 'src/cli/main.ts'), ...Object.fromEntries(workers) };
  const programs = await build({ ...common, entryPoints, splitting: true });
  const sources = Object.fromEntries(entries.map(({ code, source }) => [code, join(root, source)]));
  const library = await build({
    ...common,
    entryPoints: sources,
    splitting: true,
    external: [...external],
    alias: without(common.alias, external),
  });
  const data = dataFiles(root).map((path) => packageOf(path)!);
  return { bundled: [...new Set([...packagesIn([programs.metafile, library.metafile]), ...data])].sort(), named: [...named].sort() };
};

const options = (root: string, out: string, named: Set<string>) =>
  ({
    absWorkingDir: root,
    outdir: join(out, codeFolder),
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    // Without a word on it, bundlers take XState's development build, which checks and warns where Node's own loader would not.
    conditions: ['module'],
    // Names stay readable in stack traces; white space is what costs at start-up.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
    // RxJS shows Node its CommonJS files, which cannot be reduced to what is used.
    alias: { rxjs: join(root, 'node_modules/rxjs/dist/esm/index.js') },
    // Bundled CommonJS packages ask for Node's own modules by require.
    banner: { js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);" },
    plugins: [packagedUrls(root, named)],
  }) satisfies BuildOptions;

/** An alias would win over `external`. */
const without = (alias: Record<string, string>, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(Object.entries(alias).filter(([name]) => !names.includes(name)));

const packagedUrls = (root: string, named: Set<string>): Plugin => ({
  name: 'packaged-urls',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const from = relative(root, path).replaceAll('\\', '/');
      return { loader: 'ts', contents: withPackagedPaths(from, await readFile(path, 'utf8'), named) };
    });
  },
});

const packageOf = (path: string): string | undefined => /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/.exec(path)?.[1];

const packagesIn = (metafiles: readonly Metafile[]): string[] => {
  const inputs = metafiles.flatMap(({ outputs }) => Object.values(outputs).flatMap((output) => Object.keys(output.inputs)));
  const names = inputs.map(packageOf);
  return [...new Set(names.filter((name) => name !== undefined))].sort();
};
