/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ram - the guest's memory: the file that QEMU maps shared, read-only here.
 *
 * Reading a hole of the file through a mapping would allocate its pages, so a frame is read with
 * pread until it has shown other bytes than zeros: then it is no hole. The mapping takes a third of
 * the time, and the guest is paused for it. A file that is shortened ends vmmd (SIGBUS), as it ends
 * QEMU.
 */
#ifndef VMMD_RAM_H
#define VMMD_RAM_H

#include <sys/types.h>

#include "vmm/vmmd/layout.h"

struct ram {
	int fd;
	uint64_t bytes;
	const uint8_t *map; /* owned; NULL: not mapped */
	uint8_t *in_use;    /* owned; a bit for each frame of the file that is no hole */
	dev_t device;
	ino_t inode;
	struct layout layout; /* set by machine_inspect() */
};

MUST_CHECK const struct err *ram_open(struct ram *r, const char *path);
void ram_close(struct ram *r);

/* Copy a frame out. *@ret_is_ram false: no RAM there, and @ret is untouched. */
MUST_CHECK const struct err *ram_read(struct ram *r, uint64_t frame, uint8_t *ret,
				      bool *ret_is_ram);

#endif
