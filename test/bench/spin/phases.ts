// Phases of parts: what their machines make of a trigger.

import { close } from '../../../src/engine/machines.ts';
import { phases as machines } from '../../../src/kernels/phases.ts';
import { Impossible } from './variables.ts';

const phases = {
  device: close(machines.device),
  group: close(machines.group),
  domain: close(machines.domain),
  iommu: close(machines.iommu),
  container: close(machines.container),
};
export type PhaseKind = keyof typeof phases;

export const phaseAfter = (kind: PhaseKind, phase: unknown, trigger: string): string => {
  const next = phase === undefined ? null : phases[kind].next(String(phase), trigger);
  if (next === null) throw new Impossible(`${kind} in phase ${String(phase)} does not accept ${trigger}`);
  return next;
};
