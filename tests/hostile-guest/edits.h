/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The functions that edits.def names. */
#ifndef TESTS_HOSTILE_GUEST_EDITS_H
#define TESTS_HOSTILE_GUEST_EDITS_H

#include "tests/hostile-guest/edit.h"

/* --- whole edits --- */
typedef const struct err *edit_fn(struct editor *e, const struct edit *edit) MUST_CHECK;
edit_fn hide_from_tasks, hide_from_idr;
edit_fn idr_node, idr_shared, idr_fakes;
edit_fn groups_times_extents;
edit_fn pgd_of_itself, pgd_out_of_memory, arguments_everywhere;
edit_fn tree_of_areas, page_cache_of_itself;
edit_fn parents_in_circle, dentries_in_circle, mounts_in_circle, epoll_tree;

/* --- places that POKE begins at --- */
typedef const struct err *find_fn(struct editor *e, gva_t *ret) MUST_CHECK;
find_fn from_task, from_pid, from_thread, from_cwd, from_cwd_mount, from_first_mount,
	from_first_vfsmount, from_area, from_fd;
find_fn from_modules, from_module, from_tcp, from_tcp_listening, from_udp, from_unix,
	from_tcp_table;
find_fn from_net, from_netdev, from_locks, from_tty_driver, from_file_systems, from_cgroup,
	from_uts;
find_fn from_user_ns, from_passwd, from_nr_cpus;

#endif
