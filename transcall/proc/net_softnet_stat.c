/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/PID/net/softnet_stat (net/core/net-procfs.c). Input: attacker-controlled. */
#include <inttypes.h>

#include "transcall/kobj/cpu.h"
#include "transcall/kobj/softnet.h"
#include "transcall/proc/renderers.h"

/* Two columns more since 6.4, with which softnet_data.in_net_rx_action came. */
static void cpu_print(const struct kernel *k, unsigned cpu, const struct softnet *s, FILE *out)
{
	const uint32_t columns[] = {s->processed,
				    s->dropped,
				    s->squeezed,
				    0,
				    0,
				    0,
				    0,
				    0,
				    0,
				    s->steered,
				    s->limited,
				    s->input_queued + s->process_queued,
				    cpu,
				    s->input_queued,
				    s->process_queued};
	bool both = profile_has(k->profile, F_softnet_data_in_net_rx_action);
	size_t count = sizeof(columns) / sizeof(columns[0]) - (both ? 0 : 2);

	for (size_t i = 0; i < count; i++)
		fprintf(out, "%s%08" PRIx32, i ? " " : "", columns[i]);
	fputc('\n', out);
}

const struct err *net_softnet_stat(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	const struct kernel *k = view->kernel;
	struct cpu_set online;
	struct softnet s;

	(void)node;
	TRY(cpu_set_read(k, CPU_ONLINE, &online));
	for (unsigned cpu = 0; cpu < k->cpu_count; cpu++) {
		if (!cpu_set_has(&online, cpu))
			continue;
		TRY(softnet_read(k, cpu, &s));
		cpu_print(k, cpu, &s, out);
	}
	return NULL;
}
