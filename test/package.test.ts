// The published package, seen by a user: built, packed, installed into an empty folder without a network, and used from there.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { excerptFolder } from './support/kernelExcerpts.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'attachlab-package-'));
const installed = join(folder, 'node_modules/attachlab');
const patience = 240_000;

/** Without what `npm test` sets: a nested npm would take this project for its own. What Node keeps of this package goes with it. */
const environment = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name))),
  NODE_COMPILE_CACHE: join(folder, 'compiled'),
};

const execute = (program: string, ...args: string[]): string =>
  execFileSync(program, args, { cwd: folder, env: environment, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

const attachlab = (node: string, ...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(node, [join(folder, 'node_modules/.bin/attachlab'), ...args], {
    cwd: folder,
    env: environment,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
};

const writeBelow = (path: string, text: string | Uint8Array): void => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
};

const manifestOf = (name: string): { dependencies?: Record<string, string>; version: string } =>
  JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8'));

/** The packages below `names`, as folders: what a registry would give. */
const closure = (names: readonly string[]): string[] => {
  const found = new Set<string>();
  const visit = (name: string): void => {
    if (found.has(name)) return;
    found.add(name);
    Object.keys(manifestOf(name).dependencies ?? {}).forEach(visit);
  };
  names.forEach(visit);
  return [...found].map((name) => join(root, 'node_modules', name));
};

/** Programs called `node` on the PATH that are too old, the pinned one left aside. */
const oldNodes = (process.env.PATH ?? '')
  .split(delimiter)
  .filter((path) => !path.includes('node_modules'))
  .map((path) => join(path, 'node'))
  .filter((file) => existsSync(file))
  .map((file) => ({ file, version: execFileSync(file, ['--version'], { encoding: 'utf8' }).trim() }))
  .filter(({ version }) => Number(/\d+/.exec(version)![0]) < 24);

/** The consumer's own fast-check is this project's. */
const paths = { 'fast-check': [join(root, 'node_modules/fast-check/lib/fast-check.d.ts')] };

const compile = (source: string): { status: number | null; stdout: string } => {
  writeFileSync(join(folder, 'consumer.ts'), source);
  const options = { module: 'nodenext', target: 'es2024', strict: true, noEmit: true, types: [], skipLibCheck: false, paths };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files: ['consumer.ts'] }));
  return spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc')], { cwd: folder, encoding: 'utf8' });
};

beforeAll(() => {
  const built = join(folder, 'built');
  const tarball = execute(process.execPath, join(root, 'src/cli/publish.ts'), built).trim();
  const { dependencies = {} } = JSON.parse(readFileSync(join(built, 'package.json'), 'utf8'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  const flags = ['--offline', '--no-audit', '--no-fund', '--install-links'];
  execute('npm', 'install', ...flags, tarball, ...closure(Object.keys(dependencies)));
}, patience);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the installed package', () => {
  it('holds what a user needs and no sources', () => {
    expect(readdirSync(installed)).toEqual(
      expect.arrayContaining(['CHANGELOG.md', 'LICENSE', 'README.md', 'THIRD-PARTY-LICENSES', 'cli.js', 'lib']),
    );
    expect(readdirSync(installed, { recursive: true, encoding: 'utf8' }).filter((file) => /(?<!\.d)\.ts$|\.tgz$/.test(file))).toEqual([]);
  });

  it('has the JSON Schemas that the scenario loader exports', async () => {
    const { jsonSchemas } = await import('../src/scenario/schema.ts');
    const files = readdirSync(join(installed, 'schemas')).sort();
    expect(files).toEqual(
      Object.keys(jsonSchemas())
        .map((name) => `${name}.json`)
        .sort(),
    );
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) expect(JSON.parse(readFileSync(join(installed, 'schemas', file), 'utf8'))).toHaveProperty('$schema');
  });

  it('exports the names of src/index.ts', async () => {
    const program = "console.log(JSON.stringify(Object.keys(await import('attachlab')).sort()))";
    const names = JSON.parse(execute(process.execPath, '--input-type=module', '--eval', program));
    expect(names).toEqual(Object.keys(await import('../src/index.ts')).sort());
  });
});

