/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table syscall.def. */
#include "transcall/sys/syscalls.h"

#include <asm/prctl.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <time.h>

#ifndef SYS_statmount /* Linux 6.8: include/uapi/asm-generic/unistd.h */
#define SYS_statmount 457
#define SYS_listmount 458
#endif

static const struct syscall_row rows[] = {
#define TRAP(name_, handler_, note_)                                                               \
	{.name = #name_,                                                                           \
	 .nr = SYS_##name_,                                                                        \
	 .policy = POLICY_TRAP,                                                                    \
	 .handler = handler_,                                                                      \
	 .note = note_},
#define TRAP_IF(name_, arg_, mask_, value_, handler_, note_)                                       \
	{.name = #name_,                                                                           \
	 .nr = SYS_##name_,                                                                        \
	 .policy = POLICY_TRAP,                                                                    \
	 .test = TEST_MASKED,                                                                      \
	 .arg = arg_,                                                                              \
	 .mask = mask_,                                                                            \
	 .value = value_,                                                                          \
	 .handler = handler_,                                                                      \
	 .note = note_},
#define TRAP_UNLESS(name_, arg_, value_, handler_, note_)                                          \
	{.name = #name_,                                                                           \
	 .nr = SYS_##name_,                                                                        \
	 .policy = POLICY_TRAP,                                                                    \
	 .test = TEST_UNLESS,                                                                      \
	 .arg = arg_,                                                                              \
	 .value = value_,                                                                          \
	 .handler = handler_,                                                                      \
	 .note = note_},
#define REFUSE(name_, note_)                                                                       \
	{.name = #name_,                                                                           \
	 .nr = SYS_##name_,                                                                        \
	 .policy = POLICY_REFUSE,                                                                  \
	 .handler = sys_refused,                                                                   \
	 .errnum = EPERM,                                                                          \
	 .note = note_},
#define DENY(name_, errnum_, note_)                                                                \
	{.name = #name_,                                                                           \
	 .nr = SYS_##name_,                                                                        \
	 .policy = POLICY_DENY,                                                                    \
	 .errnum = errnum_,                                                                        \
	 .note = note_},
#define DENY_IF(name_, arg_, mask_, value_, errnum_, note_)                                        \
	{.name = #name_,                                                                           \
	 .nr = SYS_##name_,                                                                        \
	 .policy = POLICY_DENY,                                                                    \
	 .test = TEST_MASKED,                                                                      \
	 .arg = arg_,                                                                              \
	 .mask = mask_,                                                                            \
	 .value = value_,                                                                          \
	 .errnum = errnum_,                                                                        \
	 .note = note_},
#include "transcall/sys/syscall.def"
};

#define ROW_COUNT (sizeof(rows) / sizeof(rows[0]))

const struct syscall_row *syscalls_row(size_t index)
{
	return index < ROW_COUNT ? &rows[index] : NULL;
}

static bool row_matches(const struct syscall_row *row, const uint64_t *args)
{
	switch (row->test) {
	case TEST_MASKED:
		return (args[row->arg] & row->mask) == row->value;
	case TEST_UNLESS:
		return args[row->arg] != row->value;
	default:
		return true;
	}
}

sys_handler syscalls_handler(int nr, const uint64_t *args)
{
	for (size_t i = 0; i < ROW_COUNT; i++)
		if (rows[i].nr == nr && rows[i].handler && row_matches(&rows[i], args))
			return rows[i].handler;
	return NULL;
}

const char *syscalls_name(int nr)
{
	for (size_t i = 0; i < ROW_COUNT; i++)
		if (rows[i].nr == nr)
			return rows[i].name;
	return "a call";
}

void syscalls_print(FILE *out, bool roff)
{
	const struct syscall_row *before = NULL;

	for (size_t i = 0; i < ROW_COUNT; i++) {
		const struct syscall_row *row = &rows[i];
		const char *policy =
			row->policy == POLICY_TRAP ? "answered"
			: row->errnum              ? strerrorname_np(row->errnum)
						   : "ignored";

		if (before && strcmp(row->name, before->name) == 0 &&
		    strcmp(row->note, before->note) == 0)
			continue; /* however many arguments are told apart */
		before = row;
		if (roff)
			fprintf(out, ".It Li %s Ta %s Ta %s\n", row->name, policy, row->note);
		else
			fprintf(out, "%-20s %-16s %s\n", row->name, policy, row->note);
	}
}
