/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/uptime and /proc/loadavg. Input: attacker-controlled. */
#include "transcall/proc/renderers.h"

#include <inttypes.h>

#include "transcall/kobj/cpu.h"
#include "transcall/kobj/load.h"
#include "transcall/kobj/time.h"

#define NSEC_PER_SEC UINT64_C(1000000000)

static void print_seconds(FILE *out, uint64_t ns, char end)
{
	fprintf(out, "%" PRIu64 ".%02" PRIu64 "%c", ns / NSEC_PER_SEC,
		ns % NSEC_PER_SEC / (NSEC_PER_SEC / 100), end);
}

static const struct err *idle_ns(const struct kernel *k, const struct ktime *now, uint64_t *ret)
{
	struct cpu_set possible, online;

	*ret = 0;
	TRY(cpu_set_read(k, CPU_POSSIBLE, &possible));
	TRY(cpu_set_read(k, CPU_ONLINE, &online));
	for (unsigned cpu = 0; cpu < k->cpu_count; cpu++) {
		struct cpu_times times;

		if (!cpu_set_has(&possible, cpu))
			continue;
		TRY(cpu_times_read(k, cpu, cpu_set_has(&online, cpu), now, &times));
		*ret += times.idle;
	}
	return NULL;
}

const struct err *root_uptime(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	struct time_offsets offsets;
	struct ktime now;
	uint64_t idle;

	(void)node;
	TRY(time_read(view->kernel, &now));
	TRY(time_offsets_of_task(view->kernel, view->reader, &offsets));
	TRY(idle_ns(view->kernel, &now, &idle));
	print_seconds(out, now.boottime_ns + (uint64_t)offsets.boottime_ns, ' ');
	print_seconds(out, idle, '\n');
	return NULL;
}

/* LOAD_INT(), LOAD_FRAC() */
static void print_load(FILE *out, uint64_t load)
{
	uint64_t one = UINT64_C(1) << LOAD_SHIFT, v = load + one / 200;

	fprintf(out, "%" PRIu64 ".%02" PRIu64 " ", v >> LOAD_SHIFT,
		(v & (one - 1)) * 100 >> LOAD_SHIFT);
}

const struct err *root_loadavg(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	const struct kernel *k = view->kernel;
	struct cpu_queues queues;
	struct ktime now;
	struct load load;
	uint64_t next_pid;
	uint32_t threads;

	(void)node;
	TRY(time_read(k, &now));
	TRY(load_read(k, now.jiffies, &load));
	TRY(cpu_queues_read(k, &queues));
	TRY(kread_u32(k, kernel_symbol(k, S_nr_threads), &threads));
	TRY(kfield_uint(k, view->pid_ns, F_pid_namespace_idr_next, &next_pid));
	for (unsigned i = 0; i < 3; i++)
		print_load(out, load.average[i]);
	fprintf(out, "%u/%u %d\n", queues.running, threads, (int32_t)(uint32_t)next_pid - 1);
	return NULL;
}
