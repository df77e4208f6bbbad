/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/PID/net/psched (net/sched/sch_api.c). Input: attacker-controlled. */
#include <inttypes.h>

#include "transcall/proc/renderers.h"

#define NS_PER_S    1000000000u
#define NS_PER_US   1000u
#define NS_PER_TICK 64u /* PSCHED_TICKS2NS(1) */

const struct err *net_psched(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	const struct kernel *k = view->kernel;
	uint32_t resolution_ns;

	(void)node;
	TRY(kread_u32(k, kernel_symbol(k, S_hrtimer_resolution), &resolution_ns));
	if (!resolution_ns)
		return ERR(ERR_RACE, "a clock without resolution");
	fprintf(out, "%08x %08x %08x %08" PRIx32 "\n", NS_PER_US, NS_PER_TICK, 1000000u,
		NS_PER_S / resolution_ns);
	return NULL;
}
