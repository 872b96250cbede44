// An audit of both kernels through the command line: the contract that holds, what is found and fails, forms, drivers, baselines, cache.
import { readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { ReturnSite } from '../../src/core/returnSites.ts';
import { seedSites } from '../lint/seedSites.ts';
import { openLint, wide } from '../support/lintCommand.ts';
import { sarifErrors } from '../support/sarif.ts';

const { place, cache, kernel, lint, json, refusal } = openLint('lint-kernel');
afterAll(place.remove);

interface Finding {
  readonly rule: string;
  readonly level: string;
  readonly fingerprint: string;
  readonly state: string;
}
interface Audit {
  readonly tree: string;
  readonly contract: { readonly name: string; readonly standing: string };
  readonly summary: { readonly operations: number; readonly certain: number; readonly failing: number };
  readonly sites: readonly (ReturnSite & { readonly freshDomainOnly: boolean; readonly findings: readonly Finding[] })[];
  readonly damaged: readonly unknown[];
  readonly unread: readonly unknown[];
  readonly vanished: readonly unknown[] | null;
}

const tails = (text: string, lines: number): string[] => text.trimEnd().split('\n').slice(-lines);

describe('an audit', () => {
  it('is by the text of the tree itself, and fails where it is broken', async () => {
    const { out, code } = await lint(kernel('6.12'), '--driver', 'arm-smmu-v3');
    expect(code).toBe(1);
    expect(out.split('\n').slice(0, 6)).toEqual([
      'contract kdoc: include/linux/iommu.h:608, struct iommu_domain_ops,',
      '@attach_dev',
      '  the text of the tree itself',
      '',
      'arm-smmu-v3',
      'drivers/iommu/arm/arm-smmu-v3/arm-smmu-v3.c:2396',
    ]);
    expect(out).toContain('error: busy-for-exhaustion: -EBUSY where ids or contexts are used up:');
    expect(out).toContain('      2396  xa_alloc(&arm_smmu_asid_xa, &asid, smmu_domain, XA_LIMIT(1, (1\n');
    expect(tails(out, 1)[0]).toMatch(/1 fails$/);
  });

  it('passes where only a later contract is broken', async () => {
    const { out, code } = await lint(kernel('6.1'), '--driver', 'arm-smmu-v3');
    expect(code).toBe(0);
    expect(out).toContain('which it could not know: only a false success is an error');
    expect(out).toContain('stricter: incompatible-other-errno: -ENXIO where device and domain do not');
    expect(tails(out, 2).join(' ')).toMatch(/none fails$/);
  });

  it('says so where nothing is found', async () => {
    const { out, code } = await lint(kernel('6.12'), '--driver', 'sprd');
    expect({ code, last: tails(out, 1) }).toEqual({ code: 0, last: ['no finding'] });
  });

  it.each(['6.1', '6.12'] as const)('of %s fits 75 columns, and keeps what is not certain apart', async (name) => {
    const { out } = await lint(kernel(name), '--all');
    expect(wide(out)).toEqual([]);
    const [certain, rest] = out.split('\nnot certain\n') as [string, string];
    expect(certain).not.toMatch(/^ {2}maybe: /m);
    expect(rest).not.toMatch(/^ {2}(error|stricter|cost): /m);
    expect(rest).toMatch(/^ {2}maybe: /m);
  });

  it('tells every place and finding once', async () => {
    const { out } = await lint(kernel('6.12'), '--all');
    const heads = out.match(/^drivers\/\S+:\d+( |\n)\S+\(\)\n {2}\w+: [^\n]*/gm)!;
    expect(heads.length).toBeGreaterThan(40);
    const places = out.split('\n\n').filter((part) => part.includes('drivers/iommu/'));
    expect(new Set(places).size).toBe(places.length);
  });
});

describe('under the contract of the seed series, 6.1', () => {
  it('has the 16 return sites that the series changes, incompatible, with another errno', async () => {
    const { sites } = await json<Audit>(kernel('6.1'), '--contract', 'emediumtype');
    const found = seedSites.map(({ driver, condition, errno }) =>
      sites.filter((site) => site.driver === driver && site.condition.replace(/\s+/g, ' ') === condition && site.errnos.join() === errno),
    );
    expect(found.map(({ length }) => length)).toEqual(seedSites.map(() => 1));
    for (const [site] of found) {
      expect(site).toMatchObject({ op: 'attach_dev', class: 'incompatible', certainty: 'certain' });
      expect(site!.findings.map(({ rule }) => rule)).toContain('incompatible-other-errno');
    }
  });
});

describe('--json', () => {
  it('has a record for each return site', async () => {
    const audit = await json<Audit & { readonly kind: string; readonly version: number }>(kernel('6.12'), '--driver', 'arm-smmu');
    expect(audit).toMatchObject({ kind: 'lint-kernel', version: 1, contract: { name: 'kdoc', standing: 'stated' }, damaged: [] });
    const site = audit.sites.find(({ condition }) => condition === 'smmu_domain->smmu != smmu')!;
    expect(site).toMatchObject({
      driver: 'arm-smmu',
      op: 'attach_dev',
      table: 'arm_smmu_ops.default_domain_ops',
      entry: 'arm_smmu_attach_dev',
      function: 'arm_smmu_attach_dev',
      file: 'drivers/iommu/arm/arm-smmu/arm-smmu.c',
      line: 1190,
      errnos: ['EINVAL'],
      class: 'incompatible',
      certainty: 'certain',
      freshDomainOnly: false,
      prints: [],
      findings: [],
    });
    expect(site.witness.map(({ line, text }) => `${line} ${text}`)).toEqual(['1189 smmu_domain->smmu != smmu', '1190 -EINVAL']);
    expect(site.locks).toEqual([]);
  });

  it('is --format json too', async () => {
    const argv = [kernel('6.12'), '--driver', 'sprd'];
    expect((await lint(...argv, '--format', 'json')).out).toBe((await lint(...argv, '--json')).out);
  });
});

describe('--format', () => {
  it('ktap has a test for each driver, and a subtest for each operation', async () => {
    const { out, code } = await lint(kernel('6.12'), '--format', 'ktap');
    expect(code).toBe(1);
    expect(out.split('\n').slice(0, 2)).toEqual(['KTAP version 1', '1..20']);
    expect(out.match(/^(not )?ok \d+ arm-smmu-v3$/gm)).toEqual([expect.stringMatching(/^not ok/)]);
    expect(out).toMatch(/^ +ok \d+ attach_dev of sprd_iommu_ops\.default_domain_ops$/m);
  });

  it('sarif has a result for each finding', async () => {
    const sarif = JSON.parse((await lint(kernel('6.12'), '--format', 'sarif')).out);
    expect(sarif.version).toBe('2.1.0');
    const { failing } = (await json<Audit>(kernel('6.12'))).summary;
    const errors = sarif.runs[0].results.filter(({ level }: { level: string }) => level === 'error');
    expect(errors.length).toBe(failing);
    expect(sarifErrors(sarif)).toEqual([]);
    expect(sarifErrors(JSON.parse((await lint(kernel('6.1'), '--format', 'sarif')).out))).toEqual([]);
    expect(errors[0].codeFlows[0].threadFlows[0].locations.length).toBeGreaterThan(1);
  });

  it('refuses others', async () => {
    expect(await refusal(kernel('6.12'), '--format', 'xml')).toEqual([
      'expected a format (text, json, sarif, ktap), found xml',
      'Run the command with --help to see what it takes.',
    ]);
  });
});

describe('rules', () => {
  it('are listed with their page', async () => {
    const { out } = await lint('--rules');
    expect({ rules: out.match(/^\S+ /gm)!.length, wide: wide(out) }).toEqual({ rules: 13, wide: [] });
    const page = (await lint(kernel('6.12'), '--explain', 'silent-success')).out;
    expect(page.split('\n').filter((line) => /^\w/.test(line))).toEqual([
      'silent-success: the operation refuses, and returns 0',
      'what it means',
      'example',
      'how to mend it',
      'when to suppress it',
      'the clause',
    ]);
    expect(page.trimEnd().endsWith('include/linux/iommu.h:608, struct iommu_domain_ops, @attach_dev):\n  0: success')).toBe(true);
  });

  it('are JSON too', async () => {
    const { rules } = await json<{ rules: { id: string }[] }>('--rules');
    expect(rules.map(({ id }) => id)).toContain('silent-success');
    expect(await json('--explain', 'leaked-errno')).toMatchObject({ rule: { id: 'leaked-errno' }, contract: { name: 'einval-soft' } });
  });
});

describe('a baseline', () => {
  const baseline = place.path('baseline.json');

  it('lets pass what is there, and nothing new', async () => {
    const first = await lint(kernel('6.12'), '--write-baseline', baseline);
    expect(first.code).toBe(0);
    expect(first.out).toMatch(/baseline\.json: \d+ findings kept\n$/);
    const text = readFileSync(baseline, 'utf8');
    const again = await lint(kernel('6.12'), '--baseline', baseline);
    expect(again.code).toBe(0);
    expect(again.out).not.toMatch(/^ {2}error: /m);
    expect(again.out).toMatch(/in the baseline\)/);
    await lint(kernel('6.12'), '--write-baseline', baseline);
    expect(readFileSync(baseline, 'utf8')).toBe(text);
  });

  it('fails for what it lacks, and lists what is gone', async () => {
    const entries = JSON.parse(readFileSync(baseline, 'utf8'));
    const isSilent = ({ rule }: { rule: string }): boolean => rule === 'silent-success';
    const less = { ...entries, entries: entries.entries.filter((entry: { rule: string }) => !isSilent(entry)) };
    writeFileSync(baseline, JSON.stringify(less));
    const { out, code } = await lint(kernel('6.12'), '--baseline', baseline);
    expect(code).toBe(1);
    expect(out.match(/^ {2}error: \S+/gm)).toEqual(['  error: silent-success:']);
    const older = await lint(kernel('6.1'), '--baseline', baseline);
    expect(older.out).toMatch(/^gone since the baseline\n {2}\w/m);
  });

  it('keeps reasons of what is suppressed, until their day', async () => {
    const kept = JSON.parse(readFileSync(baseline, 'utf8'));
    const [first, ...rest] = kept.entries;
    const suppressed = (until: string) =>
      writeFileSync(baseline, JSON.stringify({ ...kept, entries: [{ ...first, suppressed: { reason: 'by design', until } }, ...rest] }));
    const told = async (): Promise<string> => (await lint(kernel('6.12'), '--baseline', baseline, '--all')).out.replace(/\s+/g, ' ');
    suppressed('1970-01-01');
    expect(await told()).toContain('maybe: failure-ignored: 1 result dropped, suppressed until 1970-01-01: by design');
    suppressed('1969-12-31');
    expect(await told()).toContain('maybe: failure-ignored: 1 result dropped, was suppressed until 1969-12-31: by design');
    await lint(kernel('6.12'), '--write-baseline', baseline);
    expect(readFileSync(baseline, 'utf8')).toContain('by design');
  });

  it('is refused where it cannot be read or written', async () => {
    expect(await refusal(kernel('6.12'), '--baseline', place.path('none.json'))).toEqual([
      './none.json: expected a file, found ENOENT',
      'Run the command with --help to see what it takes.',
    ]);
    expect((await refusal(kernel('6.12'), '--write-baseline', place.path('none/none.json')))[0]).toBe(
      './none/none.json: the baseline cannot be written (ENOENT)',
    );
  });
});

