/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lies in messages to the client, and in when they come. */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "remotetrans/wire/record.h"
#include "tests/adversary/hostile.h"

#define MORE_BYTES  65536
#define DELAY_MS    2500 /* above the clients' deadline */
#define FLOOD_LISTS 10000

static void sleep_ms(long ms)
{
	const struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

	nanosleep(&t, NULL);
}

static const struct err *pass(const struct message *m)
{
	return message_really(m, m->bytes, m->len_bytes);
}

/* An answer to READ: records, the first of them a frame. */
static bool is_frames(const struct message *m)
{
	uint32_t type;

	if (m->type != MSG_RECORDS)
		return false;
	memcpy(&type, m->bytes + FRAME_HEAD_BYTES + 8 + offsetof(struct rtvmm_header, type), 4);
	return type == RTVMM_RECORD_PAGE || type == RTVMM_RECORD_NOT_RAM;
}

/* @more zero bytes behind the body, and a length that says so. */
static const struct err *lengthen(const struct message *m, uint32_t more)
{
	uint32_t len = (uint32_t)(m->len_bytes - FRAME_HEAD_BYTES) + more;
	uint8_t *bytes = calloc(1, m->len_bytes + more);

	if (!bytes)
		return ERR(ERR_SYSTEM, "no memory");
	memcpy(bytes, m->bytes, m->len_bytes);
	memcpy(bytes, &len, sizeof(len));
	const struct err *e = message_really(m, bytes, m->len_bytes + more);
	free(bytes);
	hostile_lied();
	return e;
}

const struct err *message_oversize(const struct message *m)
{
	return m->type == MSG_HELLO_REPLY ? lengthen(m, MORE_BYTES) : pass(m);
}

/* Within what a message of this type may be long. */
const struct err *message_left_over(const struct message *m)
{
	return is_frames(m) ? lengthen(m, 8) : pass(m);
}

/* Another number in the first field of messages of @type. */
static const struct err *alter_first(const struct message *m, uint16_t type, uint32_t value)
{
	uint8_t bytes[256];

	if (m->type != type)
		return pass(m);
	if (m->len_bytes > sizeof(bytes))
		abort();
	memcpy(bytes, m->bytes, m->len_bytes);
	memcpy(bytes + FRAME_HEAD_BYTES, &value, sizeof(value));
	hostile_lied();
	return message_really(m, bytes, m->len_bytes);
}

const struct err *message_hello_version(const struct message *m)
{
	return alter_first(m, MSG_HELLO_REPLY, WIRE_VERSION + 1);
}

const struct err *message_untagged(const struct message *m)
{
	return alter_first(m, MSG_OPEN_REPLY, 0);
}

const struct err *message_twice(const struct message *m)
{
	if (m->type != MSG_DONE)
		return pass(m);
	TRY(pass(m));
	hostile_lied();
	return pass(m);
}

const struct err *message_close(const struct message *m)
{
	if (!is_frames(m))
		return pass(m);
	TRY(message_really(m, m->bytes, m->len_bytes / 2));
	hostile_lied();
	shutdown(m->stream->fd, SHUT_RDWR);
	return ERR(ERR_PEER, "closed");
}

/* Some records of the first snapshot, and a refusal in the place of the others. */
const struct err *message_busy_halfway(const struct message *m)
{
	static const struct msg_error busy = {.kind = WIRE_ERROR_BUSY, .message = "later"};
	static bool refused, withholds;
	uint16_t request;

	if (withholds) {
		withholds = m->type != MSG_SNAPSHOT_DONE;
		return NULL;
	}
	if (refused || (m->type != MSG_RECORDS && m->type != MSG_PACKED))
		return pass(m);
	memcpy(&request, m->bytes + 6, sizeof(request));
	TRY(pass(m));
	refused = true;
	TRY(frame_send_error(m->stream, request, &busy, m->deadline_ns));
	withholds = true;
	hostile_lied();
	return NULL;
}

const struct err *message_flood_list(const struct message *m)
{
	if (m->type != MSG_VM)
		return pass(m);
	hostile_lied();
	for (unsigned i = 0; i < FLOOD_LISTS; i++)
		TRY(pass(m));
	return NULL;
}

/* --- time
 * ------------------------------------------------------------------------------------------
 */

const struct err *message_delay(const struct message *m)
{
	if (is_frames(m)) {
		hostile_lied();
		sleep_ms(DELAY_MS);
	}
	return pass(m);
}

const struct err *message_stall(const struct message *m)
{
	if (!is_frames(m))
		return pass(m);
	hostile_lied();
	for (;;)
		pause();
}

const struct err *message_trickle(const struct message *m)
{
	if (!is_frames(m))
		return pass(m);
	hostile_lied();
	for (size_t i = 0; i < m->len_bytes; i++) {
		TRY(message_really(m, m->bytes + i, 1));
		sleep_ms(1000);
	}
	return NULL;
}
