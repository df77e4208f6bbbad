/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files with a fixed text. */
#include "transcall/sys/fixed.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "remotetrans/base/scope.h"
#include "transcall/sys/sys.h"

static int make(const char *path, const char *text)
{
	AUTO_CLOSE int fd = memfd_create(path, MFD_CLOEXEC);
	size_t len = strlen(text);

	if (fd < 0)
		return -1;
	if (write(fd, text, len) != (ssize_t)len || fchmod(fd, 0444) < 0) {
		errno = EIO;
		return -1;
	}
	return fd_take(&fd);
}

int fixed_file(struct sys *s, const char *path, const char *text)
{
	struct fixed *f = s->fixed, *end = f + FIXED_FILES_MAX;

	while (f < end && f->text && f->text != text)
		f++;
	if (f == end) {
		errno = ENFILE;
		return -1;
	}
	if (!f->text) {
		f->fd = make(path, text);
		if (f->fd < 0)
			return -1;
		f->text = text;
	}
	return f->fd;
}

void fixed_deinit(struct sys *s)
{
	for (unsigned i = 0; i < FIXED_FILES_MAX && s->fixed[i].text; i++)
		close(s->fixed[i].fd);
	memset(s->fixed, 0, sizeof(s->fixed));
}
