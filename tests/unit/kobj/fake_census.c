/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists and trees of tasks of a kernel made by hand. */
#include "tests/unit/kobj/fake_census.h"

#include <assert.h>
#include <string.h>

enum {
	TASK_BYTES = 512,
	SIGNAL_BYTES = 64,
	RQ_BYTES = 512,
	CSS_SET_BYTES = 128,
	CSS_BUCKETS = 128,
	RT_PRIORITIES = 4,
	LIST_BYTES = 16,
	KINDS = 4,
	KIND_PGID = 2,
	KIND_SID = 3,
};

static const struct member {
	enum field_id id;
	uint32_t offset, size;
} members[] = {
	{F_task_struct_tasks, 192, 16},
	{F_task_struct_children, 208, 16},
	{F_task_struct_sibling, 224, 16},
	{F_task_struct_cg_list, 240, 16},
	{F_task_struct_fair_node, 256, 16},
	{F_task_struct_rt_node, 272, 16},
	{F_task_struct_rt_group, 288, 8},
	{F_task_struct_dl_node, 296, 24},
	{F_task_struct_dl_is_server, 320, 4},
	{F_task_struct_group_leader, 328, 8},
	{F_mm_struct_owner, 0, 8},
	{F_css_set_hlist, 0, 16},
	{F_css_set_tasks, 16, 16},
	{F_css_set_mg_tasks, 32, 16},
	{F_css_set_dying_tasks, 48, 16},
	{F_rq_curr, 0, 8},
	{F_rq_idle, 8, 8},
	{F_rq_cfs_tasks, 16, 16},
	{F_rq_rt_queue, 32, RT_PRIORITIES *LIST_BYTES},
	{F_rq_dl_root, 128, 8},
	{F_rb_node_right, 8, 8},
	{F_rb_node_left, 16, 8},
};

static gva_t first_set; /* of control groups: every task's */

static uint64_t get(const struct fake_guest *g, gva_t at)
{
	uint64_t v;

	memcpy(&v, g->bytes + (at.v - FAKE_BASE), sizeof(v));
	return v;
}

static gva_t member(const struct fake_guest *g, gva_t object, enum field_id id)
{
	return kfield_at(&g->k, object, id);
}

/* Put @node first in the chain at @head. */
static void chain_add(struct fake_guest *g, gva_t head, gva_t node)
{
	fake_u64(g, node, get(g, head));
	fake_u64(g, head, node.v);
}

static gva_t pid_of(const struct fake_guest *g, gva_t task, unsigned kind)
{
	gva_t signal = gva(get(g, member(g, task, F_task_struct_signal)));

	return gva_add(member(g, signal, F_signal_struct_pids), 8 * (uint64_t)kind);
}

static void attach(struct fake_guest *g, gva_t task, gva_t pid, unsigned kind)
{
	fake_u64(g, pid_of(g, task, kind), pid.v);
	chain_add(g, gva_add(member(g, pid, F_pid_tasks), 8 * (uint64_t)kind),
		  gva_add(member(g, task, F_task_struct_pid_links), 16 * (uint64_t)kind));
}

static void make_init_task(struct fake_guest *g)
{
	gva_t task = fake_symbol(g, S_init_task, TASK_BYTES);
	gva_t signal = fake_alloc(g, SIGNAL_BYTES, 64), pid = fake_alloc(g, 256, 64);

	fake_set(g, task, F_task_struct_signal, signal.v);
	fake_set(g, task, F_task_struct_real_parent, task.v);
	fake_set(g, task, F_task_struct_parent, task.v);
	fake_set(g, task, F_task_struct_group_leader, task.v);
	fake_list(g, member(g, task, F_task_struct_tasks));
	fake_list(g, member(g, task, F_task_struct_children));
	fake_list(g, member(g, signal, F_signal_struct_thread_head));
	for (unsigned kind = 0; kind < KINDS; kind++)
		fake_u64(g, pid_of(g, task, kind), pid.v);
}

