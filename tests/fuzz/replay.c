/* SPDX-License-Identifier: GPL-2.0-or-later */
/* NAME FILE|FOLDER...: run a fuzz target once over each file; for make check, without libFuzzer. */
#include <dirent.h>
#include <sys/stat.h>
#include <sys/time.h>

#include "remotetrans/base/scope.h"
#include "tests/fuzz/fuzz.h"

#define CPU_SECONDS_MAX 2 /* for one input */

static unsigned long inputs;

/* Time that an input takes is something an attacker can choose, too. */
static void clock_start(void)
{
	const struct itimerval limit = {.it_value.tv_sec = CPU_SECONDS_MAX};

	setitimer(ITIMER_VIRTUAL, &limit, NULL); /* SIGVTALRM ends us */
}

static void replay_file(const char *path, size_t len_bytes)
{
	AUTO_FCLOSE FILE *file = fopen(path, "re");
	uint8_t *bytes = malloc(len_bytes ? len_bytes : 1); /* ends where the input ends */

	if (!file || !bytes || fread(bytes, 1, len_bytes, file) != len_bytes) {
		fprintf(stderr, "%s: cannot be read\n", path);
		exit(2);
	}
	fprintf(stderr, "%s\n", path); /* the last one named is the one that fails */
	clock_start();
	LLVMFuzzerTestOneInput(bytes, len_bytes);
	inputs++;
	free(bytes);
}

static void replay(const char *path)
{
	struct dirent *entry;
	struct stat st;
	char below[4096];
	DIR *dir;

	if (stat(path, &st) != 0)
		return; /* a target without regressions */
	if (S_ISREG(st.st_mode)) {
		replay_file(path, (size_t)st.st_size);
		return;
	}
	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(below, sizeof(below), "%s/%s", path, entry->d_name);
		replay(below);
	}
	if (dir)
		closedir(dir);
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		replay(argv[i]);
	printf("%lu inputs\n", inputs);
	return 0;
}
