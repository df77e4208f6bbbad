/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One client's connection. Input: attacker-controlled. */
#include "remotetrans/server/serve.h"

#include <stdio.h>

#include "remotetrans/server/client.h"
#include "remotetrans/server/journal.h"
#include "remotetrans/wire/tls.h"

#define IDLE_TIMEOUT_MS (24 * 3600 * 1000) /* a tool may sleep between its reads */

static uint64_t deadline_ns(const struct client *c, uint64_t once_open_ns)
{
	return c->backend ? once_open_ns : c->open_by_ns;
}

static const struct err *loop(struct client *c)
{
	while (!c->finished) {
		struct frame f;
		bool closed;

		TRY(stream_wait(&c->stream, deadline_ns(c, stream_after_ms(IDLE_TIMEOUT_MS)),
				&closed));
		if (closed)
			return NULL;
		TRY(frame_receive(&c->stream, TO_SERVER, deadline_ns(c, answer_deadline_ns()), &f));
		const struct err *e = requests_dispatch(c, &f);
		if (e && e->kind == ERR_PROTO) /* say it; whether it arrives does not matter */
			IGNORE(answer_refuse(c, f.request, WIRE_ERROR_BAD_REQUEST, e->message));
		TRY(e);
	}
	return NULL;
}

void client_deinit(struct client *c)
{
	snapshotter_deinit(&c->snapshotter);
	if (c->backend)
		c->backend->ops->close(c->backend);
	profile_text_deinit(&c->profile);
	records_deinit(&c->records);
	sent_deinit(&c->sent);
	packer_deinit(&c->packer);
	stream_deinit(&c->stream);
}

/* Who it is. Without a usable list of revoked certificates everybody is a stranger. */
static const struct err *meet(struct client *c, SSL_CTX *tls, int fd)
{
	char unusable[INI_PATH_BYTES] = "";
	const char *crl = c->config->client_crl;
	const struct err *e = crl[0] ? tls_revocations(tls, crl) : NULL;

	if (e)
		snprintf(unusable, sizeof(unusable), "%s", e->message);
	TRY(stream_open(&c->stream, tls, fd, true, NULL, c->open_by_ns));
	pace_begin(&c->pace, c->stream.blocked_ns);
	e = access_client_name(c->stream.ssl, c->name);
	if (unusable[0] || e)
		journal_say("%s: a stranger: %s", c->address, unusable[0] ? unusable : e->message);
	if (unusable[0])
		c->name[0] = 0;
	return NULL;
}

const struct err *serve_client(const struct server_config *config, SSL_CTX *tls, int fd,
			       const char *address, bool is_far)
{
	struct client c = {.config = config,
			   .address = address,
			   .is_far = is_far,
			   .stream.fd = -1,
			   .open_by_ns = stream_after_ms(CLIENT_OPEN_TIMEOUT_MS)};
	const struct err *e = meet(&c, tls, fd);

	if (!e)
		e = loop(&c);
	client_deinit(&c);
	return e;
}
