// Enforces the project's style and layers on every source; each rule is shown here to refuse what it is for.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { registryTexts, staleRegistries, writeRegistries } from '../src/cli/writeRegistry.ts';
import { entries, unreachable } from './tidy/dead.ts';
import { forbiddenImports, secondImporters } from './tidy/layers.ts';
import { bareTodos, chance, consoles, exits, longFiles, longFunctions, openings, starExports } from './tidy/rules.ts';
import { root, sourceOf, sources } from './tidy/sources.ts';

const perSource = { forbiddenImports, longFiles, longFunctions, openings, chance, starExports, bareTodos, consoles };
const lines = (count: number): string => 'x();\n'.repeat(count);
const opening = '// What it is for.\n';

describe('the top level', () => {
  it('has what it should have, and nothing that a tool left', () => {
    const made = new Set(['node_modules', 'dist']);
    const found = readdirSync(root).filter((name) => !name.startsWith('.') && !made.has(name) && !name.endsWith('.tgz'));
    const files = ['CHANGELOG.md', 'LICENSE', 'README.md', 'package-lock.json', 'package.json', 'tsconfig.json'];
    expect(found.sort()).toEqual([...files, 'machines', 'scenarios', 'src', 'test'].sort());
  });
});

describe('every source', () => {
  it('is read', () => {
    expect(sources.map(({ path }) => path)).toEqual(expect.arrayContaining(['src/core/rows.ts', 'test/tidy.test.ts', 'src/cli/start.js']));
  });

  it.each(Object.entries(perSource))('keeps to %s', (_, rule) => {
    expect(sources.flatMap(rule)).toEqual([]);
  });

  it('leaves XState and RxJS to one file where the table says so', () => {
    expect(secondImporters(sources)).toEqual([]);
  });

  it('leaves ending the process to one file', () => {
    expect(exits(sources)).toEqual([]);
  });

  it('is reached from the public API, the command line or a script', () => {
    expect(unreachable(sources, entries(root))).toEqual([]);
  });

  it('that is generated is up to date (else: npm run registry)', () => {
    expect(staleRegistries(root)).toEqual([]);
  });
});

describe('the import table', () => {
  it.each([
    ['src/core/a.ts', './ids.ts', true],
    ['src/core/a.ts', '../drivers/intel.ts', false],
    ['src/core/a.ts', 'immer', false],
    ['src/core/a.ts', 'node:fs', false],
    ['machines/workflows/a.ts', '../../src/core/rows.ts', true],
    ['machines/workflows/a.ts', '../device.ts', true],
    ['machines/a.ts', 'xstate', true],
    ['machines/a.ts', 'rxjs', false],
    ['machines/a.ts', '../src/kernels/profile.ts', false],
    ['src/drivers/a.ts', '../../machines/device.ts', false],
    ['src/kernels/a.ts', '../../machines/device.ts', true],
    ['src/kernels/a.ts', '../engine/step.ts', false],
    ['src/scenario/loading.ts', 'node:fs', true],
    ['src/scenario/schema.ts', 'node:fs', false],
    ['src/engine/a.ts', '../store/store.ts', true],
    ['src/engine/a.ts', '../store/sqlite.ts', false],
    ['src/explore/a.ts', '../engine/step.ts', true],
    ['src/explore/a.ts', '../engine/diff.ts', true],
    ['src/store/sqlite.ts', 'node:sqlite', true],
    ['src/recordings/a.ts', '../scenario/topologies.ts', true],
    ['src/recordings/a.ts', '../scenario/schema.ts', false],
    ['src/report/a.ts', '../engine/diff.ts', false],
    ['src/index.ts', './engine/run.ts', true],
    ['src/index.ts', './cli/main.ts', false],
    ['src/report/a.ts', '../cli/main.ts', false],
    ['src/cli/a.ts', 'rolldown', true],
    ['src/elsewhere/a.ts', './b.ts', false],
  ])('%s imports %s: %s', (path, from, allowed) => {
    expect(forbiddenImports(sourceOf(path, `import type { a } from '${from}';`)).length).toBe(allowed ? 0 : 1);
  });

  it('sees re-exports, dynamic imports, import types and workers', () => {
    const text = `export { a } from 'rxjs';\nawait import('rxjs');\nlet b: import('rxjs').Subject;\nnew URL('../cli/main.ts', import.meta.url);`;
    expect(forbiddenImports(sourceOf('src/core/a.ts', text))).toEqual([
      'src/core/a.ts:1: core may not import rxjs',
      'src/core/a.ts:2: core may not import rxjs',
      'src/core/a.ts:3: core may not import rxjs',
      'src/core/a.ts:4: core may not import ../cli/main.ts',
    ]);
  });

  it('names the second importer of a package that one file may import', () => {
    const two = ['src/engine/a.ts', 'src/engine/b.ts'].map((path) => sourceOf(path, `import { createActor } from 'xstate';`));
    expect(secondImporters(two)).toEqual(['xstate is imported by src/engine/a.ts, src/engine/b.ts: one file of engine may']);
    expect(secondImporters(two.slice(1))).toEqual([]);
  });
});

