// The user-space side of a reproduction as one C file: files, calls in the order of the run, and the loop over n. Tabs count 8 columns.
import type { OpenedFile, Reproduction, UserCall } from '../core/reproduction.ts';
import {
  armed,
  blocks,
  call,
  closeFile,
  failingCall,
  idsInUse,
  main,
  memory,
  next,
  numbered,
  opened,
  say,
  startAt,
} from './reproBlocks.ts';
import { helpersOf, statementsOf } from './reproCalls.ts';
import { byHand, makeIoas } from './reproHelpers.ts';
import { identifiers, type Names, namesOf, quoted, tablesOf } from './reproNames.ts';
import { columnsMax, wrap } from './text.ts';

const isMap = ({ call: name }: UserCall): boolean => name === 'VFIO_IOMMU_MAP_DMA' || name === 'IOMMU_IOAS_MAP';

const wide = (line: string): number => line.replaceAll('\t', '        ').length;

/** Breaks a call that is too wide after a comma; later lines are indented once more. */
const broken = (line: string): string[] => {
  const at = wide(line) > columnsMax ? line.lastIndexOf(', ') : -1;
  return at < 0 ? [line] : [...broken(line.slice(0, at + 1)), `\t\t${line.slice(at + 2)}`];
};

interface Context {
  readonly reproduction: Reproduction;
  readonly calls: readonly UserCall[];
  readonly tasks: readonly string[];
  readonly names: Names;
}

/** Why a fault is here: the functions whose allocations failed in the call. */
const faultWords = ({ failures }: Reproduction, { task, request, call: name }: UserCall): string => {
  const inCall = failures.filter((failure) => failure.task === task && failure.request === request && failure.call === name);
  return `/* ${[...new Set(inCall.map((failure) => `${failure.function}()`))].join(', ')} */`;
};

const callLines = ({ reproduction, names }: Context, given: UserCall): string[] => {
  const aim = given.fault === null ? [] : [faultWords(reproduction, given), `fault = ${given.fault};`];
  const count = given.fault !== null && reproduction.domainCounts.length > 0 ? ['count_domains();'] : [];
  return [...aim, ...statementsOf(given, names), ...count].flatMap((line) => broken(`\t${line}`));
};

const taskName = (tasks: readonly string[], id: string): string => identifiers('task', tasks).get(id)!;

const taskText = (context: Context, id: string): string => {
  const { tasks, reproduction } = context;
  const threads = tasks.length > 1;
  const body = reproduction.phases.flatMap((phase) => [
    ...(threads ? ['\tpthread_barrier_wait(&order);'] : []),
    ...phase.filter(({ task }) => task === id).flatMap((given) => callLines(context, given)),
  ]);
  const name = taskName(tasks, id);
  const head = threads ? `static void *${name}(void *nothing)` : `static void ${name}(void)`;
  const end = threads ? ['\treturn nothing;'] : [];
  return [head, '{', `\ttask = ${quoted(id)};`, ...body, ...end, '}'].join('\n');
};

const startLines = ({ tasks }: Context): string[] =>
  tasks.length === 1
    ? [`\t${taskName(tasks, tasks[0]!)}();`]
    : [
        '\tpthread_barrier_init(&order, NULL, TASKS);',
        ...tasks.map((id, index) => `\tpthread_create(&threads[${index}], NULL, ${taskName(tasks, id)}, NULL);`),
        '\tfor (i = 0; i < TASKS; i++)',
        '\t\tpthread_join(threads[i], NULL);',
        '\tpthread_barrier_destroy(&order);',
      ];

const spacesOf = ({ calls, reproduction, names }: Context): string[] => {
  const spaces = tablesOf(calls, reproduction.files).ioas;
  return [...spaces.keys()].map((id) => {
    const { context } = calls.find(({ container }) => container === id)!;
    return `\t${names.table('ioas', id)} = make_ioas(${names.file('iommufd', context)});`;
  });
};

const roundText = (context: Context): string =>
  [
    'static void one_round(void)',
    '{',
    ...(context.tasks.length > 1 ? ['\tpthread_t threads[TASKS];'] : []),
    '\tint i;',
    '',
    '\tsay("begin");',
    ...spacesOf(context),
    ...startLines(context),
    '\tsay("end");',
    '\tfor (i = 0; i < FILES; i++)',
    '\t\tclose_file(i);',
    ...(context.calls.some(isMap)
      ? ['\twhile (used > 0) {', '\t\tused--;', '\t\tmunmap(blocks[used].start, blocks[used].size);', '\t}']
      : []),
    '}',
  ].join('\n');

const namedKinds: readonly OpenedFile['kind'][] = ['group', 'device'];

