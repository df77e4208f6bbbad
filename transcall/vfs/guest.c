/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Questions to the guest as a whole. Input: answers of proc/, from attacker-controlled memory. */
#include "transcall/vfs/guest.h"

#include "transcall/proc/log.h"
#include "transcall/proc/system.h"

#define ROUNDS_MAX 5 /* as proc/tree.c */

struct question {
	const struct err *(*ask)(struct proc_view *view, const struct question *q);
	const char *path; /* of ask_stat, ask_group_path */
	bool follow;
	const struct netlink_request *request; /* of ask_netlink */
	FILE *out;
	unsigned ioctl; /* of ask_ifreq */
	struct ifreq *interfaces;
	size_t max;                     /* of ask_interfaces */
	const struct ipc_question *ipc; /* of ask_ipc */
	uint64_t id;                    /* of ask_group_path */
	void *ret;
};

static const struct err *ask(struct guest *g, const struct question *q)
{
	struct proc_view *view = g->view;

	work_begin(&view->work);
	const struct err *e = q->ask(view, q);
	for (int round = 1; proc_view_retries(view, e) && round < ROUNDS_MAX; round++) {
		TRY(view->refresh(view));
		e = q->ask(view, q);
	}
	if (e && e->kind == ERR_RACE)
		view->races++;
	if (e && e->kind == ERR_FAULT)
		view->unreadable++;
	return e;
}

static const struct err *ask_uname(struct proc_view *view, const struct question *q)
{
	return proc_uname(view, q->ret);
}

static const struct err *ask_sysinfo(struct proc_view *view, const struct question *q)
{
	return proc_sysinfo(view, q->ret);
}

static const struct err *ask_pid_max(struct proc_view *view, const struct question *q)
{
	return proc_pid_max(view, q->ret);
}

static const struct err *ask_reader_pid(struct proc_view *view, const struct question *q)
{
	return proc_reader_pid(view, q->ret);
}

static const struct err *ask_socket_dev(struct proc_view *view, const struct question *q)
{
	return proc_socket_dev(view, q->ret);
}

static const struct err *ask_clocks(struct proc_view *view, const struct question *q)
{
	struct guest_clocks *clocks = q->ret;

	TRY(proc_realtime_ns(view, &clocks->wall_ns));
	TRY(proc_boottime_ns(view, &clocks->boot_ns));
	return proc_monotonic_ns(view, &clocks->monotonic_ns);
}

static const struct err *ask_stat(struct proc_view *view, const struct question *q)
{
	return proc_path_stat(view, q->path, q->follow, q->ret);
}

static const struct err *ask_statfs(struct proc_view *view, const struct question *q)
{
	return proc_path_statfs(view, q->path, q->ret);
}

/* What an earlier try wrote is dropped. */
static const struct err *ask_log(struct proc_view *view, const struct question *q)
{
	rewind(q->ret);
	return proc_log(view, q->ret);
}

static const struct err *ask_log_size(struct proc_view *view, const struct question *q)
{
	return proc_log_size(view, q->ret);
}

static const struct err *ask_netlink(struct proc_view *view, const struct question *q)
{
	rewind(q->out);
	return netlink_answer(view, q->request, q->out, q->ret);
}

static const struct err *ask_ifreq(struct proc_view *view, const struct question *q)
{
	return ifreq_answer(view, q->ioctl, q->interfaces, q->ret);
}

static const struct err *ask_interfaces(struct proc_view *view, const struct question *q)
{
	return ifreq_list(view, q->interfaces, q->max, q->ret);
}

static const struct err *ask_ipc(struct proc_view *view, const struct question *q)
{
	return ipc_answer(view, q->ipc, q->ret);
}

static const struct err *ask_group_handle(struct proc_view *view, const struct question *q)
{
	return sysfs_group_handle(view, q->path, q->ret);
}

static const struct err *ask_group_path(struct proc_view *view, const struct question *q)
{
	return sysfs_group_path(view, q->path, q->id, q->ret);
}

const struct err *guest_uname(struct guest *g, struct utsname *ret)
{
	return ask(g, &(struct question){.ask = ask_uname, .ret = ret});
}

const struct err *guest_sysinfo(struct guest *g, struct sysinfo *ret)
{
	return ask(g, &(struct question){.ask = ask_sysinfo, .ret = ret});
}

const struct err *guest_pid_max(struct guest *g, uint32_t *ret)
{
	return ask(g, &(struct question){.ask = ask_pid_max, .ret = ret});
}

const struct err *guest_find_reader(struct guest *g)
{
	return ask(g, &(struct question){.ask = ask_reader_pid, .ret = &g->reader_pid});
}

const struct err *guest_clocks(struct guest *g, struct guest_clocks *ret)
{
	return ask(g, &(struct question){.ask = ask_clocks, .ret = ret});
}

const struct err *guest_stat(struct guest *g, const char *path, bool follow, struct stat *ret)
{
	return ask(g,
		   &(struct question){.ask = ask_stat, .path = path, .follow = follow, .ret = ret});
}

const struct err *guest_statfs(struct guest *g, const char *path, struct statfs *ret)
{
	return ask(g, &(struct question){.ask = ask_statfs, .path = path, .ret = ret});
}

const struct err *guest_socket_dev(struct guest *g, dev_t *ret)
{
	return ask(g, &(struct question){.ask = ask_socket_dev, .ret = ret});
}

const struct err *guest_log(struct guest *g, FILE *out)
{
	return ask(g, &(struct question){.ask = ask_log, .ret = out});
}

const struct err *guest_log_size(struct guest *g, uint32_t *ret)
{
	return ask(g, &(struct question){.ask = ask_log_size, .ret = ret});
}

const struct err *guest_netlink(struct guest *g, const struct netlink_request *request,
				char **ret_text, size_t *ret_len, int *ret_errnum)
{
	FILE *out = open_memstream(ret_text, ret_len);
	const struct err *e;

	if (!out)
		return ERR(ERR_SYSTEM, "no memory for a netlink answer");
	e = ask(g, &(struct question){
			   .ask = ask_netlink, .request = request, .out = out, .ret = ret_errnum});
	fclose(out);
	return e;
}

const struct err *guest_ifreq(struct guest *g, unsigned request, struct ifreq *io, int *ret_errnum)
{
	return ask(g, &(struct question){.ask = ask_ifreq,
					 .ioctl = request,
					 .interfaces = io,
					 .ret = ret_errnum});
}

const struct err *guest_interfaces(struct guest *g, struct ifreq *ret, size_t max,
				   size_t *ret_count)
{
	return ask(g,
		   &(struct question){
			   .ask = ask_interfaces, .interfaces = ret, .max = max, .ret = ret_count});
}

const struct err *guest_ipc(struct guest *g, const struct ipc_question *q, struct ipc_answer *ret)
{
	return ask(g, &(struct question){.ask = ask_ipc, .ipc = q, .ret = ret});
}

const struct err *guest_group_handle(struct guest *g, const char *path, struct group_handle *ret)
{
	return ask(g, &(struct question){.ask = ask_group_handle, .path = path, .ret = ret});
}

const struct err *guest_group_path(struct guest *g, const char *dir, uint64_t id,
				   char ret[static PROC_PATH_BYTES])
{
	return ask(g, &(struct question){.ask = ask_group_path, .path = dir, .id = id, .ret = ret});
}
