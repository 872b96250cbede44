// Emits the library's declaration files, and finds the packages that a user's compiler needs in order to read them.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { entries, handedIn } from './entries.ts';

/** Gives the packages that the declarations import, without those that a caller hands in. */
export const emitTypes = (root: string, out: string): string[] => {
  const project = join(out, 'tsconfig.json');
  writeFileSync(project, JSON.stringify(projectOf(root, out)));
  execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '--project', project], { stdio: ['ignore', 2, 2] });
  rmSync(project);
  const files = declarationsIn(join(out, 'types'));
  for (const file of files) writeFileSync(file, withJavaScriptPaths(readFileSync(file, 'utf8')));
  return packagesOf(files).filter((name) => !handedIn.includes(name));
};

const declarationsIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.d.ts'))
    .map((file) => join(folder, file));

const projectOf = (root: string, out: string): object => ({
  extends: join(root, 'tsconfig.json'),
  compilerOptions: {
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    rootDir: root,
    outDir: join(out, 'types'),
    typeRoots: [join(root, 'node_modules/@types')],
  },
  include: [],
  files: entries.map(({ source }) => join(root, source)),
});

/** `'from' | 'to'` names no package. */
const specifier = /((?<!['"])\b(?:from|import)\s*\(?\s*['"])([^'"]+)(?=['"])/g;

/** The compiler leaves `.ts` in declarations, which not every user's compiler resolves. */
const withJavaScriptPaths = (text: string): string =>
  text.replace(specifier, (all, before: string, name: string) => (name.startsWith('.') ? before + name.replace(/\.ts$/, '.js') : all));

const packagesOf = (files: readonly string[]): string[] => {
  const specifiers = files.flatMap((file) => [...readFileSync(file, 'utf8').matchAll(specifier)].map(([, , name]) => name!));
  return [...new Set(specifiers.filter((name) => !name.startsWith('.')).map(packageOf))].sort();
};

/** `rxjs` for `rxjs/operators`; Node's own modules have their types in a package of their own. */
const packageOf = (name: string): string =>
  name.startsWith('node:')
    ? '@types/node'
    : name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/');