const filesText = ({ reproduction: { files }, names }: Context): string =>
  [
    `enum {\n${files.map(({ kind, id }) => `\t${names.file(kind, id)},`).join('\n')}\n\tFILES\n};`,
    `static struct {\n\tconst char *path;\n\tint fd;\n\tunsigned int id;\t/* of a device that is bound */\n} files[FILES] = {\n${files
      .map(({ kind, id, path }) => `\t[${names.file(kind, id)}] = { ${quoted(path)}, -1, 0 },`)
      .join('\n')}\n};`,
  ].join('\n\n');

const variables = ({ reproduction, calls, tasks, names }: Context, faults: number): string => {
  const tables = tablesOf(calls, reproduction.files);
  const ids = [...tables.ioas.keys()].map((id) => names.table('ioas', id));
  const pageTables = [...tables.table.keys()].map((id) => names.table('table', id));
  const starts = Array.from({ length: faults }, () => '1').join(', ');
  return [
    ...[...ids, ...pageTables].map((name) => `static __u32 ${name};`),
    ...(tasks.length > 1 ? [`enum { TASKS = ${tasks.length} };`, 'static pthread_barrier_t order;'] : []),
    'static int trace = -1;',
    'static __thread const char *task = "main";',
    ...(faults === 0
      ? []
      : [
          `enum { none = -1, FAULTS = ${faults} };`,
          '/* which allocation of a call fails, and whether it was reached */',
          `static int nth[FAULTS] = { ${starts} }, hit[FAULTS], failed;`,
          '/* the next call of this thread fails so */',
          'static __thread int fault = none;',
          'static __thread int fail_nth = -1;',
        ]),
  ].join('\n');
};

const includes = ({ reproduction: { files }, tasks, calls }: Context): string => {
  const iommufd = files.some(({ kind }) => kind === 'iommufd');
  const maps = calls.some(isMap);
  const system = ['errno.h', 'fcntl.h', ...(iommufd ? ['linux/iommufd.h'] : []), 'linux/types.h', 'linux/vfio.h'];
  const more = ['stdarg.h', 'stdio.h', 'stdlib.h', 'string.h', 'sys/ioctl.h', ...(maps ? ['sys/mman.h'] : []), 'unistd.h'];
  const names = [...system, ...(tasks.length > 1 ? ['pthread.h'] : []), ...more];
  return ['#define _GNU_SOURCE', ...names.map((name) => `#include <${name}>`)].join('\n');
};

const headText = ({ scenario, kernel, caller, files }: Reproduction): string => {
  const title = `${scenario} on a real kernel, from the model of ${kernel}; ${caller}. Arguments, where files are others:`;
  const named = files.filter(({ kind }) => namedKinds.includes(kind)).map(({ id, path, kind }) => `  ${path} (${kind} ${id})`);
  const lines = [...wrap(title, '', columnsMax - 3).split('\n'), ...named].map((line) => ` * ${line.replaceAll('*/', '* /')}`);
  return ['/*', ...lines, ' */'].join('\n');
};

const mainBody = (faults: number): string[] =>
  faults === 0
    ? ['one_round();', 'return 0;']
    : [
        'do {',
        '\tmemset(hit, 0, sizeof(hit));',
        '\tone_round();',
        '} while (next());',
        'if (failed)',
        '\tfprintf(stderr, "the call fails without a fault too\\n");',
        'return failed ? 2 : 0;',
      ];

/** The program: compiles with -Wall -Wextra -Werror, and -pthread where there are several tasks. */
export const programText = (reproduction: Reproduction): string => {
  const calls = reproduction.phases.flat();
  const tasks = [...new Set(calls.map(({ task }) => task))].sort();
  const context: Context = { reproduction, calls, tasks, names: namesOf(reproduction.files, calls) };
  const faults = calls.filter(({ fault }) => fault !== null).length;
  const named = reproduction.files.filter(({ kind }) => namedKinds.includes(kind)).length;
  const maps = calls.filter(isMap).length;
  const parts = [
    headText(reproduction),
    includes(context),
    filesText(context),
    variables(context, faults),
    ...(faults > 0 ? [numbered] : []),
    say(faults > 0),
    closeFile,
    ...(maps > 0 ? [blocks(maps), memory] : []),
    ...(faults > 0 ? [armed] : []),
    ...(calls.every(({ byHand: asked }) => asked) ? [] : [opened, faults > 0 ? failingCall : call]),
    ...(faults > 0 && reproduction.domainCounts.length > 0 ? [idsInUse(reproduction.domainCounts)] : []),
    ...(reproduction.files.some(({ kind }) => kind === 'iommufd') ? [makeIoas] : []),
    ...helpersOf(calls),
    ...(calls.some(({ byHand: asked }) => asked) ? [byHand] : []),
    ...tasks.map((id) => taskText(context, id)),
    roundText(context),
    ...(faults > 0 ? [next, startAt] : []),
    main(named, faults > 0, mainBody(faults)),
  ];
  return `${parts.join('\n\n')}\n`;
};
