// The program and scripts of a reproduction: the text that was tried in guests, what the guests said, and that gcc takes every program.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { command } from '../../src/cli/commands/repro.ts';
import type { Reproduction } from '../../src/core/reproduction.ts';
import { pieces, printReproduction } from '../../src/report/repro.ts';
import { called } from '../support/called.ts';
import { alternating, fromFile, oneTask, reproduced, site, twoTasks } from './reproductions.ts';

const tried = (name: string): string => readFileSync(`test/recordings/repro/${name}`, 'utf8');
const trace = gunzipSync(readFileSync('test/recordings/repro/trace.txt.gz')).toString();
const headline = 'scenarios/enomem-duplicate-domain.yaml';

const candidate = site('domain_attach_iommu', { domain: 'c0.d0', request: 2 });
const twoLoops = oneTask('attach 5; map 64K; attach 11', [site('intel_iommu_get_resv_regions', { request: 0 }), candidate]);

describe('what was tried in a guest', () => {
  it.each([
    ['program', 'repro.c'],
    ['setup', 'setup.sh'],
    ['filter', 'filter.sh'],
    ['count', 'count.awk'],
    ['run', 'run.sh'],
  ])('%s is what the command prints now', async (part, file) => {
    expect(await called(command, [headline, '--part', part])).toEqual({ out: tried(file), code: 0 });
  });

  const counts = (text: string): string[] => text.split('\n').filter((line) => /^n=\d/.test(line));
  it.each([
    ['6.12, second group', () => fromFile('enomem-duplicate-domain'), 'run.txt', '0, hit in domain_attach_iommu(): domains 2'],
    ['6.1, second group', () => fromFile('enomem-duplicate-domain', { kernel: '6.1.y' }), 'linux-6.1-n24.txt', '0, hit: domains 2'],
    [
      '6.12, iommufd',
      () => fromFile('enomem-duplicate-domain', { caller: 'iommufd-auto' }),
      'iommufd.txt',
      '-12 Cannot allocate memory, hit in domain_attach_iommu(): domains 1',
    ],
    [
      '6.12, third device of a group',
      () => fromFile('group-of-three'),
      'group-of-three.txt',
      '-12 Cannot allocate memory, hit in domain_attach_iommu(): domains 1',
    ],
    [
      '6.12, second of two tasks',
      () => reproduced(twoTasks([site('domain_attach_iommu', { task: 't1', domain: 'c1.d0', request: 2 })])),
      'two-tasks.txt',
      '0, hit in domain_attach_iommu(): domains 3',
    ],
    ['6.12, one in each of two calls', () => reproduced(twoLoops), 'two-loops.txt', '0, hit in domain_attach_iommu(): domains 2'],
    [
      '6.1, way back to blocking',
      () =>
        reproduced(oneTask('attach 5; map 64K; attach 11', [site('domain_attach_iommu', { domain: 'g11.blocking', request: 2, nth: 5 })]), {
          kernel: '6.1.y',
        }),
      'linux-6.1-n22.txt',
      '-16 Device or resource busy, hit: domains 1',
    ],
  ])("the model's n is the kernel's: %s", (_, of, file, line) => {
    const n = of().failures.map((failure) => failure.n);
    expect(counts(tried(file)).filter((text) => text.startsWith(`n=${n.join(',')} `))).toEqual([`n=${n.join(',')} ${line}`]);
  });

  it('the loop ended where no allocation was left', () => {
    expect(counts(tried('run.txt'))).toHaveLength(26);
    expect(counts(tried('run.txt')).at(-1)).toBe('n=26 0, not reached: domains 1');
  });

  it('the filter counts in one function only', () => {
    const lines = counts(tried('filtered.txt'));
    expect(lines.slice(0, -1).filter((line) => !line.includes(' in domain_attach_iommu(): '))).toEqual([]);
    expect(lines.map((line) => line.at(-1)).join('')).toBe('1112221');
  });
});

const between = (start: string, end: string): string[] => {
  const lines = trace.split('\n');
  const from = lines.findIndex((line) => line.endsWith(start));
  return lines.slice(
    from,
    lines.findIndex((line) => line.endsWith(end)),
  );
};

