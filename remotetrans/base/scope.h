/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cleanup at the end of a scope, instead of goto ladders. */
#ifndef RT_BASE_SCOPE_H
#define RT_BASE_SCOPE_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define CLEANUP(f) __attribute__((cleanup(f)))

static inline void scope_free(void *slot)
{
	free(*(void **)slot);
}

static inline void scope_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static inline void scope_fclose(FILE **file)
{
	if (*file)
		fclose(*file);
}

#define AUTO_FREE   CLEANUP(scope_free)
#define AUTO_CLOSE  CLEANUP(scope_close)
#define AUTO_FCLOSE CLEANUP(scope_fclose)

/* Hand a resource on: the scope forgets it. */
static inline int fd_take(int *fd)
{
	int taken = *fd;

	*fd = -1;
	return taken;
}

#define TAKE(pointer)                                                                              \
	__extension__({                                                                            \
		__typeof__(pointer) taken_ = (pointer);                                            \
		(pointer) = NULL;                                                                  \
		taken_;                                                                            \
	})

#endif
