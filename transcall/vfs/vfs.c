/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fill the shadow from the tree, no earlier than it is asked for. Input: the tree's answers. */
#include "transcall/vfs/vfs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "remotetrans/base/scope.h"
#include "transcall/vfs/listing.h"
#include "transcall/vfs/path.h"

const struct err *vfs_init(struct vfs *v, struct guest *guest, int shadow_root, int procfs)
{
	struct path_state *state;

	*v = (struct vfs){.guest = guest, .procfs = procfs};
	images_init(&v->images);
	vfs_started(v);
	TRY(shadow_init(&v->shadow, shadow_root));
	TRY(shadow_make(&v->shadow, "/proc/self", NODE_SYMLINK, OWN_PROCFS "/self", &state));
	TRY(shadow_make(&v->shadow, "/proc/thread-self", NODE_SYMLINK, OWN_PROCFS "/thread-self",
			&state));
	v->text = open_memstream(&v->text_bytes, &v->text_len);
	if (!v->text)
		return ERR_ERRNO(ERR_SYSTEM, errno, "no memory for a text buffer");
	return NULL;
}

const struct err *vfs_begin(struct vfs *v, const char *terminal, uint32_t lifted_above)
{
	TRY(unlisted_hide(v));
	v->unlisted = (struct unlisted){0};
	named_deinit(&v->named);
	v->named = (struct named){0};
	snprintf(v->own_terminal, sizeof(v->own_terminal), "%s", terminal);
	v->lifted_above = lifted_above;
	v->wanted = 0;
	v->snapshots++;
	v->shadow.generation++;
	v->slept_ns = 0;
	vfs_started(v);
	return NULL;
}

void vfs_deinit(struct vfs *v)
{
	if (v->text)
		fclose(v->text);
	free(v->text_bytes);
	if (v->procfs >= 0)
		close(v->procfs);
	images_deinit(&v->images);
	shadow_deinit(&v->shadow);
	named_deinit(&v->named);
}

bool vfs_pid_is_own(const struct vfs *v, uint32_t pid)
{
	char name[16];

	if (pid <= 1 || pid <= v->lifted_above)
		return false;
	snprintf(name, sizeof(name), "%u", pid);
	return faccessat(v->procfs, name, F_OK, 0) == 0;
}

/* --- listings ------------------------------------------------------------------------------ */

/* Text for the shadow's symbolic links: where they really lead, so that the kernel gets there. */
static void link_text(struct vfs *v, const char *dir, struct shadow_entry *entry)
{
	static const char *const own[] = {"self", "thread-self"};
	struct place target;
	const struct err *e;

	for (size_t i = 0; i < 2; i++)
		if (strcmp(dir, "/proc") == 0 && strcmp(entry->name, own[i]) == 0) {
			if (asprintf(&entry->link, OWN_PROCFS "/%s", own[i]) < 0)
				entry->link = NULL;
			return;
		}
	e = vfs_resolve(v, NULL, dir, entry->name, true, &target);
	if (!e && target.side == SIDE_GUEST)
		entry->link = strdup(target.path);
}

static const struct err *list(struct vfs *v, const char *path, const struct proc_node *node,
			      const char *shadow_path)
{
	CLEANUP(listing_deinit) struct listing listing = {0};

	TRY(listing_read(&listing, v->guest->view, node));
	if (strcmp(path, "/proc") == 0)
		TRY(listing_add_self(&listing));
	for (size_t i = 0; i < listing.count; i++)
		if (listing.entries[i].kind == NODE_SYMLINK)
			link_text(v, path, &listing.entries[i]);
	return shadow_arrange(&v->shadow, shadow_path, listing.entries, listing.count);
}

/* Processes are listed before anything of theirs is made: who is not listed is hidden. */
static const struct err *list_proc(struct vfs *v)
{
	const struct path_state *state = pathmap_find(&v->shadow.map, "/proc");
	struct proc_node node;

	if (state && state->filled == v->shadow.generation)
		return NULL;
	TRY(vfs_want(v, "/proc"));
	TRY(proc_lookup(v->guest->view, "/proc", &node));
	return list(v, "/proc", &node, "/proc");
}

const struct err *vfs_shadow_path(struct vfs *v, const struct place *place, char *ret)
{
	char process[PATH_MAX];
	const char *rest, *below;

	snprintf(ret, PATH_MAX, "%s", place->path);
	if (!path_under(place->path, "/proc", &rest) || *rest == '\0' ||
	    path_number(rest + 1, &below) == 0)
		return NULL;
	TRY(list_proc(v));
	snprintf(process, sizeof(process), "%.*s", (int)(below - place->path), place->path);
	if (pathmap_find(&v->shadow.map, process))
		return NULL;
	if (snprintf(ret, PATH_MAX, "/hidden%s", place->path) >= PATH_MAX)
		return ERR(ERR_ABSENT, "path too long");
	return NULL;
}

const struct err *vfs_make(struct vfs *v, const struct place *place)
{
	char path[PATH_MAX];
	struct path_state *state;

	TRY(vfs_shadow_path(v, place, path));
	return shadow_make(&v->shadow, path, place->node.kind, NULL, &state);
}

/* --- content ------------------------------------------------------------------------------- */

const struct err *vfs_render(struct vfs *v, const struct proc_node *node)
{
	rewind(v->text);
	TRY(proc_render(v->guest->view, node, v->text));
	if (fflush(v->text) != 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "no memory for a file's text");
	return NULL;
}

const struct err *vfs_fill(struct vfs *v, const struct place *place)
{
	char path[PATH_MAX];
	struct path_state *state;

	TRY(vfs_shadow_path(v, place, path));
	state = pathmap_find(&v->shadow.map, path);
	if (state && state->kind == place->node.kind && state->filled == v->shadow.generation)
		return NULL;
	if (place->node.kind == NODE_DIR)
		return list(v, place->path, &place->node, path);
	if (place->node.kind != NODE_FILE)
		return shadow_make(&v->shadow, path, place->node.kind, NULL, &state);
	TRY(vfs_render(v, &place->node));
	if (strcmp(path_name(path), "maps") == 0)
		TRY(named_add(&v->named, v->text_bytes, v->text_len));
	return shadow_write(&v->shadow, path, v->text_bytes, v->text_len);
}

const struct err *vfs_text(struct vfs *v, const struct place *place, const char **ret,
			   size_t *ret_len_bytes)
{
	TRY(vfs_render(v, &place->node));
	*ret = v->text_bytes;
	*ret_len_bytes = v->text_len;
	return NULL;
}
