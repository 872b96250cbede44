// The C that lint reads, as small values: what the grammar's tree says, without its WebAssembly, and with what macros stood for.

/** Offsets into the source file, and the 1-based line. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly line: number;
}

export type Expression = Span &
  (
    | { readonly kind: 'name'; readonly name: string }
    | { readonly kind: 'number'; readonly value: number }
    | { readonly kind: 'string'; readonly text: string }
    | { readonly kind: 'call'; readonly callee: Expression; readonly arguments: readonly Expression[] }
    | { readonly kind: 'field'; readonly base: Expression; readonly name: string }
    | { readonly kind: 'index'; readonly base: Expression; readonly index: Expression }
    | { readonly kind: 'unary'; readonly operator: string; readonly operand: Expression }
    | { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
    | { readonly kind: 'assign'; readonly operator: string; readonly target: Expression; readonly value: Expression }
    /** `a ?: b` has no `yes`. */
    | { readonly kind: 'either'; readonly test: Expression; readonly yes: Expression | null; readonly no: Expression }
    | { readonly kind: 'list'; readonly items: readonly Expression[] }
    /** `({ ... })` */
    | { readonly kind: 'block'; readonly body: readonly Statement[] }
    | { readonly kind: 'initialiser'; readonly fields: readonly Initialised[] }
    /** Not looked into: sizeof, asm. */
    | { readonly kind: 'opaque' }
    /** Where the grammar found no C. */
    | { readonly kind: 'damaged' }
  );

/** `.name = value`; without a designator `name` is null. */
export interface Initialised {
  readonly name: string | null;
  readonly value: Expression;
}

export type Statement = Span &
  (
    | { readonly kind: 'expression'; readonly expression: Expression }
    | { readonly kind: 'declare'; readonly name: string; readonly type: string; readonly value: Expression | null }
    | { readonly kind: 'if'; readonly test: Expression; readonly yes: readonly Statement[]; readonly no: readonly Statement[] }
    /** `first`: the body runs before the test (do). `each`: the test is the arguments of an iterating macro. */
    | {
        readonly kind: 'loop';
        readonly test: Expression | null;
        readonly step: Expression | null;
        readonly body: readonly Statement[];
        readonly first: boolean;
        readonly each: boolean;
      }
    /** `scoped_guard(mutex, &lock) { ... }` */
    | { readonly kind: 'scope'; readonly arguments: Expression; readonly body: readonly Statement[] }
    | { readonly kind: 'switch'; readonly value: Expression; readonly body: readonly Statement[] }
    /** Null is `default`. */
    | { readonly kind: 'case'; readonly value: Expression | null }
    | { readonly kind: 'label'; readonly name: string }
    | { readonly kind: 'goto'; readonly name: string }
    | { readonly kind: 'return'; readonly value: Expression | null }
    | { readonly kind: 'break' }
    | { readonly kind: 'continue' }
    | { readonly kind: 'block'; readonly body: readonly Statement[] }
    /** `#if`: one of them is compiled. */
    | { readonly kind: 'branches'; readonly branches: readonly (readonly Statement[])[]; readonly condition: string }
    | { readonly kind: 'damaged' }
  );

export interface Parameter {
  readonly name: string;
  readonly type: string;
}

/** A function as the index knows it: its body is lowered only when something calls it. */
export interface FunctionSource extends Span {
  readonly name: string;
  readonly file: string;
  readonly isStatic: boolean;
  readonly returns: string;
  readonly parameters: readonly Parameter[];
  /** The grammar could not read all of it. */
  readonly damaged: boolean;
}

/** Everything in an expression, itself first, arguments and operands in the order of the source. */
export const within = (expression: Expression): Expression[] => [expression, ...parts(expression).flatMap(within)];

export const parts = (expression: Expression): readonly Expression[] => {
  switch (expression.kind) {
    case 'call':
      return [expression.callee, ...expression.arguments];
    case 'field':
      return [expression.base];
    case 'index':
      return [expression.base, expression.index];
    case 'unary':
      return [expression.operand];
    case 'binary':
      return [expression.left, expression.right];
    case 'assign':
      return [expression.target, expression.value];
    case 'either':
      return [expression.test, ...(expression.yes ? [expression.yes] : []), expression.no];
    case 'list':
      return expression.items;
    case 'initialiser':
      return expression.fields.map(({ value }) => value);
    default:
      return [];
  }
};
