/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The made-up guest as a target: proc/system.h and target/target.h. */
#include <errno.h>
#include <linux/magic.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/resource.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "remotetrans/client/config.h"
#include "tests/trap/fake.h"
#include "transcall/proc/ifreq.h"
#include "transcall/proc/ipc_answer.h"
#include "transcall/proc/log.h"
#include "transcall/proc/namespace.h"
#include "transcall/proc/netlink.h"
#include "transcall/proc/roll.h"
#include "transcall/proc/sysfs.h"
#include "transcall/proc/system.h"
#include "transcall/target/outdated.h"
#include "transcall/target/target.h"

static struct proc_view view;
static uint64_t wanted;

const struct err *target_open(const char *name, const struct target_options *options,
			      struct target **ret)
{
	(void)name;
	(void)options;
	if (getenv("FAKE_NO_TARGET"))
		return ERR(ERR_PEER, "no such server");
	*ret = (struct target *)&view;
	return NULL;
}

/* $FAKE_SESSION_ENDED: as when its server closed it. */
const struct err *target_again(struct target *t, uint64_t sets)
{
	if (getenv("FAKE_SESSION_ENDED"))
		return ERR(ERR_PEER, "the server has closed the connection");
	if (getenv("FAKE_SESSION_FORGED"))
		return ERR(ERR_INTEGRITY, "frame 0x1234: tag does not verify");
	wanted = 0;
	fake_snapshots = 0;
	view = (struct proc_view){.epoch = view.epoch + 1};
	return target_want(t, sets);
}

/* $FAKE_IDLE: share_idle_s. */
const struct target_config *target_config(const struct target *t)
{
	static struct target_config config = {.share = true};
	const char *idle = getenv("FAKE_IDLE");

	(void)t;
	config.share_idle_s = idle ? (uint32_t)atoi(idle) : 60;
	return &config;
}

void opened_by_note(const struct target *t, struct opened_by *ret)
{
	(void)t;
	*ret = (struct opened_by){.from_anywhere = true};
}

/* $FAKE_OUTDATED names a file that is there when it is. */
bool target_is_outdated(struct target *t, const struct opened_by *by)
{
	const char *path = getenv("FAKE_OUTDATED");

	(void)t;
	(void)by;
	return path && access(path, F_OK) == 0;
}

void target_close(struct target *t)
{
	(void)t;
}

const char *target_unprotected(const struct target *t)
{
	(void)t;
	return getenv("FAKE_UNPROTECTED");
}

void target_notice(const struct target *t, char *ret, size_t size_bytes)
{
	const char *notice = getenv("FAKE_NOTICE");

	(void)t;
	snprintf(ret, size_bytes, "%s", notice ? notice : "");
}

struct proc_view *target_view(struct target *t)
{
	(void)t;
	return &view;
}

const struct err *target_want(struct target *t, uint64_t sets)
{
	(void)t;
	if (sets & ~wanted)
		fake_snapshots++;
	wanted |= sets;
	return NULL;
}

void target_slept(struct target *t)
{
	(void)t;
	wanted = 0;
}

/* Each answer is one empty message of the type of the request. */
const struct err *netlink_answer(struct proc_view *v, const struct netlink_request *request,
				 FILE *out, int *ret_errnum)
{
	struct nlmsghdr header = {.nlmsg_len = sizeof(header), .nlmsg_type = request->type};

	(void)v;
	*ret_errnum = request->type == RTM_NEWLINK ? EPERM : 0;
	if (!*ret_errnum)
		fwrite(&header, 1, sizeof(header), out);
	return NULL;
}

const struct err *ifreq_answer(struct proc_view *v, unsigned request, struct ifreq *io,
			       int *ret_errnum)
{
	(void)v;
	*ret_errnum = request == SIOCGIFMTU ? 0 : EPERM;
	io->ifr_mtu = 1234;
	return NULL;
}

const struct err *ifreq_list(struct proc_view *v, struct ifreq *ret, size_t max, size_t *ret_count)
{
	(void)v;
	*ret_count = 1;
	if (max > 0)
		ret[0] = (struct ifreq){.ifr_name = "fake0"};
	return NULL;
}

/* It has no objects of System V IPC. */
bool ipc_asks(enum ipc_kind kind, int cmd)
{
	(void)kind;
	return cmd == IPC_STAT;
}

const struct err *ipc_answer(struct proc_view *v, const struct ipc_question *q,
			     struct ipc_answer *ret)
{
	(void)v;
	(void)q;
	*ret = (struct ipc_answer){.errnum = EINVAL};
	return NULL;
}

const struct err *proc_uname(struct proc_view *v, struct utsname *ret)
{
	(void)v;
	*ret = (struct utsname){.sysname = "Linux",
				.nodename = "fakeguest",
				.release = "9.8.7-fake",
				.version = "#1 FAKE",
				.machine = "x86_64",
				.domainname = "(none)"};
	return NULL;
}

const struct err *proc_sysinfo(struct proc_view *v, struct sysinfo *ret)
{
	(void)v;
	*ret = (struct sysinfo){.uptime = 259200, .totalram = 777777, .procs = 9, .mem_unit = 1024};
	return NULL;
}

const struct err *proc_boottime_ns(struct proc_view *v, uint64_t *ret)
{
	(void)v;
	*ret = fake_boot_ns();
	return NULL;
}

const struct err *proc_realtime_ns(struct proc_view *v, uint64_t *ret)
{
	(void)v;
	*ret = fake_wall_ns();
	return NULL;
}

const struct err *proc_pid_max(struct proc_view *v, uint32_t *ret)
{
	(void)v;
	*ret = FAKE_PID_MAX;
	return NULL;
}

