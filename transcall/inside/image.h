/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * image - what a program is about to read of the tree, laid out in memory that it shares,
 * read-only, with the supervisor. The supervisor writes it (vfs/image.c), the library in the
 * program reads it.
 *
 * Offsets are from the start of the image, 0 standing for "not there". Nothing in it changes once
 * it is handed out, except the word `valid`.
 */
#ifndef TC_INSIDE_IMAGE_H
#define TC_INSIDE_IMAGE_H

#include <stdint.h>

/* What the library opens; paths.def has the folder, and no program can list it. */
#define INSIDE_DIR     "/run/inside"
#define INSIDE_LIBRARY INSIDE_DIR "/lib.so"
/* INSIDE_DIR "/NAME" for any other name: an image for the program NAME, made on the spot; or
 * ENOENT. */

#define IMAGE_BYTES    (UINT32_C(64) << 20) /* sparse; beyond that files are left out */
#define IMAGE_PATH_MAX 256                  /* PROC_PATH_BYTES */

enum image_kind {
	IMAGE_ABSENT = 1, /* the guest has nothing at that path */
	IMAGE_FILE,       /* text: content, unless errnum says what open() fails with */
	IMAGE_DIR,  /* text: struct linux_dirent64 one behind the other, or 0: not listed here */
	IMAGE_LINK, /* text: what readlink() gives, unless errnum says what it fails with */
};

struct image_entry {
	uint64_t hash; /* image_hash() of the path */
	uint32_t path, path_len;
	uint32_t text, text_len;
	uint32_t stat;   /* struct stat of the entry itself; 0: not here */
	uint32_t target; /* of what a link leads to; 0: not here */
	/* What getxattr(system.sockprotoname) of a link gives, with its NUL; length 0: EOPNOTSUPP.
	 */
	uint32_t protocol; /* 0: not here */
	uint32_t protocol_len;
	uint32_t kind;
	uint32_t errnum;
};

struct image {
	/* 0: older than what the supervisor would say now. Set and cleared by it at any time. */
	uint32_t valid;
	uint32_t
		slot_count; /* a power of two, at most half of them used: open addressing, step 1 */
	uint32_t slots;     /* offset of uint32_t[slot_count]: 1 + the number of an entry, or 0 */
	uint32_t entries;   /* offset of all of them */
	uint32_t used_bytes;
};

/* FNV-1a, 64 bit (draft-eastlake-fnv), over @len bytes. */
static inline uint64_t image_hash(const char *path, uint32_t len)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (uint32_t i = 0; i < len; i++)
		hash = (hash ^ (unsigned char)path[i]) * UINT64_C(0x100000001b3);
	return hash;
}

#endif
