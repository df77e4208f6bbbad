/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The log of measured events. Input: the kernel's file, the hypervisor's answer, vmmd's files. */
#include "remotetrans/server/bootlog.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "remotetrans/base/buf.h"
#include "remotetrans/base/scope.h"
#include "remotetrans/server/backend.h"
#include "remotetrans/server/journal.h"
#include "vmm/include/rtlaunch.h"

static int log_fd = -1; /* the firmware's, kept open */
static int log_error;   /* why it is not */

bool bootlog_is_xen(const struct server_config *c)
{
	return c->tpm[0] && strcmp(c->event_log, BOOTLOG_XEN) == 0;
}

void bootlog_open(const struct server_config *c)
{
	if (!c->tpm[0] || bootlog_is_xen(c))
		return;
	log_fd = open(c->event_log, O_RDONLY | O_CLOEXEC);
	if (log_fd >= 0)
		return;
	log_error = errno;
	journal_say("event_log=%s: %s: nobody can attest this host", c->event_log,
		    strerror(log_error));
}

static const struct err *too_long(void)
{
	return ERR(ERR_USAGE, "the host's event log is longer than %u KiB",
		   RTLAUNCH_LOG_BYTES_MAX >> 10);
}

/* All of the file, whatever has been read of it before. */
static const struct err *append_file(int fd, const char *path, struct buf_writer *w)
{
	off_t at = 0;

	for (;;) {
		uint8_t bytes[4096];
		ssize_t n = pread(fd, bytes, sizeof(bytes), at);

		if (n < 0)
			return ERR_ERRNO(ERR_SYSTEM, errno, "cannot read %s", path);
		if (n == 0)
			return NULL;
		if (buf_write_bytes(w, bytes, (size_t)n))
			return too_long();
		at += n;
	}
}

static const struct err *append_path(int folder, const char *name, struct buf_writer *w)
{
	AUTO_CLOSE int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return ERR_ERRNO(ERR_USAGE, errno, "vmm_events=: cannot read %s", name);
	return append_file(fd, name, w);
}

static int is_events(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* In the order of their names; whether it is that of the events, the quote tells. */
static const struct err *append_folder(int folder, const char *path, struct buf_writer *w)
{
	struct dirent **entries;
	int count = scandirat(folder, ".", &entries, is_events, alphasort);
	const struct err *e = NULL;

	if (count < 0)
		return ERR_ERRNO(ERR_USAGE, errno, "vmm_events=: cannot read %s", path);
	for (int i = 0; i < count; i++) {
		if (!e)
			e = append_path(folder, entries[i]->d_name, w);
		free(entries[i]);
	}
	free(entries);
	return e;
}

static const struct err *append_events(const char *path, struct buf_writer *w)
{
	AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) != 0)
		return ERR_ERRNO(ERR_USAGE, errno, "vmm_events=: cannot read %s", path);
	return S_ISDIR(st.st_mode) ? append_folder(fd, path, w) : append_file(fd, path, w);
}

static const struct err *append_first(const struct server_config *c, struct buf_writer *w)
{
	if (bootlog_is_xen(c))
		return backend_event_log(w->start, w->size_bytes, &w->used_bytes);
	if (log_fd < 0)
		return ERR_ERRNO(ERR_USAGE, log_error, "cannot read event_log=%s", c->event_log);
	return append_file(log_fd, c->event_log, w);
}

const struct err *bootlog_read(const struct server_config *c, uint8_t *ret, size_t *ret_len_bytes)
{
	struct buf_writer w = buf_writer_over(ret, RTLAUNCH_LOG_BYTES_MAX);

	TRY(append_first(c, &w));
	if (c->vmm_events[0])
		TRY(append_events(c->vmm_events, &w));
	*ret_len_bytes = w.used_bytes;
	return NULL;
}