const struct err *proc_socket_dev(struct proc_view *v, dev_t *ret)
{
	(void)v;
	*ret = makedev(0, 99);
	return NULL;
}

void target_phases(const struct target *t, char *ret, size_t size_bytes)
{
	(void)t;
	snprintf(ret, size_bytes, "made up");
}

void target_cost(struct target *t, char *ret, size_t size_bytes)
{
	(void)t;
	snprintf(ret, size_bytes, "%u snapshots", fake_snapshots);
}

const struct err *proc_monotonic_ns(struct proc_view *v, uint64_t *ret)
{
	return proc_boottime_ns(v, ret);
}

const struct err *proc_path_stat(struct proc_view *v, const char *path, bool follow,
				 struct stat *ret)
{
	(void)v;
	(void)follow;
	if (strcmp(path, "/usr/bin/env") == 0) {
		*ret = (struct stat){.st_mode = S_IFREG | 0755, .st_ino = 5151, .st_nlink = 1};
		return NULL;
	}
	if (strcmp(path, "/run") != 0)
		return ERR(ERR_ABSENT, "not in the guest");
	*ret = (struct stat){.st_mode = S_IFDIR | 0711, .st_ino = 4242, .st_nlink = 3};
	return NULL;
}

const struct err *proc_path_statfs(struct proc_view *v, const char *path, struct statfs *ret)
{
	(void)v;
	*ret = (struct statfs){.f_type = PROC_SUPER_MAGIC, .f_bsize = 4096};
	return strncmp(path, "/proc", 5) == 0 ? NULL : ERR(ERR_ABSENT, "not in the guest");
}

/* /sys/kernel is a control group, number 7; number 8 is one that was removed. */
const struct err *sysfs_group_handle(struct proc_view *v, const char *path,
				     struct group_handle *ret)
{
	(void)v;
	*ret = (struct group_handle){.id = 7, .mount = 31};
	return strcmp(path, "/sys/kernel") == 0 ? NULL : ERR(ERR_ABSENT, "no control group");
}

const struct err *sysfs_group_path(struct proc_view *v, const char *dir, uint64_t id,
				   char ret[static PROC_PATH_BYTES])
{
	(void)v;
	if (strcmp(dir, "/sys/kernel") != 0)
		return ERR(ERR_ABSENT, "no control groups");
	snprintf(ret, PROC_PATH_BYTES, "/sys/kernel");
	return id == 7 ? NULL : ERR_ERRNO(ERR_ABSENT, ESTALE, "removed");
}

/* Every namespace is number 5 and the only one of its kind. */
const struct err *proc_namespace_open(struct proc_view *v, const struct proc_node *node,
				      struct proc_namespace *ret)
{
	(void)v;
	*ret = (struct proc_namespace){.number = 5};
	snprintf(ret->entry, sizeof(ret->entry), "%.19s", node->name);
	return NULL;
}

const struct err *proc_namespace_stat(struct proc_view *v, const struct proc_namespace *ns,
				      struct stat *ret)
{
	(void)v;
	*ret = (struct stat){.st_mode = S_IFREG | 0444, .st_ino = ns->number};
	return NULL;
}

const struct err *proc_namespace_owner(struct proc_view *v, const struct proc_namespace *ns,
				       struct proc_namespace *ret)
{
	(void)v;
	*ret = (struct proc_namespace){.entry = "user", .number = ns->number + 1};
	return NULL;
}

const struct err *proc_namespace_parent(struct proc_view *v, const struct proc_namespace *ns,
					struct proc_namespace *ret)
{
	(void)v;
	(void)ns;
	(void)ret;
	return ERR(ERR_ABSENT, "not for the reader to know");
}

const struct err *proc_namespace_uid(struct proc_view *v, const struct proc_namespace *ns,
				     uint32_t *ret)
{
	(void)v;
	*ret = (uint32_t)ns->number;
	return NULL;
}

uint32_t proc_namespace_type(const struct proc_namespace *ns)
{
	return strcmp(ns->entry, "user") == 0 ? CLONE_NEWUSER : CLONE_NEWNET;
}

const struct err *proc_log(struct proc_view *v, FILE *out)
{
	(void)v;
	fputs("<6>[    1.000000] first\n<4>[    2.000000] second\n", out);
	return NULL;
}

const struct err *proc_log_size(struct proc_view *v, uint32_t *ret)
{
	(void)v;
	*ret = 4096;
	return NULL;
}

const struct err *proc_settings(struct proc_view *v, const struct proc_node *node,
				struct settings *ret)
{
	(void)v;
	(void)node;
	*ret = (struct settings){.policy = 2, .priority = 7, .ioprio = FAKE_IOPRIO};
	ret->limits.soft[RLIMIT_NOFILE] = 77;
	ret->limits.hard[RLIMIT_NOFILE] = 4711;
	return NULL;
}

const struct err *proc_reader_pid(struct proc_view *v, uint32_t *ret)
{
	(void)v;
	*ret = 1;
	return NULL;
}

bool roll_is_current(const struct roll *r, const struct proc_view *v)
{
	return r->taken && r->epoch == v->epoch;
}

const struct err *roll_take(struct roll *r, struct proc_view *v)
{
	*r = (struct roll){.taken = true, .epoch = v->epoch, .tasks = 1};
	while (fake_process_at(r->tasks - 1))
		r->tasks++;
	return NULL;
}

gva_t roll_find(const struct roll *r, uint32_t number)
{
	(void)r;
	return gva(fake_process(number) ? number : 0);
}

void roll_deinit(struct roll *r)
{
	*r = (struct roll){0};
}
