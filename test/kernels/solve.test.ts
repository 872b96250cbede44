// Solving conditions for attribute values, and tracing them back through rows that change what they read.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  all,
  any,
  below,
  type Condition,
  computed,
  differ,
  equal,
  has,
  holds,
  lacks,
  not,
  plain,
  value,
} from '../../src/core/conditions.ts';
import { call, check, effect, everywhere, take } from '../../src/core/rowBuilders.ts';
import type { Driver, Row } from '../../src/core/rows.ts';
import { before } from '../../src/kernels/before.ts';
import { applying, reaching } from '../../src/kernels/reach.ts';
import { fails, type Goal, type Known, readerOf, solutions, solve, variations, wants } from '../../src/kernels/solve.ts';

const defaults: Record<string, string | number | boolean | null | Record<string, number>> = {
  'domain.iommu': null,
  'iommu.id': 'iommu',
  'domain.type': 'unmanaged',
  'iommu.idsFree': 100,
  'iommu.agaw': 48,
  'domain.agaw': 57,
  'device.locked': false,
  'device.capable': true,
  'domain.instances[iommu.id]': 0,
};

const known: Known = {
  default: (path) => defaults[path] ?? null,
  alternatives: (path) => ({ 'iommu.agaw': [39], 'domain.agaw': [48, 39], 'domain.type': ['identity'] })[path] ?? [],
};

const iommuDiffers = all(has('domain.iommu'), differ('domain.iommu', 'iommu.id'));

describe('the first assignment', () => {
  it.each<[string, readonly Goal[], Record<string, unknown> | null]>([
    ['keeps the default where it will do', [wants(equal('domain.type', value('unmanaged')))], { 'domain.type': 'unmanaged' }],
    ['takes a constant', [wants(equal('domain.type', value('nested')))], { 'domain.type': 'nested' }],
    ['avoids a constant', [wants(differ('domain.type', value('unmanaged')))], { 'domain.type': 'identity' }],
    ['flips a flag', [wants(has('device.locked'))], { 'device.locked': true }],
    ['empties a pool', [fails(has('iommu.idsFree'))], { 'iommu.idsFree': 0 }],
    ['takes a declared alternative', [wants(below('iommu.agaw', 48))], { 'iommu.agaw': 39 }],
    ['reaches the edge of a comparison', [fails(below('iommu.agaw', 'domain.agaw'))], { 'iommu.agaw': 48, 'domain.agaw': 48 }],
    ['makes two paths differ', [wants(iommuDiffers)], { 'domain.iommu': 'something', 'iommu.id': 'iommu' }],
    ['makes two paths equal', [wants(equal('domain.iommu', 'iommu.id'))], { 'domain.iommu': null, 'iommu.id': null }],
    ['fills a counter by name', [wants(has('domain.instances[iommu.id]'))], { 'domain.instances[iommu.id]': 1, 'iommu.id': 'iommu' }],
    ['meets one of several', [wants(any(has('device.locked'), lacks('device.capable')))], { 'device.locked': true }],
    ['fails one of several', [fails(all(has('device.capable'), lacks('device.locked')))], { 'device.capable': false }],
    [
      'meets goals that pull against each other',
      [wants(iommuDiffers), fails(equal('domain.iommu', value('something')))],
      { 'domain.iommu': true, 'iommu.id': 'iommu' },
    ],
    ['finds nothing for a contradiction', [wants(has('device.locked')), wants(lacks('device.locked'))], null],
    ['finds nothing for what never holds', [wants({ any: [] })], null],
    ['asks nothing of what always holds', [wants({ all: [] })], {}],
  ])('%s', (_, goals, expected) => {
    expect(solve(goals, known)).toEqual(expected);
  });

  it('takes the example of a plain function, and the values beside it', () => {
    const odd = plain('an id of its own', ['iommu.number'], (read) => read('iommu.number') === 1234, { example: { 'iommu.number': 1234 } });
    expect(solve([wants(odd)], known)).toEqual({ 'iommu.number': 1234 });
    const beside = plain('one less', ['iommu.number'], (read) => read('iommu.number') === 1233, { example: { 'iommu.number': 1234 } });
    expect(solve([wants(beside)], known)).toEqual({ 'iommu.number': 1233 });
  });

  it('gives up where a plain function has no example', () => {
    expect(solve([wants(plain('never guessed', ['iommu.number'], (read) => read('iommu.number') === 1234))], known)).toBeNull();
  });
});

describe('assignments', () => {
  const goal = wants(any(has('device.locked'), differ('domain.type', value('unmanaged'))));

  it('come one after the other', () => {
    expect([...solutions([goal], known)]).toEqual([
      { 'device.locked': true },
      { 'domain.type': 'identity' },
      { 'domain.type': 'other unmanaged' },
      { 'domain.type': 'other identity' },
    ]);
  });

  it('begin elsewhere with another turn', () => {
    expect(solutions([wants(differ('domain.type', value('nested')))], known, 1).next().value).toEqual({ 'domain.type': 'identity' });
  });

  it('vary the defaults whether they meet a goal or not, one path and then two', () => {
    const both = wants(all(has('device.locked'), lacks('device.capable')));
    const words = [...variations([both], known)].map((one) => `${one['device.locked']} ${one['device.capable']}`);
    expect([...new Set(words)]).toEqual(['false true', 'true true', 'false false', 'true false']);
  });
});

const flags = ['device.a', 'device.b', 'device.c', 'device.d'];
const flagsKnown: Known = { default: () => false };

