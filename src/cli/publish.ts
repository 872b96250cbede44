// Builds the published package, as a folder and as the tarball that npm would upload: `npm run package [-- FOLDER]`, default dist.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Bundles, bundle } from './publish/bundle.ts';
import { launcherText } from './publish/launcher.ts';
import { manifestOf, type RootManifest } from './publish/manifest.ts';
import { notices } from './publish/notices.ts';
import { codeFolder, dataFiles, dataFolder } from './publish/paths.ts';
import { emitTypes } from './publish/types.ts';
import { writeRegistries } from './writeRegistry.ts';

const copied = ['README.md', 'LICENSE', 'CHANGELOG.md', 'scenarios'];

/** Gives the name of the tarball that it leaves in `out`. */
const publish = async (root: string, out: string): Promise<string> => {
  writeRegistries(root);
  empty(root, out);
  const shown = emitTypes(root, out);
  const bundles = await bundle(root, out, shown);
  for (const name of copied) cpSync(join(root, name), join(out, name), { recursive: true });
  for (const path of dataFiles(root)) cpSync(join(root, path), join(out, dataFolder, basename(path)));
  writeFileSync(join(out, 'cli.js'), launcherText(root), { mode: 0o755 });
  writeFileSync(join(out, 'package.json'), jsonText(manifestOf(rootManifest(root), shown)));
  writeFileSync(join(out, 'THIRD-PARTY-LICENSES'), notices(root, bundles.bundled));
  await writeSchemas(root, join(out, 'schemas'));
  refuseMissing(out, bundles);
  return pack(out);
};

/** Only the sources' own dist is cleared: a mistyped FOLDER must not cost its contents. */
const empty = (root: string, out: string): void => {
  if (out === join(root, 'dist')) rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  if (readdirSync(out).length > 0) throw new Error(`${out} is not empty`);
};

const rootManifest = (root: string): RootManifest => JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as RootManifest;

const jsonText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** One file for each schema of the scenario loader; while there is no loader, a package without them. */
const writeSchemas = async (root: string, folder: string): Promise<void> => {
  const source = join(root, 'src/scenario/schema.ts');
  if (!existsSync(source)) return console.error('src/scenario/schema.ts is missing: no JSON Schemas in this package');
  const { jsonSchemas } = (await import(pathToFileURL(source).href)) as { jsonSchemas: () => Readonly<Record<string, object>> };
  mkdirSync(folder);
  for (const [name, schema] of Object.entries(jsonSchemas())) writeFileSync(join(folder, `${name}.json`), jsonText(schema));
};

/** A bundle that names a file which the package lacks would fail on the user's machine only. */
const refuseMissing = (out: string, { named }: Bundles): void => {
  const missing = named.filter((path) => !existsSync(join(out, codeFolder, path)));
  if (missing.length > 0) throw new Error(`the package lacks what its code names: ${missing.join(', ')}`);
};

const pack = (out: string): string => {
  const printed = execFileSync('npm', ['pack', '--json', '--ignore-scripts'], { cwd: out, encoding: 'utf8', stdio: ['ignore', 'pipe', 2] });
  const [packed] = JSON.parse(printed) as [{ filename: string; size: number; unpackedSize: number; entryCount: number }];
  console.error(`${packed.filename}: ${packed.entryCount} files, ${kilobytes(packed.size)} packed, ${kilobytes(packed.unpackedSize)}`);
  return packed.filename;
};

const kilobytes = (bytes: number): string => `${Math.ceil(bytes / 1000)} kB`;

const root = fileURLToPath(new URL('../../', import.meta.url));
const out = resolve(process.argv[2] ?? join(root, 'dist'));
console.log(join(out, await publish(root, out)));
