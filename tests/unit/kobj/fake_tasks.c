/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tasks of a kernel made by hand. */
#include "tests/unit/kobj/fake_tasks.h"

#include <assert.h>
#include <string.h>

enum {
	TASK_BYTES = 512,
	SIGNAL_BYTES = 64,
	PID_BYTES = 256,
	NS_BYTES = 64,
	UPID_BYTES = 16,
	XA_SLOTS = 64,
	XA_NODE_BYTES = 16 + 8 * XA_SLOTS,
	KIND_PID = 0,
	KIND_TGID = 1,
};

static const struct member {
	enum field_id id;
	uint32_t offset, size;
} members[] = {
	{F_task_struct_flags, 0, 4},
	{F_task_struct_pid, 4, 4},
	{F_task_struct_tgid, 8, 4},
	{F_task_struct_state, 12, 4},
	{F_task_struct_exit_state, 16, 4},
	{F_task_struct_ptrace, 20, 4},
	{F_task_struct_mm, 24, 8},
	{F_task_struct_signal, 32, 8},
	{F_task_struct_sighand, 40, 8},
	{F_task_struct_real_parent, 48, 8},
	{F_task_struct_parent, 56, 8},
	{F_task_struct_thread_pid, 64, 8},
	{F_task_struct_pid_links, 72, 64},
	{F_task_struct_thread_node, 136, 16},
	{F_task_struct_comm, 152, 16},
	{F_task_struct_real_cred, 168, 8},
	{F_task_struct_worker_private, 176, 8},
	{F_signal_struct_thread_head, 0, 16},
	{F_signal_struct_pids, 16, 32},
	{F_signal_struct_nr_threads, 48, 4},
	{F_pid_level, 0, 4},
	{F_pid_tasks, 8, 32},
	{F_pid_numbers, 48, UPID_BYTES},
	{F_upid_nr, 0, 4},
	{F_upid_ns, 8, 8},
	{F_pid_namespace_level, 0, 4},
	{F_pid_namespace_idr_head, 8, 8},
	{F_xa_node_shift, 0, 1},
	{F_xa_node_slots, 16, 8 * XA_SLOTS},
	{F_cred_user_ns, 0, 8},
	{F_user_namespace_parent, 0, 8},
};

static uint64_t get_u64(const struct fake_guest *g, gva_t at)
{
	uint64_t v;

	memcpy(&v, g->bytes + (at.v - FAKE_BASE), sizeof(v));
	return v;
}

static gva_t get_ptr(const struct fake_guest *g, gva_t object, enum field_id id)
{
	return gva(get_u64(g, kfield_at(&g->k, object, id)));
}

static gva_t xa_node(struct fake_guest *g, unsigned shift)
{
	gva_t node = fake_alloc(g, XA_NODE_BYTES, 64);

	fake_set(g, node, F_xa_node_shift, shift);
	return node;
}

static gva_t xa_slot(struct fake_guest *g, gva_t node, unsigned slot)
{
	return gva_add(kfield_at(&g->k, node, F_xa_node_slots), 8 * (uint64_t)slot);
}

static void ns_fill(struct fake_guest *g, gva_t ns, uint32_t level)
{
	fake_set(g, ns, F_pid_namespace_level, level);
	fake_set(g, ns, F_pid_namespace_idr_head, xa_node(g, 6).v + 2);
}

/* The slot of a number in the namespace's IDR, which has two levels. */
static gva_t number_slot(struct fake_guest *g, gva_t ns, uint32_t number)
{
	gva_t top = gva(get_ptr(g, ns, F_pid_namespace_idr_head).v - 2);
	gva_t slot = xa_slot(g, top, number / XA_SLOTS);

	assert(number < FAKE_PIDS);
	if (!get_u64(g, slot))
		fake_u64(g, slot, xa_node(g, 0).v + 2);
	return xa_slot(g, gva(get_u64(g, slot) - 2), number % XA_SLOTS);
}

void fake_tasks_init(struct fake_guest *g)
{
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		fake_field(g, members[i].id, members[i].offset, members[i].size);
	g->p.sizes[SIZE_upid] = UPID_BYTES;
	ns_fill(g, fake_symbol(g, S_init_pid_ns, NS_BYTES), 0);
	fake_symbol(g, S_init_user_ns, NS_BYTES);
}

