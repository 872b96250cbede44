f=domain_attach_iommu
a=$(awk -v f=$f '$3 == f { print $1; exit }' /proc/kallsyms)
b=$(cut -d' ' -f1 /proc/kallsyms | sort -u | grep -A1 $a | tail -n 1)
for d in failslab fail_page_alloc; do
	echo 0x$a > /sys/kernel/debug/$d/require-start
	echo 0x$b > /sys/kernel/debug/$d/require-end
done