describe('the cache', () => {
  const readings = (): string[] => readdirSync(join(cache, 'attachlab', 'lint-kernel'));
  const path = 'small/drivers/iommu/sprd-iommu.c';
  const write = (errno: string): void =>
    place.write(
      path,
      `static int attach(struct iommu_domain *domain, struct device *dev)\n{\n\tif (domain->sdev)\n\t\treturn -${errno};\n\treturn 0;\n}\n` +
        'static const struct iommu_domain_ops ops = { .attach_dev = attach };\n',
    );
  const errnos = async (...argv: string[]): Promise<string[]> =>
    (await json<Audit>(place.path('small'), ...argv)).sites.flatMap((site) => site.errnos);

  it('gives what reading gives, and reads a changed file anew', async () => {
    write('EBUSY');
    const fresh = await lint(place.path('small'), '--json');
    const count = readings().length;
    expect((await lint(place.path('small'), '--json')).out).toBe(fresh.out);
    expect((await lint(place.path('small'), '--json', '--no-cache')).out).toBe(fresh.out);
    expect(readings()).toHaveLength(count);
    write('EINVAL');
    expect(await errnos()).toEqual(['EINVAL']);
    expect(readings()).toHaveLength(count + 1);
    write('ENXIO');
    expect(await errnos('--no-cache')).toEqual(['ENXIO']);
    expect(readings()).toHaveLength(count + 1);
  });

  it('says what could not be read, each time and no longer', async () => {
    write('EBUSY');
    symlinkSync('nowhere.c', place.path('small/drivers/iommu/gone.c'));
    const unread = async (): Promise<readonly unknown[]> => (await json<Audit>(place.path('small'))).unread;
    const gone = [{ where: 'drivers/iommu/gone.c', why: 'a symbolic link to nothing' }];
    expect([await unread(), await unread()]).toEqual([gone, gone]);
    rmSync(place.path('small/drivers/iommu/gone.c'));
    expect(await unread()).toEqual([]);
  });

  it('that is damaged is none', async () => {
    write('EBUSY');
    for (const name of readings()) writeFileSync(join(cache, 'attachlab', 'lint-kernel', name), 'damaged');
    expect(await errnos()).toEqual(['EBUSY']);
    expect(await errnos()).toEqual(['EBUSY']);
  });
});
