/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz-record RAMFILE PROFILE FOLDER [PID...]: read the whole rebuilt tree of a lab guest, of these
 * processes only (all when none is named), and what netlink answers; save the words that were read,
 * and the paths.
 */
#include <limits.h>
#include <linux/netlink.h>

#include "tests/fuzz/recording.h"
#include "tests/fuzz/tree.h"
#include "tests/tools/ramguest.h"
#include "transcall/proc/netlink.h"

struct recorder {
	struct memsrc src; /* first */
	struct memsrc *below;
	struct recording recording;
};

static const struct err *recorder_read(struct memsrc *src, struct memspace space, gva_t at,
				       void *ret, size_t len_bytes)
{
	struct recorder *r = (struct recorder *)src;

	TRY(r->below->read(r->below, space, at, ret, len_bytes));
	recording_add(&r->recording, space.pgd.v, at.v, ret, len_bytes);
	return NULL;
}

int main(int argc, char **argv)
{
	static struct ramguest guest;
	static struct recorder r = {.src.read = recorder_read};
	static struct kernel kernel;
	struct proc_view view = {.kernel = &kernel};
	static struct tree_paths paths;
	char name[PATH_MAX];

	if (argc < 4 || ramguest_open(&guest, argv[1], argv[2]))
		return 2;
	r.below = &guest.gmem.src;
	tree_vcpu(&guest.vcpu);
	if (kernel_attach(&kernel, &r.src, &guest.profile, &guest.vcpu, 1) ||
	    proc_view_init(&view, &kernel, 1))
		return 1;
	tree_paths_find(&paths, &view, argv + 4);
	for (unsigned i = 0; i < paths.count; i++)
		tree_use(&view, paths.path[i]);
	tree_use_system(&view, "/usr/bin/env");
	if (netlink_walk(&view, NETLINK_ROUTE) || netlink_walk(&view, NETLINK_SOCK_DIAG))
		return 1;
	snprintf(name, sizeof(name), "%s/memory.gz", argv[3]);
	recording_save(&r.recording, name);
	snprintf(name, sizeof(name), "%s/paths.gz", argv[3]);
	tree_paths_save(&paths, name);
	printf("%u paths, %zu pages\n", paths.count, r.recording.page_count);
	return 0;
}