const { tree } = fc.letrec<{ tree: Condition; leaf: Condition }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'tree' },
    tie('leaf'),
    fc.array(tie('tree'), { maxLength: 3 }).map((parts): Condition => ({ all: parts })),
    fc.array(tie('tree'), { maxLength: 3 }).map((parts): Condition => ({ any: parts })),
    tie('tree').map((part): Condition => ({ not: part })),
  ),
  leaf: fc.oneof(
    fc.constantFrom(...flags).map(lacks),
    fc.tuple(fc.constantFrom(...flags), fc.constantFrom(...flags)).map(([a, b]) => equal(a, b)),
    fc.tuple(fc.constantFrom(...flags), fc.boolean()).map(([a, b]) => differ(a, b)),
  ),
}));

const everyWorld = Array.from({ length: 16 }, (_, bits) =>
  Object.fromEntries(flags.map((flag, index) => [flag, Boolean(bits & (1 << index))])),
);

describe('over flags, for every condition (seed 31)', () => {
  const settings = { seed: 31, numRuns: 400 };

  it('a solution is found exactly where there is one', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ condition: tree, holds: fc.boolean() }), { minLength: 1, maxLength: 3 }), (goals) => {
        const meets = (world: Record<string, boolean>) =>
          goals.every((goal) => holds(goal.condition, (path) => world[path]!) === goal.holds);
        const found = solve(goals, flagsKnown);
        expect(found !== null).toBe(everyWorld.some(meets));
        if (found) expect(goals.every((goal) => holds(goal.condition, readerOf(found, flagsKnown)) === goal.holds)).toBe(true);
      }),
      settings,
    );
  });
});

const facts = { words: '', class: 'other', errno: everywhere('EINVAL'), cite: everywhere('') } as const;

const bind = effect({
  id: 'bind',
  words: '',
  cite: {},
  undo: 'none',
  when: lacks('domain.iommu'),
  changes: [{ set: 'domain.iommu', to: 'iommu.id' }],
});
const widen = effect({
  id: 'widen',
  words: '',
  cite: {},
  undo: 'none',
  changes: [{ set: 'domain.agaw', to: computed('one more', ['domain.agaw'], (read) => Number(read('domain.agaw')) + 1) }],
});
const count = effect({ id: 'count', words: '', cite: {}, undo: 'none', changes: [{ add: 'domain.users', by: 1 }] });
const clear = effect({ id: 'clear', words: '', cite: {}, undo: 'none', changes: [{ set: 'domain.iommu', to: null }] });
const takeId = take({ ...facts, id: 'take', pool: 'iommu.idsFree', undo: 'reverse' });
const walk = call({ ...facts, id: 'walk', path: 'inner' });

const toy = (rows: readonly Row[]): Driver => ({
  name: 'toy',
  files: {},
  operations: {},
  attributes: {},
  blocking: {},
  enforcesCoherency: false,
  msi: 'hardware',
  sharing: '',
  paths: { attach: everywhere(rows), inner: everywhere([bind, clear]) },
});

const holdsFor = (condition: Condition, values: Record<string, unknown>): boolean =>
  holds(condition, (path) => (values[path] as never) ?? null);

describe('a condition traced back', () => {
  it.each<[string, Condition, readonly Row[], Record<string, unknown>, boolean]>([
    ['through a set of a path', equal('domain.iommu', value('a')), [bind], { 'iommu.id': 'a' }, true],
    ['past a set that does not apply', equal('domain.iommu', value('a')), [bind], { 'domain.iommu': 'b', 'iommu.id': 'a' }, false],
    ['through a set of a constant', lacks('domain.iommu'), [clear], { 'domain.iommu': 'a' }, true],
    ['through what is computed', equal('domain.agaw', 49), [widen], { 'domain.agaw': 48 }, true],
    ['through two counts', equal('domain.users', 2), [count, count], { 'domain.users': 0 }, true],
    ['through a taken id', lacks('iommu.idsFree'), [takeId], { 'iommu.idsFree': 1 }, true],
    ['through the path that a row walks', lacks('domain.iommu'), [walk], { 'domain.iommu': 'a' }, true],
    ['past rows that change something else', has('device.locked'), [bind, count, takeId], { 'device.locked': true }, true],
  ])('%s', (_, condition, rows, values, expected) => {
    expect(holdsFor(before(condition, rows, toy(rows), 'v6.12'), values)).toBe(expected);
  });
});

describe('a row of a path', () => {
  const refuse = check({ ...facts, id: 'refuse', refuses: iommuDiffers });
  const rows = [check({ ...facts, id: 'locked', refuses: has('device.locked') }), takeId, bind, refuse];
  const driver = toy(rows);

  it('is reached where the rows before it let the request pass', () => {
    const goals = reaching(driver, 'attach', 3, 'v6.12');
    const passes = (values: Record<string, unknown>) => goals.every((goal) => holdsFor(goal.condition, values) === goal.holds);
    expect(passes({ 'iommu.idsFree': 1 })).toBe(true);
    expect(passes({ 'iommu.idsFree': 0 })).toBe(false);
    expect(passes({ 'iommu.idsFree': 1, 'device.locked': true })).toBe(false);
  });

  it('applies where its condition holds', () => {
    expect(applying(bind, 'v6.12')).toEqual([wants(lacks('domain.iommu'))]);
    expect(applying(refuse, 'v6.12')).toEqual([]);
    expect(not(lacks('a'))).toEqual(has('a'));
  });
});
