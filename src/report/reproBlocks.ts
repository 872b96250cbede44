// Pieces of the program in C that are not one ioctl's: files, fail-nth, lines in the trace, and the loop over n.

export const armed = `static void arm(int n)
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
}`;

export const opened = `static int opened(int file)
{
	int flags = O_RDWR | O_CLOEXEC;

	if (files[file].fd < 0)
		files[file].fd = open(files[file].path, flags);
	if (files[file].fd < 0)
		perror(files[file].path);
	return files[file].fd;
}`;

export const closeFile = `static void close_file(int file)
{
	if (files[file].fd >= 0)
		close(files[file].fd);
	files[file].fd = -1;
	files[file].id = 0;
}`;

export const memory = `static void *memory(__u64 size)
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
}`;

export const blocks = (maps: number): string => `/* memory that is mapped in a round */
static struct {
	void *start;
	size_t size;
} blocks[${maps}];
static int used;`;

export const say = (loops: boolean): string => `/* one line, here and in the trace */
static void say(const char *format, ...)
{
	char line[256];
	va_list values;
	int end = ${loops ? 'numbered(line, sizeof(line))' : 'snprintf(line, sizeof(line), "repro ")'};

	va_start(values, format);
	vsnprintf(line + end, sizeof(line) - end, format, values);
	va_end(values);
	puts(line);
	fflush(stdout);
	if (trace >= 0 && write(trace, line, strlen(line)) < 0)
		perror("trace_marker");
}`;

export const numbered = `static int numbered(char *line, int size)
{
	int end = snprintf(line, size, "repro n=%d", nth[0]);
	int i;

	for (i = 1; i < FAULTS; i++)
		end += snprintf(line + end, size - end, ",%d", nth[i]);
	return end + snprintf(line + end, size - end, " ");
}`;

export const call = `static int call(const char *name, int file, unsigned long request,
		void *argument)
{
	int fd = opened(file);
	int result = ioctl(fd, request, argument);

	say("%s %s %s: %d%s%s", task, name, files[file].path,
	    result < 0 ? -errno : 0, result < 0 ? " " : "",
	    result < 0 ? strerror(errno) : "");
	return result;
}`;

export const failingCall = `static int call(const char *name, int file, unsigned long request,
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
}`;

export const idsInUse = (paths: readonly string[]): string => `/* domain ids in use, where the driver says so */
static void count_domains(void)
{
	static const char *const counts[] = {
${paths.map((path) => `\t\t"${path}",`).join('\n')}
	};
	unsigned int i, number;

	for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		FILE *file = fopen(counts[i], "r");

		if (file && fscanf(file, "%u", &number) == 1)
			say("%u domain ids in use", number);
		if (file)
			fclose(file);
	}
}`;

export const next = `/* the last loop goes on; one that is through starts an earlier one anew */
static int next(void)
{
	int i = FAULTS - 1;

	while (i >= 0 && !hit[i])
		nth[i--] = 1;
	if (i < 0)
		return 0;
	nth[i]++;
	return 1;
}`;

export const startAt = `/* where an earlier n broke the machine: boot, and -n 20, or -n 9,20 */
static void start_at(char *text)
{
	int i;

	for (i = 0; i < FAULTS && *text; i++) {
		nth[i] = strtol(text, &text, 10);
		text += strspn(text, ",");
	}
}`;

const option = `
	if (argc > 2 && strcmp(argv[1], "-n") == 0) {
		start_at(argv[2]);
		argc -= 2;
		argv += 2;
	}`;

export const main = (named: number, loops: boolean, body: readonly string[]): string => `int main(int argc, char **argv)
{
	int i;
${loops ? option : ''}
	for (i = 1; i < argc && i <= ${named}; i++)
		files[i - 1].path = argv[i];
	trace = open("/sys/kernel/tracing/trace_marker", O_WRONLY);
${body.map((line) => (line === '' ? '' : `\t${line}`)).join('\n')}
}`;
