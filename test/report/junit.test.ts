// JUnit XML of a suite is well-formed, by a strict reader; its counts are those of its elements; whatever names and reasons hold.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { command } from '../../src/cli/commands/suite.ts';
import { printJunit } from '../../src/report/junit.ts';
import { called } from '../support/called.ts';
import { brokenFile, openSuite } from '../support/suiteFolder.ts';
import { anyEntries } from '../support/suites.ts';
import { type Element, readXml } from '../support/xml.ts';

const patience = { timeout: 60_000 };
const { folder } = openSuite('junit');
const seed = 38;

const inside = (element: Element, name: string): Element[] => [
  ...element.children.filter((child) => child.name === name),
  ...element.children.flatMap((child) => inside(child, name)),
];

const counted = (element: Element): Record<string, string> => ({
  tests: String(inside(element, 'testcase').length),
  failures: String(inside(element, 'failure').length),
  errors: String(inside(element, 'error').length),
});

/** The counts that an element and each suite in it should have, beside those that they have. */
const demandCounts = (root: Element): void => {
  expect(root.attributes).toMatchObject(counted(root));
  for (const suite of root.children)
    expect(suite.attributes).toMatchObject({ ...counted(suite), skipped: String(inside(suite, 'skipped').length) });
};

/** What XML cannot hold becomes the replacement character. */
const held = (text: string): string =>
  text.toWellFormed().replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\u{FFFD}');

describe('a suite as JUnit XML', () => {
  it("is the project's scenarios, each with its cells", patience, async () => {
    const { out, code } = await called(command, ['scenarios', '--format', 'junit']);
    const root = readXml(out);
    demandCounts(root);
    expect([code, root.name, root.attributes]).toEqual([0, 'testsuites', { name: 'scenarios', tests: '432', failures: '0', errors: '0' }]);
    expect([root.children.length, inside(root, 'skipped').length]).toEqual([39, 150]);
  });

  it('tells differences from tests without a verdict', patience, async () => {
    const { out, code } = await called(command, [folder, '--kernel', '6.1.y', '6.12.y', '--format', 'junit']);
    const root = readXml(out);
    demandCounts(root);
    expect([code, root.attributes.failures, root.attributes.errors]).toEqual([1, '3', '2']);
    expect(inside(root, 'error').map(({ attributes }) => attributes.type)).toEqual(['does not load', 'inconclusive']);
    const wrong = root.children.at(-1)!;
    expect(root.children[0]!.attributes.name).toBe(brokenFile);
    expect(inside(wrong, 'failure').map(({ text }) => text)).toEqual(
      ['6.1.y', '6.12.y'].map(() => 'expected results ok, ok, ENOMEM, found ok, ok, ok\nexpected 2 domains, found 1'),
    );
    expect(inside(wrong, 'skipped').map(({ attributes }) => attributes.message)).toEqual(['iommufd was merged in v6.2']);
  });

  it(`reads back with its names, whatever its words are (seed ${seed})`, () => {
    fc.assert(
      fc.property(anyEntries, (entries) => {
        const root = readXml(`${printJunit('x', entries)}\n`);
        demandCounts(root);
        expect(root.children.map(({ attributes }) => attributes.name)).toEqual(entries.map(({ name }) => held(name)));
        const names = entries.flatMap(({ failure, tests }) =>
          failure === null ? tests.map(({ kernel, caller }) => held(`${caller} on ${kernel}`)) : ['loads'],
        );
        expect(inside(root, 'testcase').map(({ attributes }) => attributes.name)).toEqual(names);
        const reasons = entries.flatMap(({ tests }) =>
          tests.flatMap((test) => (test.outcome === 'skipped' ? [held(test.reasons[0]!)] : [])),
        );
        expect(inside(root, 'skipped').map(({ attributes }) => attributes.message)).toEqual(reasons);
      }),
      { seed, numRuns: 300 },
    );
  });
});

describe('the strict reader', () => {
  const declared = '<?xml version="1.0" encoding="UTF-8"?>\n';
  it.each([
    '<a/>',
    `${declared}<a>`,
    `${declared}<a></b>`,
    `${declared}<a/><b/>`,
    `${declared}<a/>text`,
    `${declared}<a b="1" b="2"/>`,
    `${declared}<a b="<"/>`,
    `${declared}<a b=1/>`,
    `${declared}<a>&</a>`,
    `${declared}<a>&nbsp;</a>`,
    `${declared}<a>&#0;</a>`,
    `${declared}<a>\u0001</a>`,
    `${declared}<a>]]></a>`,
    `${declared}<a b="1"c="2"/>`,
  ])('refuses %j', (text) => {
    expect(() => readXml(text)).toThrow();
  });
});