describe('each rule refuses', () => {
  it.each([
    ['a long file', longFiles, 'src/core/a.ts', lines(201), ['src/core/a.ts: 201 lines; at most 200']],
    ['no file of the limit', longFiles, 'src/core/a.ts', lines(200), []],
    ['a long test', longFiles, 'test/a.test.ts', lines(401), ['test/a.test.ts: 401 lines; at most 400']],
    [
      'a long function',
      longFunctions,
      'machines/a.ts',
      `\nconst a = () => {\n${lines(59)}};`,
      ['machines/a.ts:2: function of 61 lines; at most 60'],
    ],
    ['no function of the limit', longFunctions, 'machines/a.ts', `const a = () => {\n${lines(58)}};`, []],
    [
      'no chapter of tests',
      longFunctions,
      'test/a.test.ts',
      `export const contract = () => {\n${lines(70)}describe.each([])('a', () => {\n${lines(70)}it('b', () => {});\n});\n};`,
      [],
    ],
    ['a missing opening', openings, 'src/core/a.ts', 'x();', ['src/core/a.ts: does not open with a comment']],
    [
      'a fourth sentence',
      openings,
      'src/core/a.ts',
      '// A. B.\n// C. D.\n',
      ['src/core/a.ts: the opening comment has 4 sentences; one to three'],
    ],
    ['no abbreviation', openings, 'src/core/a.ts', '/** One, e.g. (a.ts, b.ts). Two. Three. */\n', []],
    [
      'an unfinished opening',
      openings,
      'src/core/a.ts',
      '// A\nx();',
      ['src/core/a.ts: the opening comment does not end with a full stop'],
    ],
    [
      'export *',
      starExports,
      'src/index.ts',
      `\nexport * from './a.ts';`,
      ['src/index.ts:2: export * hides what is public; name each export'],
    ],
    ['a bare to-do', bareTodos, 'src/core/a.ts', '\n// TODO later', ['src/core/a.ts:2: a TODO without what and why']],
    ['no to-do with a reason', bareTodos, 'src/core/a.ts', '// TODO: count links, since 6.13 has none', []],
    ['printing', consoles, 'src/engine/a.ts', `console.log('a');`, ['src/engine/a.ts:1: only the command line prints']],
    ['no printing of the command line', consoles, 'src/cli/a.ts', `console.log('a');`, []],
  ])('%s', (_, rule, path, text, expected) => {
    expect(rule(sourceOf(path, text))).toEqual(expected);
  });

  it.each([
    ['Date.now();', 'Date.now'],
    ['new Date();', 'Date'],
    ['Math.random();', 'Math.random'],
    ['process.env.HOME;', 'process.env'],
    ['performance.now();', 'performance.now'],
    ['setTimeout(x, 1);', 'setTimeout'],
    [`import { timer } from 'rxjs';`, 'timer'],
  ])('%s below the command line', (text, name) => {
    expect(chance(sourceOf('src/store/a.ts', text))).toEqual([`src/store/a.ts:1: ${name} is not determined by the scenario`]);
    expect(chance(sourceOf('src/cli/a.ts', text))).toEqual([]);
    expect(chance(sourceOf('src/store/a.ts', `// ${text}\nconst a = "${text}";`))).toEqual([]);
  });

  it('a second file that ends the process, and any outside the command line', () => {
    const [first, second, outside] = ['src/cli/a.ts', 'src/cli/b.ts', 'src/core/a.ts'].map((path) => sourceOf(path, 'process.exit(1);'));
    expect(exits([first!])).toEqual([]);
    expect(exits([first!, second!])).toEqual(['src/cli/a.ts: calls process.exit', 'src/cli/b.ts: calls process.exit']);
    expect(exits([outside!])).toEqual(['src/core/a.ts: calls process.exit']);
  });

  it('a file that nothing imports, and an entry that is missing', () => {
    const made = [
      sourceOf('src/index.ts', `export { a } from './core/a.ts';`),
      sourceOf('src/core/a.ts', `new Worker(new URL('./worker.ts', import.meta.url));`),
      sourceOf('src/core/worker.ts', opening),
      sourceOf('src/core/dead.ts', opening),
    ];
    expect(unreachable(made, ['src/index.ts', 'src/cli/main.ts'])).toEqual([
      'src/cli/main.ts: does not exist',
      'src/core/dead.ts: nothing imports it',
    ]);
  });
});

