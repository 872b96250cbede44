// Generates the registries, static import lists of what stands in the registered folders: adding a driver, caller, operation, detector
// or rule is adding one file. Exports are found by reading text, so that nothing is loaded.
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

interface List {
  readonly list: string;
  /** Name of the constant that puts a file on the list. */
  readonly constant: string;
  readonly folder: string;
  /** Type of an entry, and the file that has it. */
  readonly type: string;
  readonly typeFrom: string;
}

interface Registry {
  readonly file: string;
  readonly opening: string;
  readonly lists: readonly List[];
}

const registries: readonly Registry[] = [
  {
    file: 'src/kernels/registry.ts',
    opening: 'Every driver, caller, workflow and operation of the model, by file name.',
    lists: [
      { list: 'drivers', constant: 'driver', folder: 'src/drivers', type: 'Driver', typeFrom: 'src/core/rows.ts' },
      { list: 'callers', constant: 'caller', folder: 'machines/workflows', type: 'Caller', typeFrom: 'src/core/workflow.ts' },
      { list: 'workflows', constant: 'workflows', folder: 'machines/workflows', type: 'WorkflowSet', typeFrom: 'src/core/workflow.ts' },
      { list: 'operations', constant: 'operations', folder: 'src/operations', type: 'Operations', typeFrom: 'src/core/operation.ts' },
    ],
  },
  {
    file: 'src/detect/registry.ts',
    opening: 'Every detector and every reading that claims can name, by file name.',
    lists: [
      { list: 'detectors', constant: 'detector', folder: 'src/detect', type: 'AnyDetector', typeFrom: 'src/core/finding.ts' },
      { list: 'readings', constant: 'reading', folder: 'src/detect/readings', type: 'Reading', typeFrom: 'src/core/claim.ts' },
    ],
  },
  {
    file: 'src/lint/registry.ts',
    opening: 'Every rule of lint-kernel, by file name.',
    lists: [{ list: 'rules', constant: 'rule', folder: 'src/lint/rules', type: 'Rule', typeFrom: 'src/lint/rule.ts' }],
  },
];

/** The generated files under `root`, by path. */
export const registryTexts = (root: string): Map<string, string> =>
  new Map(registries.map((registry) => [registry.file, registryText(root, registry)]));

/** The generated files that are not what they would be if they were written now, with what they would be. */
const stale = (root: string): [string, string][] => [...registryTexts(root)].filter(([file, text]) => textOf(join(root, file)) !== text);

export const staleRegistries = (root: string): string[] => stale(root).map(([file]) => file);

/** Brings the generated files up to date; gives the paths of those that changed. */
export const writeRegistries = (root: string): string[] =>
  stale(root).map(([file, text]) => {
    replaceFile(join(root, file), text);
    return file;
  });

interface Member {
  readonly alias: string;
  readonly line: string;
}

const registryText = (root: string, { file, opening, lists }: Registry): string => {
  const parts = lists.map((list) => ({ list, members: membersOf(root, file, list) }));
  const types = lists.map(({ type, typeFrom }) => `import type { ${type} } from '${relativeTo(file, typeFrom)}';`);
  const imports = parts.flatMap(({ members }) => members.map(({ line }) => line));
  const arrays = parts.map(({ list, members }) => arrayText(list, members));
  return `// ${opening} Written by \`npm run registry\`: do not edit.\n${[...types, ...imports, '', ...arrays].join('\n')}\n`;
};

const relativeTo = (file: string, target: string): string => {
  const from = posix.relative(posix.dirname(file), target);
  return from.startsWith('.') ? from : `./${from}`;
};

const membersOf = (root: string, file: string, { constant, folder }: List): Member[] =>
  sourcesIn(join(root, folder))
    .filter((name) => new RegExp(`^export const ${constant}\\b`, 'm').test(textOf(join(root, folder, name))))
    .map((name) => {
      const alias = `${basename(name, '.ts').replace(/\W/g, '_')}${constant[0]!.toUpperCase()}${constant.slice(1)}`;
      return { alias, line: `import { ${constant} as ${alias} } from '${relativeTo(file, `${folder}/${name}`)}';` };
    });

const arrayText = ({ list, type }: List, members: readonly Member[]): string =>
  members.length === 0
    ? `export const ${list}: readonly ${type}[] = [];`
    : `export const ${list}: readonly ${type}[] = [\n${members.map(({ alias }) => `  ${alias},\n`).join('')}];`;

const sourcesIn = (folder: string): string[] =>
  unlessMissing(() => readdirSync(folder), [])
    .filter((name) => name.endsWith('.ts'))
    .sort();

const textOf = (file: string): string => unlessMissing(() => readFileSync(file, 'utf8'), '');

const unlessMissing = <T>(read: () => T, missing: T): T => {
  try {
    return read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return missing;
    throw error;
  }
};

/** In one step: calls that run side by side never see half a file. */
const replaceFile = (file: string, text: string): void => {
  mkdirSync(dirname(file), { recursive: true });
  const half = `${file}.${process.pid}`;
  writeFileSync(half, text);
  renameSync(half, file);
};

const main = (): void => {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const onlyCheck = process.argv.includes('--check');
  for (const file of onlyCheck ? staleRegistries(root) : writeRegistries(root)) {
    console.error(onlyCheck ? `${file}: not up to date; run npm run registry` : `${file}: written`);
    if (onlyCheck) process.exitCode = 1;
  }
};

if (import.meta.main) main();