gva_t fake_pid_ns(struct fake_guest *g, gva_t parent)
{
	gva_t ns = fake_alloc(g, NS_BYTES, 64);

	ns_fill(g, ns, (uint32_t)get_u64(g, parent) + 1);
	return ns;
}

gva_t fake_pid(struct fake_guest *g, const gva_t *ns, const uint32_t *numbers, unsigned count)
{
	gva_t pid = fake_alloc(g, PID_BYTES, 64);

	fake_set(g, pid, F_pid_level, count - 1);
	for (unsigned i = 0; i < count; i++) {
		gva_t upid =
			gva_add(kfield_at(&g->k, pid, F_pid_numbers), UPID_BYTES * (uint64_t)i);

		fake_set(g, upid, F_upid_nr, numbers[i]);
		fake_set(g, upid, F_upid_ns, ns[i].v);
		fake_u64(g, number_slot(g, ns[i], numbers[i]), pid.v);
	}
	return pid;
}

void fake_pid_attach(struct fake_guest *g, gva_t pid, gva_t task, unsigned kind)
{
	gva_t link = gva_add(kfield_at(&g->k, task, F_task_struct_pid_links), 16 * (uint64_t)kind);
	gva_t signal = get_ptr(g, task, F_task_struct_signal);

	fake_u64(g, gva_add(kfield_at(&g->k, pid, F_pid_tasks), 8 * (uint64_t)kind), link.v);
	if (kind == KIND_PID)
		fake_set(g, task, F_task_struct_thread_pid, pid.v);
	else
		fake_u64(
			g,
			gva_add(kfield_at(&g->k, signal, F_signal_struct_pids), 8 * (uint64_t)kind),
			pid.v);
}

static gva_t new_task(struct fake_guest *g, gva_t signal, uint32_t number, uint32_t tgid,
		      const char *comm)
{
	gva_t task = fake_alloc(g, TASK_BYTES, 64), cred = fake_alloc(g, 16, 16);
	gva_t ns = kernel_symbol(&g->k, S_init_pid_ns);

	fake_set(g, cred, F_cred_user_ns, kernel_symbol(&g->k, S_init_user_ns).v);
	fake_set(g, task, F_task_struct_real_cred, cred.v);
	fake_set(g, task, F_task_struct_signal, signal.v);
	fake_set(g, task, F_task_struct_sighand, fake_alloc(g, 16, 16).v);
	fake_set(g, task, F_task_struct_pid, number);
	fake_set(g, task, F_task_struct_tgid, tgid);
	fake_set(g, task, F_task_struct_real_parent, task.v);
	fake_set(g, task, F_task_struct_parent, task.v);
	fake_write(g, kfield_at(&g->k, task, F_task_struct_comm), comm, strlen(comm));
	fake_list_add(g, kfield_at(&g->k, signal, F_signal_struct_thread_head),
		      kfield_at(&g->k, task, F_task_struct_thread_node));
	fake_pid_attach(g, fake_pid(g, &ns, &number, 1), task, KIND_PID);
	return task;
}

gva_t fake_process(struct fake_guest *g, uint32_t number, const char *comm)
{
	gva_t signal = fake_alloc(g, SIGNAL_BYTES, 64), task;

	fake_list(g, kfield_at(&g->k, signal, F_signal_struct_thread_head));
	fake_set(g, signal, F_signal_struct_nr_threads, 1);
	task = new_task(g, signal, number, number, comm);
	fake_pid_attach(g, get_ptr(g, task, F_task_struct_thread_pid), task, KIND_TGID);
	return task;
}

gva_t fake_thread(struct fake_guest *g, gva_t leader, uint32_t number, const char *comm)
{
	gva_t signal = get_ptr(g, leader, F_task_struct_signal);
	gva_t count = kfield_at(&g->k, signal, F_signal_struct_nr_threads);
	uint32_t tgid = (uint32_t)get_u64(g, kfield_at(&g->k, leader, F_task_struct_tgid));

	fake_u32(g, count, (uint32_t)get_u64(g, count) + 1);
	return new_task(g, signal, number, tgid, comm);
}

uint64_t fake_pid_replace(struct fake_guest *g, gva_t ns, uint32_t number, uint64_t entry)
{
	gva_t slot = number_slot(g, ns, number);
	uint64_t before = get_u64(g, slot);

	fake_u64(g, slot, entry);
	return before;
}
