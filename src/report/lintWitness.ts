// The way from an operation to the place where its errno arises: the functions it leads through, each with its lines of the source.
import type { WitnessStep } from '../core/returnSites.ts';
import { block } from './blocks.ts';

const isSamePlace = (a: WitnessStep, b: WitnessStep | undefined): boolean =>
  b !== undefined && a.function === b.function && a.file === b.file;

/** A check of what several calls gave has a way to each of them; what they share is told once. */
const once = (steps: readonly WitnessStep[]): WitnessStep[] => [
  ...new Map(steps.map((step) => [`${step.file}:${step.line} ${step.function} ${step.text}`, step])).values(),
];

const numberWidth = (steps: readonly WitnessStep[]): number => Math.max(...steps.map(({ line }) => String(line).length));

/** `file` is where the reader is already. */
export const witnessLines = (all: readonly WitnessStep[], file: string, indent = '    '): string[] => {
  const steps = once(all);
  const width = numberWidth(steps);
  return steps.flatMap((step, index) => {
    const head = isSamePlace(step, steps[index - 1])
      ? []
      : block(indent, `${step.function}()${step.file === file ? '' : ` in ${step.file}`}`);
    return [...head, ...block(`${indent}  ${String(step.line).padStart(width)}  `, step.text.replace(/\s+/g, ' ').trim())];
  });
};
