// Scenario texts that are not as they should be: each gets one message with its place, what was expected, and what was found.
import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/core/failure.ts';
import { parseScenario } from '../../src/scenario/load.ts';
import { head, parsed, refusal, script } from './samples.ts';

const machineNames = 'Groups: 5, 11; devices: 0000:00:10.0, 0000:05:01.0, 0000:05:01.1';
const scenarioKeys =
  '$schema, name, title, extends, topology, kernel, caller, script, tasks, order, schedule, before, faults, set, claims, expect';
const twoTasks = 'tasks: [{id: a, script: [attach: 5]}, {id: b, script: [attach: 5, close]}]\n';

const refuses = (rows: readonly (readonly [rest: string, message: string])[]): void => {
  it.each(rows)('%j', (rest, message) => {
    expect(refusal(() => parsed(rest))).toBe(`demo.yaml:${message}`);
  });
};

it('says what to do below the message', () => {
  const attempt = () => parsed('scirpt: []\n');
  expect(attempt).toThrow(Failure);
  expect(attempt).toThrow(/\nCorrect the file at the place named; the JSON Schema in the package lists every key\.$/);
});

describe('a misspelt or missing key', () => {
  refuses([
    ['scirpt: []\n', `9:1: expected a key of a scenario (${scenarioKeys}), found "scirpt"; did you mean script?`],
    [`${script}frobnicate: 1\n`, `13:1: expected a key of a scenario (${scenarioKeys}), found "frobnicate"`],
    [
      'script:\n  - attach: {gruop: 5}\n',
      '10:14: expected a key of the request attach (group, device, page-table, container, with), found "gruop"; did you mean group?',
    ],
    [
      `${script}faults: [{site: x, stikcy: true}]\n`,
      '13:20: expected a key of a fault by site (site, nth, task, request, device, domain, sticky), found "stikcy"; did you mean sticky?',
    ],
    [
      `${script}claims:\n  - allways: domains(c0) <= 1\n`,
      '14:5: expected a key of a claim (always, sometimes, at-end), found "allways"; did you mean always?',
    ],
    [
      `${script}set: {iommu/dmar0: {domainIdFree: 1}}\n`,
      '13:21: expected an attribute of iommu/dmar0, found domainIdFree; did you mean domainIdsFree? Known: domainIdsFree',
    ],
    [`${script}faults: [{request: 3}]\n`, '13:10: expected the key "nth" in a fault by count, found request'],
    ['script:\n  - map: {iova: 4K}\n', '10:10: expected the key "size" in the request map, found iova'],
    ['', '1:1: expected either script or tasks, found neither'],
    ['tasks: []\n', '9:8: expected at least one task, found none'],
    [`${script}tasks: []\n`, '13:1: expected either script or tasks, found both'],
  ]);
});

describe('a request that is none', () => {
  refuses([
    ['script: 5\n', '9:9: expected a list of requests, found 5'],
    ['script:\n  - attach\n', '10:5: expected attach with what it is about, e.g. `- attach: 5`, found nothing behind it'],
    ['script:\n  - {}\n', '10:5: expected a request with one key, found none'],
    ['script:\n  - {attach: 5, map: 4K}\n', '10:5: expected a request with one key, found attach, map'],
    ['script:\n  - [attach, 5]\n', '10:6: expected a request, found a list'],
    ['script:\n  - attach: [5]\n', '10:14: expected the request attach, found a list'],
    ['script:\n  - attach: {}\n', '10:13: expected either group or device for attach, found neither'],
    ['script:\n  - attach: {group: 5, device: x}\n', '10:13: expected either group or device for attach, found both'],
    ['script:\n  - close: 5\n', '10:12: expected the request close without a value, or with keys, found 5'],
    ['script:\n  - attach: {group: 5, with: {badPointer: [1]}}\n', '10:43: expected a text, a number, true or false, found a list'],
  ]);

  it('is told from a misspelt one', () => {
    expect(refusal(() => parsed('script:\n  - atach: 5\n'))).toMatch(
      /^demo.yaml:10:5: expected a key of a request \(attach, detach, .*\), found "atach"; did you mean attach\?$/,
    );
    expect(refusal(() => parsed('script:\n  - cloze\n'))).toMatch(
      /^demo.yaml:10:5: expected a request \(attach, detach, .*\), found "cloze"; did you mean close\?$/,
    );
  });
});

