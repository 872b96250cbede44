#!/bin/sh
mount -t debugfs debugfs /sys/kernel/debug 2>/dev/null
mount -t tracefs tracefs /sys/kernel/tracing 2>/dev/null
# allocations that may sleep fail too (GFP_KERNEL)
echo N > /sys/kernel/debug/failslab/ignore-gfp-wait
# every slab cache
echo N > /sys/kernel/debug/failslab/cache-filter
# one line in the kernel log for each hit
echo 1 > /sys/kernel/debug/failslab/verbose
# as above, for pages
echo N > /sys/kernel/debug/fail_page_alloc/ignore-gfp-wait
# single pages too
echo 0 > /sys/kernel/debug/fail_page_alloc/min-order
# as above
echo 1 > /sys/kernel/debug/fail_page_alloc/verbose
T=/sys/kernel/tracing E=/sys/kernel/tracing/events/repro
while read probe; do echo "$probe" >> $T/kprobe_events; done <<'END'
p:repro/site domain_attach_iommu
r:repro/site_ret domain_attach_iommu ret=$retval:s32
p:repro/attach iommu_attach_group dom=$arg1:x64 gid=+0(+0($arg2)):string
r:repro/attach_ret iommu_attach_group ret=$retval:s32
p:repro/detach iommu_detach_group dom=$arg1:x64 gid=+0(+0($arg2)):string
p:repro/domain_free iommu_domain_free dom=$arg1:x64
r:repro/slab_fails should_failslab ret=$retval:s32
r:repro/page_fails should_fail_alloc_page ret=$retval:u8
END
echo 'ret != 0' > $E/slab_fails/filter
echo 'stacktrace if ret != 0' > $E/slab_fails/trigger
echo 'ret != 0' > $E/page_fails/filter
echo 'stacktrace if ret != 0' > $E/page_fails/trigger
echo 1 > $E/enable
echo 1 > $T/tracing_on
# every device of a group that goes to user space
for d in 0000:00:10.0 \
	0000:05:01.0 \
	0000:05:02.0; do
	cd /sys/bus/pci/devices/$d
	echo vfio-pci > driver_override
	[ -e driver ] && echo $d > driver/unbind
	echo $d > /sys/bus/pci/drivers_probe
done
