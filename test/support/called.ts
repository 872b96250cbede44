// Calls a command of the command line in this process: what it prints and its exit code, without a store of its own.
import { Command } from 'commander';
import type { CommandFile, ExitCode } from '../../src/cli/command.ts';

export interface Called {
  readonly out: string;
  readonly code: ExitCode;
}

/** Commands that keep runs need `--no-store` or an environment. */
export const called = async (
  command: CommandFile,
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<Called> => {
  let out = '';
  let code: ExitCode = 0;
  const program = new Command('attachlab').exitOverride();
  command.configure(program, {
    out: (text) => {
      out += text;
    },
    err: () => {},
    exit: (given) => {
      code = given;
    },
    env,
    now: () => new Date(0),
  });
  await program.parseAsync(argv, { from: 'user' });
  return { out, code };
};
