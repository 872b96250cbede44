// Reads and parses the project's sources, so that tidy rules ask a syntax tree and are not fooled by comments or strings.
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'vite';

export const root = fileURLToPath(new URL('../../', import.meta.url));

export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

export interface Import {
  readonly from: string;
  readonly line: number;
  /** Imported names; empty for a namespace, a dynamic import, or none. */
  readonly names: readonly string[];
}

export interface Source {
  /** Relative to the root, with slashes. */
  readonly path: string;
  readonly text: string;
  readonly nodes: readonly Node[];
  readonly comments: readonly { readonly value: string; readonly line: number }[];
  readonly imports: readonly Import[];
  readonly lineOf: (node: { readonly start: number; readonly end: number }, edge?: 'start' | 'end') => number;
}

export const sourceOf = (path: string, text: string): Source => {
  const { program, comments, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]!.message}`);
  const lineOf: Source['lineOf'] = (node, edge = 'start') => text.slice(0, node[edge]).split('\n').length;
  const nodes = [...nodesIn(program)];
  const imports = nodes.flatMap((node) => importOf(node, lineOf));
  return { path, text, nodes, comments: comments.map((comment) => ({ value: comment.value, line: lineOf(comment) })), imports, lineOf };
};

export const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value;

function* nodesIn(value: unknown): Generator<Node> {
  if (Array.isArray(value)) for (const element of value) yield* nodesIn(element);
  if (!isNode(value)) return;
  yield value;
  for (const child of Object.values(value)) yield* nodesIn(child);
}

const importOf = (node: Node, lineOf: Source['lineOf']): Import[] => {
  const from = specifierOf(node);
  if (typeof from !== 'string') return [];
  const specifiers = node.type === 'ImportDeclaration' ? (node.specifiers as readonly Node[]) : [];
  const names = specifiers.flatMap(({ imported }) => (isNode(imported) ? [String(imported.name)] : []));
  return [{ from, line: lineOf(node), names }];
};

const importing = ['ImportDeclaration', 'ExportNamedDeclaration', 'ExportAllDeclaration', 'ImportExpression', 'TSImportType'];

/** What an import names; a worker's URL counts as an import of the worker. */
const specifierOf = (node: Node): unknown => {
  if (importing.includes(node.type)) return (node.source as Node | null)?.value;
  if (node.type !== 'NewExpression' || (node.callee as Node).name !== 'URL') return null;
  const [target] = node.arguments as readonly Node[];
  return typeof target?.value === 'string' && target.value.endsWith('.ts') ? target.value : null;
};

/** Path of the file that `from` names in `path`; null for a package. */
export const resolved = (path: string, from: string): string | null =>
  from.startsWith('.') ? posix.join(posix.dirname(path), from) : null;

const filesIn = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => `${folder}/${file.replaceAll('\\', '/')}`)
    .filter((file) => /\.[jt]s$/.test(file))
    .sort();

export const sources: readonly Source[] = ['machines', 'src', 'test']
  .flatMap(filesIn)
  .map((path) => sourceOf(path, readFileSync(join(root, path), 'utf8')));
