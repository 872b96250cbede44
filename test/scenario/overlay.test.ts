// Overlay files: what they say becomes data, and every mistake is refused at its place.
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { Failure } from '../../src/core/failure.ts';
import { buildModel } from '../../src/kernels/build.ts';
import { applyOverlay } from '../../src/kernels/overlay.ts';
import { readOverlay } from '../../src/scenario/overlay.ts';
import { jsonSchemas } from '../../src/scenario/schema.ts';
import { accepts, type Schema, undescribed } from './jsonSchema.ts';

const whole = `from: 6.12.y
name: my-series
title: one errno for an unfit domain
continue:
  vfio-type1: [-EINVAL]
  iommufd-auto: any
contract:
  classes: {incompatible: EINVAL}
  continue: [EINVAL]
rows:
  intel-instance-record-alloc: {errno: -EAGAIN, prints: none, failure: errno}
  intel-domain-ids-exhausted: {class: transient-memory, before: intel-instance-record-alloc, undo: none, unreachable: false, when: always}
  virtio-foreign-viommu:
    refuses: {any: [{has: domain.iommu}, {not: {equal: [domain.type, {value: unmanaged}]}}]}
    prints: {level: dev_warn, text: no}
  core-owner-gate: {errno: [EINVAL, EBUSY]}
  type1-nesting: {remove: true}
add:
  - driver: intel
    path: attach
    after: intel-instance-record-alloc
    row: {id: mine, kind: check, words: too narrow, class: incompatible, errno: 0, refuses: {below: [iommu.agaw, 39]}}
attributes:
  intel: {domain: {seen: {default: 0, words: times seen, alternatives: [1]}}}
drivers:
  mine: {like: arm-smmu-v3, blocking: own, enforcesCoherency: false, rows: {arm-smmu-v3-foreign-smmu: {errno: EBUSY}}}
  toy:
    attributes: {domain: {iommu: {default: null, words: instance}, users: {default: 0, words: devices}}}
    enforcesCoherency: {has: domain.iommu}
    paths:
      attach:
        - {id: toy-memory, kind: alloc, words: record, class: transient-memory, errno: ENOMEM, site: toy_attach, tries: 2, times: domain.users}
        - {id: toy-id, kind: take, words: id, class: transient-space, errno: ENOSPC, pool: domain.users}
        - {id: toy-power, kind: call, words: power, class: device, errno: EIO, api: pm-runtime-resume, masks: true}
        - {id: toy-bind, kind: effect, words: bound, changes: [{set: domain.iommu, to: iommu.id}, {add: domain.users, by: 1}, {give: domain.users}], undo: [{set: domain.iommu, to: null}]}
apis: {pm-runtime-resume: {errnos: [EINVAL], sticky: false}}
`;

