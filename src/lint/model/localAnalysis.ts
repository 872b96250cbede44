// One function by itself: what other functions of the tree return is not looked into, so that a place says only what stands there.
import type { FunctionSource } from '../c/syntax.ts';
import { Analysis } from '../flow/analysis.ts';
import type { Argument, Callee } from '../flow/program.ts';
import { roots } from '../flow/values.ts';

const rootsOfType = (type: string): number => {
  if (/\bstruct iommu_domain \*/.test(type)) return roots.domain;
  return /\bstruct (?:device|iommu_group) \*/.test(type) ? roots.device : 0;
};

/** What parameters of these types stand for, whoever calls. */
export const argumentsByType = ({ parameters }: FunctionSource): Argument[] =>
  parameters.map(({ type }) => ({ values: [], roots: rootsOfType(type) }));

export class LocalAnalysis extends Analysis {
  /** Kernel functions of the table, and macros. */
  override callee(name: string, from: FunctionSource): Callee {
    const found = super.callee(name, from);
    if (found.kind === 'api' || this.named(name, from.file).length === 0) return found;
    return { kind: 'unknown', name };
  }

  override members(): readonly FunctionSource[] {
    return [];
  }
}
