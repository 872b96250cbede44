// DMAR, Intel's table: remapping units, memory that firmware keeps mapped for devices (RMRR), and who may use ATS.
import { atsr, dmar, dmarHead, dmarScopes, dmarStructures, drhd, pathStep, rmrr, scopeHead, scopePath } from './layouts.ts';
import type { Part, Structure, Table } from './table.ts';

/** A device or bridge by its way from a root bus: one step for each bus that is crossed. */
export interface Scope {
  readonly bus: number;
  readonly path: readonly { readonly device: number; readonly function: number }[];
}

export interface DmarUnit {
  readonly base: number;
  readonly segment: number;
  /** INCLUDE_PCI_ALL: takes what no other unit of the segment names. */
  readonly takesRest: boolean;
  readonly scopes: readonly Scope[];
}

export interface DmarMemory {
  readonly start: number;
  readonly end: number;
  readonly segment: number;
  readonly scopes: readonly Scope[];
}

export interface DmarPorts {
  readonly segment: number;
  readonly all: boolean;
  readonly scopes: readonly Scope[];
}

export interface Dmar {
  readonly addressWidth: number;
  readonly interruptRemapping: boolean;
  readonly units: readonly DmarUnit[];
  readonly memory: readonly DmarMemory[];
  /** Root ports that take ATS requests. */
  readonly ports: readonly DmarPorts[];
  /** Devices inside the chip that may send them. */
  readonly inside: readonly DmarPorts[];
}

const types = { unit: 0, memory: 1, ports: 2, inside: 5 } as const;
/** Endpoints and bridges; interrupt controllers, timers and devices of the ACPI namespace have no way through PCI. */
const pciScopes: readonly number[] = [1, 2];

const scopeOf = (table: Table, { start, end }: Part): Scope => {
  const { bus } = table.fields(scopeHead, { start, end });
  const size = end - start - scopePath;
  if (size < 2 || size % 2 !== 0) throw table.fault(start, 'a device scope with steps of two bytes each', `${size} bytes of steps`);
  const steps = Array.from({ length: size / 2 }, (_, index) => table.fields(pathStep, { start: start + scopePath + index * 2, end }));
  return { bus, path: steps };
};

const scopesOf = (table: Table, { type, start, end }: Structure): Scope[] => {
  const first = start + dmarScopes[type as keyof typeof dmarScopes];
  const found = table.structures(scopeHead, { start: first, end });
  return found.filter((scope) => pciScopes.includes(scope.type)).map((scope) => scopeOf(table, scope));
};

const unitOf = (table: Table, part: Structure): DmarUnit => {
  const { flags, segment, base } = table.fields(drhd, part);
  return { base, segment, takesRest: (flags & 1) === 1, scopes: scopesOf(table, part) };
};

const memoryOf = (table: Table, part: Structure): DmarMemory => {
  const { segment, base, end } = table.fields(rmrr, part);
  return { start: base, end, segment, scopes: scopesOf(table, part) };
};

const portsOf = (table: Table, part: Structure): DmarPorts => {
  const { flags, segment } = table.fields(atsr, part);
  return { segment, all: part.type === types.ports && (flags & 1) === 1, scopes: scopesOf(table, part) };
};

export const readDmar = (table: Table): Dmar => {
  const { addressWidth, flags } = table.fields(dmar, table.from(0));
  const structures = table.structures(dmarHead, table.from(dmarStructures));
  const those = <T>(type: number, read: (table: Table, part: Structure) => T): T[] =>
    structures.filter((part) => part.type === type).map((part) => read(table, part));
  return {
    addressWidth: addressWidth + 1,
    interruptRemapping: (flags & 1) === 1,
    units: those(types.unit, unitOf),
    // Firmware is known to write empty ones.
    memory: those(types.memory, memoryOf).filter(({ start, end }) => start < end),
    ports: those(types.ports, portsOf),
    inside: those(types.inside, portsOf),
  };
};