describe('its library', () => {
  it('searches a scenario of the package, and its token names the run', () => {
    const program = `
      import { explore, loadScenario, perform, readToken, recipeOfToken } from 'attachlab';
      const whole = loadScenario('node_modules/attachlab/scenarios/enomem-duplicate-domain.yaml');
      const bounds = { faults: 1, apiFaults: 0, kills: 0, unplugs: 0, plausible: false, preemptions: null };
      const { verdict, counterexamples } = explore(whole, { kernel: '6.12.y', caller: 'vfio-type1' }, { bounds });
      const { events } = perform(recipeOfToken(readToken(counterexamples[0].token), whole));
      const failed = events.filter(({ type }) => type === 'AllocationFailed').length;
      console.log(JSON.stringify([verdict.outcome, counterexamples.map(({ label }) => label.rule ?? label.kind), failed]));`;
    const answer = JSON.parse(execute(process.execPath, '--input-type=module', '--eval', program));
    expect(answer).toEqual(['violated', ['duplicate-domain', 'claim'], 1]);
  });
});

describe('its entry for fast-check', () => {
  it('depends on nothing, and takes the fast-check of its caller', () => {
    const { peerDependenciesMeta, dependencies } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
    expect(peerDependenciesMeta).toEqual({ 'fast-check': { optional: true } });
    expect(Object.keys(dependencies)).not.toContain('fast-check');
    expect(existsSync(join(folder, 'node_modules/fast-check'))).toBe(false);
    const program = `
      import { arbitraries, shrinking } from 'attachlab/fast-check';
      import { judge } from 'attachlab';
      import * as fc from ${JSON.stringify(import.meta.resolve('fast-check'))};
      const [given] = fc.sample(shrinking(fc), { seed: 1, numRuns: 1 });
      const { kernel, caller, tasks } = given;
      const { run } = judge({ scenario: given, kernel, caller, decisions: [] });
      console.log(JSON.stringify([Object.keys(arbitraries(fc)), tasks.length, run.stuck.length]));`;
    const answer = JSON.parse(execute(process.execPath, '--input-type=module', '--eval', program));
    expect(answer).toEqual([['topology', 'script', 'faults', 'scenario'], 1, 0]);
  });
});

describe('its command', () => {
  it('prints its help', () => {
    const { status, stdout, stderr } = attachlab(process.execPath, '--help');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('attachlab');
  });

  it('reads kernel sources with the grammar that it brings', () => {
    const kernel = excerptFolder({ path: (path) => join(folder, path), write: writeBelow }, '6.12');
    const { status, stdout, stderr } = attachlab(process.execPath, 'lint-kernel', kernel, '--driver', 'sprd', '--no-cache');
    expect({ status, stderr, end: stdout.trimEnd().split('\n').at(-1) }).toEqual({ status: 0, stderr: '', end: 'no finding' });
  });

  it(
    'runs every scenario of the package as expected',
    () => {
      const scenarios = readdirSync(join(installed, 'scenarios')).filter((file) => file.endsWith('.yaml'));
      expect(scenarios.length).toBeGreaterThan(0);
      const failed = scenarios.filter((file) => attachlab(process.execPath, 'matrix', join(installed, 'scenarios', file)).status !== 0);
      expect(failed).toEqual([]);
    },
    patience,
  );

  it.skipIf(oldNodes.length === 0)('says on an older Node what it needs, and ends with 2', () => {
    for (const { file, version } of oldNodes) {
      const stderr = `attachlab needs Node 24 or newer; this is ${version}\n`;
      expect(attachlab(file, '--help')).toEqual({ status: 2, stdout: '', stderr });
      expect(spawnSync(file, [join(root, 'src/cli/start.js')], { encoding: 'utf8' })).toMatchObject({ status: 2, stdout: '', stderr });
    }
  });
});

describe('its types', () => {
  it(
    'compile without skipLibCheck',
    () => {
      const source = `import * as lab from 'attachlab';\nexport const names: string[] = Object.keys(lab);\n`;
      expect(compile(source)).toMatchObject({ status: 0, stdout: '' });
    },
    patience,
  );

  it(
    'of the entry for fast-check are those of scenarios: what a property is given has tasks, and no other names',
    () => {
      const property = (name: string): string =>
        `import * as fc from 'fast-check';\nimport { shrinking } from 'attachlab/fast-check';\n` +
        `export const property = fc.property(shrinking(fc), ({ ${name} }) => ${name}.length > 0);\n`;
      expect(compile(property('tasks'))).toMatchObject({ status: 0, stdout: '' });
      expect(compile(property('noSuchName')).stdout).toContain("Property 'noSuchName' does not exist on type 'Scenario'");
    },
    patience,
  );

  it(
    'are found: a name that is not exported is refused',
    () => {
      const { status, stdout } = compile(`import { noSuchName } from 'attachlab';\nexport default noSuchName;\n`);
      expect(status).not.toBe(0);
      expect(stdout).toContain('TS2305');
    },
    patience,
  );
});
