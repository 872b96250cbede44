// Every command with its line of help. Files are loaded only for the command that is asked for, so that start-up stays short.
import type { CommandFile } from './command.ts';

interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<{ readonly command: CommandFile }>;
}

export const commands: readonly CommandEntry[] = [
  {
    name: 'facts',
    summary: 'the rows as an index: condition, errno per kernel, who reacts how',
    load: () => import('./commands/facts.ts'),
  },
];
