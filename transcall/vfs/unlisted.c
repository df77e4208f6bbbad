/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Going into directories that /proc leads to and does not list. Input: the tool's paths. */
#include <fcntl.h>
#include <string.h>

#include "transcall/vfs/vfs.h"

struct move {
	char hidden[32], shown[32];
};

static struct move move_of(uint32_t pid)
{
	struct move m;

	snprintf(m.hidden, sizeof(m.hidden), "/hidden/proc/%u", pid);
	snprintf(m.shown, sizeof(m.shown), "/proc/%u", pid);
	return m;
}

const struct err *unlisted_show(struct vfs *v, const struct place *place, const char *shadow_path)
{
	struct unlisted *u = &v->unlisted;
	struct move m = move_of(place->node.tgid);
	struct stat st;

	if (strlen(place->path) >= sizeof(u->kept[0].path) ||
	    !shadow_stat(&v->shadow, shadow_path, &st))
		return ERR(ERR_ABSENT, "no way to %.300s", place->path);
	u->kept[u->count % UNLISTED_KEPT].inode = st.st_ino;
	strcpy(u->kept[u->count++ % UNLISTED_KEPT].path, place->path);
	u->shown = place->node.tgid;
	return shadow_move(&v->shadow, m.hidden, m.shown);
}

const struct err *unlisted_hide(struct vfs *v)
{
	struct move m = move_of(v->unlisted.shown);

	if (!v->unlisted.shown)
		return NULL;
	v->unlisted.shown = 0;
	return shadow_move(&v->shadow, m.shown, m.hidden);
}

const char *unlisted_directory(const struct vfs *v, const struct tracee *who)
{
	const struct unlisted *u = &v->unlisted;
	struct stat st, root;

	if (!u->count || tracee_fstat(who, AT_FDCWD, &st) || !shadow_stat(&v->shadow, "/", &root) ||
	    st.st_dev != root.st_dev)
		return NULL;
	for (unsigned i = 0; i < u->count && i < UNLISTED_KEPT; i++)
		if (u->kept[i].inode == st.st_ino)
			return u->kept[i].path;
	return NULL;
}
