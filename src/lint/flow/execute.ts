// Statements: each takes the state before it and gives the state behind it, or null when control never gets there.
import type { Expression, Statement } from '../c/syntax.ts';
import { afterwards, enter, leaveBranch, nullsFor, settle, tagged } from './branches.ts';
import { assign, evaluate } from './evaluate.ts';
import type { Frame } from './frame.ts';
import { choose, flat, loop } from './loops.ts';
import { guardKind } from './messages.ts';
import { placeOf } from './places.ts';
import { rootsOf } from './roots.ts';
import { meet, type State, sameValues } from './state.ts';
import { taken } from './test.ts';
import { bound, checkOf, unknown, type Value } from './values.ts';

type Kind = Statement['kind'];
type Of<K extends Kind> = Extract<Statement, { kind: K }>;
/** `state` is handed over: it may be changed. */
type Execute<K extends Kind> = (frame: Frame, state: State, statement: Of<K>) => State | null;

const when: Execute<'if'> = (frame, state, statement) => {
  const depth = state.guards.length;
  const { yes, no } = taken(frame, state, statement.test);
  const first = leaveBranch(frame, executeBlock(frame, enter(yes, statement.yes), statement.yes), depth);
  const second = leaveBranch(frame, executeBlock(frame, enter(no, statement.no), statement.no), depth);
  if (first === null) return statement.no.length === 0 ? afterwards(second, depth) : second;
  return second === null ? first : meet(first, second);
};

const jump: Execute<'goto'> = (frame, state, { name }) => {
  settle(state);
  const waiting = frame.labels.get(name);
  const next = meet(waiting ?? null, state)!;
  if (frame.passed.has(name) && (waiting === undefined || !sameValues(next, waiting))) frame.again = true;
  frame.labels.set(name, next);
  return null;
};

/** A null pointer that is returned because a call failed stands for that failure. */
const nullOf = (frame: Frame, state: State, value: Value): readonly Value[] => {
  if (value.kind !== 'zero' || value.origin !== null || !frame.of.returns.includes('*')) return [value];
  const nulls = nullsFor(checkOf(state.guards));
  return nulls.length > 0 ? nulls : [value];
};

/** What nobody knows of is told where it is returned. */
const placed = (frame: Frame, at: Expression, value: Value): Value =>
  value.kind !== 'unknown' || value.origin !== null
    ? value
    : { ...value, check: null, origin: { ...frame.at(at), text: frame.text(at), how: 'api', api: null, class: null } };

const giveBack: Execute<'return'> = (frame, state, { value }) => {
  if (value === null) return null;
  const values = evaluate(frame, state, value);
  const found = (values.length > 0 ? values : [unknown(frame.text(value))]).map((one) => placed(frame, value, one));
  const refused = state.refusal !== null && found.every(({ kind }) => kind === 'zero');
  const meant = found.flatMap((one) => (refused ? [tagged(one, state.refusal, state.guards)] : nullOf(frame, state, one)));
  frame.returns(meant.map((one) => bound(one, state.guards, placeOf(value) === null)));
  return null;
};

const executors: { readonly [K in Kind]: Execute<K> } = {
  if: when,
  loop,
  switch: choose,
  goto: jump,
  return: giveBack,
  expression: (frame, state, { expression }) => {
    const values = evaluate(frame, state, expression);
    const failure = expression.kind === 'call' ? values.find(({ kind, origin }) => kind === 'errno' && origin !== null) : undefined;
    if (failure && expression.kind === 'call') {
      const at = frame.at(expression);
      const callee = frame.text(expression.callee);
      frame.ignored.set(`${at.file}:${at.line}:${callee}`, { ...at, callee });
    }
    return state;
  },
  declare: (frame, state, { name, value, ...span }) => {
    if (value === null) {
      state.values.set(name, []);
      state.roots.set(name, 0);
    } else {
      const bits = rootsOf(state, value);
      assign(frame, state, { ...span, kind: 'name', name }, evaluate(frame, state, value), bits);
    }
    return state;
  },
  scope: (frame, state, { arguments: args, body }) => {
    const [kind, ...locked] = flat(args);
    const held = state.locks;
    const what = locked[0] ? frame.text(locked[0]).replace(/^&/, '') : '';
    state.locks = [...held, `${guardKind(kind?.kind === 'name' ? kind.name : '')} ${what}`.trim()];
    const after = executeBlock(frame, state, body);
    if (after) after.locks = held;
    return after;
  },
  label: (frame, state, { name }) => {
    frame.passed.add(name);
    return meet(state, frame.labels.get(name)?.clone() ?? null);
  },
  case: (_, state) => state,
  break: (frame, state) => {
    settle(state);
    frame.leave(state);
    return null;
  },
  continue: (frame, state) => {
    frame.goOn(state);
    return null;
  },
  block: (frame, state, { body }) => executeBlock(frame, state, body),
  branches: (frame, state, { branches }) => branches.map((body) => executeBlock(frame, state.clone(), body)).reduce(meet, null),
  damaged: (frame, state) => {
    state.each((value) => ({ ...value, unresolved: value.unresolved ?? `source of ${frame.of.name}() that the parser could not read` }));
    return state;
  },
};

/** Statements that control does not reach are looked through for labels only. */
export const execute = (frame: Frame, state: State | null, statement: Statement): State | null => {
  if (state !== null) return (executors[statement.kind] as Execute<Kind>)(frame, state, statement as never);
  if (statement.kind === 'label')
    return frame.labels.has(statement.name)
      ? executors.label(frame, frame.labels.get(statement.name)!.clone(), statement)
      : passedBy(frame, statement.name);
  if (statement.kind === 'block') return executeBlock(frame, null, statement.body);
  return statement.kind === 'if' ? meet(executeBlock(frame, null, statement.yes), executeBlock(frame, null, statement.no)) : null;
};

const passedBy = (frame: Frame, name: string): null => {
  frame.passed.add(name);
  return null;
};

export const executeBlock = (frame: Frame, state: State | null, body: readonly Statement[]): State | null =>
  body.reduce((current: State | null, statement) => execute(frame, current, statement), state);
