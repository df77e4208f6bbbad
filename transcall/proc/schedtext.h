/* SPDX-License-Identifier: GPL-2.0-or-later */
/* schedtext - lines of /proc/PID/sched (kernel/sched/debug.c). */
#ifndef TC_PROC_SCHEDTEXT_H
#define TC_PROC_SCHEDTEXT_H

#include <stdio.h>

#include "transcall/kobj/kernel.h"

/* A number; a time of ns in ms. */
void schedtext_number(FILE *out, const char *label, int64_t v);
void schedtext_time(FILE *out, const char *label, int64_t ns);

/* Lines of schedtext.def that follow each other. */
enum schedtext_part { RUN, STATS, FORCED_IDLE, LOAD, POLICY, DEADLINE, NUMA };

/* The lines of @part, each label after @prefix; a member that the kernel lacks has none. */
MUST_CHECK const struct err *schedtext_part(const struct kernel *k, gva_t task,
					    enum schedtext_part part, const char *prefix,
					    FILE *out);

#endif
