// A strict reader of KTAP version 1: versions, plans, numbers and indentation as ktap.rst has them, and a parent that is as its subtests.
// Throws at the first line that is none of the four kinds, though the specification would let a reader pass over it.

export interface KtapTest {
  readonly ok: boolean;
  readonly name: string;
  readonly directive: string | null;
  /** What stands behind the hash sign, without a directive. */
  readonly data: string;
  /** Lines before the result, without `# `. */
  readonly diagnostics: readonly string[];
  readonly subtests: readonly KtapTest[];
}

const directives = ['SKIP', 'TODO', 'XFAIL', 'TIMEOUT', 'ERROR'];
const step = '  ';

const refuse = (line: string | undefined, wanted: string): never => {
  throw new Error(`expected ${wanted}, found ${line === undefined ? 'the end' : JSON.stringify(line)}`);
};

const isFailed = ({ ok, directive }: KtapTest): boolean => !ok && directive !== 'SKIP';

const readTest = (lines: string[], indent: string, number: number): KtapTest => {
  const subtests = lines[0] === `${indent}${step}KTAP version 1` ? readDocument(lines, indent + step) : [];
  const diagnostics: string[] = [];
  while (lines[0]?.startsWith(`${indent}# `)) diagnostics.push(lines.shift()!.slice(indent.length + 2));
  const line = lines.shift();
  const match = /^(ok|not ok) ([1-9]\d*) ([^#\s](?:[^#]*[^#\s])?)(?: # (\S.*))?$/.exec(line?.slice(indent.length) ?? '');
  if (!match || !line!.startsWith(indent) || Number(match[2]) !== number) return refuse(line, `result ${number} behind "${indent}"`);
  const [first = '', ...words] = (match[4] ?? '').split(' ');
  const directive = directives.includes(first) ? first : null;
  const data = directive === null ? (match[4] ?? '') : words.join(' ');
  const test = { ok: match[1] === 'ok', name: match[3]!, directive, data, diagnostics, subtests };
  if (test.ok && subtests.some(isFailed)) refuse(line, 'a parent that fails with its subtest');
  if (subtests.length > 0 && !test.ok && !subtests.some(isFailed)) refuse(line, 'a failing subtest of a parent that fails');
  return test;
};

const readDocument = (lines: string[], indent: string): KtapTest[] => {
  const version = lines.shift();
  if (version !== `${indent}KTAP version 1`) refuse(version, 'a version line');
  const plan = lines.shift();
  const count = new RegExp(`^${indent}1\\.\\.([1-9]\\d*)$`).exec(plan ?? '')?.[1];
  if (count === undefined) refuse(plan, 'a plan line');
  return Array.from({ length: Number(count) }, (_, index) => readTest(lines, indent, index + 1));
};

export const readKtap = (text: string): KtapTest[] => {
  if (!text.endsWith('\n')) throw new Error('expected a line feed at the end');
  const lines = text.slice(0, -1).split('\n');
  const tests = readDocument(lines, '');
  if (lines.length > 0) refuse(lines[0], 'the end');
  return tests;
};
