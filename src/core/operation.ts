// What an operation is: a function that a workflow state names. It reads the world, emits events, and answers with an outcome.
import type { FilesOfTasks } from './files.ts';
import type { RowContext } from './perform.ts';
import type { Driver, Row } from './rows.ts';
import type { Scope } from './scope.ts';
import type { Caller } from './workflow.ts';
import type { Frame, PathFrame, Registers, World } from './world.ts';

export interface OperationModel {
  readonly kernel: string;
  readonly driver: (name: string) => Driver;
  readonly hasDriver: (name: string) => boolean;
  /** Core and caller rows by id. */
  readonly row: (id: string) => Row;
  readonly caller: Caller;
  /** The rule in force for a caller that searches: contract, overlay or command line may have changed it. */
  readonly scan: 'any' | readonly string[];
}

export interface OperationContext extends RowContext {
  readonly frame: Frame;
  readonly model: OperationModel;
  readonly files: FilesOfTasks;
}

/**
 * `OK`, `NONE`, `YES`, `NO`, `errno.X`, ...; with registers to set in the frame; or a frame to enter, whose outcome becomes this
 * state's. Registers of an `enter` are set in the entering frame first.
 */
export type Outcome =
  | string
  | { readonly outcome: string; readonly registers: Registers }
  | { readonly enter: Frame | PathFrame; readonly registers?: Registers };

export type Operation = (context: OperationContext, ...args: (string | number | boolean | null)[]) => Outcome;

export type Operations = { readonly [name: string]: Operation };

/** The text in a register; null when unset. */
export const register = (context: OperationContext, name: string): string | null =>
  (context.frame.registers[name] as string | undefined) ?? null;

/** The text in a register that must be set. */
export const registered = (context: OperationContext, name: string): string => {
  const found = register(context, name);
  if (found === null) throw new Error(`register ${name} is not set in ${context.frame.workflow}.${context.frame.state}`);
  return found;
};

export const refused = (errno: string): Outcome => ({ outcome: `errno.${errno}`, registers: { errno } });

/** The parts that a workflow frame speaks of; its registers are what `user.*` reads. A group stands for its first device. */
export const scopeOf = ({ frame, world }: { readonly frame: Frame; readonly world: World }): Scope => {
  const { device, domain, group, container } = frame.registers as Record<string, string>;
  const first = device ?? (group ? world.groups[group]?.devices[0] : undefined) ?? null;
  return { device: first, domain: domain ?? null, group: group ?? null, container: container ?? null, user: frame.registers };
};

/** `NAME/OWNER`; the owner is what the register holds, or the name itself where it is no register. */
export const lockId = (frame: Frame, name: string, owner: string): string => `${name}/${String(frame.registers[owner] ?? owner)}`;
