// Input that something damaged or somebody made to hurt: it is a series or refused, and never takes long.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applySeries } from '../../src/lint/patch/applySeries.ts';
import { readSeries } from '../../src/lint/patch/series.ts';
import { patchText } from '../../src/lint/read/patchTexts.ts';
import type { KernelTree } from '../../src/lint/tree.ts';
import { base64, diff, mail, messageOf, one, patchMail, quoted, transfer } from '../support/patches.ts';

const seed = Number(process.env.SEED ?? 20_261_130);
const texts = [
  mail(one),
  patchMail('[PATCH 1/2] iommu: a'),
  mail({ ...one, headers: transfer('base64'), body: base64(one.body) }),
  mail({ ...one, headers: transfer('quoted-printable'), body: quoted(one.body) }),
  diff('c.c'),
];

describe('a mailbox with other bytes in it', () => {
  /** Each character is a byte. */
  const whole = Buffer.from(texts.join('')).toString('latin1');
  const tree: KernelTree = {
    name: 'tree',
    files: ['c.c'],
    read: () => '\tif (taken)\n\t\treturn -EBUSY;\n\treturn 0;\n',
    unread: () => [],
  };
  const byte = fc.nat(255).map((code) => String.fromCharCode(code));
  const telling = fc.constantFrom('\n', '\n@@ -1 +1 @@\n', '-', '+', '=3D', '\0', '--- ', 'From ');
  const edit = fc.record({
    at: fc.nat(whole.length),
    removed: fc.nat(30),
    added: fc.oneof(fc.string({ unit: byte, maxLength: 5 }), telling),
  });

  it('is a series, or refused', () => {
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 8 }), (edits) => {
        const text = edits.reduce((so, { at, removed, added }) => so.slice(0, at) + added + so.slice(at + removed), whole);
        messageOf(() => applySeries(tree, readSeries([patchText('-', Buffer.from(text, 'latin1'))])));
      }),
      { seed, numRuns: 3000 },
    );
  });
});

describe('a text of half a megabyte', () => {
  const many = 300_000;

  it.each([
    ['spaces in a subject', mail({ ...one, subject: `[PATCH] a${' '.repeat(many)}b` })],
    ['tags on a page', `[${'v1 '.repeat(many)}\n${diff('c.c')}`],
    [
      'spaces in quoted-printable',
      mail({ ...one, headers: transfer('quoted-printable'), body: `${' '.repeat(many)}b\n${quoted(one.body)}` }),
    ],
    ['bars in a list of files', ` ${'a | '.repeat(many)}\n 1 file changed\n${diff('c.c')}`],
    ['spaces in a list of files', ` a${' '.repeat(many)}b\n 1 file changed\n${diff('c.c')}`],
    ['damaged hunks', `--- a/c.c\n+++ b/c.c\n${'@@ -1,2 +1,2 @@\nx\n'.repeat(many / 10)}`],
    ['separators', `${'From a Mon Sep 17 00:00:00 2001\nFrom: a\n\n'.repeat(many / 10)}${mail(one)}`],
  ])('of %s is read at once', (_, text) => {
    const start = performance.now();
    expect(readSeries([{ name: 'large', text }]).patches.length).toBe(1);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
