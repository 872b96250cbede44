// Groups by address: a probe that prints a group's number beside its address once makes every later address readable.
import type { Entered } from './seen.ts';

/** More groups than a machine has; the address that was named longest ago is forgotten. */
const addressesLimit = 2 ** 14;

export class GroupAddresses {
  readonly #numbers = new Map<string, string>();

  /** The entry with the group's number; an address that nobody named stands for the group, unless the device says which it is. */
  named(entered: Entered): Entered {
    const { group, device, 'group-address': address } = entered.values;
    if (address === undefined) return entered;
    if (group !== undefined) {
      this.#name(address, group);
      return entered;
    }
    const known = this.#numbers.get(address) ?? (device === undefined ? address : undefined);
    return known === undefined ? entered : { ...entered, values: { ...entered.values, group: known } };
  }

  #name(address: string, group: string): void {
    this.#numbers.delete(address);
    this.#numbers.set(address, group);
    if (this.#numbers.size > addressesLimit) this.#numbers.delete(this.#numbers.keys().next().value!);
  }
}
