/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the walk's child may still do: compute, one byte in, one byte out, and map frames. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "remotetrans/base/confine.h"
#include "remotetrans/base/scope.h"
#include "remotetrans/server/walk_shared.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define DATA_BYTES   (256u << 20) /* of its own: profile, a bit for each frame, one file's text */

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

/* Keep @fd alone: no standard streams, no client, no VMM. */
static void close_others(int fd)
{
	if (fd > 0)
		close_range(0, (unsigned)fd - 1, 0);
	close_range((unsigned)fd + 1, ~0u, 0);
}

/* The descriptor by which frames are mapped: the first that is opened after all others were closed.
 * -1: there is none. */
static const struct err *enter(int fd, struct foreign *foreign, int *ret)
{
	int lowest = fd == 0 ? 1 : 0;

	*ret = -1;
	if (!foreign)
		return NULL;
	TRY(foreign->ops->enter(foreign));
	if (fcntl(lowest, F_GETFD) < 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "descriptor of a guest's frames");
	*ret = lowest;
	return NULL;
}

const struct err *walk_confine(int fd, struct foreign *foreign)
{
	const struct confine_rule rules[] = {
		CONFINE_CALL_IF(read, CONFINE_IS(0, fd)),
		CONFINE_CALL_IF(write, CONFINE_IS(0, fd)),
	};
	const struct rlimit none = {0, 0};
	const struct rlimit files = {foreign ? 1 : 0, foreign ? 1 : 0}; /* poll() counts, too */
	int mapped;

	TRY(confine_memory());
	close_others(fd);
	TRY(enter(fd, foreign, &mapped));
	if (setrlimit(RLIMIT_CORE, &none) != 0 || setrlimit(RLIMIT_NOFILE, &files) != 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "setrlimit");
	const struct confine_rule mapping[] = {
		CONFINE_CALL_IF(mmap, CONFINE_IS(4, mapped), CONFINE_IS(2, PROT_READ)),
		CONFINE_CALL_IF(ioctl, CONFINE_IS(0, mapped),
				CONFINE_IS(1, foreign ? foreign->ops->map_ioctl : 0)),
		CONFINE_CALL(poll),
	};
	return confine_calls(rules, COUNT(rules), mapping, foreign ? COUNT(mapping) : 0);
}
