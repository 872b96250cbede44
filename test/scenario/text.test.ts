// Scripts on one line, as the command line takes them.
import { describe, expect, it } from 'vitest';
import type { Request } from '../../src/core/scenario.ts';
import { parseScript } from '../../src/scenario/text.ts';
import { parsed, refusal, script, withoutPlaces } from './samples.ts';

const { topology } = parsed(script);
const requests = (text: string): Request[] => withoutPlaces(parseScript(text, topology));

const mapTakes = 'expected behind map a size, `SIZE at ADDRESS`, iova=, size=, container=, or a flag by name';

describe('a script on one line', () => {
  it('is the same as in a file', () => {
    expect(requests('attach 5; map 64K; attach 11')).toEqual(withoutPlaces(parsed(script).tasks[0]!.requests));
  });

  it('keeps the place of each request', () => {
    const places = parseScript('attach 5;map 64K;\n  close;; ', topology).map(
      ({ place }) => `${place!.file}:${place!.line}:${place!.column}`,
    );
    expect(places).toEqual(['script:1:1', 'script:1:10', 'script:2:3']);
  });

  it.each<[string, Request[]]>([
    ['attach 0000:05:01.0', [{ verb: 'attach', target: '0000:05:01.0' }]],
    ['attach 5 badPointer most=2 kind=a', [{ verb: 'attach', target: '5', options: { badPointer: true, most: 2, kind: 'a' } }]],
    [
      'attach 0000:05:01.0 page-table=c0.p0 container=c1',
      [{ verb: 'attach', target: '0000:05:01.0', pageTable: 'c0.p0', container: 'c1' }],
    ],
    ['attach group=5 badPointer=false', [{ verb: 'attach', target: '5', options: { badPointer: false } }]],
    ['map size=4K iova=0x2000', [{ verb: 'map', target: null, iova: 0x2000, size: 4096 }]],
    [
      'map 4K iova=0x2000; unmap; set-iommu',
      [
        { verb: 'map', target: null, iova: 0x2000, size: 4096 },
        { verb: 'unmap', target: null, iova: 0x2000, size: 4096 },
        { verb: 'set-iommu', target: null },
      ],
    ],
    [
      'map 64K at 0x2000000; map size=4K at 16M badPointer; unmap 64K at 0x2000000; unmap at 0x1000000',
      [
        { verb: 'map', target: null, iova: 0x2000000, size: 65536 },
        { verb: 'map', target: null, iova: 0x1000000, size: 4096, options: { badPointer: true } },
        { verb: 'unmap', target: null, iova: 0x2000000, size: 65536 },
        { verb: 'unmap', target: null, iova: 0x1000000, size: 4096 },
      ],
    ],
    [
      'make-page-table name=p0 device=0000:00:10.0 nested; destroy-page-table p0',
      [
        { verb: 'make-page-table', target: '0000:00:10.0', pageTable: 'p0', options: { nested: true } },
        { verb: 'destroy-page-table', target: null, pageTable: 'p0' },
      ],
    ],
  ])('%s', (text, expected) => {
    expect(requests(text)).toEqual(expected);
  });

  it('without a topology takes any target: a number is a group', () => {
    expect(withoutPlaces(parseScript('attach 99 x; attach a.b x'))).toEqual([
      { verb: 'attach', target: '99', options: { x: true } },
      { verb: 'attach', target: 'a.b', options: { x: true } },
    ]);
  });

  it.each([
    ['', 'script:1:1: expected a script such as `attach 5; map 64K`, found nothing'],
    [' ; ', 'script:1:1: expected a script such as `attach 5; map 64K`, found nothing'],
    [
      'attach 55',
      'script:1:8: expected a group or a device of topology demo, found 55; did you mean 5? Groups: 5, 11; devices: 0000:00:10.0, 0000:05:01.0, 0000:05:01.1',
    ],
    ['attach 5; map', 'script:1:11: expected map with what it is about, e.g. `map 64K`, found nothing behind it'],
    ['attach 5; map 64KB', 'script:1:15: expected a size, found "64KB"'],
    ['map 4K iova=12Q', 'script:1:13: expected an address, found "12Q"'],
    ['map 4K at', 'script:1:8: expected an address behind at, found nothing'],
    ['map 4K at 12Q', 'script:1:11: expected an address, found "12Q"'],
    ['map 4KB at 0x1000', 'script:1:5: expected a size, found "4KB"'],
    ['map 4K 0x1000', `script:1:8: ${mapTakes}, found 0x1000`],
    ['map 4K iov=0x1000', `script:1:8: ${mapTakes}, found iov=0x1000; did you mean iova?`],
    [
      'attach 5 11',
      'script:1:10: expected behind attach a group or a device, group=, device=, page-table=, container=, or a flag by name, found 11',
    ],
    ['kill t1', 'script:1:6: expected a task of the scenario, found t1; did you mean t0? Known: t0'],
    ['unmap 0x1000', 'script:1:7: expected a mapping at 0x1000, found none; name iova and size'],
    ['attach 5 page-table=p0', 'script:1:1: expected a page table that make-page-table makes, found p0; known: none'],
  ])('%j is refused', (text, message) => {
    expect(refusal(() => parseScript(text, topology))).toBe(message);
  });

  it('with a misspelt verb is refused with the nearest', () => {
    expect(refusal(() => parseScript('attach 5; mpa 64K', topology))).toMatch(
      /^script:1:11: expected a request, found mpa; did you mean map\? Known: attach, /,
    );
  });
});
