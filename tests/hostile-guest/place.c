/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Objects where edits begin, found by the product's own readers. */
#include "tests/hostile-guest/edits.h"

#include <sys/socket.h>

#include "transcall/kobj/cgroup.h"
#include "transcall/kobj/file.h"
#include "transcall/kobj/inet.h"
#include "transcall/kobj/lock.h"
#include "transcall/kobj/module.h"
#include "transcall/kobj/mount.h"
#include "transcall/kobj/namei.h"
#include "transcall/kobj/netdev.h"
#include "transcall/kobj/ns.h"
#include "transcall/kobj/pid.h"
#include "transcall/kobj/tty.h"
#include "transcall/kobj/unixsock.h"
#include "transcall/kobj/vma.h"

static const struct err *nothing(const char *what)
{
	return ERR(ERR_ABSENT, "this guest has no %s", what);
}

static const struct err *init_task(struct editor *e, gva_t *ret)
{
	return pid_find_task(KERNEL(e), kernel_symbol(KERNEL(e), S_init_pid_ns), 1, ret);
}

/* --- tasks -------------------------------------------------------------------------------- */

const struct err *from_task(struct editor *e, gva_t *ret)
{
	*ret = e->task;
	return NULL;
}

const struct err *from_pid(struct editor *e, gva_t *ret)
{
	return pid_of_task(KERNEL(e), e->task, PID_KIND_PID, ret);
}

/* Next pointer of the process' second thread in the list of its threads. */
const struct err *from_thread(struct editor *e, gva_t *ret)
{
	struct list_iter it;
	struct task t;

	TRY(task_read(KERNEL(e), e->task, &t));
	TRY(list_init(&it, KERNEL(e), kfield_at(KERNEL(e), t.signal, F_signal_struct_thread_head)));
	TRY(list_next(&it, KERNEL(e), ret));
	TRY(list_next(&it, KERNEL(e), ret));
	return gva_is_null(*ret) ? nothing("second thread") : NULL;
}

const struct err *from_user_ns(struct editor *e, gva_t *ret)
{
	return task_user_ns(KERNEL(e), e->task, ret);
}

/* The names of the host. */
const struct err *from_uts(struct editor *e, gva_t *ret)
{
	TRY(init_task(e, ret));
	TRY(ns_of_task(KERNEL(e), *ret, ns_find("uts"), ret));
	*ret = kfield_at(KERNEL(e), *ret, F_uts_namespace_name);
	return NULL;
}

const struct err *from_cgroup(struct editor *e, gva_t *ret)
{
	TRY(kfield_ptr(KERNEL(e), e->task, F_task_struct_cgroups, ret));
	TRY(kfield_ptr(KERNEL(e), *ret, F_css_set_dfl_cgrp, ret));
	return kfield_ptr(KERNEL(e), *ret, F_cgroup_kn, ret);
}

/* --- files -------------------------------------------------------------------------------- */

const struct err *from_cwd(struct editor *e, gva_t *ret)
{
	struct kpath path;

	TRY(kpath_cwd(KERNEL(e), e->task, &path));
	*ret = path.dentry;
	return NULL;
}

const struct err *from_cwd_mount(struct editor *e, gva_t *ret)
{
	struct kpath path;

	TRY(kpath_cwd(KERNEL(e), e->task, &path));
	*ret = kfield_container(KERNEL(e), path.mnt, F_mount_mnt);
	return NULL;
}

/* The second in the list of the reader's mounts: of the first, much hangs. */
const struct err *from_first_mount(struct editor *e, gva_t *ret)
{
	struct mount_iter it;
	gva_t init;

	TRY(init_task(e, &init));
	TRY(mount_iter_init(&it, KERNEL(e), init));
	TRY(mount_iter_next(&it, KERNEL(e), ret));
	TRY(mount_iter_next(&it, KERNEL(e), ret));
	return gva_is_null(*ret) ? nothing("second mount") : NULL;
}

/* The struct vfsmount in it. */
const struct err *from_first_vfsmount(struct editor *e, gva_t *ret)
{
	TRY(from_first_mount(e, ret));
	*ret = kfield_at(KERNEL(e), *ret, F_mount_mnt);
	return NULL;
}

const struct err *from_area(struct editor *e, gva_t *ret)
{
	struct vma_iter it;
	struct vma v;
	struct task t;

	TRY(task_read(KERNEL(e), e->task, &t));
	TRY(vma_iter_init(&it, KERNEL(e), t.mm));
	TRY(vma_iter_next(&it, KERNEL(e), &v));
	*ret = v.at;
	return NULL;
}

