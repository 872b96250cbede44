// Errnos by name and number, and the continue rule that the command line and forks read alike.
import { describe, expect, it } from 'vitest';
import { errnoNames, errnoNumbered, parseRule } from '../../src/core/errnos.ts';
import { columns } from '../../src/core/rows.ts';
import { basisOf, contractTable } from '../../src/kernels/build.ts';
import { buildIndex } from '../../src/kernels/index.ts';

describe('the errnos', () => {
  it.each([
    [1, 'EPERM'],
    [17, 'EEXIST'],
    [18, 'EXDEV'],
    [22, 'EINVAL'],
    [34, 'ERANGE'],
    [35, 'EDEADLK'],
    [40, 'ELOOP'],
    [41, undefined],
    [42, 'ENOMSG'],
    [58, undefined],
    [59, 'EBFONT'],
    [66, 'EREMOTE'],
    [80, 'ELIBBAD'],
    [92, 'ENOPROTOOPT'],
    [95, 'EOPNOTSUPP'],
    [100, 'ENETDOWN'],
    [110, 'ETIMEDOUT'],
    [121, 'EREMOTEIO'],
    [124, 'EMEDIUMTYPE'],
    [131, 'ENOTRECOVERABLE'],
    [133, 'EHWPOISON'],
    [134, undefined],
    [517, 'EPROBE_DEFER'],
    [524, 'ENOTSUPP'],
    [531, 'ENOGRACE'],
    [0, undefined],
  ])('%i is %s', (number, name) => {
    expect(errnoNumbered(number)).toBe(name);
  });

  it('have every name that rows and contracts have, each once', () => {
    const ofRows = buildIndex(basisOf('6.12.y')).flatMap((entry) => columns.flatMap((column) => entry.columns[column]?.errno ?? []));
    const ofContracts = [...contractTable.values()].flatMap(({ classes, scan, apis }) => [
      ...Object.values(classes),
      ...(scan === 'any' || scan === null ? [] : scan),
      ...Object.entries(apis).flat(),
    ]);
    const missing = new Set([...ofRows, ...ofContracts].filter((name) => !errnoNames.includes(name)));
    expect([...missing]).toEqual(['EMEDIUMTYPE->next']);
    expect(new Set(errnoNames).size).toBe(errnoNames.length);
  });
});

describe('a continue rule', () => {
  it.each([
    ['any', 'any'],
    ['EINVAL', ['EINVAL']],
    ['-einval, Enomem', ['EINVAL', 'ENOMEM']],
    ['einval:domain', ['EINVAL:domain']],
  ])('%s', (text, rule) => {
    expect(parseRule(text, 'x')).toEqual(rule);
  });

  it.each([
    ['', 'x takes any, or errnos such as EINVAL,ENOMEM; found ""'],
    ['EINVAL,', 'x takes any, or errnos such as EINVAL,ENOMEM; found "EINVAL,"'],
    ['EINVAL,EBUSI', 'x takes any, or errnos such as EINVAL,ENOMEM; found "EINVAL,EBUSI"; did you mean EBUSY?'],
    ['any,EINVAL', 'x takes any, or errnos such as EINVAL,ENOMEM; found "any,EINVAL"'],
    ['NULL', 'x takes any, or errnos such as EINVAL,ENOMEM; found "NULL"'],
    ['22', 'x takes any, or errnos such as EINVAL,ENOMEM; found "22"'],
  ])('%j is refused', (text, message) => {
    expect(() => parseRule(text, 'x')).toThrow(`${message}\n`);
  });
});
