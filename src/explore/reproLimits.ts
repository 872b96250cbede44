// What fail-nth cannot do about a run, and what would be needed instead: one rule a kind of thing, in the order of the report.
import type { Event, EventOf } from '../core/events.ts';
import type { FailedAllocation, GroupOfMachine, Limit, Phase } from '../core/reproduction.ts';
import type { Scenario } from '../core/scenario.ts';
import type { Model } from '../kernels/model.ts';
import { apiInstead, byProbe, unmarked } from './reproApis.ts';

export interface LimitsInput {
  readonly scenario: Scenario;
  readonly model: Model;
  readonly events: readonly Event[];
  readonly phases: readonly Phase[];
  readonly failures: readonly FailedAllocation[];
  readonly groups: readonly GroupOfMachine[];
}

const firstOf = <T>(items: readonly T[], key: (item: T) => string): T[] =>
  [...new Map(items.toReversed().map((item) => [key(item), item])).values()].reverse();

const apis = ({ events }: LimitsInput): Limit[] => {
  const failed = events.filter((event): event is EventOf<'ApiFailed'> => event.type === 'ApiFailed');
  return firstOf(failed, ({ api }) => api).map(({ api, errno, on }) => ({
    what: `${api} gives -${errno}${on === null ? '' : ` on ${on}`}`,
    because: unmarked,
    instead: apiInstead[api] ?? byProbe('the function'),
  }));
};

/** What fails while files close, by request or because the task ends, or in a call that is made by hand. */
const notArmed = ({ failures, phases }: LimitsInput): Limit[] =>
  firstOf(
    failures.filter(
      ({ task, request }) => !phases.flat().some((call) => call.fault !== null && call.task === task && call.request === request),
    ),
    ({ call }) => call,
  ).map((failure) => ({
    what: `${failure.function}() fails in ${failure.call}`,
    because: 'the program arms fail-nth for ioctls of VFIO and iommufd only',
    instead: `the same around that call: write n to /proc/thread-self/fail-nth, call, read it back`,
  }));

const filterInstead = (name: string): string =>
  `failslab with probability=100, times=2, task-filter=Y, /proc/self/make-it-fail=1 and require-start and -end around ${name}()`;

const twoInOneCall = ({ failures }: LimitsInput): Limit[] => {
  const keyOf = ({ task, request, call }: FailedAllocation): string => `${task} ${request} ${call}`;
  const counts = new Map<string, FailedAllocation[]>();
  for (const failure of failures) counts.set(keyOf(failure), [...(counts.get(keyOf(failure)) ?? []), failure]);
  return [...counts.values()]
    .filter(({ length }) => length > 1)
    .map((group) => ({
      what: `${group.length} allocations fail in one ${group[0]!.call}`,
      because: 'fail-nth fails one allocation for each write, and the program writes before the call: it shows the first one alone',
      instead: `${filterInstead(group[0]!.function)} (linux 6.12, or 6.1 on other than x86-64)`,
    }));
};

const triedTwice = ({ failures }: LimitsInput): Limit[] =>
  failures
    .filter(({ outcome }) => outcome === 'tried again')
    .map((failure) => ({
      what: `${failure.function}() is tried again`,
      because: 'one failure is tolerated; a hit shows nothing at the end of the call',
      instead: filterInstead(failure.function),
    }));

const atomic = ({ failures }: LimitsInput): Limit[] =>
  failures
    .filter(({ gfp }) => gfp.includes('ATOMIC') || gfp.includes('NOWAIT'))
    .map((failure) => ({
      what: `${failure.function}() allocates with ${failure.gfp}`,
      because: 'it fails under either setting of ignore-gfp-wait, so a hit does not tell it from one that may sleep',
      instead: 'leave ignore-gfp-wait at Y: then n counts only what cannot sleep; in the field memory pressure fails it',
    }));

const poolInstead = (part: string, name: string): string =>
  name === 'domainIdsFree' && part.startsWith('iommu/dmar')
    ? `attach groups to other containers until intel-iommu/domains_used is domains_supported; few units have few ids`
    : 'attach groups to other containers, one domain each, until an attach fails; hardware, or a VMM, that has few';

const attributes = ({ scenario }: LimitsInput): Limit[] =>
  Object.entries(scenario.set).flatMap(([part, values]) =>
    Object.entries(values)
      .filter(([name]) => name !== 'allowUnsafeInterrupts')
      .map(([name, value]) => ({
        what: `${part} has ${name} = ${String(value)} after boot`,
        because: 'no injection makes a pool small or changes what a unit can do',
        instead: name.endsWith('Free') ? poolInstead(part, name) : 'a machine that has it so',
      })),
  );

