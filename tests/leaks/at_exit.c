/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Linked into the programs under LeakSanitizer: their processes that end by _exit(), as those of
 * remotetransd's clients do, are looked at, too; and nothing keeps LeakSanitizer from looking,
 * which traces the process that it looks at. Only where LEAKS_AT_EXIT is set: not in transcall's
 * tools. With LEAKS_PLANTED each leaks something, so that the check sees that it would be found.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <sanitizer/lsan_interface.h>

#include "remotetrans/base/confine.h"

static void *volatile forgotten;

void _exit(int status)
{
	if (getenv("LEAKS_PLANTED")) {
		forgotten = malloc(77);
		forgotten = NULL;
	}
	if (getenv("LEAKS_AT_EXIT"))
		__lsan_do_leak_check(); /* ends the process itself when it finds one */
	for (;;)
		syscall(SYS_exit_group, status);
}

/* A process that is not dumpable cannot be traced. */
int prctl(int option, ...)
{
	unsigned long arguments[4];
	va_list list;

	va_start(list, option);
	for (int i = 0; i < 4; i++)
		arguments[i] = va_arg(list, unsigned long);
	va_end(list);
	if (getenv("LEAKS_AT_EXIT") && option == PR_SET_DUMPABLE)
		return 0;
	return (int)syscall(SYS_prctl, option, arguments[0], arguments[1], arguments[2],
			    arguments[3]);
}

/* Nor one that may not trace; and what it finds is written to a file. */
const struct err *__wrap_confine_calls(const struct confine_rule *rules, size_t count,
				       const struct confine_rule *more, size_t more_count);
const struct err *__wrap_confine_files(const char *folder, uint64_t rights,
				       const char *const *devices);

const struct err *__wrap_confine_calls(const struct confine_rule *rules, size_t count,
				       const struct confine_rule *more, size_t more_count)
{
	(void)rules;
	(void)count;
	(void)more;
	(void)more_count;
	return NULL;
}

const struct err *__wrap_confine_files(const char *folder, uint64_t rights,
				       const char *const *devices)
{
	(void)folder;
	(void)rights;
	(void)devices;
	return NULL;
}
