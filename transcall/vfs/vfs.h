/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vfs - the tool's view of paths: which side a path comes from, and the shadow filled in time.
 *
 * The supervisor asks where a path leads (resolve.c), has the shadow filled as far as the call
 * needs (vfs.c), and lets the kernel do the call, or answers it itself.
 */
#ifndef TC_VFS_VFS_H
#define TC_VFS_VFS_H

#include <limits.h>
#include <stdio.h>

#include "transcall/sys/paths.h"
#include "transcall/trap/tracee.h"
#include "transcall/vfs/guest.h"
#include "transcall/vfs/image.h"
#include "transcall/vfs/named.h"
#include "transcall/vfs/shadow.h"

/* Where the tool's own procfs is mounted: /run is refused to it, so no listing shows this. */
#define OWN_PROCFS "/run/rp"

/*
 * Directories of processes that /proc does not list, but leads to by name: threads. The shadow has
 * them below /hidden, where the tool's kernel does not get; for a chdir they are shown in /proc
 * until the next trapped call. Who then is in one has a working directory without a path.
 */
#define UNLISTED_KEPT 16u
struct unlisted {
	uint32_t shown; /* the process shown now; 0: none */
	unsigned count; /* of all that were shown; the last ones are kept in a ring */
	struct {
		ino_t inode;
		char path[64];
	} kept[UNLISTED_KEPT];
};

struct vfs {
	struct guest *guest; /* borrowed */
	struct shadow shadow;
	int procfs;              /* procfs of the tool's own pid namespace; owned */
	uint32_t lifted_above;   /* own process ids are greater; 0: they mix with the guest's */
	char own_terminal[64];   /* path of the tool's terminal; "" when it has none */
	uint64_t wanted;         /* working sets asked for since the tool last slept */
	unsigned long snapshots; /* how often; readers of the clock follow it */
	uint64_t touched_ns;     /* when the tree was last asked; own clock */
	uint64_t slept_ns;       /* when the tool began to sleep since; 0: it did not */
	struct images images;
	struct named named;
	struct unlisted unlisted;
	FILE *text; /* what a renderer wrote: text_bytes, text_len */
	char *text_bytes;
	size_t text_len;
};

/* Takes @shadow_root and @procfs over, on failure too. */
MUST_CHECK const struct err *vfs_init(struct vfs *v, struct guest *guest, int shadow_root,
				      int procfs);

/**
 * vfs_begin() - a tool is to start, over a new snapshot; what was of the one before is forgotten
 * @terminal:     path of its terminal; "": none
 * @lifted_above: its process ids are greater; 0: they mix with the guest's
 */
MUST_CHECK const struct err *vfs_begin(struct vfs *v, const char *terminal, uint32_t lifted_above);
void vfs_deinit(struct vfs *v);

/* Where a path leads. */
struct place {
	enum path_side side;
	/* The tool's kernel gets there by itself, once the shadow is filled. */
	bool native;
	/* A link of the guest led here: the host's file of that name is another one. */
	bool linked;
	char path[PATH_MAX];   /* canonical; SIDE_OWN: below OWN_PROCFS */
	struct proc_node node; /* SIDE_GUEST */
	const char *text;      /* SIDE_OURS: content; SIDE_OWN: text when it is a symbolic link */
	char link[32];
};

/**
 * vfs_resolve() - find where a path of the tool leads
 * @who:    the caller, whose /proc/self is meant; NULL: the reader's, and no working set is
 * announced
 * @base:   directory that a relative @path starts at
 * @follow: a symbolic link at the end is followed; a magic link is not, its node is returned
 *
 * Return: NULL; ABSENT, FAULT or RACE from the tree; or a fatal kind.
 */
MUST_CHECK const struct err *vfs_resolve(struct vfs *v, const struct tracee *who, const char *base,
					 const char *path, bool follow, struct place *ret);

/* Have the entry of a SIDE_GUEST place in the shadow. */
MUST_CHECK const struct err *vfs_make(struct vfs *v, const struct place *place);

/* The same, with its content: of a file, or the listing of a directory. */
MUST_CHECK const struct err *vfs_fill(struct vfs *v, const struct place *place);

/* The content of a file, into v->text_bytes and v->text_len. */
MUST_CHECK const struct err *vfs_render(struct vfs *v, const struct proc_node *node);

/* The content of a file without a place in the shadow; valid until the next vfs_*() call. */
MUST_CHECK const struct err *vfs_text(struct vfs *v, const struct place *place, const char **ret,
				      size_t *ret_len_bytes);

/* Where the shadow holds @place: its path, or one below /hidden when no listing names it. */
MUST_CHECK const struct err *vfs_shadow_path(struct vfs *v, const struct place *place, char *ret);

/* --- unlisted.c: see struct unlisted --- */
/* For a chdir to @place, which the shadow has at @shadow_path; and back. */
MUST_CHECK const struct err *unlisted_show(struct vfs *v, const struct place *place,
					   const char *shadow_path);
MUST_CHECK const struct err *unlisted_hide(struct vfs *v);
/* The path of @who's working directory, when that is one; else NULL. */
const char *unlisted_directory(const struct vfs *v, const struct tracee *who);

/* Announce what @path is going to need. */
MUST_CHECK const struct err *vfs_want(struct vfs *v, const char *path);

/* The same by working sets (WORKSET_*). */
MUST_CHECK const struct err *vfs_want_sets(struct vfs *v, uint64_t sets);

/* --- fresh.c: when data are too old --- */
void vfs_started(struct vfs *v);         /* the target was opened: its snapshot is fresh */
void vfs_program_started(struct vfs *v); /* the tool started a program */
void vfs_sleeps(struct vfs *v);          /* the tool is about to sleep */
bool vfs_is_stale(const struct vfs *v);  /* the next touch brings new data */

/* Is @pid a process of the tool? */
bool vfs_pid_is_own(const struct vfs *v, uint32_t pid);

#endif
