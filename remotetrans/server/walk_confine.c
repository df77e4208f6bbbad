/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the walk's child may still do: compute, and one byte in, one byte out. */
#include <errno.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "remotetrans/base/confine.h"
#include "remotetrans/base/scope.h"
#include "remotetrans/server/walk_shared.h"

#define DATA_BYTES (256u << 20) /* of its own: profile, a bit for each frame, one file's text */

/* Memory of its own, beyond what it has: RLIMIT_DATA counts that (proc(5), statm: data). */
static const struct err *confine_memory(void)
{
	AUTO_FCLOSE FILE *statm = fopen("/proc/self/statm", "re");
	unsigned long data_pages;

	if (!statm || fscanf(statm, "%*u %*u %*u %*u %*u %lu", &data_pages) != 1)
		return ERR_ERRNO(ERR_SYSTEM, errno, "/proc/self/statm");
	rlim_t bytes = (rlim_t)data_pages * (rlim_t)sysconf(_SC_PAGESIZE) + DATA_BYTES;
	if (setrlimit(RLIMIT_DATA, &(struct rlimit){bytes, bytes}) != 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "setrlimit");
	return NULL;
}

const struct err *walk_confine(int fd)
{
	const struct confine_rule rules[] = {
		CONFINE_CALL_IF(read, CONFINE_IS(0, fd)),
		CONFINE_CALL_IF(write, CONFINE_IS(0, fd)),
	};
	const struct rlimit none = {0, 0};

	TRY(confine_memory());
	/* Keep @fd alone: no standard streams, no client, no vmmd. */
	close_range(0, (unsigned)fd - 1, 0);
	close_range((unsigned)fd + 1, ~0u, 0);
	if (setrlimit(RLIMIT_CORE, &none) != 0 || setrlimit(RLIMIT_NOFILE, &none) != 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "setrlimit");
	return confine_calls(rules, sizeof(rules) / sizeof(rules[0]), NULL, 0);
}
