// `attachlab repro` as a user calls it: a scenario and a stored run, parts, JSON, and what is refused.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openBench } from '../support/commandLine.ts';

const { attachlab } = openBench('repro');
const headline = resolve('scenarios/enomem-duplicate-domain.yaml');
const kept = ['--store', 'runs.db'] as const;

beforeAll(async () => {
  await attachlab('run', headline, ...kept);
}, 60_000);

describe('a scenario and its stored run', () => {
  it('give the same recipe, which begins with what is to be seen and holds every part', async () => {
    const fromFile = await attachlab('repro', headline);
    expect(fromFile.code).toBe(0);
    expect(fromFile.err).toBe('');
    expect(await attachlab('repro', 'r1', ...kept)).toEqual(fromFile);
    expect(fromFile.out.split('\n').slice(0, 5)).toEqual([
      'enomem-duplicate-domain: one failed allocation leaves a second domain',
      'on a real kernel, from the model of linux 6.12.117; vfio-type1',
      'to be seen',
      '  bug: duplicate-domain, c0/c0.d1: a second domain, although an older one',
      '      of the container fits',
    ]);
    expect(fromFile.out.match(/^---- \S+/gm)).toEqual([
      '---- repro.config:',
      '---- setup.sh:',
      '---- filter.sh:',
      '---- repro.c:',
      '---- count.awk:',
      '---- run.sh:',
    ]);
    expect(fromFile.out).toContain(readFileSync('test/recordings/repro/repro.c', 'utf8'));
  });
  it('are data with every part as text', async () => {
    const { out } = await attachlab('repro', headline, '--json');
    const { kind, version, kernel, failures, parts } = JSON.parse(out) as Record<string, unknown> & { parts: Record<string, string> };
    expect({ kind, version, kernel }).toEqual({ kind: 'repro', version: 1, kernel: 'linux 6.12.117' });
    expect(failures).toMatchObject([{ function: 'domain_attach_iommu', n: 20, gfp: 'GFP_KERNEL' }]);
    expect(Object.keys(parts)).toEqual(['summary', 'config', 'setup', 'filter', 'program', 'count', 'run']);
    expect(parts['count']).toBe(readFileSync('test/recordings/repro/count.awk', 'utf8'));
  });
});

describe('what is refused', () => {
  it.each([
    [['repro', headline, '--part', 'programme'], 'expected a part (summary, config, setup, filter, program, count, run), found programme'],
    [['repro', 'r7', ...kept], 'expected a stream of'],
    [['repro', 'none.yaml'], 'none.yaml'],
    [['repro', headline, '--kernel', '6.13.y'], 'no kernel is named 6.13.y'],
    [
      ['repro', 'r1', '--kernel', '6.1.y', ...kept],
      'a run is made again as it was, found a flag for its kernel; attachlab fork r1@1 --set changes it',
    ],
  ])('%j', async (argv, message) => {
    const { code, out, err } = await attachlab(...argv);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
  });
});
