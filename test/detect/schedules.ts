// Two tasks of one machine, one after the other or taking turns at every step, with one failed allocation in t0's second attach.
import type { Event } from '../../src/core/events.ts';
import type { Scenario, TaskScript } from '../../src/core/scenario.ts';
import { audit } from '../../src/detect/audit.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { probeOf } from '../../src/engine/probe.ts';
import { runScenario } from '../../src/engine/run.ts';
import { scenario as scenarioOf } from '../support/runs.ts';
import { siteFault } from './audited.ts';
import { intel } from './machines.ts';

export const scenario = (tasks: readonly TaskScript[]): Scenario =>
  scenarioOf(intel, tasks, { faults: [siteFault('domain_attach_iommu', { task: 't0', request: 2, domain: 'c0.d0' })] });

export const siteFaultRun = (engine: Engine, given: Scenario, turns: boolean) => {
  const events: Event[] = [];
  // The task that stepped last stands first: answering 1 lets the other one step.
  const ask = turns ? (question: { kind: string }) => (question.kind === 'task' ? 1 : undefined) : () => undefined;
  runScenario(engine, given, { listen: (event) => events.push(event), ask });
  const findings = audit(events, probeOf(engine));
  return { ids: findings.map(({ id }) => id), numbers: findings.map(({ at }) => at) };
};
