// Compares a rerun phase with its recording: results, injected failures, attaches, and which groups share a page table.
import type { Rerun } from './rerun.ts';
import type { Call } from './sequence.ts';

const sorted = (value: object): string => JSON.stringify(value, Object.keys(value).sort());

/** The first failure among a call's requests, as the program would see it. */
const resultOf = ({ results }: Rerun): string => results.find((result) => result !== 'OK') ?? results.at(-1) ?? 'nothing';

/** Groups that share, each with the others: `5+6 8`, whatever the page tables are called. */
const sharing = (tables: ReadonlyMap<string, unknown>): string => {
  const together = new Map<unknown, string[]>();
  for (const [group, table] of tables) together.set(table, [...(together.get(table) ?? []), group]);
  return [...together.values()]
    .map((groups) => groups.sort().join('+'))
    .sort()
    .join(' ');
};

/** Follows which page table each group is on, by what attaches gave back; a detach leaves it with the group's last device. */
const recordedTables = () => {
  const tables = new Map<string, number>();
  const devices = new Map<string, Set<string>>();
  return ({ op, group, device, table, errno }: Call): ReadonlyMap<string, number> => {
    const attached = devices.get(group!) ?? new Set();
    if (op === 'VFIO_DEVICE_ATTACH_IOMMUFD_PT' && table !== undefined) {
      tables.set(group!, table);
      devices.set(group!, attached.add(device!));
    } else if ((op === 'VFIO_DEVICE_DETACH_IOMMUFD_PT' || op === 'close_device_cdev') && !errno) {
      attached.delete(device!);
      if (attached.size === 0) tables.delete(group!);
    }
    return tables;
  };
};

const partsOf = (rerun: Rerun, tables: ReadonlyMap<string, number>): [what: string, recorded: string, model: string][] => {
  const { call, hit, attaches } = rerun;
  return [
    ['result', call.errno ?? 'OK', resultOf(rerun)],
    ['failure reached', String(call.hit ?? hit), String(hit)],
    ['attaches', (call.attaches ?? []).map(sorted).join(' '), attaches.map(sorted).join(' ')],
    // Only attaches outside a fail-nth sweep say their page table.
    ...(call.table === undefined ? [] : [['page tables', sharing(tables), sharing(rerun.tables)] as [string, string, string]]),
  ];
};

/** One line for each difference; empty when the model did what the kernel did. */
export const differences = (reruns: readonly Rerun[]): string[] => {
  const follow = recordedTables();
  return reruns.flatMap((rerun) => {
    const { op, container, context, group, device } = rerun.call;
    const name = [op, container ?? context, device ?? group].filter(Boolean).join(' ');
    return partsOf(rerun, follow(rerun.call)).flatMap(([what, recorded, model]) =>
      recorded === model ? [] : [`${name}: ${what}: recorded ${recorded}, model ${model}`],
    );
  });
};
