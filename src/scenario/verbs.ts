// The verbs of requests, each with the keys it takes and what a bare word behind it means: one table for schema, scripts and print.
import type { Verb } from '../core/scenario.ts';

export type DetailKey = 'group' | 'device' | 'task' | 'name' | 'iova' | 'size' | 'page-table' | 'parent' | 'nested' | 'container' | 'with';

/** What stands behind a verb, spelled out. */
export interface Detail {
  readonly group?: string | number;
  readonly device?: string | number;
  readonly task?: string | number;
  readonly name?: string | number;
  readonly iova?: string | number;
  readonly size?: string | number;
  readonly 'page-table'?: string | number;
  readonly parent?: string | number;
  readonly nested?: boolean;
  readonly container?: string | number;
  readonly with?: Readonly<Record<string, string | number | boolean>>;
}

export interface VerbFacts {
  readonly words: string;
  /** What `verb: WORD` stands for; `target` is a group or a device, whichever the topology has. */
  readonly bare?: 'target' | 'group' | 'device' | 'task' | 'name' | 'iova' | 'size';
  /** The verb may stand alone. */
  readonly alone?: true;
  readonly keys: readonly DetailKey[];
  /** Keys that must be there; a target is asked for wherever `group` or `device` can be given. */
  readonly needs?: readonly DetailKey[];
}

const common = ['container', 'with'] as const;

export const verbs: Readonly<Record<Verb, VerbFacts>> = {
  attach: {
    words: "Attach a group or device to the task's container or address space.",
    bare: 'target',
    keys: ['group', 'device', 'page-table', ...common],
  },
  detach: { words: 'Detach a group or device.', bare: 'target', keys: ['group', 'device', ...common] },
  replace: {
    words: 'Move a group or device to another page table without a moment of none.',
    bare: 'target',
    keys: ['group', 'device', 'page-table', ...common],
  },
  map: { words: 'Map memory; without iova behind the last mapping.', bare: 'size', keys: ['iova', 'size', ...common], needs: ['size'] },
  unmap: { words: 'Unmap; without iova the last mapping.', bare: 'iova', alone: true, keys: ['iova', 'size', ...common] },
  close: { words: 'Close the descriptors of the task.', alone: true, keys: [...common] },
  kill: { words: 'Kill a task.', bare: 'task', keys: ['task', 'with'], needs: ['task'] },
  unplug: { words: 'Unplug a device.', bare: 'device', keys: ['device', 'with'], needs: ['device'] },
  'bind-driver': { words: 'Bind a kernel driver to a device of the group.', bare: 'target', keys: ['group', 'device', 'with'] },
  'unbind-driver': { words: 'Unbind the kernel driver of the group.', bare: 'target', keys: ['group', 'device', 'with'] },
  'set-container': { words: 'Put a group into a container without attaching it.', bare: 'target', keys: ['group', 'device', ...common] },
  'set-iommu': { words: 'Choose the backend of the container, which attaches its groups.', alone: true, keys: [...common] },
  'unset-container': { words: 'Take a group out of its container.', bare: 'target', keys: ['group', 'device', ...common] },
  bind: { words: 'Bind a device to an iommufd context.', bare: 'target', keys: ['group', 'device', ...common] },
  unbind: { words: 'Unbind a device from its iommufd context.', bare: 'target', keys: ['group', 'device', ...common] },
  'make-page-table': {
    words: 'Make a page table of the address space by hand.',
    keys: ['name', 'device', 'parent', 'nested', ...common],
    needs: ['name', 'device'],
  },
  'destroy-page-table': { words: 'Destroy a page table that was made by hand.', bare: 'name', keys: ['name', ...common], needs: ['name'] },
};

export const verbNames = Object.keys(verbs) as readonly Verb[];

/** What could stand behind the verb. */
export const exampleOf = (verb: Verb): string =>
  verb === 'map' ? '64K' : verb === 'kill' ? 't0' : verb.endsWith('page-table') ? 'p0' : '5';

const bareWords: Readonly<Record<NonNullable<VerbFacts['bare']>, string>> = {
  target: 'a group or a device',
  group: 'a group',
  device: 'a device',
  task: 'a task',
  name: 'a name',
  iova: 'an address',
  size: 'a size',
};

/** What the verb takes on a line, in words. */
export const takenBy = (verb: Verb): string => {
  const { bare, keys } = verbs[verb];
  const pairs = keys.filter((key) => key !== 'with').map((key) => `${key}=`);
  const range = keys.includes('iova') ? ['`SIZE at ADDRESS`'] : [];
  return `behind ${verb} ${[...(bare ? [bareWords[bare]] : []), ...range, ...pairs].join(', ')}, or a flag by name`;
};
