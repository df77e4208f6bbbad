/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One client's connection. Input: attacker-controlled. */
#include "remotetrans/server/serve.h"

#include "remotetrans/server/client.h"

#define HANDSHAKE_TIMEOUT_MS 10000
#define IDLE_TIMEOUT_MS      (24 * 3600 * 1000) /* a tool may sleep between its reads */

static const struct err *loop(struct client *c)
{
	while (!c->finished) {
		struct frame f;
		bool closed;

		TRY(stream_wait(&c->stream, stream_after_ms(IDLE_TIMEOUT_MS), &closed));
		if (closed)
			return NULL;
		TRY(frame_receive(&c->stream, TO_SERVER, answer_deadline_ns(), &f));
		const struct err *e = requests_dispatch(c, &f);
		if (e && e->kind == ERR_PROTO) /* say it; whether it arrives does not matter */
			IGNORE(answer_refuse(c, f.request, WIRE_ERROR_BAD_REQUEST, e->message));
		TRY(e);
	}
	return NULL;
}

static void client_deinit(struct client *c)
{
	snapshotter_deinit(&c->snapshotter);
	if (c->backend)
		c->backend->ops->close(c->backend);
	profile_text_deinit(&c->profile);
	records_deinit(&c->records);
	stream_deinit(&c->stream);
}

const struct err *serve_client(const struct server_config *config, SSL_CTX *tls, int fd)
{
	struct client c = {.config = config};
	uint64_t deadline_ns = stream_after_ms(HANDSHAKE_TIMEOUT_MS);

	TRY(stream_open(&c.stream, tls, fd, true, NULL, deadline_ns));
	const struct err *e = access_client_name(c.stream.ssl, c.name);
	if (!e)
		e = loop(&c);
	client_deinit(&c);
	return e;
}
