// From a judged run to a reproduction: what it takes to see the same on a real kernel.

import type { GroupOfMachine, Reproduction, UserCall } from '../core/reproduction.ts';
import type { Scenario } from '../core/scenario.ts';
import type { Judgement } from './judge.ts';
import { callsOf, failuresOf, filesOf, phasesOf } from './reproCalls.ts';
import { optionsFor, settingsFor } from './reproKernel.ts';
import { limitsOf } from './reproLimits.ts';
import { probesFor } from './reproProbes.ts';

/** A scenario with its faults, the model it ran under, its events and its findings. */
export type JudgedRun = Pick<Judgement, 'engine' | 'events' | 'findings'> & { readonly recipe: Pick<Judgement['recipe'], 'scenario'> };

const groupsOf = ({ topology }: Scenario, calls: readonly UserCall[]): GroupOfMachine[] => {
  const used = new Set(calls.map(({ group }) => group));
  const drivers = new Map(topology.iommus.map(({ id, driver }) => [id, driver]));
  return topology.groups
    .filter(({ id }) => used.has(id))
    .map(({ id, devices }) => ({
      id,
      devices: devices.map((device) => ({
        id: device.id,
        iommu: device.iommu,
        driver: device.iommu === null ? null : (drivers.get(device.iommu) ?? null),
        bridge: device.attributes['isBridge'] === true,
      })),
    }));
};

const showsOf = ({ findings }: JudgedRun, calls: readonly UserCall[]): string[] => {
  const shown = findings.filter(({ level }) => level !== 'cost');
  if (shown.length > 0) return shown.map(({ level, rule, entity, title }) => `${level}: ${rule}, ${entity}: ${title}`);
  const last = calls.at(-1);
  return last ? [`no finding; the last call, ${last.call} of ${last.words}, ends with ${last.result}`] : [];
};

/** Intel says in sysfs how many domain ids of a unit are in use; nobody else does. */
const domainCountsOf = (groups: readonly GroupOfMachine[]): string[] => {
  const units = groups.flatMap(({ devices }) => devices.filter(({ driver }) => driver === 'intel').map(({ iommu }) => iommu));
  return [...new Set(units)].map((unit) => `/sys/class/iommu/${unit}/intel-iommu/domains_used`);
};

/** Pure: two equal runs give equal reproductions. */
export const reproductionOf = (run: JudgedRun): Reproduction => {
  const { scenario } = run.recipe;
  const { model } = run.engine;
  const engineOf = (caller: string | null) => (caller === null ? run.engine : run.engine.forCaller(caller));
  const calls = callsOf(scenario, run.events, ({ caller }) => engineOf(caller).model.caller.containerKind !== 'private');
  const phases = phasesOf(calls);
  const failures = failuresOf(run.events);
  const groups = groupsOf(scenario, calls);
  return {
    scenario: scenario.name,
    title: scenario.title,
    kernel: model.kernel === model.profile.name ? model.profile.title : `${model.profile.title} with ${model.kernel}`,
    caller: model.caller.name,
    shows: showsOf(run, calls),
    machine: { name: scenario.topology.name, source: scenario.topology.source, groups },
    failures,
    options: optionsFor(model.column, calls, groups),
    settings: settingsFor(scenario),
    files: filesOf(calls, groups),
    phases,
    domainCounts: domainCountsOf(groups),
    probes: probesFor(model.column, calls, failures),
    limits: limitsOf({ scenario, model, events: run.events, phases, failures, groups }),
  };
};
