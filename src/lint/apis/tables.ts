// All kernel functions that are known, by name.
import type { KernelApi } from './api.ts';
import { apis as ids } from './ids.ts';
import { apis as memory } from './memory.ts';
import { apis as plain } from './plain.ts';
import { apis as power } from './power.ts';

const all: readonly KernelApi[] = [...memory, ...ids, ...power, ...plain];

const byName: ReadonlyMap<string, KernelApi> = new Map(all.flatMap((api) => api.names.map((name) => [name, api] as const)));

export const apiNamed = (name: string): KernelApi | undefined => byName.get(name);
