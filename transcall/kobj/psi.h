/* SPDX-License-Identifier: GPL-2.0-or-later */
/* psi - pressure stall information of the whole system (kernel/sched/psi.c). */
#ifndef TC_KOBJ_PSI_H
#define TC_KOBJ_PSI_H

#include "transcall/kobj/load.h"

enum psi_resource { PSI_RESOURCE_IO, PSI_RESOURCE_MEMORY, PSI_RESOURCE_CPU }; /* enum psi_res */

#define PSI_AVERAGES 3 /* over 10, 60 and 300 seconds; percent, fixed point as a load */

struct psi_line {
	uint64_t average[PSI_AVERAGES];
	uint64_t total_us;
};

/* Some tasks were delayed; all were (of the CPU: shown since 5.13, and always 0). */
struct psi {
	struct psi_line some, full;
	bool has_full;
};

/*
 * The scheduler's clock in ns, which no data tell: the run queues' clocks as of the last tick, and
 * what has passed since.
 */
MUST_CHECK const struct err *psi_clock(const struct kernel *k, uint64_t *ret);

/**
 * psi_read() - psi_show() at @now_ns of that clock
 *
 * The kernel brings what it shows up to date first. So does this, but writes nothing.
 * Return: NULL; ABSENT with EOPNOTSUPP: the guest keeps no account; FAULT; fatal.
 */
MUST_CHECK const struct err *psi_read(const struct kernel *k, enum psi_resource resource,
				      uint64_t now_ns, struct psi *ret);

#endif
