// Small print of the command line: help fits 75 columns, words that no command knows are refused, a snapshot brings its kernel along.
import { describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import { machine, openBench, scenarioText } from '../support/commandLine.ts';

const { attachlab, file } = openBench('usage');
const patience = { timeout: 60_000 };

file('machine.yaml', `${machine}kernel: 6.1.192\n`);
file('unread.yaml', `${machine}kernel: 6.5.0\n`);
file('good.yaml', scenarioText);

const wide = (text: string): string[] => text.split('\n').filter((line) => line.length > 75);

describe('help', () => {
  it.each([[], ['--help'], ...commands.map(({ name }) => [name, '--help'])])('%s %s fits 75 columns', patience, async (...argv) => {
    const { code, out } = await attachlab(...argv);
    expect({ code, lines: out.split('\n').length > 5, wide: wide(out) }).toEqual({ code: 0, lines: true, wide: [] });
  });
});

describe('the names that exist', () => {
  it('fit 75 columns', patience, async () => {
    const { out } = await attachlab('list', 'names');
    expect({ callers: out.includes('vfio-type1-seed'), wide: wide(out) }).toEqual({ callers: true, wide: [] });
  });
});

describe('words that no command knows', () => {
  it.each([
    [['list', 'callers'], 'list takes runs or names, found callers'],
    [['show', 'r1', 'vfio-type1'], 'show takes run RUN, caller NAME or RUN, found r1 vfio-type1'],
    [['run', 'good.yaml', '--topology', 'machine.yaml'], '--topology goes with -; a scenario names its machine under topology:'],
    [['run', 'good.yaml', '--continue-on', ''], '--continue-on takes any, or errnos such as EINVAL,ENOMEM; found ""'],
    [
      ['run', 'good.yaml', '--continue-on', '-einval,eagian'],
      '--continue-on takes any, or errnos such as EINVAL,ENOMEM; found "-einval,eagian"; did you mean EAGAIN?',
    ],
    [['run', 'good.yaml', '--continue-on', 'EINVAL,'], '--continue-on takes any, or errnos such as EINVAL,ENOMEM; found "EINVAL,"'],
  ])('%s', patience, async (argv, message) => {
    const err = `attachlab: ${message}\nRun the command with --help to see what it takes.\n`;
    expect(await attachlab(...argv)).toEqual({ code: 2, out: '', err });
  });
});

describe('try', () => {
  it.each([
    ['machine.yaml', 'model of linux 6.1.192; vfio-type1, tries the next on any errno'],
    ['unread.yaml', 'model of linux 6.12.117; vfio-type1, tries the next on any errno'],
  ])('takes the kernel of %s where it was read', patience, async (topology, line) => {
    const { out } = await attachlab('try', 'attach 5', '--topology', topology, '--no-store');
    expect(out.split('\n')[1]).toBe(line);
  });
});
