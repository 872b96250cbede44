// Which layer may import what, as one table; every path and package not named here is refused.
import { resolved, type Source } from './sources.ts';

interface Layer {
  /** Layers, or files by the beginning of their path. A layer may always import itself. */
  readonly sources: readonly string[];
  readonly packages: readonly string[];
  /** Files, by the beginning of their path, that may import Node's own modules. */
  readonly builtins: readonly string[];
  /** Packages that only one file of the layer may import, so that exchanging one is exchanging that file. */
  readonly single?: readonly string[];
}

const everything = ['*'];

export const layers: Readonly<Record<string, Layer>> = {
  core: { sources: [], packages: [], builtins: [] },
  machines: { sources: ['core'], packages: ['xstate'], builtins: [] },
  drivers: { sources: ['core'], packages: [], builtins: [] },
  operations: { sources: ['core'], packages: [], builtins: [] },
  kernels: { sources: ['core', 'drivers', 'machines', 'operations'], packages: [], builtins: [] },
  scenario: {
    sources: ['core'],
    packages: ['valibot', '@valibot/to-json-schema', 'yaml'],
    builtins: ['src/scenario/load'],
  },
  engine: { sources: ['core', 'kernels', 'src/store/store.ts'], packages: ['rxjs', 'xstate', 'immer'], builtins: [], single: ['xstate'] },
  detect: { sources: ['core'], packages: ['rxjs'], builtins: [], single: ['rxjs'] },
  explore: {
    // Recipes and probes of the engine too: a judged run is a recipe performed, then audited.
    sources: ['core', 'kernels', 'detect', 'engine'],
    packages: [],
    builtins: ['src/explore/worker'],
  },
  store: { sources: ['core'], packages: ['valibot'], builtins: ['src/store/'] },
  recordings: {
    sources: ['core', 'src/scenario/topolog'],
    packages: [],
    builtins: [
      'src/recordings/snapshotFile',
      'src/recordings/sysfs',
      'src/recordings/trace/input',
      'src/recordings/trace/gunzip',
      'src/recordings/trace/dat/',
      'src/recordings/trace/recording',
    ],
  },
  explain: { sources: ['core', 'kernels', 'engine', 'recordings'], packages: [], builtins: [] },
  conform: { sources: ['core', 'engine', 'explore', 'recordings'], packages: [], builtins: [] },
  lint: { sources: ['core', 'drivers'], packages: ['web-tree-sitter'], builtins: ['src/lint/read'] },
  report: { sources: ['core'], packages: [], builtins: [] },
  // Types of fast-check only: the user's own is handed in.
  arbitraries: { sources: ['core', 'scenario', 'explore'], packages: ['fast-check'], builtins: [] },
  index: { sources: everything, packages: [], builtins: [] },
  cli: { sources: everything, packages: everything, builtins: ['src/cli/'] },
  test: { sources: everything, packages: everything, builtins: ['test/'] },
};

/** `core` for `src/core/ids.ts`, `machines`, `test`, and `index` for the public API. */
export const layerOf = (path: string): string => {
  const [top, second] = path.split('/');
  return top === 'src' ? second!.replace(/\.ts$/, '') : top!;
};

/** One line for each import that the table does not allow. */
export const forbiddenImports = (source: Source): string[] => {
  const own = layerOf(source.path);
  const layer = layers[own];
  if (layer === undefined) return [`${source.path}: ${own} is no layer`];
  return source.imports
    .filter(({ from }) => !mayImport(source.path, own, layer, from))
    .map(({ from, line }) => `${source.path}:${line}: ${own} may not import ${from}`);
};

const mayImport = (path: string, own: string, layer: Layer, from: string): boolean => {
  if (from.startsWith('node:')) return layer.builtins.some((beginning) => path.startsWith(beginning));
  const target = resolved(path, from);
  return target === null ? mayImportPackage(layer, from) : mayImportSource(own, layer, target);
};

const mayImportPackage = ({ packages }: Layer, from: string): boolean => packages === everything || packages.includes(from);

const mayImportSource = (own: string, { sources }: Layer, target: string): boolean => {
  const layer = layerOf(target);
  if (layer === own) return true;
  if (layer === 'cli' || layer === 'test') return own === 'test';
  if (target.endsWith('.json')) return own === 'cli' || own === 'test';
  return sources === everything || sources.some((allowed) => allowed === layer || target.startsWith(allowed));
};

/** One line for each package that a second file of a layer imports. */
export const secondImporters = (sources: readonly Source[]): string[] =>
  Object.entries(layers).flatMap(([name, { single = [] }]) =>
    single.flatMap((wanted) => {
      const files = sources.filter(({ path, imports }) => layerOf(path) === name && imports.some(({ from }) => from === wanted));
      return files.length > 1 ? [`${wanted} is imported by ${files.map(({ path }) => path).join(', ')}: one file of ${name} may`] : [];
    }),
  );
