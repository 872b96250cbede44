// The script that records attach and detach on a machine: what it says first, what it checks, and which functions it finds there.
import type { PlannedProbe, ProbePlan } from '../core/probes.ts';
import { recorderShell } from './probesRecorders.ts';
import { machineRoot, snapshotFunctions } from './snapshotShell.ts';
import { columnsMax, wrap } from './text.ts';

/** The shell's read joins what ends in a backslash. */
const joined = (line: string): string =>
  wrap(line, '', columnsMax - 2)
    .replaceAll('\n', ' \\\n')
    .split('\n')
    .join('\n');

const probeLine = ({ function: name, fetch, returns }: PlannedProbe): string => joined(`${name} ${returns ?? '-'} ${fetch}`.trimEnd());

const opening = (plan: ProbePlan, command: string): string => `#!/bin/sh
# Records IOMMU attach and detach as linux ${plan.kernel} shows it, with ${plan.recorder}.
# Made by:
#   ${command}
#   sh THIS_FILE [-n] [SECONDS]    as root; until Ctrl-C without SECONDS
#   -n  only says what it would do, and what is missing
# Leaves one file, attachlab-HOST-PID.tar.gz, in the current folder.
${recorderShell[plan.recorder].uses}
# ATTACHLAB_ROOT is the folder that stands for / in a trial.
set -u
${machineRoot}
LASTS=''
ONLY_SAY=''
for a in "$@"; do
	case $a in
	-n) ONLY_SAY=1 ;;
	*[!0-9]* | '') echo "usage: sh $0 [-n] [SECONDS]" >&2 && exit 2 ;;
	*) LASTS=$a ;;
	esac
done
`;

const names = `T=$R/sys/kernel/tracing
[ -d "$T/events" ] || T=$R/sys/kernel/debug/tracing
G=attachlab_$$
I=$T/instances/attachlab-$$
NAME=attachlab-$(uname -n | tr -c 'A-Za-z0-9.\\n-' _)-$$
W=$(mktemp -d) || exit 1
O=$W/$NAME
mkdir "$O"
trap 'rm -rf "$W"' EXIT
trap 'exit 130' INT TERM HUP
say() { printf '%s\\n' "$*" >&2; }
MISSING=0
missing() {
	say "missing: $*"
	MISSING=$((MISSING + 1))
}
`;

const checks = (plan: ProbePlan): string => `check() {
	[ "$(id -u)" = 0 ] || missing 'root'
	if [ ! -d "$T/events" ]; then
		missing 'tracefs: mount -t tracefs tracefs /sys/kernel/tracing'
	elif [ ! -e "$T/kprobe_events" ]; then
		missing 'kprobe events: a kernel with CONFIG_KPROBE_EVENTS'
	fi
	f=/sys/kernel/security/lockdown
	if grep -q '\\[confidentiality\\]' "$R$f" 2>/dev/null
	then missing "permission: $f is at confidentiality"; fi
	f=/sys/kernel/debug/kprobes/enabled
	if [ "$(cat "$R$f" 2>/dev/null)" = 0 ]
	then missing "kprobes: switched off in $f"; fi
	[ -r "$R/proc/kallsyms" ] || missing 'symbols: /proc/kallsyms'
${recorderShell[plan.recorder].checks}	case $(uname -r) in
	${plan.kernel}.*) ;;
	*) say "note: these functions are those of ${plan.kernel}, this is $(uname -r)" ;;
	esac
}
`;

const probes = (plan: ProbePlan): string => `# function, type of the value returned (-: none), arguments
# shellcheck disable=SC2162
probes() {
	while read line; do printf '%s\\n' "$line"; done <<'END'
${plan.probes.map(probeLine).join('\n')}
END
}
`;

/**
 * Under its own name, or with what a compiler appends for a changed call; a part of a function is none. Changed arguments are not
 * fetched. `found`: function, symbol, type, arguments. Two functions of one name: a probe by name is refused, or hits the wrong one.
 */
const find = `find_functions() {
	probes > "$W/wanted"
	: > "$W/traceable"
	[ ! -r "$T/available_filter_functions" ] ||
		cut -d' ' -f1 "$T/available_filter_functions" > "$W/traceable"
	cut -d' ' -f2- "$R/proc/kallsyms" > "$W/symbols"
	awk -v found="$W/found" '
	function base(symbol) {
		sub(/\\.(isra|constprop|llvm)\\..*$/, "", symbol)
		return symbol
	}
	FILENAME == ARGV[1] {
		order[++n] = $1
		rest[$1] = $0
		sub(/^[^ ]* /, "", rest[$1])
		next
	}
	FILENAME == ARGV[2] {
		if ($1 !~ /^[tT]$/ || !(base($2) in rest)) next
		times[$2]++
		b = base($2)
		if (!(b in symbol) || $2 == b) symbol[b] = $2
		next
	}
	{ traceable[$1]; known = 1 }
	END {
		for (i = 1; i <= n; i++) {
			f = order[i]
			if (!(f in symbol)) {
				print f ": not traceable in this kernel"
				continue
			}
			s = symbol[f]
			if (times[s] > 1)
				print f ": " s ": ambiguous, " times[s] " of this name"
			else if (known && !(s in traceable))
				print f ": not traceable in this kernel"
			else {
				if (s != f) sub(/ .*/, "", rest[f])
				print f, s, rest[f] > found
			}
		}
	}' "$W/wanted" "$W/symbols" "$W/traceable" > "$O/probes-status.txt"
	[ -s "$W/found" ] || missing 'functions: this kernel has none of them'
	touch "$W/found"
}
`;

const spoken = (text: string): string =>
  wrap(text, '  ', columnsMax - 8)
    .split('\n')
    .map((line) => `\tsay '${line}'`)
    .join('\n');

const announce = (plan: ProbePlan): string => `announce() {
	say "linux $(uname -r), $(uname -n)"
	say "probes: $(wc -l < "$W/found") of ${plan.probes.length} functions; left out:"
	sed 's/^/  /' "$O/probes-status.txt" >&2
${spoken(`events: ${plan.events.join(' ')}`)}
${spoken(`calls of VFIO and iommufd${plan.results ? ', and the result of every ioctl' : ''}${plan.maps ? '' : '; no map, no unmap'}`)}
}
`;

const collect = (plan: ProbePlan): string => `collect() {
	machine > "$O/topology.txt"
	dmesg > "$O/dmesg.txt" 2>/dev/null
	cat "$R/proc/cmdline" > "$O/cmdline.txt"
	uname -a > "$O/uname.txt"
	sort -o "$O/probes-status.txt" "$O/probes-status.txt"
${recorderShell[plan.recorder].collects}	tar czf "$NAME.tar.gz" -C "$W" "$NAME" && say "written: $NAME.tar.gz"
}
`;

const main = `check
find_functions
announce
[ "$MISSING" = 0 ] || exit 1
[ -z "$ONLY_SAY" ] || exit 0
STOP=''
: > "$W/defined"
trap 'STOP=1' INT TERM HUP
trap clean EXIT
start
record
stop
collect
`;

export const probesScript = (plan: ProbePlan, command: string): string =>
  [
    opening(plan, command),
    names,
    snapshotFunctions(false),
    checks(plan),
    probes(plan),
    find,
    announce(plan),
    recorderShell[plan.recorder].functions(plan),
    collect(plan),
    main,
  ].join('\n');
