// Groups by address: a probe that prints a group's number beside its address once makes every later address readable.
import type { Entered } from './seen.ts';

export class GroupAddresses {
  readonly #numbers = new Map<string, string>();

  /** The entry with the group's number; an address that nobody named stands for the group, unless the device says which it is. */
  named(entered: Entered): Entered {
    const { group, device, 'group-address': address } = entered.values;
    if (address === undefined) return entered;
    if (group !== undefined) {
      this.#numbers.set(address, group);
      return entered;
    }
    const known = this.#numbers.get(address) ?? (device === undefined ? address : undefined);
    return known === undefined ? entered : { ...entered, values: { ...entered.values, group: known } };
  }
}
