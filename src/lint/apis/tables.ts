// All kernel functions that are known, by name.
import type { KernelApi } from './api.ts';
import { apis as clocks } from './clocks.ts';
import { apis as core } from './core.ts';
import { apis as device } from './device.ts';
import { apis as deviceMemory } from './deviceMemory.ts';
import { apis as deviceTree } from './deviceTree.ts';
import { apis as firmware } from './firmware.ts';
import { apis as ids } from './ids.ts';
import { apis as interrupts } from './interrupts.ts';
import { apis as memory } from './memory.ts';
import { apis as pci } from './pci.ts';
import { apis as plain } from './plain.ts';
import { apis as power } from './power.ts';
import { apis as user } from './user.ts';
import { apis as waiting } from './waiting.ts';

export const kernelApis: readonly KernelApi[] = [
  ...[...memory, ...deviceMemory, ...ids, ...power, ...clocks, ...pci, ...firmware],
  ...[...waiting, ...interrupts, ...deviceTree, ...device, ...user, ...core, ...plain],
];

const byName: ReadonlyMap<string, KernelApi> = new Map(kernelApis.flatMap((api) => api.names.map((name) => [name, api] as const)));

export const apiNamed = (name: string): KernelApi | undefined => byName.get(name);
