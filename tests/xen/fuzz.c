// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * xen-fuzz - fuzz HYPERVISOR_remotetrans_op, in dom0.
 *
 *   xen-fuzz [--calls N] [--seed S] [--processes P] [--marker DOMID=NAME]... DOMID...
 *
 * The domains may be destroyed, created anew and ballooned meanwhile; new ones are found. What
 * marks pages in them is xen-mark. Exit status 1: a record that does not verify, a counter that
 * came twice, a page of another guest, or a result that the interface does not have.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/xen/fuzzer.h"

#define PROCESSES_MAX 16

struct options {
	uint64_t calls, seed;
	unsigned processes;
	uint16_t domids[FUZZER_GUESTS_MAX];
	const char *names[FUZZER_GUESTS_MAX];
	uint32_t count;
};

static int usage(void)
{
	fputs("usage: xen-fuzz [--calls N] [--seed S] [--processes P] [--marker DOMID=NAME]... "
	      "DOMID...\n",
	      stderr);
	return 2;
}

static bool add_domain(struct options *o, const char *text, bool with_name)
{
	char *end;
	unsigned long domid = strtoul(text, &end, 0);
	uint32_t i = 0;

	if (end == text || domid > 0xffff || *end != (with_name ? '=' : 0))
		return false;
	while (i < o->count && o->domids[i] != domid)
		i++;
	if (i == FUZZER_GUESTS_MAX)
		return false;
	if (i == o->count)
		o->domids[o->count++] = (uint16_t)domid;
	if (with_name)
		o->names[i] = end + 1;
	return true;
}

static bool parse(struct options *o, char **argv)
{
	for (; *argv; argv++) {
		if ((*argv)[0] != '-') {
			if (!add_domain(o, *argv, false))
				return false;
			continue;
		}
		if (!argv[1])
			return false;
		if (!strcmp(*argv, "--calls"))
			o->calls = strtoull(*++argv, NULL, 0);
		else if (!strcmp(*argv, "--seed"))
			o->seed = strtoull(*++argv, NULL, 0);
		else if (!strcmp(*argv, "--processes"))
			o->processes = (unsigned)strtoul(*++argv, NULL, 0);
		else if (strcmp(*argv, "--marker") || !add_domain(o, *++argv, true))
			return false;
	}
	return o->count && o->calls && o->processes && o->processes <= PROCESSES_MAX;
}

static int fuzz(const struct options *o, unsigned process, struct tally *tally)
{
	static struct fuzzer f;
	const struct err *e = fuzzer_init(&f, o->seed * PROCESSES_MAX + process, tally, o->domids,
					  o->names, o->count);

	if (e) {
		fprintf(stderr, "xen-fuzz: %s\n", e->message);
		return 1;
	}
	fuzzer_run(&f, o->calls / o->processes);
	fuzzer_deinit(&f);
	return 0;
}

static struct tally sum_of(const struct tally *tallies, unsigned count)
{
	struct tally sum = {0};

	for (unsigned i = 0; i < count; i++)
		tally_add(&sum, &tallies[i]);
	return sum;
}

/* Whether all processes ended well */
static bool wait_for(const struct options *o, const struct tally *tallies)
{
	bool well = true;
	unsigned ended = 0;

	while (ended < o->processes) {
		int status;
		pid_t pid = waitpid(-1, &status, isatty(STDERR_FILENO) ? WNOHANG : 0);

		if (pid > 0) {
			well = well && !status;
			ended++;
			continue;
		}
		fprintf(stderr, "\r%llu calls ",
			(unsigned long long)sum_of(tallies, o->processes).calls);
		sleep(1);
	}
	if (isatty(STDERR_FILENO))
		fputs("\r", stderr);
	return well;
}

int main(int argc, char **argv)
{
	struct options o = {.calls = 100000, .seed = 1, .processes = 1};
	struct tally *tallies = mmap(NULL, PROCESSES_MAX * sizeof(*tallies), PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct tally sum;
	bool well;

	if (argc < 2 || !parse(&o, argv + 1))
		return usage();
	if (tallies == MAP_FAILED)
		return 1;
	printf("seed %llu, %u processes, %ld CPUs\n", (unsigned long long)o.seed, o.processes,
	       sysconf(_SC_NPROCESSORS_ONLN));
	fflush(stdout);
	for (unsigned i = 0; i < o.processes; i++) {
		pid_t pid = fork();

		if (pid < 0)
			return 1;
		if (!pid)
			exit(fuzz(&o, i, &tallies[i]));
	}
	well = wait_for(&o, tallies);
	sum = sum_of(tallies, o.processes);
	tally_print(&sum);
	if (!well)
		puts("a process did not end well");
	return sum.violations || !well;
}