describe('a name that is not there', () => {
  refuses([
    ['script:\n  - attach: 55\n', `10:13: expected a group or a device of topology demo, found 55; did you mean 5? ${machineNames}`],
    [
      'script:\n  - attach: no-such-device\n',
      `10:13: expected a group or a device of topology demo, found no-such-device; ${machineNames.replace('G', 'g')}`,
    ],
    ['script:\n  - attach: {group: 0000:05:01.0}\n', '10:21: expected a group of topology demo, found 0000:05:01.0; groups: 5, 11'],
    [
      'script:\n  - unplug: 0000:05:01.2\n',
      '10:13: expected a device of topology demo, found 0000:05:01.2; did you mean 0000:05:01.0? Devices: 0000:00:10.0, 0000:05:01.0, 0000:05:01.1',
    ],
    ['script:\n  - kill: t1\n', '10:11: expected a task of the scenario, found t1; did you mean t0? Known: t0'],
    ['script:\n  - attach: {group: 5, page-table: p0}\n', '10:5: expected a page table that make-page-table makes, found p0; known: none'],
    [
      'tasks:\n  - {id: t0, caller: vfio-typ1, script: []}\n',
      '10:22: expected the name of a caller, or a path such as ./mine, found vfio-typ1; did you mean vfio-type1? Known: vfio-type1, iommufd-auto, iommufd-hwpt',
    ],
    [`${script}order: [t1]\n`, '13:9: expected a task of the scenario, found t1; did you mean t0? Known: t0'],
    [`${script}faults: [{request: 3, nth: 1, task: t1}]\n`, '13:37: expected a task of the scenario, found t1; did you mean t0? Known: t0'],
    [
      `${script}faults: [{site: domain_atach_iommu}]\n`,
      '13:17: expected an allocation site, found domain_atach_iommu; did you mean domain_attach_iommu? Known: domain_attach_iommu',
    ],
    [
      `${script}faults: [{api: pm-resume, errno: EIO}]\n`,
      '13:16: expected a kernel API or a row, found pm-resume; known: pm-runtime-resume',
    ],
    [
      `${script}faults: [{api: pm-runtime-resume, errno: EIO, on: dmar1}]\n`,
      '13:51: expected an instance or device of the topology, found dmar1; did you mean dmar0? Known: dmar0, 0000:00:10.0, 0000:05:01.0, 0000:05:01.1',
    ],
    [`${twoTasks}faults: [{request: 1, nth: 1}]\n`, '10:10: expected the key task: one of a, b; found none'],
    [
      `${script}set: {group/7: {}}\n`,
      '13:7: expected a part of topology demo, found group/7; did you mean group/5? Known: system, iommu/dmar0, group/5, group/11, device/0000:00:10.0, device/0000:05:01.0, device/0000:05:01.1',
    ],
    [`${script}set: {dmar0: {}}\n`, '13:7: expected system, iommu/NAME, device/ADDRESS or group/NUMBER, found "dmar0"'],
    [
      `${script}claims: [duplicate-domian]\n`,
      '13:10: expected a detector, found duplicate-domian; did you mean duplicate-domain? Known: duplicate-domain, group-split',
    ],
    [`${script}claims:\n  - {detector: nope}\n`, '14:16: expected a detector, found nope; known: duplicate-domain, group-split'],
    [
      `${script}expect: [{kernel: 6.13.y}]\n`,
      '13:19: expected the name of a kernel, or a path such as ./mine, found 6.13.y; did you mean 6.1.y? Known: 6.1.y, 6.1.y+seed-v6, 6.12.y',
    ],
    [`${script}expect: [{findings: [split]}]\n`, '13:22: expected a detector, found split; known: duplicate-domain, group-split'],
  ]);
});

describe('a mistake in a claim', () => {
  refuses([
    [`${script}claims:\n  - always: domains(c0) <= 1 and\n`, '14:30: expected the end of the claim, found and'],
    [
      `${script}claims:\n  - always: "domans(c0) <= 1"\n`,
      '14:14: expected a reading, found domans; did you mean domains? Known: domain, domains, ids, stuck',
    ],
    [
      `${script}claims:\n  - sometimes: 'domain(g5) == domain(g7)'\n`,
      '14:38: expected a group of topology demo, found 7; did you mean 5? Groups: 5, 11',
    ],
    [
      `${script}claims:\n  - at-end: >\n      domain(g7) ==\n      domain(g5)\n`,
      '14:13: expected a group of topology demo, found 7; did you mean 5? Groups: 5, 11',
    ],
    [
      `${script}claims:\n  - {always: domains(c0) <= 1, sometimes: domains(c0) > 1}\n`,
      '14:5: expected a claim with one key, found always, sometimes',
    ],
  ]);
});

describe('a duplicate', () => {
  refuses([
    [
      'tasks:\n  - {id: t0, script: []}\n  - {id: t0, script: []}\n',
      '11:10: expected each task once, found t0 again; it is first in line 10',
    ],
    [`${script}order: [t0, t0]\n`, '13:13: expected each task once, found t0 again; it is first in line 13'],
    [`${script}name: again\n`, '13:1: expected a scenario in YAML or JSON, found a key for the second time'],
    [
      'script:\n  - &make {make-page-table: {name: p0, device: 0000:00:10.0}}\n  - *make\n',
      '11:5: expected a new name for a page table, found p0 again',
    ],
  ]);
});

