/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/stat (fs/proc/stat.c). Input: attacker-controlled. */
#include "transcall/proc/renderers.h"

#include <inttypes.h>

#include "transcall/kobj/cpu.h"
#include "transcall/kobj/irq.h"
#include "transcall/kobj/time.h"

#define NSEC_PER_SEC  UINT64_C(1000000000)
#define NSEC_PER_TICK (NSEC_PER_SEC / 100) /* USER_HZ */

/* Sums over all possible CPUs. */
struct totals {
	struct cpu_times times;
	struct cpu_irqs irqs;
};

static void print_times(FILE *out, const struct cpu_times *t)
{
	const uint64_t columns[] = {t->user, t->nice,    t->system, t->idle,  t->iowait,
				    t->irq,  t->softirq, t->steal,  t->guest, t->guest_nice};

	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		fprintf(out, " %" PRIu64, columns[i] / NSEC_PER_TICK);
	fputc('\n', out);
}

static void times_add(struct cpu_times *sum, const struct cpu_times *t)
{
	sum->user += t->user;
	sum->nice += t->nice;
	sum->system += t->system;
	sum->idle += t->idle;
	sum->iowait += t->iowait;
	sum->irq += t->irq;
	sum->softirq += t->softirq;
	sum->steal += t->steal;
	sum->guest += t->guest;
	sum->guest_nice += t->guest_nice;
}

static void irqs_add(struct cpu_irqs *sum, const struct cpu_irqs *irqs)
{
	sum->hard += irqs->hard;
	for (unsigned i = 0; i < CPU_SOFTIRQS; i++)
		sum->soft[i] += irqs->soft[i];
}

static const struct err *totals_read(const struct kernel *k, const struct cpu_set *online,
				     const struct ktime *now, struct totals *ret)
{
	struct cpu_set possible;

	*ret = (struct totals){0};
	TRY(cpu_set_read(k, CPU_POSSIBLE, &possible));
	for (unsigned cpu = 0; cpu < k->cpu_count; cpu++) {
		struct cpu_times times;
		struct cpu_irqs irqs;

		if (!cpu_set_has(&possible, cpu))
			continue;
		TRY(cpu_times_read(k, cpu, cpu_set_has(online, cpu), now, &times));
		TRY(cpu_irqs_read(k, cpu, &irqs));
		times_add(&ret->times, &times);
		irqs_add(&ret->irqs, &irqs);
	}
	return NULL;
}

static const struct err *print_cpus(const struct kernel *k, const struct ktime *now,
				    struct totals *totals, FILE *out)
{
	struct cpu_set online;

	TRY(cpu_set_read(k, CPU_ONLINE, &online));
	TRY(totals_read(k, &online, now, totals));
	fputs("cpu ", out);
	print_times(out, &totals->times);
	for (unsigned cpu = 0; cpu < k->cpu_count; cpu++) {
		struct cpu_times times;

		if (!cpu_set_has(&online, cpu))
			continue;
		TRY(cpu_times_read(k, cpu, true, now, &times));
		fprintf(out, "cpu%u", cpu);
		print_times(out, &times);
	}
	return NULL;
}

/* One number for each line, also for those not in use. */
static const struct err *print_irqs(const struct kernel *k, uint64_t sum, FILE *out)
{
	uint32_t lines, errors;

	TRY(irq_lines(k, &lines));
	TRY(irq_errors(k, &errors));
	fprintf(out, "intr %" PRIu64, sum + errors);
	for (uint32_t shown = 0; shown < lines;) {
		uint32_t irq = shown, count = 0;
		gva_t desc;

		TRY(irq_next(k, &irq, &desc));
		bool found = !gva_is_null(desc) && irq < lines;
		if (found)
			TRY(irq_count(k, desc, &count));
		for (; shown < (found ? irq : lines); shown++)
			fputs(" 0", out);
		if (!found)
			break;
		fprintf(out, " %u", count);
		shown = irq + 1;
	}
	fputc('\n', out);
	return NULL;
}

static const struct err *print_softirqs(const struct totals *totals, FILE *out)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < CPU_SOFTIRQS; i++)
		sum += totals->irqs.soft[i];
	fprintf(out, "softirq %" PRIu64, sum);
	for (unsigned i = 0; i < CPU_SOFTIRQS; i++)
		fprintf(out, " %u", totals->irqs.soft[i]);
	fputc('\n', out);
	return NULL;
}

/* As the reader's time namespace has it (since 5.11; before, as the initial one). */
static const struct err *boot_seconds(struct proc_view *view, const struct ktime *now,
				      uint64_t *ret)
{
	struct time_offsets offsets;

	TRY(time_offsets_of_task(view->kernel, view->reader, &offsets));
	*ret = (now->boot_realtime_ns - (uint64_t)offsets.boottime_ns) / NSEC_PER_SEC;
	return NULL;
}

const struct err *root_stat(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	const struct kernel *k = view->kernel;
	struct cpu_queues queues;
	struct totals totals;
	struct ktime now;
	uint64_t btime, forks;

	(void)node;
	TRY(time_read(k, &now));
	TRY(print_cpus(k, &now, &totals, out));
	TRY(print_irqs(k, totals.irqs.hard, out));
	TRY(cpu_queues_read(k, &queues));
	TRY(boot_seconds(view, &now, &btime));
	TRY(kread_u64(k, kernel_symbol(k, S_total_forks), &forks));
	fprintf(out, "ctxt %" PRIu64 "\nbtime %" PRIu64 "\nprocesses %" PRIu64 "\n",
		queues.switches, btime, forks);
	fprintf(out, "procs_running %u\nprocs_blocked %u\n", queues.running, queues.iowait);
	return print_softirqs(&totals, out);
}
