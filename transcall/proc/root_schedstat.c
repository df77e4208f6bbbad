/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/schedstat (kernel/sched/stats.c). Input: attacker-controlled. */
#include "transcall/proc/renderers.h"

#include <inttypes.h>

#include "transcall/kobj/cpu.h"
#include "transcall/kobj/time.h"
#include "transcall/proc/bitmap.h"

#define DOMAINS_MAX 16 /* levels of the topology; there are at most 6 */
#define IDLE_KINDS  3  /* CPU_MAX_IDLE_TYPES */
#define NAME_BYTES  16

static bool shows_kinds_of_imbalance(const struct kernel *k)
{
	return profile_has(k->profile, F_sched_domain_lb_imbalance_load);
}

/* No data say it: 17 came with kinds of imbalance (6.14), 16 with another order of kinds of idle.
 */
static unsigned version(const struct kernel *k)
{
	if (shows_kinds_of_imbalance(k))
		return 17;
	return k->profile->enumerators[E_CPU_IDLE].value ? 16 : 15;
}

static const struct err *numbers_print(const struct kernel *k, gva_t at, const enum field_id *ids,
				       unsigned count, FILE *out)
{
	for (unsigned i = 0; i < count; i++) {
		uint64_t v;

		TRY(kfield_uint(k, at, ids[i], &v));
		fprintf(out, " %" PRIu64, v);
	}
	return NULL;
}

/* Element @kind of arrays of IDLE_KINDS. */
static const struct err *balances_print(const struct kernel *k, gva_t domain, unsigned kind,
					FILE *out)
{
	static const enum field_id ids[] = {
		F_sched_domain_lb_count,          F_sched_domain_lb_balanced,
		F_sched_domain_lb_failed,         F_sched_domain_lb_imbalance,
		F_sched_domain_lb_imbalance_load, F_sched_domain_lb_imbalance_util,
		F_sched_domain_lb_imbalance_task, F_sched_domain_lb_imbalance_misfit,
		F_sched_domain_lb_gained,         F_sched_domain_lb_hot_gained,
		F_sched_domain_lb_nobusyq,        F_sched_domain_lb_nobusyg};

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		uint32_t v;

		if (!profile_has(k->profile, ids[i]))
			continue;
		TRY(kread_u32(k, gva_add(kfield_at(k, domain, ids[i]), 4 * kind), &v));
		fprintf(out, " %" PRIu32, v);
	}
	return NULL;
}

/* Behind the structure, of which it is no member any more (6.19). */
static gva_t domain_span(const struct kernel *k, gva_t domain)
{
	if (profile_has(k->profile, F_sched_domain_span))
		return kfield_at(k, domain, F_sched_domain_span);
	return gva_add(domain, k->profile->sizes[SIZE_sched_domain]);
}

static const struct err *span_print(const struct kernel *k, gva_t domain, FILE *out)
{
	uint8_t bits[VCPUS_MAX / 8] = {0};

	TRY(kread(k, domain_span(k, domain), bits, (k->cpu_count + 63) / 64 * 8));
	bitmap_print_hex(bits, k->cpu_count, out);
	return NULL;
}

static const struct err *domain_print(const struct kernel *k, gva_t domain, unsigned number,
				      FILE *out)
{
	static const enum field_id ids[] = {
		F_sched_domain_alb_count,        F_sched_domain_alb_failed,
		F_sched_domain_alb_pushed,       F_sched_domain_sbe_count,
		F_sched_domain_sbe_balanced,     F_sched_domain_sbe_pushed,
		F_sched_domain_sbf_count,        F_sched_domain_sbf_balanced,
		F_sched_domain_sbf_pushed,       F_sched_domain_ttwu_wake_remote,
		F_sched_domain_ttwu_move_affine, F_sched_domain_ttwu_move_balance};
	char name[NAME_BYTES];
	gva_t at;

	fprintf(out, "domain%u ", number);
	if (shows_kinds_of_imbalance(k)) {
		TRY(kfield_ptr(k, domain, F_sched_domain_name, &at));
		TRY(kread_str(k, at, name, sizeof(name)));
		fprintf(out, "%s ", name);
	}
	TRY(span_print(k, domain, out));
	for (unsigned kind = 0; kind < IDLE_KINDS; kind++)
		TRY(balances_print(k, domain, kind, out));
	TRY(numbers_print(k, domain, ids, sizeof(ids) / sizeof(ids[0]), out));
	fputc('\n', out);
	return NULL;
}

static const struct err *cpu_print(const struct kernel *k, unsigned cpu, FILE *out)
{
	static const enum field_id counts[] = {F_rq_sched_count, F_rq_sched_goidle, F_rq_ttwu_count,
					       F_rq_ttwu_local,  F_rq_cpu_time,     F_rq_run_delay,
					       F_rq_pcount};
	gva_t rq = kernel_percpu(k, S_runqueues, cpu), domain;
	uint64_t yields;

	TRY(kfield_uint(k, rq, F_rq_yld_count, &yields));
	fprintf(out, "cpu%u %" PRIu64 " 0", cpu, yields);
	TRY(numbers_print(k, rq, counts, sizeof(counts) / sizeof(counts[0]), out));
	fputc('\n', out);
	TRY(kfield_ptr(k, rq, F_rq_sd, &domain));
	for (unsigned i = 0; !gva_is_null(domain); i++) {
		if (i == DOMAINS_MAX)
			return ERR_AT(ERR_RACE, domain.v, "scheduling domains without an end");
		TRY(domain_print(k, domain, i, out));
		TRY(kfield_ptr(k, domain, F_sched_domain_parent, &domain));
	}
	return NULL;
}

bool root_has_schedstat(const struct proc_view *view)
{
	return profile_has(view->kernel->profile, F_rq_yld_count);
}

const struct err *root_schedstat(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	const struct kernel *k = view->kernel;
	struct cpu_set online;
	struct ktime now;

	(void)node;
	TRY(cpu_set_read(k, CPU_ONLINE, &online));
	TRY(time_read(k, &now));
	fprintf(out, "version %u\ntimestamp %" PRIu64 "\n", version(k), now.jiffies);
	for (unsigned cpu = 0; cpu < k->cpu_count; cpu++)
		if (cpu_set_has(&online, cpu))
			TRY(cpu_print(k, cpu, out));
	return NULL;
}
