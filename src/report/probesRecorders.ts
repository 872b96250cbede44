// The three ways in which the script records: tracefs by hand, trace-cmd on the same probes, bpftrace without any probe event.
import type { ProbePlan, Recorder } from '../core/probes.ts';
import { bpftraceFunctions } from './probesBpftrace.ts';
import { wrap } from './text.ts';

/** What differs between recorders; `functions` defines start, record, stop and clean. */
interface RecorderShell {
  /** Comment lines on what it makes and takes away. */
  readonly uses: string;
  readonly checks: string;
  readonly functions: (plan: ProbePlan) => string;
  readonly collects: string;
}

/** VFIO's and iommufd's own numbers; those that map and unmap: MAP_DMA, UNMAP_DMA, IOAS_MAP, IOAS_COPY, IOAS_UNMAP. */
const callFilter = ({ maps }: ProbePlan): string =>
  maps
    ? 'cmd >= 0x3b64 && cmd <= 0x3b9f'
    : 'cmd >= 0x3b64 && cmd <= 0x3b9f && cmd != 0x3b71 && cmd != 0x3b72 && (cmd < 0x3b83 || cmd == 0x3b84 || cmd > 0x3b86)';

const filterLines = (plan: ProbePlan): string => {
  const [first, ...others] = wrap(callFilter(plan), '', 60).split('\n');
  return [`CALLS='${first}'`, ...others.map((line) => `CALLS="$CALLS ${line}"`)].join('\n');
};

const eventWords = ({ events }: ProbePlan): string => wrap(events.join(' '), '', 50).replaceAll('\n', ' \\\n\t\t');

/** KiB for each CPU. */
const bufferSize = ({ maps }: ProbePlan): number => (maps ? 8192 : 1024);

const definitions = `put() {
	printf '%s\\n' "$1" 2>/dev/null > "$2" || say "could not write $1 to $2"
}
define() {
	printf '%s\\n' "$1" 2>/dev/null >> "$T/kprobe_events" || return 1
	e=\${1#*/}
	printf '%s\\n' "\${e%% *}" >> "$W/defined"
}
define_all() {
	while read -r f s back fetch; do
		how=ok
		define "p:$G/p_$f $s\${fetch:+ $fetch}" || how='entry refused'
		if [ "$back" != - ]; then
			define "r:$G/r_$f $s ret=\\$retval:$back" || how="$how, return refused"
		fi
		printf '%s: %s: %s\\n' "$f" "$s" "$how" >> "$O/probes-status.txt"
	done < "$W/found"
}
undefine_all() {
	while read -r e; do
		printf '%s\\n' "-:$G/$e" >> "$T/kprobe_events" || say "left over: $G/$e"
	done < "$W/defined"
}
`;

const clean = `clean() {
	trap '' INT TERM HUP
	if [ -d "$I" ]; then
		put 0 "$I/tracing_on"
		put 0 "$I/events/$G/enable"
		rmdir "$I" || say "left over: $I"
	fi
	undefine_all
	rm -rf "$W"
}
`;

const waitShell = `wait_for_the_end() {
	say "recording\${LASTS:+ for $LASTS seconds}; Ctrl-C ends it"
	n=0
	while [ -z "$STOP" ] && [ "$n" != "$LASTS" ]; do
		sleep 1
		n=$((n + 1))
	done
}
`;

const byHand = (plan: ProbePlan): string => `${filterLines(plan)}
${definitions}start() {
	define_all
	mkdir "$I" || exit 1
	put 0 "$I/tracing_on"
	put mono "$I/trace_clock"
	put ${bufferSize(plan)} "$I/buffer_size_kb"
	for e in ${eventWords(plan)}; do
		put 1 "$I/events/iommu/$e/enable"
	done
	put 1 "$I/events/$G/enable"
	put "$CALLS" "$I/events/syscalls/sys_enter_ioctl/filter"
	put 1 "$I/events/syscalls/sys_enter_ioctl/enable"
${plan.results ? '\tput 1 "$I/events/syscalls/sys_exit_ioctl/enable"\n' : ''}	put 1 "$I/tracing_on"
}
${waitShell}record() { wait_for_the_end; }
stop() {
	put 0 "$I/tracing_on"
	cat "$I/trace" > "$O/trace.txt"
	cat "$I"/per_cpu/cpu*/stats > "$O/trace-stats.txt"
	cat "$I/trace_clock" > "$O/trace_clock.txt"
}
${clean}`;

const byTraceCmd = (plan: ProbePlan): string => `${filterLines(plan)}
${definitions}start() {
	define_all
}
record() {
	[ -z "$STOP" ] || return 0
	set --
	for e in ${eventWords(plan)}; do
		set -- "$@" -e "iommu:$e"
	done
	set -- "$@" -e "$G" -e syscalls:sys_enter_ioctl -f "$CALLS"
${plan.results ? '\tset -- "$@" -e syscalls:sys_exit_ioctl\n' : ''}	[ -z "$LASTS" ] || set -- "$@" sleep "$LASTS"
	say "recording\${LASTS:+ for $LASTS seconds}; Ctrl-C ends it"
	trace-cmd record -B "attachlab-$$" -C mono -b ${bufferSize(plan)} \\
		-o "$O/trace.dat" "$@" >&2
}
stop() { echo mono > "$O/trace_clock.txt"; }
${clean}`;

const ownEvents = `# An instance of its own, instances/attachlab-PID, and events of its own,
# group attachlab_PID; both go at the end, also after a signal. After
# kill -9: rmdir the instance, then write -:GROUP/EVENT for each event of
# the group to kprobe_events, with >> . Nothing of others is touched: the
# main buffer, its clock, a tracer, their probes.`;

const ownProbes = `	grep "^[pr][0-9]*:$G/" "$T/kprobe_events" > "$O/kprobe_events.txt"
	awk 'FILENAME == ARGV[1] { own[$1]; next } $1 in own' \\
		"$W/defined" "$T/kprobe_profile" > "$O/kprobe_profile.txt"
`;

const needs = (tool: string): string => `	command -v ${tool} > /dev/null || missing 'the program ${tool}'\n`;

const instances = `	[ -d "$T/instances" ] || missing 'tracefs instances: a kernel with them'\n`;

export const recorderShell: Readonly<Record<Recorder, RecorderShell>> = {
  kprobe: { uses: ownEvents, checks: instances, functions: byHand, collects: ownProbes },
  'trace-cmd': { uses: ownEvents, checks: `${instances}${needs('trace-cmd')}`, functions: byTraceCmd, collects: ownProbes },
  bpftrace: {
    uses: '# bpftrace holds its probes itself: nothing in tracefs is changed.',
    checks: needs('bpftrace'),
    functions: (plan) => bpftraceFunctions(plan, waitShell),
    collects: '',
  },
};
