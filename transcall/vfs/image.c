/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Images: making them and handing them out. Input: the tree's answers. */
#include "transcall/vfs/image.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "remotetrans/base/scope.h"
#include "transcall/inside/image.h"
#include "transcall/vfs/image_write.h"
#include "transcall/vfs/vfs.h"

extern const char inside_library[], inside_library_end[]; /* library.c */

static bool turned_off;

void images_turn_off(void)
{
	turned_off = true;
}

void images_init(struct images *i)
{
	*i = (struct images){.fd = -1, .library = -1};
}

/* Who has it mapped keeps it, and knows that it is old. */
static void drop(struct images *i)
{
	images_invalidate(i);
	if (i->at)
		munmap(i->at, IMAGE_BYTES);
	if (i->fd >= 0)
		close(i->fd);
	i->at = NULL;
	i->fd = -1;
}

void images_deinit(struct images *i)
{
	drop(i);
	if (i->library >= 0)
		close(i->library);
	i->library = -1;
}

void images_invalidate(struct images *i)
{
	if (i->at)
		__atomic_store_n(&i->at->valid, 0, __ATOMIC_RELEASE);
}

/* --- memory files -------------------------------------------------------------------------- */

static const struct err *failed(const char *what)
{
	return ERR_ERRNO(ERR_SYSTEM, errno, "no memory for %s", what);
}

/* Our mapping stays writable; no other will be. */
static const struct err *seal(int fd, const char *what)
{
	return fcntl(fd, F_ADD_SEALS,
		     F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_FUTURE_WRITE | F_SEAL_SEAL) == 0
		       ? NULL
		       : failed(what);
}

static const struct err *make(struct images *i)
{
	drop(i);
	i->fd = memfd_create("image", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (i->fd < 0 || ftruncate(i->fd, IMAGE_BYTES) < 0)
		return failed("an image");
	i->at = mmap(NULL, IMAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, i->fd, 0);
	if (i->at == MAP_FAILED) {
		i->at = NULL;
		return failed("an image");
	}
	return seal(i->fd, "an image");
}

static const struct err *make_library(struct images *i)
{
	size_t len = (size_t)(inside_library_end - inside_library);
	AUTO_CLOSE int fd = memfd_create("transcall", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0 || write(fd, inside_library, len) != (ssize_t)len)
		return failed("the library");
	TRY(seal(fd, "the library"));
	i->library = fd_take(&fd);
	return NULL;
}

/* Another open file: read-only, at its own offset. */
static const struct err *reopen(int fd, int *ret)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	*ret = open(path, O_RDONLY | O_CLOEXEC);
	return *ret >= 0 ? NULL : failed("a descriptor");
}

/* --- handing out --------------------------------------------------------------------------- */

static const struct err *publish(struct vfs *v, const struct program *program)
{
	struct images *i = &v->images;

	TRY(image_announce(v, program));
	if (!i->at || i->program != program || i->generation != v->shadow.generation) {
		/* too large a file, or too little memory: the calls are answered one by one */
		if (make(i))
			return ERR(ERR_ABSENT, "no room for an image");
		const struct err *e = image_write(v, program, i->at);
		if (e) {
			drop(i); /* half of one is none */
			return e;
		}
		i->program = program;
		i->generation = v->shadow.generation;
	}
	__atomic_store_n(&i->at->valid, 1, __ATOMIC_RELEASE);
	return NULL;
}

const struct err *images_prepare(struct vfs *v, const char *program)
{
	const struct program *known = v->images.program;

	if (turned_off || !known || known != program_find(program))
		return NULL;
	const struct err *e = publish(v, known);
	return e && err_is_fatal(e) ? e : NULL;
}

const struct err *images_open(struct vfs *v, const char *name, int *ret)
{
	const struct program *program = program_find(name);
	struct images *i = &v->images;

	if (turned_off)
		return ERR(ERR_ABSENT, "--engine=notify");
	if (strcmp(name, "lib.so") == 0) {
		if (i->library < 0)
			TRY(make_library(i));
		return reopen(i->library, ret);
	}
	if (!program)
		return ERR(ERR_ABSENT, "nothing is known of %.32s", name);
	TRY(publish(v, program));
	return reopen(i->fd, ret);
}
