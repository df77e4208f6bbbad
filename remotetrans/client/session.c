/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A session as its users see it. */
#include "remotetrans/client/session.h"

#include <errno.h>
#include <stdlib.h>

#include "remotetrans/client/session_internal.h"

#define READAHEAD_DEFAULT 8

const struct err *session_open(const struct target_config *target,
			       const struct session_profile *profile, struct session **ret)
{
	struct session *s = calloc(1, sizeof(*s));
	struct opening o = {.session = s};

	if (!s)
		return ERR_ERRNO(ERR_SYSTEM, errno, "session");
	s->frames.get = session_get_frame;
	s->target = target;
	s->profile = profile;
	s->readahead = READAHEAD_DEFAULT;
	const struct err *e = link_open(&s->link, target);
	if (!e)
		e = opening_run(&o);
	handshake_deinit(&o.handshake);
	if (e) {
		session_close(s);
		return e;
	}
	*ret = s;
	return NULL;
}

void session_close(struct session *s)
{
	if (!s)
		return;
	link_deinit(&s->link);
	verify_deinit(&s->verify);
	framecache_deinit(&s->cache);
	framecache_deinit(&s->spare);
	free(s);
}

struct framesrc *session_frames(struct session *s)
{
	return &s->frames;
}

uint64_t session_epoch(const struct session *s)
{
	return s->epoch;
}

bool session_is_verified(const struct session *s)
{
	return s->verify.cipher != NULL;
}

bool session_is_protected(const struct session *s)
{
	return s->is_protected;
}

const struct verify_identity *session_identity(const struct session *s)
{
	return &s->verify.identity;
}

void session_set_readahead(struct session *s, unsigned count)
{
	s->readahead = count ? count : 1;
}

struct session_counters session_counters(const struct session *s)
{
	struct session_counters c = s->counters;

	c.round_trips = s->link.round_trips;
	c.bytes_received = s->link.stream.bytes_received;
	c.bytes_sent = s->link.stream.bytes_sent;
	c.verify_ns = s->verify.spent_ns;
	return c;
}
