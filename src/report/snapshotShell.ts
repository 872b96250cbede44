// Shell functions that write a snapshot, `path TAB content` a line: what src/recordings reads of a machine's sysfs, and what it reads
// of a machine in use. They only read.

/** What both scripts begin with: R is where the machine's file system begins, another folder only for a trial. */
export const machineRoot = 'R=${ATTACHLAB_ROOT:-}';

/** `file`: each line of a file, one empty line of an empty file. `link`: a link's target. */
const writers = `file() {
	[ -r "$R$1" ] && [ -f "$R$1" ] || return 0
	none=1
	while IFS= read -r line || [ -n "$line" ]; do
		printf '%s\\t%s\\n' "$1" "$line"
		none=
	done < "$R$1"
	[ -z "$none" ] || printf '%s\\t\\n' "$1"
}
# bytes in hexadecimal, for tables of the firmware
table() {
	[ -r "$R$1" ] && [ -f "$R$1" ] || return 0
	od -An -v -tx1 "$R$1" | while read -r line; do
		printf '%s\\t%s\\n' "$1" "$line"
	done
}
link() {
	[ ! -L "$R$1" ] || printf '%s\\t-> %s\\n' "$1" "$(readlink "$R$1")"
}
names() {
	for found in "$R$1"/*; do
		[ ! -e "$found" ] && [ ! -L "$found" ] || printf '%s\\n' "\${found##*/}"
	done
}
`;

/** The machine: the same files as the reader of a live /sys takes. */
const machine = `groups() {
	d=/sys/kernel/iommu_groups
	for g in $(names $d); do
		for f in name type reserved_regions; do file "$d/$g/$f"; done
		for x in $(names "$d/$g/devices"); do link "$d/$g/devices/$x"; done
	done
}
instances() {
	d=/sys/class/iommu
	for i in $(names $d); do
		link "$d/$i"
		link "$d/$i/device/driver"
		for f in address cap domains_supported domains_used ecap version; do
			file "$d/$i/intel-iommu/$f"
		done
		for f in cap features; do file "$d/$i/amd-iommu/$f"; done
		for x in $(names "$d/$i/devices"); do link "$d/$i/devices/$x"; done
	done
}
devices() {
	for b in $(names /sys/bus); do
		d=/sys/bus/$b/devices
		for x in $(names "$d"); do
			[ "$b" = pci ] || [ -e "$R$d/$x/iommu_group" ] || continue
			link "$d/$x"
			[ "$b" != pci ] || for f in class device driver_override vendor; do
				file "$d/$x/$f"
			done
			for f in driver iommu iommu_group physfn; do link "$d/$x/$f"; done
			for f in $(names "$d/$x/vfio-dev"); do
				printf '%s\\tpresent\\n' "$d/$x/vfio-dev/$f"
			done
		done
	done
}
parameters() {
	for m in intel_iommu iommu iommufd vfio vfio_iommu_type1 vfio_pci; do
		for f in $(names "/sys/module/$m/parameters"); do
			file "/sys/module/$m/parameters/$f"
		done
	done
}
kernel_log() {
	if [ -n "$R" ]; then file /dev/kmsg
	else dmesg 2>/dev/null | while IFS= read -r line; do
		printf '/dev/kmsg\\t%s\\n' "$line"
	done
	fi
}
tables_of_acpi() {
	for f in DMAR IVRS IORT VIOT; do table /sys/firmware/acpi/tables/$f; done
}
machine() {
	groups
	instances
	devices
	parameters
	tables_of_acpi
	for f in $(names /dev/vfio); do
		printf '/dev/vfio/%s\\tpresent\\n' "$f"
	done
	for f in cmdline version sys/kernel/arch; do file /proc/$f; done
}
`;

/** Its users: who holds what, how much memory they may lock, which tables the IOMMUs walk. */
const users = `# one line a device, cheap; a walk over every table only on request
tables() {
	d=/sys/kernel/debug/iommu/intel
	file $d/dmar_translation_struct
	[ -n "\${ATTACHLAB_TABLES:-}" ] && [ -d "$R$d" ] || return 0
	find "$R$d" -name domain_translation_struct | while read -r found; do
		sed -n '/^Device/p' "$found" | while IFS= read -r line; do
			printf '%s\\t%s\\n' "\${found#"$R"}" "$line"
		done
	done
}
counters() {
	file /proc/vmstat | grep '	nr_iommu_pages ' || :
	file /proc/meminfo | grep '	SecPageTables' || :
}
holders() {
	interesting=' -> (/dev/(vfio/|iommu$)|anon_inode:.*(vfio|iommufd|kvm-vm))'
	for p in $(names /proc); do
		case $p in *[!0-9]*) continue ;; esac
		# shellcheck disable=SC2010
		held=$(ls -l "$R/proc/$p/fd" 2>/dev/null | grep -E "$interesting" |
			sed "s,.* \\([0-9]*\\) -> ,/proc/$p/fd/\\1	-> ,")
		[ -n "$held" ] || continue
		printf '%s\\n' "$held"
		file "/proc/$p/comm"
		file "/proc/$p/cgroup"
		file "/proc/$p/limits" | grep 'Max locked memory' || :
		file "/proc/$p/status" | grep -E '	(Tgid|VmLck|VmPin|VmRSS):' || :
	done
}
`;

/** Functions `machine` and, with `withUsers`, `kernel_log`, `tables`, `counters`, `holders`. */
export const snapshotFunctions = (withUsers: boolean): string => `${writers}${machine}${withUsers ? users : ''}`;

export const snapshotScript = (command: string): string => `#!/bin/sh
# What a machine with an IOMMU shows of its groups and their users, for
# attachlab topology, errno and why. Made by: ${command}
#   sh THIS_FILE > snapshot.txt
# Only reads. As root it sees every process, and debugfs where mounted.
# ATTACHLAB_TABLES=1 also asks for the root of each page table; the kernel
# then walks all of them, which may take long on a machine in use.
# ATTACHLAB_ROOT is the folder that stands for / in a trial.
set -u
${machineRoot}
${snapshotFunctions(true)}
say() { printf '%s\\n' "$*" >&2; }
[ "$(id -u)" = 0 ] ||
	say 'not root: processes of others, debugfs, ACPI tables are left out'
[ -d "$R/sys/kernel/debug/iommu" ] ||
	say 'no debugfs of an IOMMU: page tables in use are left out'
machine
tables
counters
holders
kernel_log
`;