const requests = ({ scenario }: LimitsInput) =>
  scenario.tasks.flatMap(({ id, requests: own }) => own.map((request) => ({ task: id, ...request })));

const kills = (input: LimitsInput): Limit[] =>
  requests(input)
    .filter(({ verb }) => verb === 'kill')
    .map(({ task, target }) => ({
      what: `${task} kills ${target}`,
      because: 'a kill is a signal, not a failed allocation, and acts only where the kernel looks for it; the program does not kill',
      instead: `run ${target} as a process of its own and send it SIGKILL while the call is in progress; to hold it there, a kprobe whose handler waits (mdelay()), or a breakpoint of QEMU's gdb stub on the function where the run has it`,
    }));

const unplugs = (input: LimitsInput): Limit[] =>
  requests(input)
    .filter(({ verb }) => verb === 'unplug')
    .map(({ task, target }) => ({
      what: `${task} unplugs ${target}`,
      because: 'no injection removes a device',
      instead: `echo 1 > /sys/bus/pci/devices/${target}/remove at that moment (the program stops and asks for it), held there as for a kill; echo 1 > /sys/bus/pci/rescan and bind vfio-pci again before each round`,
    }));

const driverInstead = 'echo NAME > driver_override and echo ADDRESS > /sys/bus/pci/drivers_probe, or > driver/unbind';
const byHandInstead: Readonly<Record<string, string>> = {
  bind: driverInstead,
  unbind: driverInstead,
  IOMMU_HWPT_ALLOC: 'the ioctl with the flags, or the nested data of the vendor, that the request stands for',
};

const handmade = ({ phases }: LimitsInput): Limit[] =>
  phases
    .flat()
    .filter(({ byHand, call }) => byHand && call !== 'unplug')
    .map(({ task, words, call }) => ({
      what: `${task}: ${words} (${call})`,
      because: 'the program does not make this call: it stops and asks for it',
      instead: byHandInstead[call] ?? 'a device of that kind, and a call on its file',
    }));

const tasksOf = (phase: Phase): string[] =>
  [...new Set(phase.map(({ task }) => task))].map((id) => {
    const calls = phase.filter(({ task }) => task === id).map(({ call }) => call);
    return `${id} ${calls.join(', ')}`;
  });

const order = ({ phases }: LimitsInput): Limit[] =>
  phases
    .filter((phase) => new Set(phase.map(({ task }) => task)).size > 1)
    .map((phase) => ({
      what: tasksOf(phase).join(' at the same time as '),
      because:
        'barriers let the calls start together, each task in its own order; which of them takes a lock first is only provoked, not forced',
      instead: 'many rounds; or a kprobe whose handler delays one task (by its name, comm) in the function where the run parts',
    }));

const kernels = ({ model }: LimitsInput): Limit[] => {
  const { caller, contract, hypothetical, kernel, profile } = model;
  const words = [
    ...(hypothetical === null ? [] : [hypothetical]),
    ...(kernel === profile.name ? [] : [`${kernel} changes ${profile.name}`]),
    ...(contract === null ? [] : [`the errno contract ${contract.name} holds`]),
    ...(profile.column === 'seed-v6' ? ['the seed series v6 is applied'] : []),
  ];
  return words.map((because) => ({
    what: `the kernel of this run (${caller.name})`,
    because: `no release is like it: ${because}`,
    instead: 'a kernel with that patch; an unmodified one shows what it does itself',
  }));
};

/** Drivers of machines that QEMU emulates. */
const emulated = new Set(['intel', 'amd', 'virtio-iommu', 'arm-smmu-v3']);

const hardware = ({ groups }: LimitsInput): Limit[] =>
  firstOf(
    groups.flatMap(({ devices }) => devices.flatMap(({ driver }) => (driver !== null && !emulated.has(driver) ? [driver] : []))),
    (driver) => driver,
  ).map((driver) => ({
    what: `an IOMMU of driver ${driver}`,
    because: 'QEMU emulates none',
    instead: 'such hardware, with devices that vfio-pci or vfio-platform can drive',
  }));

const rules: readonly ((input: LimitsInput) => readonly Limit[])[] = [
  apis,
  notArmed,
  twoInOneCall,
  triedTwice,
  atomic,
  attributes,
  kills,
  unplugs,
  handmade,
  order,
  kernels,
  hardware,
];

export const limitsOf = (input: LimitsInput): Limit[] => rules.flatMap((rule) => [...rule(input)]);
