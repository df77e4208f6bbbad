/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Namespaces of a task. Input: attacker-controlled. */
#include "transcall/kobj/ns.h"

#include <sched.h>
#include <string.h>

#include "transcall/kobj/inode.h"
#include "transcall/kobj/task.h"
#include "transcall/kobj/time.h"

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080 /* Linux 5.6: include/uapi/linux/sched.h */
#endif
#define NS_LEVELS_MAX 33 /* MAX_PID_NS_LEVEL, and that of user namespaces, and the first one */
#define NSFS_MODE    (S_IFREG | 0444) /* __ns_get_path(), fs/nsfs.c */
#define NSFS_BLKSIZE 4096
#define NSEC_PER_SEC UINT64_C(1000000000)

struct ns_kind {
	const char *entry; /* name in /proc/PID/ns */
	const char *name;  /* proc_ns_operations.real_ns_name, or name */
	uint32_t type; /* CLONE_NEW* */
	enum field_id inum;
	enum field_id owner; /* the user namespace that it belongs to */
	enum field_id proxy; /* member of nsproxy; not used where @find is set */
	const struct err *(*find)(const struct kernel *k, gva_t task, gva_t *ret);
};

static const struct ns_kind kinds[] = {
	{"net", "net", CLONE_NEWNET, F_net_inum, F_net_user_ns, F_nsproxy_net, NULL},
	{"uts", "uts", CLONE_NEWUTS, F_uts_namespace_inum, F_uts_namespace_user_ns, F_nsproxy_uts,
	 NULL},
	{"ipc", "ipc", CLONE_NEWIPC, F_ipc_namespace_inum, F_ipc_namespace_user_ns, F_nsproxy_ipc,
	 NULL},
	{"pid", "pid", CLONE_NEWPID, F_pid_namespace_inum, F_pid_namespace_user_ns, 0,
	 task_pid_ns},
	{"pid_for_children", "pid", CLONE_NEWPID, F_pid_namespace_inum, F_pid_namespace_user_ns,
	 F_nsproxy_pid_for_children, NULL},
	{"user", "user", CLONE_NEWUSER, F_user_namespace_inum, F_user_namespace_parent, 0,
	 task_user_ns},
	{"mnt", "mnt", CLONE_NEWNS, F_mnt_namespace_inum, F_mnt_namespace_user_ns, F_nsproxy_mnt,
	 NULL},
	{"cgroup", "cgroup", CLONE_NEWCGROUP, F_cgroup_namespace_inum, F_cgroup_namespace_user_ns,
	 F_nsproxy_cgroup, NULL},
	{"time", "time", CLONE_NEWTIME, F_time_namespace_inum, F_time_namespace_user_ns,
	 F_nsproxy_time, NULL},
	{"time_for_children", "time", CLONE_NEWTIME, F_time_namespace_inum,
	 F_time_namespace_user_ns, F_nsproxy_time_for_children, NULL},
};

const struct ns_kind *ns_find(const char *name)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i].entry, name) == 0)
			return &kinds[i];
	return NULL;
}

const char *ns_kind_name(const struct ns_kind *kind)
{
	return kind->name;
}

static const struct err *proxied(const struct kernel *k, gva_t task, enum field_id id, gva_t *ret)
{
	gva_t nsproxy;

	TRY(kfield_ptr(k, task, F_task_struct_nsproxy, &nsproxy));
	if (gva_is_null(nsproxy))
		return ERR_AT(ERR_ABSENT, task.v, "the task has left its namespaces");
	return kfield_ptr(k, nsproxy, id, ret);
}

const struct err *ns_of_task(const struct kernel *k, gva_t task, const struct ns_kind *kind,
			     gva_t *ret)
{
	TRY(kind->find ? kind->find(k, task, ret) : proxied(k, task, kind->proxy, ret));
	if (gva_is_null(*ret))
		return ERR_AT(ERR_ABSENT, task.v, "the task has no %s namespace", kind->name);
	return NULL;
}

const struct err *ns_number(const struct kernel *k, gva_t ns, const struct ns_kind *kind,
			    uint64_t *ret)
{
	return kfield_uint(k, ns, kind->inum, ret);
}

/* The inode that nsfs keeps of a namespace that somebody has open; null: none. */
static const struct err *stashed_inode(const struct kernel *k, gva_t ns, const struct ns_kind *kind,
				       gva_t *ret)
{
	gva_t inum = kfield_at(k, ns, kind->inum), dentry;

	*ret = gva(0);
	TRY(kfield_ptr(k, kfield_container(k, inum, F_ns_common_inum), F_ns_common_stashed,
		       &dentry));
	return gva_is_null(dentry) ? NULL : kfield_ptr(k, dentry, F_dentry_inode, ret);
}

/* An inode that the kernel makes anew for each stat() is as old as that. */
static const struct err *times_now(const struct kernel *k, struct stat *ret)
{
	struct ktime now;

	TRY(time_read(k, &now));
	ret->st_atim.tv_sec = (time_t)(now.realtime_ns / NSEC_PER_SEC);
	ret->st_atim.tv_nsec = (long)(now.realtime_ns % NSEC_PER_SEC);
	ret->st_mtim = ret->st_ctim = ret->st_atim;
	return NULL;
}

const struct err *ns_stat(const struct kernel *k, gva_t ns, const struct ns_kind *kind,
			  struct stat *ret)
{
	gva_t inode, mnt, sb;
	uint64_t number;

	TRY(stashed_inode(k, ns, kind, &inode));
	if (!gva_is_null(inode))
		return inode_stat(k, inode, ret);
	TRY(ns_number(k, ns, kind, &number));
	TRY(kread_ptr(k, kernel_symbol(k, S_nsfs_mnt), &mnt));
	TRY(kfield_ptr(k, mnt, F_vfsmount_sb, &sb));
	TRY(inode_sb_dev(k, sb, &ret->st_dev));
	ret->st_ino = number;
	ret->st_mode = NSFS_MODE;
	ret->st_nlink = 1;
	ret->st_blksize = NSFS_BLKSIZE;
	return times_now(k, ret);
}

const struct err *ns_net_of_task(const struct kernel *k, gva_t task, gva_t *ret)
{
	return ns_of_task(k, task, &kinds[0], ret);
}

uint32_t ns_type(const struct ns_kind *kind)
{
	return kind->type;
}

/* ABSENT: @ns is not @top nor below it (by @parent). */
static const struct err *check_below(const struct kernel *k, gva_t ns, enum field_id parent,
				     gva_t top)
{
	for (unsigned i = 0; i < NS_LEVELS_MAX && !gva_is_null(ns); i++) {
		if (gva_equal(ns, top))
			return NULL;
		TRY(kfield_ptr(k, ns, parent, &ns));
	}
	return ERR(ERR_ABSENT, "the namespace is not one that the reader may know");
}

const struct err *ns_owner(const struct kernel *k, gva_t ns, const struct ns_kind *kind,
			   gva_t user_ns, gva_t *ret)
{
	TRY(kfield_ptr(k, ns, kind->owner, ret));
	return check_below(k, *ret, F_user_namespace_parent, user_ns);
}

const struct err *ns_pid_parent(const struct kernel *k, gva_t ns, gva_t pid_ns, gva_t *ret)
{
	TRY(kfield_ptr(k, ns, F_pid_namespace_parent, ret));
	return check_below(k, *ret, F_pid_namespace_parent, pid_ns);
}
