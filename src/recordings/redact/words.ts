// What any part of a recording may hold: kernel pointers, paths, the names of who made the kernel and of the machine.
import type { Names } from './names.ts';

/** The last 4095 are negative errnos, not pointers. Reserved regions end there too. */
const firstErrno = 'fffffffffffff001';
/** With five levels of page tables the kernel begins at ff00000000000000. */
const pointer = /(?<![0-9a-z])(0x)?(ff[0-9a-f]{14})(?![0-9a-z])/gi;

export const withoutAddresses = (text: string, names: Names): string =>
  text.replace(pointer, (whole: string, mark: string | undefined, digits: string) => {
    const plain = digits.toLowerCase();
    return plain >= firstErrno ? whole : `${mark ?? ''}${names.address(plain)}`;
  });

/** What every machine has. */
const commonPath = /^\/(?:dev\/(?:vfio(?:\/|$)|iommu$|null$)|sys\/)/;
const path = /(?<![\w./-])\/[\w.@%+~:-]+(?:\/[\w.@%+~:-]+)*\/?/g;

export const withoutPaths = (text: string, names: Names): string =>
  text.replace(path, (found) => (commonPath.test(found) ? found : names.path(found)));

const generic: ReadonlySet<string> = new Set(['(none)', '']);

const host = (name: string, names: Names): string => (generic.has(name) ? name : names.host(name));

/** `Linux version 6.12.117 (builder@machine) (gcc ...`, as the kernel's banner and /proc/version have it. */
export const withoutBuilder = (text: string, names: Names): string =>
  text.replace(/(Linux version \S+ \()([^@()\s]*)@([^()\s]*)\)/, (_, before: string, user: string, machine: string) => {
    return `${before}${user === '' ? '' : names.user(user)}@${host(machine, names)})`;
  });

/** `Linux HOST 6.12.117 #1 SMP ...`, as `uname -a` prints it. */
export const withoutHost = (text: string, names: Names): string =>
  text.replace(
    /^(\S+ +)(\S+)( +\d+\.\d+)/,
    (_, system: string, machine: string, release: string) => system + host(machine, names) + release,
  );

/** Parameters of the kernel that verdicts rest on, or that only say how it was recorded. */
const keptParameter = /iommu|smmu|vfio|dmar|amd_|intremap|^(?:trace_|pci|kvm|nohz|isolcpus|hugepages|maxcpus|nr_cpus|mem$)/i;

const parameter = (word: string, names: Names): string => {
  const equals = word.indexOf('=');
  if (equals > 0 && keptParameter.test(word.slice(0, equals))) return word;
  if (equals > 0 && equals < word.length - 1) return `${word.slice(0, equals + 1)}${names.value(word.slice(equals + 1))}`;
  return withoutPaths(word, names);
};

export const withoutValues = (line: string, names: Names): string => line.replace(/\S+/g, (word) => parameter(word, names));