describe('an overlay file', () => {
  const overlay = readOverlay(whole, 'mine.yaml');

  it('says what it lies over and what it is called', () => {
    expect(overlay).toMatchObject({ from: '6.12.y', name: 'my-series', title: 'one errno for an unfit domain' });
    expect(readOverlay('from: 6.1.y\n', 'short.yaml')).toMatchObject({ name: 'short.yaml', title: 'short.yaml', rows: [], drivers: [] });
  });

  it('has rules for callers, contract and APIs', () => {
    expect(overlay.continue.map(({ caller, errnos }) => [caller, errnos])).toEqual([
      ['vfio-type1', ['EINVAL']],
      ['iommufd-auto', 'any'],
    ]);
    expect(overlay.contract).toMatchObject({ name: 'mine.yaml', classes: { incompatible: 'EINVAL' }, scan: ['EINVAL'], apis: {} });
    expect(readOverlay('from: 6.1.y\ncontract: interim\n', 'm').contract).toBe('interim');
    expect(overlay.apis).toMatchObject([{ id: 'pm-runtime-resume', errnos: ['EINVAL'], sticky: null }]);
  });

  it('has changed rows, each with its place', () => {
    expect(overlay.rows).toEqual([
      {
        id: 'intel-instance-record-alloc',
        errno: 'EAGAIN',
        prints: null,
        failure: 'errno',
        place: { file: 'mine.yaml', line: 11, column: 3 },
      },
      {
        id: 'intel-domain-ids-exhausted',
        class: 'transient-memory',
        before: 'intel-instance-record-alloc',
        undo: 'none',
        unreachable: null,
        when: null,
        place: { file: 'mine.yaml', line: 12, column: 3 },
      },
      {
        id: 'virtio-foreign-viommu',
        refuses: { any: [{ not: { lacks: 'domain.iommu' } }, { not: { equal: ['domain.type', { value: 'unmanaged' }] } }] },
        prints: { level: 'dev_warn', text: 'no' },
        place: { file: 'mine.yaml', line: 13, column: 3 },
      },
      { id: 'core-owner-gate', errno: ['EINVAL', 'EBUSY'], place: { file: 'mine.yaml', line: 16, column: 3 } },
      { id: 'type1-nesting', remove: true, place: { file: 'mine.yaml', line: 17, column: 3 } },
    ]);
  });

  it('has added rows, attributes and drivers', () => {
    expect(overlay.add).toMatchObject([
      {
        driver: 'intel',
        path: 'attach',
        after: 'intel-instance-record-alloc',
        row: { errno: '0', refuses: { below: ['iommu.agaw', 39] } },
      },
    ]);
    expect(overlay.attributes).toMatchObject([
      { driver: 'intel', attributes: { domain: { seen: { default: 0, words: 'times seen', alternatives: [1] } } } },
    ]);
    expect(overlay.drivers.map(({ name, like, blocking }) => [name, like, blocking])).toEqual([
      ['mine', 'arm-smmu-v3', 'own'],
      ['toy', undefined, undefined],
    ]);
    expect(overlay.drivers[1]!.paths!['attach']!.map(({ kind, place }) => [kind, place!.line])).toEqual([
      ['alloc', 32],
      ['take', 33],
      ['call', 34],
      ['effect', 35],
    ]);
  });

  it('lies over its profile', () => {
    const model = buildModel({ kernel: applyOverlay(overlay) });
    expect([model.kernel, model.scan, model.contract?.name]).toEqual(['my-series', ['EINVAL'], 'mine.yaml']);
  });

  it.each(['0', 'NULL', 'oops', 'driver-errno', 'EINVAL:domain', '-ENOTSUPP', 'EMEDIUMTYPE'])('takes the errno %s', (errno) => {
    const { rows } = readOverlay(`from: 6.12.y\nrows: {type1-nesting: {errno: '${errno}'}}\n`, 'mine.yaml');
    expect(rows[0]!.errno).toBe(errno.replace('-E', 'E'));
  });

  it('may be JSON', () => {
    expect(readOverlay(JSON.stringify(parse(whole)), 'mine.json').rows.map(({ id }) => id)).toEqual(overlay.rows.map(({ id }) => id));
  });
});

describe('the JSON Schema', () => {
  const schema = (jsonSchemas() as Record<string, Schema>).overlay!;
  it('describes every key, and agrees with the reader', () => {
    expect(undescribed(schema)).toEqual([]);
    expect(accepts(schema, parse(whole))).toBe(true);
    expect(accepts(schema, parse(whole.replace('undo: none', 'undo: never')))).toBe(false);
    expect(accepts(schema, parse(whole.replace('title:', 'titel:')))).toBe(false);
    expect(accepts(schema, parse(whole.replace('errno: -EAGAIN', 'errno: -EAGIAN')))).toBe(false);
  });
});

const conditionKeys = 'equal, differ, below, lacks, has, all, any, not';
const changeKeys =
  'errno, class, refuses, when, words, note, cite, prints, undo, failure, masks, tries, unreachable, before, after, remove';

/** Line and column of a text, counted from 1. */
const placeOf = (text: string, part: string): string => {
  const before = text.slice(0, text.indexOf(part)).split('\n');
  return `${before.length}:${before.at(-1)!.length + 1}`;
};

const errnoWords = 'expected an errno such as EINVAL, or 0 for a failure that is passed over';