describe('the registries', () => {
  const folder = mkdtempSync(join(tmpdir(), 'attachlab-registry-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };

  it('list what stands in the folders, by file name, and nothing else', () => {
    write('src/drivers/virtioIommu.ts', 'export const driver: Driver = {};');
    write('src/drivers/amd.ts', 'export const driver: Driver = {};');
    write('src/drivers/common.ts', 'export const drivers = [];\n// export const driver\n');
    write('machines/workflows/vfioType1.ts', 'export const caller = {};\nexport const workflows = {};');
    expect(registryTexts(folder).get('src/kernels/registry.ts')!.split('\n').slice(1)).toEqual([
      `import type { Driver } from '../core/rows.ts';`,
      `import type { Caller } from '../core/workflow.ts';`,
      `import type { WorkflowSet } from '../core/workflow.ts';`,
      `import type { Operations } from '../core/operation.ts';`,
      `import { driver as amdDriver } from '../drivers/amd.ts';`,
      `import { driver as virtioIommuDriver } from '../drivers/virtioIommu.ts';`,
      `import { caller as vfioType1Caller } from '../../machines/workflows/vfioType1.ts';`,
      `import { workflows as vfioType1Workflows } from '../../machines/workflows/vfioType1.ts';`,
      '',
      'export const drivers: readonly Driver[] = [',
      '  amdDriver,',
      '  virtioIommuDriver,',
      '];',
      'export const callers: readonly Caller[] = [',
      '  vfioType1Caller,',
      '];',
      'export const workflows: readonly WorkflowSet[] = [',
      '  vfioType1Workflows,',
      '];',
      'export const operations: readonly Operations[] = [];',
      '',
    ]);
  });

  it('are written once, and again when a file is added', () => {
    expect(writeRegistries(folder)).toEqual(['src/kernels/registry.ts', 'src/detect/registry.ts', 'src/lint/registry.ts']);
    expect(writeRegistries(folder)).toEqual([]);
    write('src/detect/readings/domains.ts', 'export const reading = {};');
    write('src/detect/secondDomain.ts', 'export const detector = {};');
    expect(staleRegistries(folder)).toEqual(['src/detect/registry.ts']);
    expect(writeRegistries(folder)).toEqual(['src/detect/registry.ts']);
    expect(registryTexts(folder).get('src/detect/registry.ts')).toContain(
      `import { detector as secondDomainDetector } from './secondDomain.ts';\nimport { reading as domainsReading } from './readings/domains.ts';`,
    );
  });
});
