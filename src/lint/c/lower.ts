// From the grammar's tree to the values of syntax.ts: expressions. Nodes of WebAssembly are read once and not kept.
import type { Node } from 'web-tree-sitter';
import type { Expression, Initialised, Span, Statement } from './syntax.ts';

/** What lowering needs besides the node. */
export interface Lowering {
  /** Offset and line of the parsed text within its file. */
  readonly offset: number;
  readonly line: number;
  readonly statements: (node: Node) => Statement[];
}

export const spanOf = (node: Node, { offset, line }: Lowering): Span => ({
  from: offset + node.startIndex,
  to: offset + node.endIndex,
  line: line + node.startPosition.row,
});

type Lower = (node: Node, lowering: Lowering, span: Span) => Expression;

const field = (node: Node, name: string): Node | null => node.childForFieldName(name);

const lowered = (node: Node | null, lowering: Lowering, otherwise: Span): Expression =>
  node === null ? { ...otherwise, kind: 'damaged' } : expressionOf(node, lowering);

const numberOf = (text: string): number => {
  const value = Number(text.replace(/[uUlL]+$/, ''));
  return Number.isNaN(value) ? 1 : value;
};

const initialised = (node: Node, lowering: Lowering): Initialised => {
  if (node.type !== 'initializer_pair') return { name: null, value: expressionOf(node, lowering) };
  const designator = field(node, 'designator');
  const name = designator?.type === 'field_designator' ? designator.text.replace(/^\s*\.\s*/, '') : null;
  return { name, value: lowered(field(node, 'value'), lowering, spanOf(node, lowering)) };
};

const inner = (node: Node): Node | null => node.namedChildren.find((child) => child !== null && child.type !== 'comment') ?? null;

const throughType: Lower = (node, lowering, span) => lowered(field(node, 'value'), lowering, span);

const unary: Lower = (node, lowering, span) => ({
  ...span,
  kind: 'unary',
  operator: field(node, 'operator')?.text ?? '',
  operand: lowered(field(node, 'argument'), lowering, span),
});

const lowers: { readonly [type: string]: Lower } = {
  identifier: (node, _, span) => ({ ...span, kind: 'name', name: node.text }),
  field_identifier: (node, _, span) => ({ ...span, kind: 'name', name: node.text }),
  type_identifier: (node, _, span) => ({ ...span, kind: 'name', name: node.text }),
  number_literal: (node, _, span) => ({ ...span, kind: 'number', value: numberOf(node.text) }),
  char_literal: (_, __, span) => ({ ...span, kind: 'number', value: 1 }),
  true: (_, __, span) => ({ ...span, kind: 'number', value: 1 }),
  false: (_, __, span) => ({ ...span, kind: 'number', value: 0 }),
  null: (_, __, span) => ({ ...span, kind: 'number', value: 0 }),
  string_literal: (node, _, span) => ({ ...span, kind: 'string', text: node.text }),
  concatenated_string: (node, _, span) => ({ ...span, kind: 'string', text: node.text }),
  parenthesized_expression: (node, lowering, span) => lowered(inner(node), lowering, span),
  call_expression: (node, lowering, span) => ({
    ...span,
    kind: 'call',
    callee: lowered(field(node, 'function'), lowering, span),
    arguments: children(field(node, 'arguments')).map((child) => expressionOf(child, lowering)),
  }),
  field_expression: (node, lowering, span) => ({
    ...span,
    kind: 'field',
    base: lowered(field(node, 'argument'), lowering, span),
    name: field(node, 'field')?.text ?? '',
  }),
  subscript_expression: (node, lowering, span) => ({
    ...span,
    kind: 'index',
    base: lowered(field(node, 'argument'), lowering, span),
    index: lowered(field(node, 'index'), lowering, span),
  }),
  unary_expression: unary,
  pointer_expression: unary,
  update_expression: unary,
  binary_expression: (node, lowering, span) => ({
    ...span,
    kind: 'binary',
    operator: field(node, 'operator')?.text ?? '',
    left: lowered(field(node, 'left'), lowering, span),
    right: lowered(field(node, 'right'), lowering, span),
  }),
  assignment_expression: (node, lowering, span) => ({
    ...span,
    kind: 'assign',
    operator: field(node, 'operator')?.text ?? '=',
    target: lowered(field(node, 'left'), lowering, span),
    value: lowered(field(node, 'right'), lowering, span),
  }),
  conditional_expression: (node, lowering, span) => {
    const yes = field(node, 'consequence');
    return {
      ...span,
      kind: 'either',
      test: lowered(field(node, 'condition'), lowering, span),
      yes: yes === null ? null : expressionOf(yes, lowering),
      no: lowered(field(node, 'alternative'), lowering, span),
    };
  },
  cast_expression: throughType,
  compound_literal_expression: throughType,
  comma_expression: (node, lowering, span) => ({
    ...span,
    kind: 'list',
    items: [lowered(field(node, 'left'), lowering, span), lowered(field(node, 'right'), lowering, span)],
  }),
  compound_statement: (node, lowering, span) => ({ ...span, kind: 'block', body: lowering.statements(node) }),
  initializer_list: (node, lowering, span) => ({
    ...span,
    kind: 'initialiser',
    fields: children(node).map((child) => initialised(child, lowering)),
  }),
  ERROR: (_, __, span) => ({ ...span, kind: 'damaged' }),
};

/** Named children that are not comments. */
export const children = (node: Node | null): Node[] =>
  (node?.namedChildren ?? []).filter((child): child is Node => child !== null && child.type !== 'comment');

export const expressionOf = (node: Node, lowering: Lowering): Expression => {
  const span = spanOf(node, lowering);
  const lower = lowers[node.type];
  return lower === undefined ? { ...span, kind: 'opaque' } : lower(node, lowering, span);
};
