// From the grammar's tree to the values of syntax.ts: statements, with macros that open a block as what they stand for.
import type { Node } from 'web-tree-sitter';
import type { Opener } from './blank.ts';
import { children, expressionOf, type Lowering, spanOf } from './lower.ts';
import type { Expression, Span, Statement } from './syntax.ts';

interface Body extends Lowering {
  readonly openers: ReadonlyMap<number, Opener>;
}

type Lower = (node: Node, body: Body, span: Span) => Statement[];

const field = (node: Node, name: string): Node | null => node.childForFieldName(name);

const expression = (node: Node | null, body: Body, span: Span): Expression =>
  node === null ? { ...span, kind: 'damaged' } : expressionOf(node, body);

const optional = (node: Node | null, body: Body): Expression | null => (node === null ? null : expressionOf(node, body));

const block = (node: Node | null, body: Body): Statement[] => (node === null ? [] : statementsOf(node, body));

const nameIn = (declarator: Node | null): string => {
  for (let node = declarator; node !== null; node = field(node, 'declarator') ?? children(node)[0] ?? null) {
    if (node.type === 'identifier') return node.text;
  }
  return '';
};

const declaration: Lower = (node, body, span) => {
  const type = field(node, 'type')?.text ?? '';
  return node.childrenForFieldName('declarator').flatMap((declarator): Statement[] => {
    if (declarator === null) return [];
    const value = declarator.type === 'init_declarator' ? optional(field(declarator, 'value'), body) : null;
    const own = value === null ? span : spanOf(declarator, body);
    return [{ ...own, kind: 'declare', name: nameIn(declarator), type: `${type}${stars(declarator)}`, value }];
  });
};

const stars = (declarator: Node): string => (/^\s*\*/.test(declarator.text) ? ' *' : '');

const loop = (node: Node, body: Body, span: Span, of: { step?: Node | null; first?: boolean; each?: boolean }): Statement => ({
  ...span,
  kind: 'loop',
  test: optional(field(node, 'condition'), body),
  step: optional(of.step ?? null, body),
  body: block(field(node, 'body'), body),
  first: of.first ?? false,
  each: of.each ?? false,
});

/** The branches of `#if`, `#elif`, `#else` and so on, however deep the grammar hangs them. */
const branchesOf = (node: Node, body: Body): Statement[][] => {
  const skipped = new Set([field(node, 'condition')?.id, field(node, 'name')?.id, field(node, 'alternative')?.id]);
  const own = children(node).filter(({ id }) => !skipped.has(id));
  const alternative = field(node, 'alternative');
  return [
    own.flatMap((child) => statementsOf(child, body)),
    ...(alternative ? branchesOf(alternative, body) : node.type === 'preproc_else' ? [] : [[]]),
  ];
};

const branches: Lower = (node, body, span) => {
  const condition = (field(node, 'condition') ?? field(node, 'name'))?.text ?? '';
  return [{ ...span, kind: 'branches', branches: branchesOf(node, body), condition }];
};

const lowers: { readonly [type: string]: Lower } = {
  compound_statement: (node, body, span) => [
    { ...span, kind: 'block', body: children(node).flatMap((child) => statementsOf(child, body)) },
  ],
  expression_statement: (node, body, span) =>
    children(node).map((child) => ({ ...span, kind: 'expression', expression: expressionOf(child, body) })),
  declaration,
  if_statement: (node, body, span) => {
    const test = expression(field(node, 'condition'), body, span);
    const yes = block(field(node, 'consequence'), body);
    if (body.openers.get(span.from) === 'scope') return [{ ...span, kind: 'scope', arguments: test, body: yes }];
    const alternative = field(node, 'alternative');
    return [
      {
        ...span,
        kind: 'if',
        test,
        yes,
        no: alternative === null ? [] : children(alternative).flatMap((child) => statementsOf(child, body)),
      },
    ];
  },
  switch_statement: (node, body, span) => [
    { ...span, kind: 'switch', value: expression(field(node, 'condition'), body, span), body: block(field(node, 'body'), body) },
  ],
  case_statement: (node, body, span) => {
    const value = field(node, 'value');
    const rest = children(node).filter(({ id }) => id !== value?.id);
    return [{ ...span, kind: 'case', value: optional(value, body) }, ...rest.flatMap((child) => statementsOf(child, body))];
  },
  while_statement: (node, body, span) => [loop(node, body, span, { each: body.openers.get(span.from) === 'loop' })],
  do_statement: (node, body, span) => [loop(node, body, span, { first: true })],
  for_statement: (node, body, span) => {
    const initializer = field(node, 'initializer');
    const before =
      initializer === null ? [] : initializer.type === 'declaration' ? statementsOf(initializer, body) : [first(initializer, body)];
    return [...before, loop(node, body, span, { step: field(node, 'update') })];
  },
  return_statement: (node, body, span) => [{ ...span, kind: 'return', value: optional(children(node)[0] ?? null, body) }],
  break_statement: (_, __, span) => [{ ...span, kind: 'break' }],
  continue_statement: (_, __, span) => [{ ...span, kind: 'continue' }],
  goto_statement: (node, _, span) => [{ ...span, kind: 'goto', name: field(node, 'label')?.text ?? '' }],
  labeled_statement: (node, body, span) => {
    const label = field(node, 'label');
    const rest = children(node).filter(({ id }) => id !== label?.id);
    return [{ ...span, kind: 'label', name: label?.text ?? '' }, ...rest.flatMap((child) => statementsOf(child, body))];
  },
  else_clause: (node, body) => children(node).flatMap((child) => statementsOf(child, body)),
  attributed_statement: (node, body) => children(node).flatMap((child) => statementsOf(child, body)),
  preproc_if: branches,
  preproc_ifdef: branches,
  preproc_call: () => [],
  preproc_def: () => [],
  preproc_function_def: () => [],
  type_definition: () => [],
  struct_specifier: () => [],
  ';': () => [],
  ERROR: (_, __, span) => [{ ...span, kind: 'damaged' }],
};

const first = (node: Node, body: Body): Statement => ({ ...spanOf(node, body), kind: 'expression', expression: expressionOf(node, body) });

const statementsOf = (node: Node, body: Body): Statement[] => {
  const lower = lowers[node.type];
  const span = spanOf(node, body);
  if (lower === undefined) return [{ ...span, kind: 'expression', expression: expressionOf(node, body) }];
  return lower(node, body, span);
};

/** `offset` and `line`: where the parsed text begins in its file; `openers` by offset in the file. */
export const bodyOf = (node: Node, offset: number, line: number, openers: ReadonlyMap<number, Opener>): Statement[] => {
  const body: Body = { offset, line, openers, statements: (inner) => children(inner).flatMap((child) => statementsOf(child, body)) };
  return body.statements(node);
};
