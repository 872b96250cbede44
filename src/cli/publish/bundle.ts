// Bundles the command line, the library and the workers so that Node starts them quickly: few files, and each command's own code in a file
// that is loaded only when it is asked for.
import { readFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { type OutputOptions, type Plugin, type RolldownOptions, rolldown } from 'rolldown';
import { entries } from './entries.ts';
import { codeFolder, dataFiles, withPackagedPaths, workerSources } from './paths.ts';

export interface Bundles {
  /** Names of third-party packages that became part of a bundle, or of which a file goes along. */
  readonly bundled: readonly string[];
  /** Paths that bundled code names, relative to the code folder. */
  readonly named: readonly string[];
}

/** What several commands use is one file each: some forty small ones cost a command a tenth of a second. */
const shared = [
  { name: 'start', test: /node_modules\/commander\/|src\/(cli\/(commands|questions)|core\/failure|core\/version|report\/text)\.ts$/ },
  {
    name: 'model',
    test: /\/machines\/|\/src\/(core|kernels|drivers|operations|engine|scenario|detect)\/|node_modules\/(xstate|rxjs|yaml|valibot)\//,
  },
  { name: 'explore', test: /\/src\/explore\// },
  { name: 'report', test: /\/src\/report\//, minShareCount: 2 },
];

/**
 * `external` are the packages whose types the library shows: a user's own RxJS must be the library's RxJS.
 * The command line has everything inside, since nobody passes it values.
 */
export const bundle = async (root: string, out: string, external: readonly string[]): Promise<Bundles> => {
  const named = new Set<string>();
  const workers = workerSources(root).map((file) => [basename(file, '.ts'), join(root, file)]);
  const input = { main: join(root, 'src/cli/main.ts'), ...Object.fromEntries(workers) };
  const sources = Object.fromEntries(entries.map(({ code, source }) => [code, join(root, source)]));
  const common = options(root, named);
  const { alias } = common.resolve;
  const libraryAlias = Object.fromEntries(Object.entries(alias).filter(([name]) => !external.includes(name)));
  const programs = await write({ ...common, input }, { ...output(out), codeSplitting: { groups: shared } });
  const library = await write(
    { ...common, input: sources, external: [...external], resolve: { ...common.resolve, alias: libraryAlias } },
    output(out),
  );
  const data = dataFiles(root).map((path) => packageOf(path)!);
  return { bundled: [...new Set([...programs, ...library, ...data])].sort(), named: [...named].sort() };
};

const options = (root: string, named: Set<string>) =>
  ({
    cwd: root,
    platform: 'node',
    resolve: {
      // Without a word on it, bundlers take XState's development build, which checks and warns where Node's own loader would not.
      conditionNames: ['module', 'import', 'node', 'default'],
      // RxJS shows Node its CommonJS files, which cannot be reduced to what is used.
      alias: { rxjs: join(root, 'node_modules/rxjs/dist/esm/index.js') },
    },
    plugins: [packagedUrls(root, named)],
    // The parser of C has one, for a module that is never loaded.
    checks: { eval: false },
    onLog: (level, log) => {
      if (level === 'warn') throw new Error(log.message);
    },
  }) satisfies RolldownOptions;

/** Names stay readable in stack traces; white space is what costs at start-up. */
const output = (out: string): OutputOptions => ({
  dir: join(out, codeFolder),
  format: 'esm',
  minify: { mangle: false, compress: { target: 'node24' }, codegen: true },
  comments: false,
  entryFileNames: '[name].js',
  chunkFileNames: '[name]-[hash].js',
});

/** Names of the packages that became part of it. */
const write = async (input: RolldownOptions, output: OutputOptions): Promise<string[]> => {
  const build = await rolldown(input);
  const { output: files } = await build.write(output);
  await build.close();
  const modules = files.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
  return [...new Set(modules.flatMap((path) => packageOf(path) ?? []))];
};

const packagedUrls = (root: string, named: Set<string>): Plugin => ({
  name: 'packaged-urls',
  async load(path) {
    if (!path.endsWith('.ts')) return null;
    const from = relative(root, path).replaceAll('\\', '/');
    return { code: withPackagedPaths(from, await readFile(path, 'utf8'), named), moduleType: 'ts' };
  },
});

const packageOf = (path: string): string | undefined => /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/.exec(path)?.[1];
