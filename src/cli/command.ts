// What a command file is: its name, a line of help, and how it configures itself. One command, one file in src/cli/commands.
import type { Command } from 'commander';

/** The only way in and out for a command: tests pass their own. */
export interface Io {
  /** Standard output: a command's result, nothing else. */
  readonly out: (text: string) => void;
  /** Standard error: progress and notes. */
  readonly err: (text: string) => void;
  /** Sets the exit code; the highest rank given wins nothing, the last does. */
  readonly exit: (code: ExitCode) => void;
  readonly env: { readonly [name: string]: string | undefined };
  readonly now: () => Date;
  /** What the first Ctrl-C does instead of ending the process; absent where there is no command line. */
  readonly onInterrupt?: (stop: () => void) => void;
  /**
   * Does the whole command over again in a thread of its own, which Ctrl-C reaches, and gives its exit code.
   * Absent where there is no command line, and in that thread.
   */
  readonly inThread?: () => Promise<ExitCode>;
}

/** 0 as expected; 1 violated; 2 bad usage or input; 3 inconclusive; 5 divergence from a recorded run; 70 internal; 125 skip this commit, of a bisection; 130 interrupted. */
export type ExitCode = 0 | 1 | 2 | 3 | 5 | 70 | 125 | 130;

export interface CommandFile {
  /** Adds arguments, options and the action to a commander command that has its name and summary already. */
  readonly configure: (command: Command, io: Io) => void;
}

/** Prints a value as the one JSON document of a `--json` answer, with the version of its shape. */
export const printJson = (io: Io, kind: string, version: number, value: object): void =>
  io.out(`${JSON.stringify({ kind, version, ...value }, null, 2)}\n`);