describe('the recording', () => {
  const domainsAt = (n: number): string[] => {
    const attached = new Map<string, string>();
    let tried: [string, string] | null = null;
    for (const line of between(`repro n=${n} begin`, `repro n=${n} end`)) {
      const entered = / attach: \(.* dom=(\S+) gid="(\d+)"/.exec(line);
      if (entered) tried = [entered[2]!, entered[1]!];
      if (tried && line.includes(' attach_ret: ') && line.endsWith(' ret=0')) attached.set(...tried);
    }
    return [...attached].toSorted().map(([, domain]) => domain);
  };
  it.each([20, 21, 22, 23, 24, 25])('has a second domain at n = %d', (n) => {
    expect(new Set(domainsAt(n)).size).toBe(2);
  });
  it('has one domain of both groups where nothing fails', () => {
    const [first, second] = domainsAt(26);
    expect(first).toMatch(/^0xffff/);
    expect(second).toBe(first);
  });
  it('names the site in the stack of the failure', () => {
    const lines = between('repro n=20 begin', 'repro n=20 end');
    const failed = lines.findIndex((line) => line.includes(' slab_fails: '));
    expect(lines[failed]).toMatch(/ret=-12$/);
    expect(lines.slice(failed, failed + 14)).toContain(' => domain_attach_iommu');
  });
  it('is counted by the script', ({ skip }) => {
    const ran = spawnSync('awk', [pieces.count(fromFile('enomem-duplicate-domain'))], { input: trace, encoding: 'utf8' });
    if (ran.error) skip('awk is not installed');
    expect(ran.stdout).toBe(
      tried('run.txt')
        .split('\n')
        .filter((line) => line.startsWith('n='))
        .map((line) => `${line}\n`)
        .join(''),
    );
  });
});

const programs: readonly (readonly [name: string, of: () => Reproduction])[] = [
  ['a container', () => fromFile('enomem-duplicate-domain')],
  ['a container without a fault', () => fromFile('amd-two-instances')],
  ['iommufd', () => fromFile('enomem-duplicate-domain', { caller: 'iommufd-auto' })],
  ['page tables by hand', () => fromFile('amd-dirty-tracking')],
  ['a nested page table', () => fromFile('intel-nested-narrow-instance')],
  ['all callers at once', () => fromFile('ownership-vfio-iommufd-kernel')],
  ['a vDPA device', () => fromFile('group-of-three', { caller: 'vhost-vdpa' })],
  ['two loops', () => reproduced(twoLoops)],
  ['threads', () => reproduced(twoTasks([candidate]), {}, alternating())],
  ['everything undone', () => reproduced(oneTask('attach 5; map 64K; attach 11; unmap; detach 11; close', [candidate]))],
  ['everything undone in iommufd', () => reproduced(oneTask('attach 5; map 64K; unmap; detach 5; close', [], 'iommufd-auto'))],
];

const compiled = (text: string) =>
  spawnSync('gcc', ['-O1', '-Wall', '-Wextra', '-Werror', '-pthread', '-c', '-x', 'c', '-o', '/dev/null', '-'], {
    input: text,
    encoding: 'utf8',
  });
const headers = compiled('#include <linux/iommufd.h>\n#include <linux/vfio.h>\nint x = VFIO_DEVICE_BIND_IOMMUFD;\n');

describe('gcc takes the program of', () => {
  it.for(programs)('%s', ([, of], { skip }) => {
    const text = pieces.program(of());
    expect(text).not.toContain('undefined');
    if (headers.error) skip('gcc is not installed');
    if (text.includes('<linux/iommufd.h>') && headers.status !== 0) skip('the kernel headers are older than 6.8');
    const { status, stderr } = compiled(text);
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });
});

const wide = (text: string): string[] => text.split('\n').filter((line) => line.replaceAll('\t', '        ').length > 75);

describe('75 columns hold', () => {
  it.each([...readdirSync('scenarios').filter((name) => name.endsWith('.yaml'))])('%s', (name) => {
    expect(wide(printReproduction(fromFile(name.replace(/\.yaml$/, ''))))).toEqual([]);
  });
  it.each(programs)('%s', (_, of) => expect(wide(printReproduction(of()))).toEqual([]));
});
