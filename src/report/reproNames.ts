// Names in C for what a run names by ids, and which files close with which.
import type { OpenedFile, UserCall } from '../core/reproduction.ts';

/** Names of the program's variables. */
export interface Names {
  /** The index of an opened file: `group_5`. */
  readonly file: (kind: 'group' | 'device' | 'container' | 'iommufd', id: string) => string;
  /** The variable that holds an address space's or page table's id. */
  readonly table: (kind: 'ioas' | 'table', id: string) => string;
  /** Files that are closed with a container or context, in that order. */
  readonly within: (call: UserCall) => readonly string[];
}

/** A string literal of C. */
export const quoted = (text: string): string => JSON.stringify(text.replace(/[^\x20-\x7e]/g, '?'));

/** An id as part of a C name, unique among those given. */
export const identifiers = (prefix: string, ids: readonly string[]): Map<string, string> => {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const id of ids) {
    const plain = `${prefix}_${id.replace(/[^A-Za-z0-9]/g, '_').slice(0, 24)}`;
    const name = taken.has(plain) ? `${plain}_${names.size}` : plain;
    taken.add(name);
    names.set(id, name);
  }
  return names;
};

const kinds = ['group', 'device', 'container', 'iommufd'] as const;

export const tablesOf = (calls: readonly UserCall[], files: readonly OpenedFile[]): Record<'ioas' | 'table', Map<string, string>> => {
  const contexts = new Set(files.filter(({ kind }) => kind === 'iommufd').map(({ id }) => id));
  const spaces = calls.filter(({ call: name, context }) => /^(IOMMU_|VFIO_DEVICE_)/.test(name) && contexts.has(context));
  const ids = (of: (call: UserCall) => string | null): string[] => [...new Set(spaces.map(of))].filter((id) => id !== null);
  return {
    ioas: identifiers(
      'ioas',
      ids(({ container }) => container),
    ),
    table: identifiers(
      'table',
      ids(({ pageTable }) => pageTable),
    ),
  };
};

/** Files that close with a container or context: those of groups and devices in it, then its own. */
const withinOf =
  (calls: readonly UserCall[], file: Names['file']) =>
  (closing: UserCall): string[] => {
    const mine = calls.filter(({ container }) => container === closing.container);
    if (closing.device !== null) return [file('device', closing.device)];
    const groups = mine.filter(({ call: name }) => name === 'VFIO_GROUP_SET_CONTAINER').map(({ group }) => file('group', group!));
    const devices = mine.filter(({ call: name }) => name.startsWith('VFIO_DEVICE_')).map(({ device }) => file('device', device!));
    const own = groups.length > 0 ? [file('container', closing.container)] : devices.length > 0 ? [file('iommufd', closing.context)] : [];
    return [...new Set([...groups, ...devices, ...own])];
  };

export const namesOf = (files: readonly OpenedFile[], calls: readonly UserCall[]): Names => {
  const byKind = new Map(
    kinds.map((kind) => [
      kind,
      identifiers(
        kind,
        files.filter((file) => file.kind === kind).map(({ id }) => id),
      ),
    ]),
  );
  const tables = tablesOf(calls, files);
  const file: Names['file'] = (kind, id) => byKind.get(kind)!.get(id)!;
  return { file, table: (kind, id) => tables[kind].get(id)!, within: withinOf(calls, file) };
};
