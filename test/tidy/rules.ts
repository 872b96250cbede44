// The style as rules over one source: sizes, the opening comment, chance and clocks, what is not written at all.
import { layerOf } from './layers.ts';
import { isNode, type Node, type Source } from './sources.ts';

type Rule = (source: Source) => string[];

const fileLines = 200;
const testFileLines = 400;
const functionLines = 60;

export const longFiles: Rule = ({ path, text }) => {
  const lines = text.trimEnd().split('\n').length;
  const limit = layerOf(path) === 'test' ? testFileLines : fileLines;
  return lines > limit ? [`${path}: ${lines} lines; at most ${limit}`] : [];
};

const functionTypes = ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'];

export const longFunctions: Rule = (source) =>
  source.nodes
    .filter((node) => functionTypes.includes(node.type) && !isChapter(node))
    .map((node) => ({ line: source.lineOf(node), lines: source.lineOf(node, 'end') - source.lineOf(node) + 1 }))
    .filter(({ lines }) => lines > functionLines)
    .map(({ line, lines }) => `${source.path}:${line}: function of ${lines} lines; at most ${functionLines}`);

/** What holds tests, for `describe` or for a contract suite, is a chapter and not a function to be read at once. */
const isChapter = ({ body }: Node): boolean =>
  isNode(body) &&
  body.type === 'BlockStatement' &&
  (body.body as readonly Node[]).some(({ expression }) => isNode(expression) && ['describe', 'it'].includes(calledName(expression)));

/** `it` for `it(...)`, `it.each(...)(...)` and `it.skipIf(...)(...)`. */
const calledName = (node: Node): string => (node.type === 'CallExpression' ? calledName(node.callee as Node) : dotted(node).split('.')[0]!);

export const openings: Rule = ({ path, text }) => {
  const comment = /^(?:#!.*\n)?((?:\/\/.*\n)+|\/\*[\s\S]*?\*\/)/.exec(text)?.[1];
  if (comment === undefined) return [`${path}: does not open with a comment`];
  const words = comment.replace(/^\s*(\/\/|\/\*+|\*\/|\*)|\*\/$/gm, '').trim();
  const sentences = sentenceCount(words);
  if (!words.endsWith('.')) return [`${path}: the opening comment does not end with a full stop`];
  return sentences >= 1 && sentences <= 3 ? [] : [`${path}: the opening comment has ${sentences} sentences; one to three`];
};

/** A sentence ends where a stop is followed by white space and something that can begin a sentence. */
const sentenceCount = (words: string): number =>
  words
    .replace(/\b(e\.g|i\.e|vs|cf|etc)\./g, '$1')
    .split(/[.!?][)'"`]?(?:\s+(?=[A-Z`'"(])|$)/)
    .filter((sentence) => sentence.trim() !== '').length;

const clocks = ['Date', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'performance'];
const members = ['Math.random', 'process.env', 'process.argv', 'process.hrtime', 'process.uptime', 'process.cwd', 'crypto.randomUUID'];
const timers = ['timer', 'interval', 'delay', 'delayWhen', 'debounceTime', 'throttleTime', 'auditTime', 'sampleTime', 'bufferTime'];
timers.push('timeout', 'timestamp', 'timeInterval', 'asyncScheduler', 'asapScheduler', 'animationFrameScheduler', 'animationFrames');

/** Files that may name a clock, chance or the environment, each with what and why; nothing needs it yet. */
const excused: Readonly<Record<string, { readonly names: readonly string[]; readonly reason: string }>> = {};

/** Everything that a scenario does not determine enters through `choose`, or is handed in by the command line. */
export const chance: Rule = (source) => {
  if (['cli', 'test'].includes(layerOf(source.path))) return [];
  const allowed = excused[source.path]?.names ?? [];
  const named = source.nodes.flatMap((node) => chanceIn(node).map((name) => ({ name, line: source.lineOf(node) })));
  const imported = source.imports.flatMap(({ from, names, line }) =>
    from === 'rxjs' ? names.filter((name) => timers.includes(name)).map((name) => ({ name, line })) : [],
  );
  return [...named, ...imported]
    .filter(({ name }) => !allowed.includes(name))
    .map(({ name, line }) => `${source.path}:${line}: ${name} is not determined by the scenario`);
};

const chanceIn = (node: Node): string[] => {
  const name = dotted(node);
  if (members.includes(name)) return [name];
  if (node.type === 'NewExpression' || node.type === 'CallExpression') {
    const callee = dotted(node.callee as Node);
    return clocks.includes(callee) ? [callee] : [];
  }
  return node.type === 'MemberExpression' && clocks.includes(name.split('.')[0]!) ? [name] : [];
};

/** `a.b` for a member expression of plain names, `a` for a name, nothing else. */
const dotted = (node: Node): string => {
  if (node.type === 'Identifier') return String(node.name);
  if (node.type !== 'MemberExpression' || node.computed === true) return '';
  return `${dotted(node.object as Node)}.${dotted(node.property as Node)}`;
};

export const starExports: Rule = (source) =>
  source.nodes
    .filter(({ type }) => type === 'ExportAllDeclaration')
    .map((node) => `${source.path}:${source.lineOf(node)}: export * hides what is public; name each export`);

/** `TO` + `DO: what, because why` is a reason; the bare word is none. */
export const bareTodos: Rule = ({ path, comments }) =>
  comments
    .filter(({ value }) => /\b(TODO|FIXME|XXX)\b(?!: \S.{14,})/.test(value))
    .map(({ line }) => `${path}:${line}: a TODO without what and why`);

export const consoles: Rule = (source) =>
  layerOf(source.path) === 'cli' || (layerOf(source.path) === 'test' && !source.path.endsWith('.test.ts'))
    ? []
    : source.nodes
        .filter((node) => node.type === 'MemberExpression' && dotted(node).startsWith('console.'))
        .map((node) => `${source.path}:${source.lineOf(node)}: only the command line prints`);

/** Files that end the process; one of the command line may. */
export const exits = (sources: readonly Source[]): string[] => {
  const files = sources.filter(({ path, nodes }) => layerOf(path) !== 'test' && nodes.some((node) => dotted(node) === 'process.exit'));
  return files.length > 1 || files.some(({ path }) => layerOf(path) !== 'cli')
    ? files.map(({ path }) => `${path}: calls process.exit`)
    : [];
};