describe('a mistake', () => {
  // What is written, what stands there instead, the part that is pointed at, the message.
  it.each([
    [
      'from: 6.12.y',
      'frm: 6.12.y',
      'frm',
      'expected a key of an overlay ($schema, from, name, title, continue, contract, rows, add, attributes, drivers, apis), found "frm"; did you mean from?',
    ],
    ['errno: -EAGAIN', 'erno: EAGAIN', 'erno:', `expected a key of a changed row (${changeKeys}), found "erno"; did you mean errno?`],
    ['errno: -EAGAIN', 'errno: 11', '11, prints', `${errnoWords}, found 11`],
    ['errno: -EAGAIN', 'errno: again', 'again', `${errnoWords}, found "again"; did you mean EAGAIN?`],
    ['errno: -EAGAIN', 'errno: -EAGIAN', '-EAGIAN', `${errnoWords}, found "-EAGIAN"; did you mean EAGAIN?`],
    ['{errno: [EINVAL, EBUSY]}', '{errno: [EINVAL, EFOO]}', 'EFOO', `${errnoWords}, found "EFOO"; did you mean EIO?`],
    ['vfio-type1: [-EINVAL]', 'vfio-type1: [-EINVAL, EQQQQQQ]', 'EQQQQQQ', `${errnoWords}, found "EQQQQQQ"`],
    ['{errnos: [EINVAL]', '{errnos: [EIVAL]', 'EIVAL', `${errnoWords}, found "EIVAL"; did you mean EINVAL?`],
    [
      'classes: {incompatible: EINVAL}',
      'classes: {incompatibel: EINVAL}',
      'incompatibel',
      'expected a class: incompatible, device, transient-memory, transient-space, busy, other, found "incompatibel"',
    ],
    ['  continue: [EINVAL]', '  apis: {EFOO: ENODEV}', 'EFOO', `${errnoWords}, found "EFOO"`],
    ['type1-nesting: {remove: true}', 'type1-nesting: {}', 'type1-nesting', 'expected what changes of type1-nesting, found nothing'],
    [
      'type1-nesting: {remove: true}',
      'type1-nesting: {remove: true, note: gone}',
      'note: gone',
      'expected remove alone, as type1-nesting goes; found note beside it',
    ],
    [
      'rows: {arm-smmu-v3-foreign-smmu: {errno: EBUSY}}',
      'rows: {arm-smmu-v3-foreign-smmu: {}}',
      'arm-smmu-v3-foreign-smmu',
      'expected what changes of arm-smmu-v3-foreign-smmu, found nothing',
    ],
    ['prints: none', 'prints: loud', 'loud', 'expected none, or a level and a text, found "loud"'],
    [
      'class: transient-memory, before',
      'class: transient-memry, before',
      'transient-memry',
      'expected a class of refusals: incompatible, device, transient-memory, transient-space, busy, other; found "transient-memry"; did you mean transient-memory?',
    ],
    ['when: always', 'when: never', 'never', 'expected always, or a condition, found "never"'],
    ['undo: none', 'undo: never', 'never', 'expected reverse, none, or a list of changes, found "never"'],
    [
      '{has: domain.iommu}, {not',
      '{hs: domain.iommu}, {not',
      'hs: domain',
      `expected a key of a condition (${conditionKeys}), found "hs"; did you mean has?`,
    ],
    ['[domain.type, {value: unmanaged}]', '[domain.type]', '[domain.type]', 'expected two operands, as a list, found fewer'],
    ['[domain.type, {value: unmanaged}]', '[domain.type, 1, 2]', '[domain.type, 1', 'expected two operands, as a list, found more'],
    [
      '[domain.type, {value: unmanaged}]',
      '[domain.type, unmanaged]',
      'unmanaged]',
      'expected an attribute path such as domain.iommu, beginning with device, iommu, domain, group, container, system, mapping or user, found "unmanaged"',
    ],
    ['remove: true', 'remove: false', 'false}\nadd', 'expected true, found false'],
    [
      'kind: check, words',
      'kind: chek, words',
      'chek',
      'expected a kind of row: check, alloc, take, effect, call; found "chek"; did you mean check?',
    ],
    [', refuses: {below: [iommu.agaw, 39]}', '', '{id: mine', 'expected the key refuses in a row of kind check, found none'],
    [
      'errno: 0, refuses',
      'errno: 0, pool: iommu.ids, refuses',
      'pool: iommu.ids',
      'expected a key of a row of kind check (id, kind, words, cite, class, errno, refuses, prints, unreachable, note), found pool',
    ],
    ['enforcesCoherency: false', 'enforcesCoherency: true', 'true, rows', 'expected false, or a condition, found true'],
    ['tries: 2', 'tries: 3', '3, times', 'expected 1 or 2, found 3'],
    ['sticky: false', 'sticky: sometimes', 'sometimes', `${errnoWords}, found "sometimes"`],
    ['  vfio-type1: [-EINVAL]', '  vfio-type1: EINVAL', 'EINVAL\n', 'expected any, or a list of errnos, found "EINVAL"'],
  ])('%s → %s', (written, wrong, part, message) => {
    expect(whole).toContain(written);
    const text = whole.replace(written, wrong);
    const read = () => readOverlay(text, 'mine.yaml');
    expect(read).toThrow(Failure);
    expect(read).toThrow(`mine.yaml:${placeOf(text, part)}: ${message}\n`);
  });

  it.each([
    ['', 'mine.yaml:1:1: expected an overlay, found an empty file'],
    ['from: [', 'mine.yaml:1:8: expected an overlay in YAML or JSON, found an error'],
    ['from\n', 'mine.yaml:1:1: expected an overlay, found "from"'],
    ['from: 6.12.y\nrows: [{id: type1-nesting}]', 'mine.yaml:2:7: expected row ids as keys, found a list'],
    ['from: 6.12.y\ncontinue: [EINVAL]', 'mine.yaml:2:11: expected callers, found a list'],
  ])('%j', (text, message) => {
    expect(() => readOverlay(text, 'mine.yaml')).toThrow(message);
  });
});