/* The struct file of the first descriptor. */
const struct err *from_fd(struct editor *e, gva_t *ret)
{
	struct fdtable table;
	uint32_t fd = 0;

	TRY(fdtable_read(KERNEL(e), e->task, &table));
	TRY(fdtable_next(KERNEL(e), &table, &fd, ret));
	return gva_is_null(*ret) ? nothing("open file") : NULL;
}

/* The address_space of /etc/passwd. */
const struct err *from_passwd(struct editor *e, gva_t *ret)
{
	struct kpath root, at;
	gva_t init;

	TRY(init_task(e, &init));
	TRY(kpath_root(KERNEL(e), init, &root));
	TRY(namei_lookup(KERNEL(e), &root, "/etc/passwd", true, &at));
	TRY(kfield_ptr(KERNEL(e), at.dentry, F_dentry_inode, ret));
	return kfield_ptr(KERNEL(e), *ret, F_inode_mapping, ret);
}

const struct err *from_locks(struct editor *e, gva_t *ret)
{
	struct lock_iter it;

	lock_iter_init(&it);
	TRY(lock_iter_next(&it, KERNEL(e), ret));
	return gva_is_null(*ret) ? nothing("file lock") : NULL;
}

/* --- sockets ------------------------------------------------------------------------------ */

const struct err *from_net(struct editor *e, gva_t *ret)
{
	TRY(init_task(e, ret));
	return ns_of_task(KERNEL(e), *ret, ns_find("net"), ret);
}

static const struct err *from_inet(struct editor *e, enum inet_table table, bool listening,
				   gva_t *ret)
{
	struct sock_head head;
	struct inet_iter it;
	gva_t net;

	TRY(from_net(e, &net));
	TRY(inet_iter_init(&it, KERNEL(e), net, table, AF_INET));
	do
		TRY(inet_iter_next(&it, KERNEL(e), &head));
	while (!gva_is_null(head.at) && !listening && table == INET_TCP &&
	       head.state == SOCK_STATE_LISTEN);
	*ret = head.at;
	return gva_is_null(head.at) ? nothing("such socket") : NULL;
}

const struct err *from_tcp(struct editor *e, gva_t *ret)
{
	return from_inet(e, INET_TCP, false, ret);
}

const struct err *from_tcp_listening(struct editor *e, gva_t *ret)
{
	return from_inet(e, INET_TCP, true, ret);
}

const struct err *from_udp(struct editor *e, gva_t *ret)
{
	return from_inet(e, INET_UDP, true, ret);
}

/* The table of TCP sockets. */
const struct err *from_tcp_table(struct editor *e, gva_t *ret)
{
	TRY(from_net(e, ret));
	return kfield_ptr(KERNEL(e), *ret, F_net_tcp_hashinfo, ret);
}

/* A socket with a name. */
const struct err *from_unix(struct editor *e, gva_t *ret)
{
	struct unixsock_name name = {.bound = false};
	struct unixsock_iter it;
	struct sock_head head;
	gva_t net;

	TRY(from_net(e, &net));
	TRY(unixsock_iter_init(&it, KERNEL(e), net));
	while (!name.bound) {
		TRY(unixsock_iter_next(&it, KERNEL(e), &head));
		if (gva_is_null(head.at))
			return nothing("named local socket");
		TRY(unixsock_read_name(KERNEL(e), head.at, &name));
	}
	*ret = head.at;
	return NULL;
}

const struct err *from_netdev(struct editor *e, gva_t *ret)
{
	struct list_iter it;
	gva_t net;

	TRY(from_net(e, &net));
	TRY(netdev_iter_init(&it, KERNEL(e), net));
	return netdev_iter_next(&it, KERNEL(e), ret);
}

/* --- the system --------------------------------------------------------------------------- */

const struct err *from_modules(struct editor *e, gva_t *ret)
{
	*ret = kernel_symbol(KERNEL(e), S_modules);
	return NULL;
}

const struct err *from_module(struct editor *e, gva_t *ret)
{
	struct list_iter it;

	TRY(modules_init(&it, KERNEL(e)));
	TRY(modules_next(&it, KERNEL(e), ret));
	return gva_is_null(*ret) ? nothing("module") : NULL;
}

const struct err *from_tty_driver(struct editor *e, gva_t *ret)
{
	struct list_iter it;

	TRY(tty_drivers_init(&it, KERNEL(e)));
	return tty_drivers_next(&it, KERNEL(e), ret);
}

/* The first type of file system. */
const struct err *from_file_systems(struct editor *e, gva_t *ret)
{
	return kread_ptr(KERNEL(e), kernel_symbol(KERNEL(e), S_file_systems), ret);
}

const struct err *from_nr_cpus(struct editor *e, gva_t *ret)
{
	*ret = kernel_symbol(KERNEL(e), S_nr_cpu_ids);
	return NULL;
}
