// The same probes for bpftrace: a program that prints what tracefs would, written by the script from the functions that it found.
import type { ProbePlan } from '../core/probes.ts';

interface StaticEvent {
  readonly text: string;
  readonly arguments: string;
}

/** Their texts in tracefs, as linux 6.1 and 6.12 have them (trace/events/iommu.h). */
const staticEvents: Readonly<Record<string, StaticEvent>> = {
  add_device_to_group: { text: 'IOMMU: groupID=%d device=%s', arguments: 'args->gid, str(args->device)' },
  remove_device_from_group: { text: 'IOMMU: groupID=%d device=%s', arguments: 'args->gid, str(args->device)' },
  attach_device_to_domain: { text: 'IOMMU: device=%s', arguments: 'str(args->device)' },
  detach_device_from_domain: { text: 'IOMMU: device=%s', arguments: 'str(args->device)' },
  io_page_fault: {
    text: 'IOMMU:%s %s iova=@x flags=0x%04x',
    arguments: 'str(args->driver), str(args->device), args->iova,\n\t\targs->flags',
  },
  map: {
    text: 'IOMMU: iova=@x - @x paddr=@x size=%lu',
    arguments: 'args->iova, args->iova + args->size, args->paddr,\n\t\targs->size',
  },
  unmap: {
    text: 'IOMMU: iova=@x - @x size=%lu unmapped_size=%lu',
    arguments: 'args->iova, args->iova + args->size, args->size,\n\t\targs->unmapped_size',
  },
};

/** @at, @who and @x are put in by the script: a line is one printf, or lines of two CPUs would mix. */
const printed = (text: string, values: string): string => `\tprintf("@at: ${text}\\n",\n\t\t@who, ${values});`;

const eventBlock = (name: string): string => {
  const { text, arguments: values } = staticEvents[name]!;
  return `tracepoint:iommu:${name} {\n${printed(`${name}: ${text}`, values)}\n}`;
};

const mapCalls =
  ' &&\n\targs->cmd != 0x3b71 && args->cmd != 0x3b72 && args->cmd != 0x3b83 &&\n\targs->cmd != 0x3b85 && args->cmd != 0x3b86';

const callBlocks = ({ maps, results }: ProbePlan): string[] => [
  `tracepoint:syscalls:sys_enter_ioctl
/args->cmd >= 0x3b64 && args->cmd <= 0x3b9f${maps ? '' : mapCalls}/ {
${printed('sys_ioctl(fd: %lx, cmd: %lx, arg: %lx)', 'args->fd, args->cmd, args->arg')}${results ? '\n\t@calls[tid] = 1;' : ''}
}`,
  ...(results
    ? [
        `tracepoint:syscalls:sys_exit_ioctl /@calls[tid]/ {
${printed('sys_ioctl -> 0x%lx', 'args->ret')}\n	delete(@calls[tid]);
}`,
      ]
    : []),
];

/** In awk, from the same list as the other recorders: `dom=$arg1:x64` becomes ` dom=0x%lx` and `arg0`. */
const generate = `program() {
	at='%16s-%-7d [%03d] ..... %5lu.%06lu'
	who='comm, tid, cpu, nsecs / 1000000000, nsecs % 1000000000 / 1000'
	sed "s|@at|$at|; s|@who|$who|; s|@x|0x%016llx|g" <<'PROGRAM'
@static
PROGRAM
	awk -v at="$at" -v who="$who" '
	function print_line(text, rest) {
		printf "\\tprintf(\\"%s: %s\\\\n\\",\\n\\t\\t%s%s);\\n}\\n", at, text, who, rest
	}
	{
		text = rest = ""
		for (i = 4; i <= NF; i++) {
			name = spec = $i
			sub(/=.*/, "", name)
			match(spec, /arg[0-9]+/)
			a = "arg" (substr(spec, RSTART + 3, RLENGTH - 3) - 1)
			if (spec ~ /string$/) {
				text = text " " name "=\\\\\\"%s\\\\\\""
				rest = rest ", str(*(uint64 *)" a ")"
			} else if (spec ~ /x32$/) {
				text = text " " name "=0x%x"
				rest = rest ", (uint32)" a
			} else {
				text = text " " name "=0x%lx"
				rest = rest ", " a
			}
		}
		print "kprobe:" $2 " {"
		print_line("p_" $1 ": (" $2 "+0x0/0x0)" text, rest)
		if ($3 == "-") next
		print "kretprobe:" $2 " {"
		type = $3 == "x64" ? "0x%lx" : "%d"
		value = $3 == "s32" ? "(int32)" : $3 == "u8" ? "(uint8)" : ""
		caller = "([unknown/kretprobe\\x27d] <- " $2 ")"
		print_line("r_" $1 ": " caller " ret=" type, ", " value "retval")
	}' "$W/found"
	cat <<'PROGRAM'
interval:s:1 /!@attached/ {
	@attached = 1;
	printf("# tracer: bpftrace\\n");
}
END { @clear }
PROGRAM
}
`;

/** Each CPU has its buffer: lines come in the order in which they were fetched. */
const inOrder = `in_order() {
	awk '{
		if (match($0, /[0-9]+\\.[0-9][0-9][0-9][0-9][0-9][0-9]: /))
			time = substr($0, RSTART, RLENGTH - 2)
		printf "%020.6f\\t%s\\n", time, $0
	}' "$1" | LC_ALL=C sort -s -k1,1 | cut -f2-
}
`;

const functions = `start() {
	program > "$W/program.bt"
	bpftrace -o "$W/printed" "$W/program.bt" &
	BPFTRACE=$!
	say 'bpftrace compiles and attaches its probes'
	while [ -z "$STOP" ] && kill -0 "$BPFTRACE" 2>/dev/null; do
		! grep -q '^# tracer' "$W/printed" 2>/dev/null || break
		sleep 1
	done
}
# one signal after the other: until it has attached, it ignores some
end_bpftrace() {
	for s in INT INT TERM KILL; do
		kill "-$s" "$BPFTRACE" 2>/dev/null || break
		n=0
		while [ $n -lt 5 ] && kill -0 "$BPFTRACE" 2>/dev/null; do
			sleep 1
			n=$((n + 1))
		done
	done
	wait "$BPFTRACE"
	BPFTRACE=''
}
@waitrecord() { wait_for_the_end; }
stop() {
	end_bpftrace
	in_order "$W/printed" > "$O/trace.txt"
	cp "$W/program.bt" "$O/program.bt"
	echo mono > "$O/trace_clock.txt"
	while read -r f s rest; do
		printf '%s: %s: ok\\n' "$f" "$s"
	done < "$W/found" >> "$O/probes-status.txt"
}
clean() {
	trap '' INT TERM HUP
	[ -z "\${BPFTRACE:-}" ] || end_bpftrace
	rm -rf "$W"
}
`;

export const bpftraceFunctions = (plan: ProbePlan, waiting: string): string => {
  const blocks = [...plan.events.map(eventBlock), ...callBlocks(plan)].join('\n');
  const clear = plan.results ? 'clear(@attached); clear(@calls);' : 'clear(@attached);';
  const generated = generate.replace('@static', () => blocks).replace('@clear', clear);
  return `${generated}${inOrder}${functions.replace('@wait', () => waiting)}`;
};
