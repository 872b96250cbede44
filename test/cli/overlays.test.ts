// Runs under an overlay say which one, in the words of the file; what a scenario expects of kernels is not expected of an overlay.
import { describe, expect, it } from 'vitest';
import { machine, openBench, scenarioText } from '../support/commandLine.ts';

const { attachlab, file } = openBench('overlays');
const patience = { timeout: 60_000 };

const fault = 'faults: [{site: domain_attach_iommu, domain: c0.d0, request: 3}]\n';
const expecting = (kernel: string): string => `expect: [{${kernel}results: [ok, ok, ok], domains: 2, findings: [duplicate-domain]}]\n`;

file('machine.yaml', machine);
file('good.yaml', `${scenarioText}${fault}${expecting('')}`);
file('own.yaml', `${scenarioText.replace('6.12.y', './series.yaml')}${fault}${expecting('')}`);
file('named.yaml', `${scenarioText}${fault}${expecting('kernel: ./series.yaml, ')}`);
file('series.yaml', 'from: 6.12.y\nname: my-series\ncontinue: {vfio-type1: [EINVAL]}\n');
file('nameless.yaml', 'from: 6.12.y\n');

describe('a run under an overlay', () => {
  it.each([
    ['./series.yaml', 'model of linux 6.12.117 with my-series (./series.yaml); vfio-type1, tries the next on'],
    ['series.yaml', 'model of linux 6.12.117 with my-series (series.yaml); vfio-type1, tries the next on'],
    ['./nameless.yaml', 'model of linux 6.12.117 with ./nameless.yaml; vfio-type1, tries the next on'],
  ])('%s names it', patience, async (kernel, line) => {
    const { out } = await attachlab('run', 'good.yaml', '--kernel', kernel, '--no-store');
    expect(out.replaceAll(/\s+/g, ' ')).toContain(line);
  });

  it('is read by who imports it, from the file that its first event names', patience, async () => {
    for (const kernel of ['series.yaml', './series.yaml']) {
      const store = ['--store', `${kernel.replaceAll('/', '-')}.db`];
      await attachlab('run', 'good.yaml', '--kernel', kernel, ...store);
      file('run.ndjson', (await attachlab('export', 'r1', ...store)).out);
      expect((await attachlab('import', 'run.ndjson', ...store)).code).toBe(0);
      const { code, out } = await attachlab('why', 'r2', ...store);
      expect([code, out.replaceAll(/\s+/g, ' ').includes(`vfio-type1 on my-series (${kernel})`)]).toEqual([0, true]);
      const [imported, ran] = [await attachlab('audit', 'r2', ...store), await attachlab('audit', 'r1', ...store)];
      expect([imported.code, imported.out.replace('r2', 'r1')]).toEqual([ran.code, ran.out]);
    }
  });
});

describe('the matrix under an overlay', () => {
  const verdicts = async (scenario: string) => {
    const { code, out } = await attachlab('matrix', scenario, '--kernel', '6.12.y', './series.yaml', '--caller', 'vfio-type1', '--json');
    const { cells } = JSON.parse(out) as { cells: { expected: boolean | null; evidence: string }[] };
    return [code, cells.map(({ expected, evidence }) => [expected, evidence])];
  };

  it.each([
    ['good.yaml', 0, true, null],
    ['own.yaml', 1, true, false],
    ['named.yaml', 1, null, false],
  ])('of %s expects of it what names it', patience, async (scenario, code, ofKernel, ofOverlay) => {
    expect(await verdicts(scenario)).toEqual([
      code,
      [
        [ofKernel, 'read'],
        [ofOverlay, 'model'],
      ],
    ]);
  });

  it.each(['own.yaml', 'named.yaml'])('has a row for the overlay that %s names', patience, async (scenario) => {
    const { out } = await attachlab('matrix', scenario, '--caller', 'vfio-type1', '--json');
    const { cells } = JSON.parse(out) as { cells: { kernel: string }[] };
    expect(cells.map(({ kernel }) => kernel)).toEqual(['6.1.y', '6.1.y+seed-v6', '6.12.y', './series.yaml']);
  });
});
