/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * image - make the image (inside/image.h) that the library in a program answers from.
 *
 * It is a sealed memory file: programs can map it, and nobody but the supervisor write it. Every
 * entry is what the same functions would answer a call with; what they cannot answer is left out,
 * so that the program asks for it in a call.
 */
#ifndef TC_VFS_IMAGE_H
#define TC_VFS_IMAGE_H

#include "remotetrans/base/err.h"

struct vfs;
struct image;
struct program;

struct images {
	int fd;                        /* of the present one; -1: none */
	struct image *at;              /* mapped; NULL: none */
	const struct program *program; /* for whom it is */
	uint32_t generation;           /* of the shadow, as of which its contents are */
	int library;                   /* memory file with the library; -1: not there yet */
};

/* --engine=notify: no program gets the library. */
void images_turn_off(void);

void images_init(struct images *i);
void images_deinit(struct images *i);

/* From now on the library asks again. To be called before a call of the tool returns after which
 * what it sees may be newer. */
void images_invalidate(struct images *i);

/**
 * images_prepare() - make the image before @program asks for it, if the last one who asked had that
 * name, too
 *
 * Return: NULL; or a fatal kind.
 */
MUST_CHECK const struct err *images_prepare(struct vfs *v, const char *program);

/**
 * images_open() - what the library gets at INSIDE_DIR "/@name"
 * @ret: out: a descriptor to hand over, read-only; owned by the caller
 *
 * Return: NULL; ABSENT: nothing; or a fatal kind.
 */
MUST_CHECK const struct err *images_open(struct vfs *v, const char *name, int *ret);

#endif
