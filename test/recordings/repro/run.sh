gcc -O1 -Wall -o repro repro.c
./repro /dev/vfio/5 /dev/vfio/11
cat /sys/kernel/tracing/trace > trace.txt
awk -f count.awk trace.txt
