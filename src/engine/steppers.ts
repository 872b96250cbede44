// One stepper for each caller of a run: tasks differ in nothing else.
import type { Engine } from './engine.ts';
import type { Stepper } from './step.ts';

/** The stepper of a task that has this caller. */
export const openSteppers = (engine: Engine, shared: Omit<Stepper, 'engine'>): ((caller: string) => Stepper) => {
  const steppers = new Map<string, Stepper>();
  return (caller) => {
    const found = steppers.get(caller) ?? { ...shared, engine: engine.forCaller(caller) };
    steppers.set(caller, found);
    return found;
  };
};
