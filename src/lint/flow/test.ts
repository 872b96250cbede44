// A test and its two branches: what each one knows of the values that were tested.
import type { Expression } from '../c/syntax.ts';
import { evaluate } from './evaluate.ts';
import type { Frame } from './frame.ts';
import { messageOf, printsIf } from './messages.ts';
import { placeOf } from './places.ts';
import { split, type Tested, testedBy } from './refine.ts';
import { disagreement, domainWhenSet, rootsOf, termsOf } from './roots.ts';
import { meet, type State } from './state.ts';
import { fails, type Guard, good, type Value, zero } from './values.ts';

type Call = Extract<Expression, { kind: 'call' }>;

/** What makes a branch, besides its text. */
interface About {
  readonly mismatch: boolean;
  readonly domain: 'fresh' | 'used' | null;
  readonly causes: readonly Value[];
}

interface Branch {
  readonly state: State | null;
  readonly about: About;
}

interface Branches {
  readonly yes: Branch;
  readonly no: Branch;
}

/** Both hold. */
const and = (a: About, b: About): About => ({
  mismatch: a.mismatch || b.mismatch,
  domain: b.domain ?? a.domain,
  causes: [...a.causes, ...b.causes],
});

/** One of them holds: what the domain is, is known where both agree. */
const or = (a: About, b: About): About => ({ ...and(a, b), domain: a.domain === b.domain ? a.domain : null });

const flip = ({ yes, no }: Branches): Branches => ({ yes: no, no: yes });

/** `WARN_ON(test)`: the same branches, with a message where the test holds. */
const warned = (frame: Frame, state: State, test: Call, name: string): Branches => {
  const result = branches(frame, state, test.arguments[0]!);
  const { yes } = result;
  if (yes.state) yes.state.prints = [...yes.state.prints, frame.print(test, name, messageOf(test.arguments) || frame.text(test))];
  return result;
};

const variable = (what: Expression): string | null =>
  what.kind === 'assign' && what.operator === '=' ? placeOf(what.target) : placeOf(what);

const narrowed = (state: State, name: string | null, values: readonly Value[], known: boolean): State | null => {
  if (known && values.length === 0) return null;
  const copy = state.clone();
  if (known && name !== null && copy.values.has(name)) copy.values.set(name, values);
  return copy;
};

/** The values of what is tested; both sides of a comparison are evaluated. Compared with a limit, a number tells of a failure. */
const valuesTested = (
  frame: Frame,
  state: State,
  test: Expression,
  { what }: Tested,
): { values: readonly Value[]; numbers: readonly Value[] } => {
  if (what.kind !== 'binary' || !/^(?:[=!]=|[<>]=?)$/.test(what.operator)) {
    if (test.kind === 'binary' && test !== what)
      for (const side of [test.left, test.right]) if (side !== what) evaluate(frame, state, side);
    return { values: evaluate(frame, state, what), numbers: [] };
  }
  const sides = [what.left, what.right].flatMap((side) => evaluate(frame, state, side));
  return { values: [zero, good], numbers: sides.filter((value) => value.kind === 'index' && fails(value)) };
};

const atom = (frame: Frame, state: State, test: Expression): Branches => {
  const tested = testedBy(test);
  const { values, numbers } = valuesTested(frame, state, test, tested);
  const parts = split(values, tested);
  const name = variable(tested.what);
  const known = values.length > 0;
  const disagree = disagreement(state, test);
  const set = tested.look.how === 'nonzero' ? domainWhenSet(state, tested.what) : null;
  const opposite = set === null ? null : set === 'used' ? 'fresh' : 'used';
  const yes = narrowed(state, name, parts.yes, known);
  const no = narrowed(state, name, parts.no, known);
  return {
    yes: {
      state: yes,
      about: { mismatch: disagree === true, domain: tested.not ? opposite : set, causes: [...parts.yes.filter(fails), ...numbers] },
    },
    no: {
      state: no,
      about: { mismatch: disagree === false, domain: tested.not ? set : opposite, causes: [...parts.no.filter(fails), ...numbers] },
    },
  };
};

const nothing: About = { mismatch: false, domain: null, causes: [] };
const never: Branches = { yes: { state: null, about: nothing }, no: { state: null, about: nothing } };

const conjunction = (frame: Frame, state: State, left: Expression, right: Expression): Branches => {
  const first = branches(frame, state, left);
  const second = first.yes.state === null ? never : branches(frame, first.yes.state, right);
  return {
    yes: { state: second.yes.state, about: and(first.yes.about, second.yes.about) },
    no: { state: meet(first.no.state, second.no.state), about: or(first.no.about, second.no.about) },
  };
};

const bare = (test: Expression): Expression =>
  test.kind === 'call' && test.callee.kind === 'name' && ['likely', 'unlikely'].includes(test.callee.name) && test.arguments[0]
    ? bare(test.arguments[0])
    : test;

const branches = (frame: Frame, state: State, given: Expression): Branches => {
  const test = bare(given);
  if (test.kind === 'call' && test.callee.kind === 'name' && printsIf(test.callee.name) && test.arguments[0])
    return warned(frame, state, test, test.callee.name);
  if (test.kind === 'unary' && test.operator === '!') return flip(branches(frame, state, test.operand));
  if (test.kind === 'binary' && test.operator === '&&') return conjunction(frame, state, test.left, test.right);
  if (test.kind === 'binary' && test.operator === '||') {
    const not = (operand: Expression): Expression => ({ ...operand, kind: 'unary', operator: '!', operand });
    return flip(conjunction(frame, state, not(test.left), not(test.right)));
  }
  return atom(frame, state, test);
};

/** The two branches of a test, each with the test as its newest guard. */
export const taken = (frame: Frame, state: State, test: Expression): { yes: State | null; no: State | null } => {
  const text = frame.text(test);
  const result = branches(frame, state, test);
  const bits = rootsOf(state, test);
  const terms = termsOf(state, test);
  const guard = (holds: boolean, { mismatch, domain, causes }: About): Guard => ({
    ...{ ...frame.at(test), text, holds, roots: bits, terms, mismatch, domain, causes, after: false },
  });
  const branch = ({ state: way, about }: Branch, holds: boolean): State | null => {
    if (way === null) return null;
    const prints = way.prints.filter((print) => !state.prints.includes(print));
    way.guarded(guard(holds, about));
    way.prints = prints;
    return way;
  };
  return { yes: branch(result.yes, true), no: branch(result.no, false) };
};
