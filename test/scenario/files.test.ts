// Files that cannot be read: missing, too long, not text, naming what is not there, or naming each other in a circle.
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadScenario, loadTopology } from '../../src/scenario/load.ts';
import { refusal } from './samples.ts';

const folder = mkdtempSync(join(tmpdir(), 'attachlab-refused-'));
afterAll(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string | Uint8Array): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

/** The message without the folder, which differs from run to run. */
const refusedFile = (file: string): string => refusal(() => loadScenario(file)).replaceAll(`${folder}/`, '');
const rest = 'kernel: 6.12.y\ncaller: vfio-type1\nscript: []\n';

describe('a scenario file', () => {
  it('of 100 MB is refused unread, with the limit', () => {
    const file = write('large.yaml', '');
    truncateSync(file, 100 * 1024 * 1024);
    expect(refusedFile(file)).toBe('large.yaml: expected a scenario of at most 16 MB, found 100 MB');
  });

  it('without an end is refused after the limit', () => {
    expect(refusal(() => loadScenario('/dev/zero'))).toBe('/dev/zero: expected a scenario of at most 16 MB, found more');
  });

  it('of no bytes is refused', () => {
    expect(refusedFile(write('empty.yaml', ''))).toBe('empty.yaml:1:1: expected a scenario, found an empty file');
  });

  it.each([
    [
      'a byte that no character has',
      [0x6e, 0x3a, 0x20, 0xc3, 0xa4, 0x0a, 0x61, 0xc3, 0xa4, 0xff, 0x0a],
      '2:3: expected text in UTF-8, found the byte 0xff',
    ],
    ['half a character within a line', [0x61, 0xc3, 0x0a, 0x62], '1:2: expected text in UTF-8, found a character that is cut off'],
    ['half a character before another', [0xc3, 0x41], '1:1: expected text in UTF-8, found a character that is cut off'],
    ['half a character at the end', [0x61, 0x0a, 0xe2, 0x82], '2:1: expected text in UTF-8, found a character that is cut off'],
  ])('with %s is refused at its place', (_, bytes, message) => {
    expect(refusedFile(write('bytes.yaml', Uint8Array.from(bytes)))).toBe(`bytes.yaml:${message}`);
  });

  it('may begin with a byte order mark and end its lines as others do', () => {
    const text = `\uFEFFname: bom\r\ntopology: {groups: []}\r\n${rest.replaceAll('\n', '\r\n')}`;
    expect(loadScenario(write('bom.yaml', text)).name).toBe('bom');
  });

  it('that is not there, or a folder, is refused with the nearest name', () => {
    write('demo.yaml', rest);
    expect(refusedFile(join(folder, 'dmeo.yaml'))).toBe(
      'dmeo.yaml: expected a scenario in a file, found no file dmeo.yaml; did you mean demo.yaml?',
    );
    expect(refusedFile(folder).replace(folder, '')).toMatch(/^: expected a scenario in a file, found .*EISDIR/);
  });
});

