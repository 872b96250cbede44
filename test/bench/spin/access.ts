// What translations of operations have in common: the names of variables, lists, rows and registers.
import { pathFrame } from '../../../src/core/paths.ts';
import type { AllocRow } from '../../../src/core/rows.ts';
import type { Scope } from '../../../src/core/scope.ts';
import type { Control } from './control.ts';
import { fieldOf } from './parts.ts';
import { allocates, performRow } from './rows.ts';
import { Impossible } from './variables.ts';

/** The outcome with registers, or nothing where a frame was entered. */
export type Outcome = string | readonly [outcome: string, registers: Record<string, string | number | boolean | null>] | undefined;

export type Argument = string | number | boolean | null;

export const lockOf = (control: Control, name: Argument, owner: Argument): string =>
  `locks/${name}/${control.register(String(owner)) ?? owner}`;

export const scopeOf = (control: Control): Scope => {
  const [device, domain, group, container] = ['device', 'domain', 'group', 'container'].map(
    (name) => control.register(name) as string | null,
  );
  const user = new Proxy({}, { get: (_, name) => control.register(String(name)) });
  return {
    device: device ?? (group ? (control.machine.devicesOf(group)[0] ?? null) : null),
    domain: domain!,
    group: group!,
    container: container!,
    user,
  };
};

export const rowOf = (control: Control, id: Argument) => control.engine.operationModel.row(String(id));
export const allocOf = (control: Control, id: Argument): AllocRow => rowOf(control, id) as AllocRow;

export const row = (control: Control, id: Argument): Outcome => {
  const result = performRow(control, rowOf(control, id), scopeOf(control), false);
  return 'errno' in result ? [`errno.${result.errno}`, { errno: result.errno }] : 'OK';
};

export const several = (control: Control, id: Argument, times: number): boolean => {
  for (let index = 0; index < times; index++) if (!allocates(control, allocOf(control, id))) return false;
  return true;
};

export const noMemory: Outcome = ['errno.ENOMEM', { errno: 'ENOMEM' }];

export const own = (control: Control, field: string): string => fieldOf('container', control.text('container'), field);
export const ofGroup = (control: Control, field: string): string => fieldOf('group', control.text('group'), field);
export const ofDomain = (domain: string, field: string): string => fieldOf('domain', domain, field);

export const list = <Item>(control: Control, field: string): readonly Item[] => {
  const found = control.world.read(own(control, field));
  if (!Array.isArray(found)) throw new Impossible(`no list ${field}`);
  return found;
};

/** The list must not hold such an item yet: it would grow for ever. */
export const add = <Item>(
  control: Control,
  field: string,
  item: Item,
  isSame: (other: Item) => boolean,
  at: 'head' | 'tail' = 'tail',
): void =>
  control.world.change(own(control, field), (found) => {
    if (!Array.isArray(found) || found.some(isSame)) throw new Impossible(`${field} cannot take it`);
    return at === 'head' ? [item, ...found] : [...found, item];
  });

export const at = (elements: readonly string[], index: number, name: string): Outcome => {
  const element = elements[index];
  return element === undefined ? ['NONE', { [`${name}Index`]: null, [name]: null }] : ['OK', { [`${name}Index`]: index, [name]: element }];
};

export const cursor = (control: Control, name: Argument, start: number): number => Number(control.register(`${name}Index`) ?? start);

export const enterPath = (control: Control, driver: string, path: string, registers: Record<string, string | number | null>): Outcome => {
  control.stack.push(pathFrame(driver, path, registers));
  return undefined;
};

export const driverOf = (control: Control): string => {
  const group = control.register('group');
  const device = control.register('device') ?? control.machine.devicesOf(String(group))[0]!;
  return String(control.world.read(fieldOf('device', String(device), 'driver')));
};

export type Translation = (control: Control, ...args: Argument[]) => Outcome;