static void make_rq(struct fake_guest *g)
{
	gva_t rq = fake_symbol(g, S_runqueues, RQ_BYTES);

	fake_variable(g, S___cpu_possible_mask, 1);
	fake_set(g, rq, F_rq_curr, kernel_symbol(&g->k, S_init_task).v);
	fake_set(g, rq, F_rq_idle, kernel_symbol(&g->k, S_init_task).v);
	fake_list(g, member(g, rq, F_rq_cfs_tasks));
	for (unsigned i = 0; i < RT_PRIORITIES; i++)
		fake_list(g, gva_add(member(g, rq, F_rq_rt_queue), LIST_BYTES * (uint64_t)i));
}

void fake_census_init(struct fake_guest *g)
{
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		fake_field(g, members[i].id, members[i].offset, members[i].size);
	make_init_task(g);
	make_rq(g);
	fake_symbol(g, S_css_set_table, 8 * CSS_BUCKETS);
	fake_variable(g, S_css_set_count, 0);
	first_set = fake_css_set(g, 5);
}

static void link_task(struct fake_guest *g, gva_t task, gva_t leader, gva_t parent)
{
	fake_set(g, task, F_task_struct_group_leader, leader.v);
	fake_set(g, task, F_task_struct_real_parent, parent.v);
	fake_set(g, task, F_task_struct_parent, parent.v);
	fake_list(g, member(g, task, F_task_struct_children));
	fake_list_add(g, member(g, first_set, F_css_set_tasks),
		      member(g, task, F_task_struct_cg_list));
}

void fake_census_process(struct fake_guest *g, gva_t task, gva_t parent)
{
	gva_t first = kernel_symbol(&g->k, S_init_task);

	link_task(g, task, task, parent);
	fake_list_add(g, member(g, first, F_task_struct_tasks),
		      member(g, task, F_task_struct_tasks));
	fake_list_add(g, member(g, parent, F_task_struct_children),
		      member(g, task, F_task_struct_sibling));
	attach(g, task, gva(get(g, pid_of(g, parent, KIND_PGID))), KIND_PGID);
	attach(g, task, gva(get(g, pid_of(g, parent, KIND_SID))), KIND_SID);
}

void fake_census_thread(struct fake_guest *g, gva_t task, gva_t leader)
{
	link_task(g, task, leader, gva(get(g, member(g, leader, F_task_struct_real_parent))));
}

void fake_list_del(struct fake_guest *g, gva_t link)
{
	gva_t next = gva(get(g, link)), prev = gva(get(g, gva_add(link, 8)));

	fake_u64(g, prev, next.v);
	fake_u64(g, gva_add(next, 8), prev.v);
	fake_list(g, link);
}

gva_t fake_css_set(struct fake_guest *g, unsigned bucket)
{
	gva_t set = fake_alloc(g, CSS_SET_BYTES, 64), count = kernel_symbol(&g->k, S_css_set_count);

	fake_list(g, member(g, set, F_css_set_tasks));
	fake_list(g, member(g, set, F_css_set_mg_tasks));
	fake_list(g, member(g, set, F_css_set_dying_tasks));
	chain_add(g, gva_add(kernel_symbol(&g->k, S_css_set_table), 8 * (uint64_t)bucket),
		  member(g, set, F_css_set_hlist));
	fake_u32(g, count, (uint32_t)get(g, count) + 1);
	return set;
}

gva_t fake_rq(struct fake_guest *g)
{
	return kernel_symbol(&g->k, S_runqueues);
}

void fake_queue_fair(struct fake_guest *g, gva_t task)
{
	fake_list_add(g, member(g, fake_rq(g), F_rq_cfs_tasks),
		      member(g, task, F_task_struct_fair_node));
}

void fake_queue_rt(struct fake_guest *g, gva_t task, unsigned priority)
{
	assert(priority < RT_PRIORITIES);
	fake_list_add(
		g, gva_add(member(g, fake_rq(g), F_rq_rt_queue), LIST_BYTES * (uint64_t)priority),
		member(g, task, F_task_struct_rt_node));
}

/* The new one is the root, what was there is its left side. */
void fake_queue_deadline(struct fake_guest *g, gva_t task, bool is_server)
{
	gva_t node = member(g, task, F_task_struct_dl_node);

	fake_set(g, task, F_task_struct_dl_is_server, is_server);
	fake_set(g, node, F_rb_node_left, get(g, member(g, fake_rq(g), F_rq_dl_root)));
	fake_set(g, fake_rq(g), F_rq_dl_root, node.v);
}
