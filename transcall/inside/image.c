/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looking into the image. Input: written by the supervisor (trusted); texts in it are the guest's.
 */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "transcall/inside/inside.h"

static const struct image *image; /* mapped read-only; NULL: none yet */
static char request[64];          /* the path to ask for one by */

bool image_for(const char *program)
{
	static const char *const programs[] = {
#define PROGRAM(name_, files_) name_,
#include "transcall/inside/programs.def"
#undef PROGRAM
	};
	const char *name = program;

	for (const char *at = program; *at; at++)
		if (*at == '/')
			name = at + 1;
	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
		uint32_t len = text_len(programs[i], 32);

		if (!same_bytes(programs[i], name, len + 1))
			continue;
		copy_bytes(request, INSIDE_DIR "/", sizeof(INSIDE_DIR "/"));
		copy_bytes(request + sizeof(INSIDE_DIR "/") - 1, name, len + 1);
		return true;
	}
	return false;
}

bool image_is_valid(void)
{
	return image && __atomic_load_n(&image->valid, __ATOMIC_ACQUIRE);
}

void image_request(void)
{
	long fd = raw6(SYS_openat, AT_FDCWD, (long)request, O_RDONLY | O_CLOEXEC, 0, 0, 0), at;

	if (fd < 0)
		return;
	at = raw6(SYS_mmap, 0, IMAGE_BYTES, PROT_READ, MAP_SHARED, fd, 0);
	raw3(SYS_close, fd, 0, 0);
	if (at < 0 && at > -4096)
		return;
	if (image)
		raw3(SYS_munmap, image, IMAGE_BYTES, 0);
	image = (const struct image *)at;
}

const void *image_at(uint32_t offset)
{
	return (const char *)image + offset;
}

const struct image_entry *image_find(const char *path, uint32_t len)
{
	const struct image_entry *entries;
	const uint32_t *slots;
	uint64_t hash;
	uint32_t mask;

	if (!image_is_valid())
		return NULL;
	hash = image_hash(path, len);
	entries = image_at(image->entries);
	slots = image_at(image->slots);
	mask = image->slot_count - 1;
	for (uint32_t i = (uint32_t)hash & mask; slots[i]; i = (i + 1) & mask) {
		const struct image_entry *entry = &entries[slots[i] - 1];

		if (entry->hash == hash && entry->path_len == len &&
		    same_bytes(image_at(entry->path), path, len))
			return entry;
	}
	return NULL;
}
