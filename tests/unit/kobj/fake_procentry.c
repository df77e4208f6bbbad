/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/kobj/fake_procentry.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/unit/kobj/fake_members.h"

gva_t fake_procentry_init(struct fake_guest *g)
{
	FAKE_MEMBERS(g, {F_proc_dir_entry_name, 8}, {F_proc_dir_entry_mode, 2},
		     {F_proc_dir_entry_uid, 4}, {F_proc_dir_entry_gid, 4},
		     {F_proc_dir_entry_nlink, 4}, {F_proc_dir_entry_data, 8},
		     {F_proc_dir_entry_subdir, 8}, {F_proc_dir_entry_subdir_node, 24});
	FAKE_MEMBERS(g, {F_rb_node_left, 8}, {F_rb_node_right, 8});
	return fake_symbol(g, S_proc_root, 256);
}

static gva_t pointer_at(struct fake_guest *g, gva_t at)
{
	gva_t ret;

	if (kread_ptr(&g->k, at, &ret))
		abort();
	return ret;
}

/* Is @name before the entry's? By length, then by bytes. */
static bool comes_before(struct fake_guest *g, const char *name, gva_t entry)
{
	const char *other =
		(const char *)g->bytes +
		(pointer_at(g, kfield_at(&g->k, entry, F_proc_dir_entry_name)).v - FAKE_BASE);

	if (strlen(name) != strlen(other))
		return strlen(name) < strlen(other);
	return strcmp(name, other) < 0;
}

gva_t fake_procentry_add(struct fake_guest *g, gva_t dir, const char *name, uint32_t mode)
{
	gva_t place = kfield_at(&g->k, dir, F_proc_dir_entry_subdir), node;
	gva_t entry = fake_alloc(g, 256, 8);

	fake_set(g, entry, F_proc_dir_entry_name, fake_str(g, name).v);
	fake_set(g, entry, F_proc_dir_entry_mode, mode);
	fake_set(g, entry, F_proc_dir_entry_nlink, S_ISDIR(mode) ? 2 : 1);
	while (!gva_is_null(node = pointer_at(g, place))) {
		gva_t other = kfield_container(&g->k, node, F_proc_dir_entry_subdir_node);
		bool before = comes_before(g, name, other);

		place = kfield_at(&g->k, node, before ? F_rb_node_left : F_rb_node_right);
	}
	fake_u64(g, place, kfield_at(&g->k, entry, F_proc_dir_entry_subdir_node).v);
	return entry;
}