describe('a value out of range or of the wrong kind', () => {
  refuses([
    [`${script}faults: [{request: 4, nth: 1}]\n`, '13:20: expected a request of the script of t0, from 1 to 3, found 4'],
    [`${twoTasks}faults: [{site: domain_attach_iommu, request: 3}]\n`, '10:47: expected a request of the script, from 1 to 2, found 3'],
    [`script: []\nfaults: [{request: 1, nth: 1}]\n`, '10:20: expected a request of the script of t0, which has none, found 1'],
    [`${script}faults: [{request: 3, nth: 0}]\n`, '13:28: expected a number from 1, found 0'],
    [`${script}faults: [{request: 3, nth: 2.5}]\n`, '13:28: expected a number from 1, found 2.5'],
    [`${script}faults: [{api: pm-runtime-resume, errno: 22}]\n`, '13:42: expected an errno such as EINVAL, found 22'],
    ['script:\n  - map: 64KB\n', '10:10: expected a size, found "64KB"'],
    ['script:\n  - map: -1\n', '10:10: expected a size, found -1'],
    ['script:\n  - map: 0\n', '10:10: expected at least one byte below 2^64, found 0x1000000 with a size of 0'],
    [
      'script:\n  - map: {iova: 0xfffffffffffff000, size: 64K}\n',
      '10:43: expected at least one byte below 2^64, found 0xfffffffffffff000 with a size of 65536',
    ],
    ['script:\n  - unmap\n', '10:5: expected a mapping to undo, found none; name iova and size'],
    ['script:\n  - unmap: 0x2000\n', '10:12: expected a mapping at 0x2000, found none; name iova and size'],
    ['tasks:\n  - {id: t.0, script: []}\n', '10:10: expected the name of a task, found "t.0"'],
    [
      `${script}set: {iommu/dmar0: {domainIdsFree: [1]}}\n`,
      '13:36: expected a text, a number, true, false, null, or numbers by name, found a list',
    ],
    [
      `${script}set: {iommu/dmar0: {domainIdsFree: .inf}}\n`,
      '13:36: expected a text, a number, true, false, null, or numbers by name, found a number without end',
    ],
    [`${script}expect: [{domains: -1}]\n`, '13:20: expected a number of domains, from 0, found -1'],
    [`${script}expect: [{result: enomem}]\n`, '13:19: expected ok, an errno such as ENOMEM, killed, n/a, NULL or oops, found "enomem"'],
  ]);
});

describe('a text that is damaged', () => {
  it.each([
    ['', '1:1: expected a scenario, found an empty file'],
    ['# nothing\n', '1:1: expected a scenario, found an empty file'],
    ['---\nnull\n', '1:1: expected a scenario, found an empty file'],
    ['[]\n', '1:1: expected a scenario, found a list'],
    [head.replace('6.12.y', '6.10'), '2:9: expected the name of a kernel such as 6.12.y, as text, found 6.1'],
    [`${head}title: "abc\n`, '10:1: expected a scenario in YAML or JSON, found an error: Missing closing "quote'],
    [`${head}\ttitle: x\n`, '9:1: expected a scenario in YAML or JSON, found an error: Tabs are not allowed as indentation'],
    [`${head}---\n`, '9:1: expected a scenario in YAML or JSON, found a second document'],
    [`${head}title: !secret x\n`, '9:8: expected a scenario in YAML or JSON, found an error: Unresolved tag: !secret'],
    [`${head}__proto__: 1\n`, '9:1: expected a word as key, found the reserved word __proto__'],
    [`${head}? [a]\n: 1\n`, '9:3: expected a word as key, found a collection'],
    [
      `${head}title: *x\n`,
      '9:8: expected a scenario, found YAML that cannot be read: Unresolved alias (the anchor must be set before the alias): x',
    ],
  ])('%j', (text, message) => {
    expect(refusal(() => parseScenario(text, 'demo.yaml'))).toBe(`demo.yaml:${message}`);
  });

  it('or nested beyond reason', () => {
    const deep = '['.repeat(20_000) + ']'.repeat(20_000);
    expect(refusal(() => parseScenario(deep, 'demo.yaml'))).toMatch(
      /^demo.yaml:1:\d+: expected a scenario in YAML or JSON, found nesting that is too deep$/,
    );
    const line = (name: string, of: string): string => `${name}: &${name} [${Array(9).fill(of).join(', ')}]\n`;
    const laughs = line('a', '1') + line('b', '*a') + line('c', '*b') + line('d', '*c');
    expect(refusal(() => parseScenario(laughs, 'demo.yaml'))).toMatch(
      /^demo.yaml:2:8: expected a scenario, found YAML that cannot be read: Excessive alias count/,
    );
  });
});