describe('a reference', () => {
  it.each([
    ['machine.yaml', 'no file machine.yaml'],
    ['demos.yaml', 'no file demos.yaml; did you mean demo.yaml?'],
    ['{snapshot: none.txt}', 'no file none.txt'],
  ])('to a missing topology %s is refused where it is named', (given, found) => {
    write('demo.yaml', rest);
    const column = given.startsWith('{') ? 22 : 11;
    expect(refusedFile(write('a.yaml', `name: a\ntopology: ${given}\n${rest}`))).toBe(
      `a.yaml:2:${column}: expected a topology in a file, found ${found}`,
    );
  });

  it('to a snapshot is refused where none can be imported', () => {
    write('machine.txt', '');
    expect(refusedFile(write('a.yaml', `name: a\ntopology: machine.txt\n${rest}`))).toBe(
      'a.yaml:2:11: expected a topology in YAML or JSON, found machine.txt: snapshots cannot be imported here',
    );
  });

  it('to a missing base is refused where it is named', () => {
    expect(refusedFile(write('a.yaml', 'name: a\nextends: nowhere/b.yaml\n'))).toBe(
      'a.yaml:2:10: expected a scenario in a file, found no file nowhere/b.yaml',
    );
  });

  it('back to itself is refused with the chain', () => {
    write('b.yaml', `\nextends: c.yaml\n${rest}`);
    write('c.yaml', 'extends: ./a.yaml\n');
    expect(refusedFile(write('a.yaml', 'extends: b.yaml\n'))).toBe(
      'c.yaml:1:10: expected extends to come to an end, found a circle: a.yaml -> b.yaml -> c.yaml -> a.yaml',
    );
    expect(refusedFile(write('self.yaml', 'extends: self.yaml\n'))).toBe(
      'self.yaml:1:10: expected extends to come to an end, found a circle: self.yaml -> self.yaml',
    );
  });

  it('to a topology that is a scenario is refused in that file', () => {
    write('scenario.yaml', `name: a\ngroups: []\n${rest}`);
    expect(refusedFile(write('a.yaml', `name: a\ntopology: scenario.yaml\n${rest}`))).toBe(
      'scenario.yaml:4:1: expected a key of a topology ($schema, name, source, kernel, system, iommus, groups), found "caller"',
    );
  });

  it('leads each mistake to the file that makes it', () => {
    write(
      'base.yaml',
      'name: base\ntopology: {groups: [{id: 1, devices: [a]}]}\nkernel: 6.12.y\ncaller: vfio-type1\nset: {system: {a: .nan}, group/1: {}}\n',
    );
    const child = (text: string): string => refusedFile(write('child.yaml', `extends: base.yaml\n${text}`));
    expect(child('script: [attach: 1]\n')).toMatch(/^base.yaml:5:19: /);
    expect(child('script: [attach: 1]\nset: {system: {a: 1}, group/2: {}}\n')).toMatch(
      /^child.yaml:3:23: expected a part of topology base/,
    );
    expect(child('set: {system: {a: 1}}\n')).toMatch(/^child.yaml:1:1: expected either script or tasks, found neither/);
  });
});

describe('a topology file', () => {
  const load = (text: string): string => {
    const file = write('machine.yaml', text);
    return refusal(() => loadTopology(file, { drivers: ['intel', 'arm-smmu-v3'] })).replaceAll(`${folder}/`, '');
  };
  const two = 'iommus: [{id: dmar0, driver: intel}, {id: dmar1, driver: intel}]\n';

  it.each([
    ['', '1:1: expected a topology, found an empty file'],
    ['iommus: []\n', '1:1: expected the key "groups" in a topology, found iommus'],
    [
      'iommus: [{id: a, driver: intle}]\ngroups: []\n',
      '1:26: expected a driver of the model, found intle; did you mean intel? Known: intel, arm-smmu-v3',
    ],
    [`${two}groups:\n  - {id: 1, devices: [a]}\n`, '3:23: expected the key iommu: one of dmar0, dmar1, or null; found none'],
    [
      `${two}groups:\n  - {id: 1, devices: [{id: a, iommu: dmar2}]}\n`,
      '3:38: expected an IOMMU instance of the topology, or null, found dmar2; did you mean dmar0? Known: dmar0, dmar1',
    ],
    [
      'iommus: [{id: a, driver: intel}, {id: a, driver: intel}]\ngroups: []\n',
      '1:39: expected each IOMMU instance once, found a again; it is first in line 1',
    ],
    [
      'groups:\n  - {id: 1, devices: []}\n  - {id: "1", devices: []}\n',
      '3:10: expected each group once, found 1 again; it is first in line 2',
    ],
    [
      'groups:\n  - {id: 1, devices: [a]}\n  - {id: 2, devices: [b, {id: a}]}\n',
      '3:31: expected each device once, found a again; it is first in line 2',
    ],
    [
      'groups: [{id: 1, devices: [], regions: [{start: 2, end: 1, type: msi}]}]\n',
      '1:41: expected a range of 64-bit addresses, first one first, found 0x2 to 0x1',
    ],
    [
      'groups: [{id: 1, devices: [], regions: [{start: 0, end: 1, type: msy}]}]\n',
      '1:66: expected a type of region: msi, direct, direct-relaxable, reserved; found "msy"; did you mean msi?',
    ],
    ['groups: [{id: one group, devices: []}]\n', '1:15: expected the number of a group, found "one group"'],
    ['kernel: 6.1\ngroups: []\n', '1:9: expected a release such as "6.12.117", in quotes, found 6.1'],
  ])('%j', (text, message) => {
    expect(load(text)).toBe(`machine.yaml:${message}`);
  });
});
