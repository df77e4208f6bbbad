/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A session as its users see it. */
#include "remotetrans/client/session.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "remotetrans/client/session_internal.h"

#define READAHEAD_DEFAULT 8

static const struct err *open_once(struct session *s, struct attestation *a)
{
	struct opening o = {.session = s, .attestation = a};
	const struct err *e = link_open(&s->link, s->target);

	if (!e)
		e = opening_run(&o);
	handshake_deinit(&o.handshake);
	return e;
}

static void session_init(struct session *s, const struct target_config *target,
			 const struct session_profile *profile, uint64_t first_sets,
			 bool attest_anew)
{
	*s = (struct session){.target = target,
			      .profile = profile,
			      .sets = first_sets,
			      .readahead = READAHEAD_DEFAULT,
			      .frames = {.get = session_get_frame, .keeps = true},
			      .cache.pool = &s->pool,
			      .spare.pool = &s->pool,
			      .trust.anew = attest_anew,
			      .link.stream.fd = -1};
}

static void session_deinit(struct session *s)
{
	link_deinit(&s->link);
	verify_deinit(&s->verify);
	framecache_deinit(&s->cache);
	framecache_deinit(&s->spare);
	framepool_deinit(&s->pool);
	packer_deinit(&s->packer);
}

/* @e: what was remembered of the host is no longer so. Ask it anew, and let the user know. */
static const struct err *open_anew(struct session *s, struct attestation *a, const struct err *e)
{
	char notice[sizeof(s->trust.notice)];

	snprintf(notice, sizeof(notice), "%.150s; its host was attested anew", e->message);
	session_deinit(s);
	session_init(s, s->target, s->profile, s->sets, true);
	TRY(open_once(s, a));
	memcpy(s->trust.notice, notice, sizeof(notice));
	return NULL;
}

static const struct err *open_session(struct session *s, struct attestation *a,
				      struct session **ret)
{
	const struct err *e = open_once(s, a);

	if (e && s->trust.is_outdated)
		e = open_anew(s, a, e);
	if (e)
		session_close(s);
	else
		*ret = s;
	return e;
}

const struct err *session_attest(const struct target_config *target, struct attestation *ret_a,
				 struct session **ret)
{
	struct session *s = malloc(sizeof(*s));

	if (!s)
		return ERR_ERRNO(ERR_SYSTEM, errno, "session");
	session_init(s, target, NULL, 0, true);
	return open_session(s, ret_a, ret);
}

const struct err *session_open(const struct target_config *target,
			       const struct session_profile *profile, uint64_t first_sets,
			       struct session **ret)
{
	struct session *s = malloc(sizeof(*s));
	struct attestation a = {0};

	if (!s)
		return ERR_ERRNO(ERR_SYSTEM, errno, "session");
	session_init(s, target, profile, first_sets, false);
	const struct err *e = open_session(s, &a, ret);
	attestation_deinit(&a);
	return e;
}

void session_close(struct session *s)
{
	if (!s)
		return;
	session_deinit(s);
	free(s);
}

const struct trust *session_trust(const struct session *s)
{
	return &s->trust;
}

void session_notice(const struct session *s, char *ret, size_t size_bytes)
{
	const struct target_config *t = s->target;

	ret[0] = 0;
	if (!session_is_verified(s))
		snprintf(ret, size_bytes, "WARNING: nothing of VM %s is VERIFIED", t->vm);
	else if (s->trust.source == TRUST_NOBODY)
		snprintf(ret, size_bytes,
			 "WARNING: the VMM of VM %s is NOT ATTESTED: whoever answers may have made "
			 "up all of it",
			 t->vm);
	else if (s->trust.source == TRUST_PINNED && t->say_pinned)
		snprintf(ret, size_bytes,
			 "the host of VM %s is not attested: its VMM's key is pinned (vmm_key=)",
			 t->vm);
	else
		snprintf(ret, size_bytes, "%s", s->trust.notice);
}

bool session_is_bound(const struct session *s)
{
	return s->is_bound;
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
