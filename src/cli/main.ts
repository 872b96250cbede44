// The command line: picks the command, runs it, turns failures into one message and an exit code. The only process.exit.
import { isMainThread } from 'node:worker_threads';
import { Command, CommanderError } from 'commander';
import { Failure, type FailureCode, nearest } from '../core/failure.ts';
import { version } from '../core/version.ts';
import { columnsMax } from '../report/text.ts';
import type { ExitCode, Io } from './command.ts';
import { commands } from './commands.ts';
import { questions } from './questions.ts';

let exitCode: ExitCode = 0;

/** The first Ctrl-C stops, the second one ends the process. Until a command listens, the first one ends it, as it ends any other. */
const onInterrupt = (stop: () => void): void => {
  let presses = 0;
  process.on('SIGINT', () => {
    if (presses++ > 0) process.exit(130);
    stop();
  });
};

const inThread = async (): Promise<ExitCode> => {
  const threaded = (await import('./thread.ts')).inThread(process.argv.slice(2), process.stderr.isTTY === true);
  onInterrupt(threaded.interrupt);
  return threaded.ended;
};

const io: Io = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  exit: (code) => {
    exitCode = code;
  },
  env: process.env,
  now: () => new Date(),
  onInterrupt,
  ...(isMainThread && { inThread }),
};

/** A command line without its command's file: help lists every command. */
const overview = (): Command => {
  const program = new Command('attachlab')
    .version(version)
    .description('Scripts, replays and audits Linux IOMMU attach and detach')
    .configureHelp({ helpWidth: columnsMax });
  for (const { name, summary } of commands) program.command(name).description(summary).helpOption(false);
  return program;
};

const unknownCommand = (name: string): Failure => {
  const near = nearest(
    name,
    commands.map((command) => command.name),
  );
  return new Failure(
    'bad-usage',
    `no command is named ${name}${near ? `; did you mean ${near}?` : ''}`,
    undefined,
    'Run `attachlab --help`.',
  );
};

const runCommand = async (name: string, argv: readonly string[]): Promise<void> => {
  const entry = commands.find((command) => command.name === name);
  if (!entry) throw unknownCommand(name);
  const { command } = await entry.load();
  const program = new Command(`attachlab ${name}`)
    .description(entry.summary)
    .exitOverride()
    .configureOutput({ writeOut: io.out, writeErr: io.err })
    .configureHelp({ helpWidth: columnsMax });
  command.configure(program, io);
  await program.parseAsync(argv, { from: 'user' });
};

const main = async (argv: readonly string[]): Promise<void> => {
  const [name, ...rest] = argv;
  if (name === undefined) io.out(questions());
  else if (name === '--help' || name === '-h' || name === 'help') io.out(overview().helpInformation());
  else if (name === '--version' || name === '-V') io.out(`${version}\n`);
  else await runCommand(name, rest);
};

const exitCodes: { readonly [code in FailureCode]?: ExitCode } = { 'model-error': 70, 'replay-diverged': 5, interrupted: 130 };

const report = (error: unknown): ExitCode => {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof Failure) {
    io.err(`attachlab: ${error.message}\n`);
    return exitCodes[error.code] ?? 2;
  }
  io.err(`attachlab: internal error: ${error instanceof Error ? error.stack : String(error)}\n`);
  return 70;
};

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  io.err(`attachlab: standard output cannot be written (${error.code ?? error.message})\n`);
  process.exit(2);
});

try {
  await main(process.argv.slice(2));
} catch (error) {
  exitCode = report(error);
}
process.exitCode = exitCode;
