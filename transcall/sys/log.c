/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The guest's kernel log: syslog(2), and reading /dev/kmsg. Input: text of the guest. */
#include "transcall/sys/log.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "remotetrans/base/scope.h"
#include "transcall/sys/refuse.h"

enum action { /* include/linux/syslog.h */
	ACTION_CLOSE,
	ACTION_OPEN,
	ACTION_READ,
	ACTION_READ_ALL,
	ACTION_SIZE_BUFFER = 10
};

/* --- syslog(2) ------------------------------------------------------------------------------ */

/* The last whole lines that fit. */
static const char *last_lines(const char *text, size_t len, size_t room)
{
	const char *from = text + (len > room ? len - room : 0);

	while (from > text && from < text + len && from[-1] != '\n')
		from++;
	return from;
}

static const struct err *read_all(struct sys *s, const struct call *call, struct answer *ret)
{
	AUTO_FREE char *text = NULL;
	size_t len = 0;
	const char *from;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		return ERR_ERRNO(ERR_SYSTEM, errno, "no memory for the log");
	const struct err *e = guest_log(s->guest, out);
	long end = ftell(out); /* what is behind it is of an earlier try */
	fclose(out);
	TRY(e);
	len = (size_t)end < len ? (size_t)end : len;
	from = last_lines(text, len, (size_t)(uint32_t)call->args[2]);
	len -= (size_t)(from - text);
	if (tracee_write(&call->who, call->args[1], from, len))
		answer_error(ret, EFAULT);
	else
		answer_value(ret, (int64_t)len);
	return NULL;
}

/* What waits for records, or changes what others see, is refused. */
const struct err *sys_syslog(struct sys *s, const struct call *call, struct answer *ret)
{
	uint32_t size;

	switch ((int)call->args[0]) {
	case ACTION_CLOSE:
	case ACTION_OPEN:
		answer_value(ret, 0);
		return NULL;
	case ACTION_READ_ALL:
		if ((int)call->args[2] < 0) {
			answer_error(ret, EINVAL);
			return NULL;
		}
		return read_all(s, call, ret);
	case ACTION_SIZE_BUFFER:
		TRY(guest_log_size(s->guest, &size));
		answer_value(ret, size);
		return NULL;
	default:
		refuse(s, call, ret);
		return NULL;
	}
}

/* --- /dev/kmsg ------------------------------------------------------------------------------ */

/* A record: a line, and the lines after it that begin with a blank. */
static size_t record_packet(const uint8_t *text, size_t len)
{
	size_t at = 0;

	do {
		const uint8_t *newline = memchr(text + at, '\n', len - at);

		at = newline ? (size_t)(newline - text) + 1 : len;
	} while (at < len && text[at] == ' ');
	return at;
}

int log_open(struct ends *ends, const char *text, size_t len_bytes, int *ret_fd)
{
	uint8_t *copy = malloc(len_bytes + 1);

	if (!copy)
		return ENOMEM;
	memcpy(copy, text, len_bytes);
	return ends_feed(ends, record_packet, copy, len_bytes, ret_fd);
}
