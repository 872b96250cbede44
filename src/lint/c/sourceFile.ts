// One C file as an index: its functions, tables with designated initialisers and macros; bodies are lowered when they are asked for.
import type { Node } from 'web-tree-sitter';
import { blank } from './blank.ts';
import { withoutDirectives } from './directives.ts';
import type { Grammar } from './grammar.ts';
import { children, expressionOf, type Lowering } from './lower.ts';
import { bodyOf } from './lowerStatements.ts';
import { MacroFunctions, macroHead } from './macroFunctions.ts';
import type { Expression, FunctionSource, Parameter, Span, Statement } from './syntax.ts';

/** A variable with an initialiser in braces. */
export interface Table extends Span {
  readonly name: string;
  readonly type: string;
  readonly value: Expression;
}

/** `#define name(parameters) text`; without parentheses `parameters` is null. The span is that of the text. */
export interface Macro extends Span {
  readonly name: string;
  readonly parameters: readonly string[] | null;
  readonly text: string;
}

export interface SourceFile {
  readonly path: string;
  readonly source: string;
  readonly functions: readonly FunctionSource[];
  readonly tables: readonly Table[];
  readonly macros: readonly Macro[];
  /** A macro whose text is an expression, as a function that returns it. */
  readonly macroFunction: (name: string) => FunctionSource | null;
  /** Errors of the grammar outside functions. */
  readonly errors: readonly Span[];
  readonly body: (of: FunctionSource) => readonly Statement[];
}

/** Nodes of a file under which declarations go on. */
const transparent = new Set([
  'preproc_if',
  'preproc_ifdef',
  'preproc_else',
  'preproc_elif',
  'preproc_elifdef',
  'linkage_specification',
  'declaration_list',
  'ERROR',
]);

const field = (node: Node | null, name: string): Node | null => node?.childForFieldName(name) ?? null;

const functionDeclarator = (node: Node | null): Node | null => {
  for (let at = node; at !== null; at = field(at, 'declarator')) if (at.type === 'function_declarator') return at;
  return null;
};

const innermost = (node: Node | null): string => {
  let at = node;
  for (
    let next = at;
    next !== null;
    next = field(next, 'declarator') ?? (next.type === 'parenthesized_declarator' ? (children(next)[0] ?? null) : null)
  )
    at = next;
  return at?.text ?? '';
};

const parameter = (node: Node): Parameter => {
  const declarator = field(node, 'declarator');
  return { name: innermost(declarator), type: node.text.replace(/\s+/g, ' ') };
};

class Index {
  readonly functions: FunctionSource[] = [];
  readonly tables: Table[] = [];
  readonly macros: Macro[] = [];
  readonly errors: Span[] = [];
  private readonly path: string;
  private readonly lowering: Lowering = { offset: 0, line: 1, statements: () => [] };

  constructor(path: string) {
    this.path = path;
  }

  visit(node: Node): void {
    for (const child of children(node)) {
      if (child.type === 'function_definition') this.function(child);
      else if (child.type === 'declaration') this.declaration(child);
      else if (child.type === 'preproc_function_def' || child.type === 'preproc_def') this.macro(child);
      else if (transparent.has(child.type)) this.through(child);
    }
  }

  private through(node: Node): void {
    if (node.type === 'ERROR') this.errors.push(this.span(node));
    this.visit(node);
  }

  private span(node: Node): Span {
    return { from: node.startIndex, to: node.endIndex, line: node.startPosition.row + 1 };
  }

  private function(node: Node): void {
    const declarator = functionDeclarator(field(node, 'declarator'));
    if (declarator === null) return;
    const head = node.text.slice(0, declarator.startIndex - node.startIndex);
    this.functions.push({
      ...this.span(node),
      name: innermost(declarator),
      file: this.path,
      isStatic: /\bstatic\b/.test(head),
      returns: head
        .replace(/\b(?:static|inline|extern|const)\b/g, ' ')
        .replace(/\s+/g, ' ')
        .trim(),
      parameters: children(field(declarator, 'parameters'))
        .filter(({ type }) => type === 'parameter_declaration')
        .map(parameter),
      damaged: node.hasError,
    });
  }

  private declaration(node: Node): void {
    for (const declarator of node.childrenForFieldName('declarator')) {
      const value = field(declarator, 'value');
      if (declarator?.type !== 'init_declarator' || value?.type !== 'initializer_list') continue;
      const name = innermost(field(declarator, 'declarator')).replace(/\[.*$/s, '');
      this.tables.push({ ...this.span(node), name, type: field(node, 'type')?.text ?? '', value: expressionOf(value, this.lowering) });
    }
  }

  private macro(node: Node): void {
    const parameters = field(node, 'parameters');
    const names = parameters === null ? null : children(parameters).map(({ text }) => text);
    const value = field(node, 'value');
    const text = value?.text ?? '';
    this.macros.push({ ...this.span(value ?? node), name: field(node, 'name')?.text ?? '', parameters: names, text });
  }
}

export const readSourceFile = (grammar: Grammar, path: string, source: string): SourceFile => {
  const { text, openers } = blank(source);
  const index = grammar.parsed(text, (root) => {
    const index = new Index(path);
    index.visit(root);
    return index;
  });
  /** Texts of functions that can be read once only one branch of each `#if` is left. */
  const mended = new Map<FunctionSource, string>();
  const functions = index.functions.map((found) => {
    if (!found.damaged) return found;
    const alone = withoutDirectives(text.slice(found.from, found.to));
    const { whole, end } = grammar.parsed(alone, (root) => ({ whole: !root.hasError, end: root.endIndex }));
    if (!whole) return found;
    const better = { ...found, to: found.from + end, damaged: false };
    mended.set(better, alone);
    return better;
  });
  const macros = new MacroFunctions(grammar, path, index.macros);
  const lower = (of: FunctionSource): readonly Statement[] => {
    const written = macros.text(of);
    return grammar.parsed(written ?? mended.get(of) ?? text.slice(of.from, of.to), (root) => {
      const node = field(root.namedChildren.find((child) => child?.type === 'function_definition') ?? null, 'body');
      const offset = of.from - (written === undefined ? 0 : macroHead.length);
      return node === null ? [{ from: of.from, to: of.to, line: of.line, kind: 'damaged' }] : bodyOf(node, offset, of.line, openers);
    });
  };
  /** A function is run for several ways of calling it, and in every tree that has the file as it is. */
  const bodies = new Map<FunctionSource, readonly Statement[]>();
  const body = (of: FunctionSource): readonly Statement[] => {
    const known = bodies.get(of) ?? lower(of);
    bodies.set(of, known);
    return known;
  };
  return {
    path,
    source,
    functions,
    tables: index.tables,
    macros: index.macros,
    errors: index.errors,
    body,
    macroFunction: (name) => macros.named(name),
  };
};
