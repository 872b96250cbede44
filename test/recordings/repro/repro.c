/*
 * enomem-duplicate-domain on a real kernel, from the model of linux
 * 6.12.117; vfio-type1. Arguments, where files are others:
 *   /dev/vfio/5 (group 5)
 *   /dev/vfio/11 (group 11)
 */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/types.h>
#include <linux/vfio.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
	group_5,
	group_11,
	container_c0,
	FILES
};

static struct {
	const char *path;
	int fd;
	unsigned int id;	/* of a device that is bound */
} files[FILES] = {
	[group_5] = { "/dev/vfio/5", -1, 0 },
	[group_11] = { "/dev/vfio/11", -1, 0 },
	[container_c0] = { "/dev/vfio/vfio", -1, 0 },
};

static int trace = -1;
static __thread const char *task = "main";
enum { none = -1, FAULTS = 1 };
/* which allocation of a call fails, and whether it was reached */
static int nth[FAULTS] = { 1 }, hit[FAULTS], failed;
/* the next call of this thread fails so */
static __thread int fault = none;
static __thread int fail_nth = -1;

static int numbered(char *line, int size)
{
	int end = snprintf(line, size, "repro n=%d", nth[0]);
	int i;

	for (i = 1; i < FAULTS; i++)
		end += snprintf(line + end, size - end, ",%d", nth[i]);
	return end + snprintf(line + end, size - end, " ");
}

/* one line, here and in the trace */
static void say(const char *format, ...)
{
	char line[256];
	va_list values;
	int end = numbered(line, sizeof(line));

	va_start(values, format);
	vsnprintf(line + end, sizeof(line) - end, format, values);
	va_end(values);
	puts(line);
	fflush(stdout);
	if (trace >= 0 && write(trace, line, strlen(line)) < 0)
		perror("trace_marker");
}

static void close_file(int file)
{
	if (files[file].fd >= 0)
		close(files[file].fd);
	files[file].fd = -1;
	files[file].id = 0;
}

/* memory that is mapped in a round */
static struct {
	void *start;
	size_t size;
} blocks[1];
static int used;

static void *memory(__u64 size)
{
	void *start = mmap(NULL, size, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int block = __sync_fetch_and_add(&used, 1);

	if (start == MAP_FAILED) {
		perror("mmap");
		exit(1);
	}
	blocks[block].start = start;
	blocks[block].size = size;
	return start;
}

static void arm(int n)
{
	char text[16];

	/* the link to /proc/self/task/TID, so each thread has its own */
	fail_nth = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	if (fail_nth < 0) {
		perror("fail-nth (CONFIG_FAULT_INJECTION)");
		exit(1);
	}
	snprintf(text, sizeof(text), "%d", n);
	if (pwrite(fail_nth, text, strlen(text), 0) < 0)
		perror("fail-nth");
}

/* 0 is left when the n-th allocation was reached, and made to fail */
static int disarm(void)
{
	char left[16] = "-1";

	if (pread(fail_nth, left, sizeof(left) - 1, 0) < 0 ||
	    pwrite(fail_nth, "0", 1, 0) < 0)
		perror("fail-nth");
	close(fail_nth);
	return atoi(left) == 0;
}

static int opened(int file)
{
	int flags = O_RDWR | O_CLOEXEC;

	if (files[file].fd < 0)
		files[file].fd = open(files[file].path, flags);
	if (files[file].fd < 0)
		perror(files[file].path);
	return files[file].fd;
}

static int call(const char *name, int file, unsigned long request,
		void *argument)
{
	int fd = opened(file);
	int this = fault;
	int result, error;

	fault = none;
	if (this != none)
		arm(nth[this]);
	result = ioctl(fd, request, argument);
	error = result < 0 ? errno : 0;
	if (this != none) {
		hit[this] = disarm();
		failed = error;
	}
	say("%s %s %s: %d%s%s%s", task, name, files[file].path, -error,
	    error ? " " : "", error ? strerror(error) : "",
	    this == none ? "" : hit[this] ? ", hit" : ", not reached");
	return result;
}

/* domain ids in use, where the driver says so */
static void count_domains(void)
{
	static const char *const counts[] = {
		"/sys/class/iommu/dmar0/intel-iommu/domains_used",
	};
	unsigned int i, number;

	for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		FILE *file = fopen(counts[i], "r");

		if (file && fscanf(file, "%u", &number) == 1)
			say("%u domain ids in use", number);
		if (file)
			fclose(file);
	}
}

static void set_container(int group, int container)
{
	int fd = opened(container);

	call("VFIO_GROUP_SET_CONTAINER", group,
	     VFIO_GROUP_SET_CONTAINER, &fd);
}

static void set_iommu(int container)
{
	call("VFIO_SET_IOMMU", container, VFIO_SET_IOMMU,
	     (void *)VFIO_TYPE1v2_IOMMU);
}

static void map_dma(int container, __u64 iova, __u64 size)
{
	struct vfio_iommu_type1_dma_map map = {
		.argsz = sizeof(map),
		.flags = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE,
		.vaddr = (unsigned long)memory(size),
		.iova = iova,
		.size = size,
	};

	call("VFIO_IOMMU_MAP_DMA", container, VFIO_IOMMU_MAP_DMA, &map);
}

static void task_t0(void)
{
	task = "t0";
	set_container(group_5, container_c0);
	set_iommu(container_c0);
	map_dma(container_c0, 0x1000000, 0x10000);
	/* domain_attach_iommu() */
	fault = 0;
	set_container(group_11, container_c0);
	count_domains();
}

static void one_round(void)
{
	int i;

	say("begin");
	task_t0();
	say("end");
	for (i = 0; i < FILES; i++)
		close_file(i);
	while (used > 0) {
		used--;
		munmap(blocks[used].start, blocks[used].size);
	}
}

/* the last loop goes on; one that is through starts an earlier one anew */
static int next(void)
{
	int i = FAULTS - 1;

	while (i >= 0 && !hit[i])
		nth[i--] = 1;
	if (i < 0)
		return 0;
	nth[i]++;
	return 1;
}

/* where an earlier n broke the machine: boot, and -n 20, or -n 9,20 */
static void start_at(char *text)
{
	int i;

	for (i = 0; i < FAULTS && *text; i++) {
		nth[i] = strtol(text, &text, 10);
		text += strspn(text, ",");
	}
}

int main(int argc, char **argv)
{
	int i;

	if (argc > 2 && strcmp(argv[1], "-n") == 0) {
		start_at(argv[2]);
		argc -= 2;
		argv += 2;
	}
	for (i = 1; i < argc && i <= 2; i++)
		files[i - 1].path = argv[i];
	trace = open("/sys/kernel/tracing/trace_marker", O_WRONLY);
	do {
		memset(hit, 0, sizeof(hit));
		one_round();
	} while (next());
	if (failed)
		fprintf(stderr, "the call fails without a fault too\n");
	return failed ? 2 : 0;
}
