// What is left of a pass that was given up: it proves nothing, but a path that a plain run can follow shows what it was found for.
import type { Label } from '../core/label.ts';
import type { Scenario } from '../core/scenario.ts';
import type { Deviation } from '../core/schedule.ts';
import type { Engine } from '../engine/engine.ts';
import { scheduleOf } from './counterexample.ts';
import type { FaultBounds } from './evaluate.ts';
import type { Choice } from './strategy.ts';
import { tryOut } from './trial.ts';

/** Whether the path is one, and shows the label. */
export const isConfirmed = (
  engine: Engine,
  scenario: Scenario,
  { tasks, path, bounds, label }: { tasks: readonly string[]; path: readonly Choice[]; bounds: FaultBounds; label: Label },
): boolean => {
  let schedule: readonly Deviation[];
  try {
    schedule = scheduleOf(engine, scenario, tasks, path);
  } catch {
    // A step that missed a register went elsewhere: the run cannot follow it.
    return false;
  }
  return tryOut(engine, scenario, schedule, bounds)?.shows(label) ?? false;
};
