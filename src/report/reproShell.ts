// The parts of a reproduction that are not C: kernel configuration, what to set up as root, and an awk script that counts domains.
import type { OpenedFile, Reproduction, Setting } from '../core/reproduction.ts';
import { columnsMax, wrap } from './text.ts';

export const configText = ({ options }: Reproduction): string =>
  `${options.flatMap(({ name, value, because }) => [`# ${because}`, `${name}=${value}`]).join('\n')}\n`;

const writes = ({ name, value, because }: Setting): string[] => [`# ${because}`, `echo ${value} > ${name}`];

/** Functions whose devices vfio-pci takes: bridges stay with their own driver, or none. */
const bound = ({ machine }: Reproduction): string[] =>
  machine.groups.flatMap(({ devices }) => devices.filter(({ id, bridge }) => !bridge && /^[0-9a-f]{4}:/.test(id)).map(({ id }) => id));

const bindLines = (devices: readonly string[]): string[] =>
  devices.length === 0
    ? []
    : [
        '# every device of a group that goes to user space',
        ...devices.map((id, index) => `${index === 0 ? 'for d in ' : '\t'}${id}${index === devices.length - 1 ? '; do' : ' \\'}`),
        '\tcd /sys/bus/pci/devices/$d',
        '\techo vfio-pci > driver_override',
        '\t[ -e driver ] && echo $d > driver/unbind',
        '\techo $d > /sys/bus/pci/drivers_probe',
        'done',
      ];

/** The kernel wants a definition on one line; the shell's read joins what ends in a backslash. */
const probeLines = ({ probes }: Reproduction): string[] =>
  probes.flatMap(({ definition }) =>
    wrap(definition, '', columnsMax - 2)
      .replaceAll('\n', ' \\\n')
      .split('\n'),
  );

const triggers = ({ probes }: Reproduction): string[] =>
  probes
    .filter(({ name }) => name.endsWith('_fails'))
    .flatMap(({ name }) => [`echo 'ret != 0' > $E/${name}/filter`, `echo 'stacktrace if ret != 0' > $E/${name}/trigger`]);

/** For sh, as root; written to be read. */
export const setupText = (reproduction: Reproduction): string =>
  [
    '#!/bin/sh',
    'mount -t debugfs debugfs /sys/kernel/debug 2>/dev/null',
    'mount -t tracefs tracefs /sys/kernel/tracing 2>/dev/null',
    ...(reproduction.failures.length > 0
      ? reproduction.settings
      : reproduction.settings.filter(({ name }) => name.startsWith('/sys/module'))
    ).flatMap(writes),
    'T=/sys/kernel/tracing E=/sys/kernel/tracing/events/repro',
    'while read probe; do echo "$probe" >> $T/kprobe_events; done <<\'END\'',
    ...probeLines(reproduction),
    'END',
    ...triggers(reproduction),
    'echo 1 > $E/enable',
    'echo 1 > $T/tracing_on',
    ...bindLines(bound(reproduction)),
    '',
  ].join('\n');

const isUsers = ({ kind }: OpenedFile): boolean => kind === 'group' || kind === 'device';

/** For awk, over the trace: result, failing function and number of domains that groups are on at the end of each round. */
export const countText = ({ failures }: Reproduction): string => {
  const sites = [...new Set(failures.map((failure) => failure.function))];
  return `BEGIN {${sites.map((site) => ` site["${site}"]`).join(';')} }
/: repro .*begin$/ { delete on; hit = ""; where = "" }
/ attach[a-z_]*: \\(/ && !/_ret: / {
	match($0, /dom=[^ ]*/)
	dom[$1] = substr($0, RSTART + 4, RLENGTH - 4)
	match($0, /gid="[^"]*/)
	gid[$1] = substr($0, RSTART + 5, RLENGTH - 5)
}
/ attach[a-z_]*_ret: .* ret=0$/ { on[gid[$1]] = dom[$1] }
/ detach[a-z_]*: \\(/ {
	match($0, /gid="[^"]*/)
	delete on[substr($0, RSTART + 5, RLENGTH - 5)]
}
/ domain_free: \\(/ {
	match($0, /dom=[^ ]*/)
	freed = substr($0, RSTART + 4, RLENGTH - 4)
	for (g in on) if (on[g] == freed) delete on[g]
}
/^ => / { sub(/\\..*/, "", $2); if ($2 in site) where = " in " $2 "()" }
/, (hit|not reached)$/ { hit = $0; sub(/.*: /, "", hit) }
/: repro .*end$/ {
	delete seen; count = 0
	for (g in on) if (!(on[g] in seen)) { seen[on[g]]; count++ }
	line = $0; sub(/.*: repro /, "", line); sub(/ ?end$/, "", line)
	print line " " hit where ": domains " count
}
`;
};

/** For sh: n then counts only what the first failing function allocates, itself or further down. */
export const filterText = ({ failures, options }: Reproduction): string => {
  const [first] = failures;
  if (!first || !options.some(({ name }) => name.endsWith('STACKTRACE_FILTER')))
    return '# not for this run: linux 6.12, and an allocation that fails\n';
  return `f=${first.function}
a=$(awk -v f=$f '$3 == f { print $1; exit }' /proc/kallsyms)
b=$(cut -d' ' -f1 /proc/kallsyms | sort -u | grep -A1 $a | tail -n 1)
for d in failslab fail_page_alloc; do
	echo 0x$a > /sys/kernel/debug/$d/require-start
	echo 0x$b > /sys/kernel/debug/$d/require-end
done
`;
};

const argument = ({ kind, id, path }: OpenedFile): string => (kind === 'device' ? `$(V ${id})` : path);

const named = `V() { echo /dev/vfio/devices/$(ls /sys/bus/pci/devices/$1/vfio-dev); }`;

/** How the program is built, run, and its trace counted; for the same shell. */
export const runText = ({ files, phases }: Reproduction): string => {
  const tasks = new Set(phases.flat().map(({ task }) => task)).size;
  const users = files.filter(isUsers);
  return [
    `gcc -O1 -Wall${tasks > 1 ? ' -pthread' : ''} -o repro repro.c`,
    ...(users.some(({ kind }) => kind === 'device') ? [named] : []),
    wrap(`./repro ${users.map(argument).join(' ')}`.trimEnd(), '\t', columnsMax - 10).replaceAll('\n', ' \\\n'),
    'cat /sys/kernel/tracing/trace > trace.txt',
    'awk -f count.awk trace.txt',
    '',
  ].join('\n');
};
