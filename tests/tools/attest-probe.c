/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * attest-probe - evidence of a remotetransd's host, as files; nothing of it is verified.
 *
 *   attest-probe HOST:PORT KEYS CLIENT attest HEX DIR   quote, signature, ak_public, pcrs, log
 *   attest-probe HOST:PORT KEYS CLIENT endorse DIR      ek_certificate, ek_public, ak_public
 *   attest-probe HOST:PORT KEYS CLIENT activate DIR     credential, secret -> their secret, in
 * hexadecimal attest-probe HOST:PORT KEYS CLIENT list             names of VMs
 *   attest-probe HOST:PORT KEYS CLIENT read VM          frame 0 of an image, to see that pages are
 * served
 *
 * KEYS is a folder of `remotetrans keygen`, HEX the qualifying data. Several requests, each with
 * its arguments, go over one connection.
 */
#include <stdio.h>
#include <string.h>

#include "remotetrans/client/link.h"
#include "tests/tools/blobs.h"

#define TIMEOUT_MS 20000

static const struct err *answer(struct link *l, uint16_t request, enum msg_type type,
				struct frame *ret)
{
	return link_receive(l, request, 1u << type, stream_after_ms(TIMEOUT_MS), ret);
}

static const struct err *put(const char *folder, const char *name, struct wire_view v)
{
	return blob_put(folder, name, v.bytes, v.len_bytes);
}

static const struct err *attest(struct link *l, char **a)
{
	uint16_t request = link_next_request(l);
	struct msg_attest ask = {.flags = 0};
	struct msg_evidence m;
	struct frame f;

	digest_from_hex(a[0], ask.qualifying);
	TRY(frame_send_attest(&l->stream, request, &ask, stream_after_ms(TIMEOUT_MS)));
	TRY(answer(l, request, MSG_EVIDENCE, &f));
	struct buf_reader r = frame_reader(&f);
	TRY(msg_decode_evidence(&r, &m));
	TRY(put(a[1], "quote", m.quote));
	TRY(put(a[1], "signature", m.signature));
	TRY(put(a[1], "ak_public", m.ak_public));
	TRY(put(a[1], "pcrs", m.pcrs));
	return put(a[1], "log", m.log);
}

static const struct err *endorse(struct link *l, char **a)
{
	uint16_t request = link_next_request(l);
	struct msg_endorse ask = {.flags = 0};
	struct msg_endorsement m;
	struct frame f;

	TRY(frame_send_endorse(&l->stream, request, &ask, stream_after_ms(TIMEOUT_MS)));
	TRY(answer(l, request, MSG_ENDORSEMENT, &f));
	struct buf_reader r = frame_reader(&f);
	TRY(msg_decode_endorsement(&r, &m));
	TRY(put(a[0], "ek_certificate", m.ek_certificate));
	TRY(put(a[0], "ek_public", m.ek_public));
	return put(a[0], "ak_public", m.ak_public);
}

static const struct err *activate(struct link *l, char **a)
{
	static struct tpm_blob credential, secret;
	uint16_t request = link_next_request(l);
	struct msg_activated m;
	struct frame f;

	TRY(blob_get(a[0], "credential", &credential));
	TRY(blob_get(a[0], "secret", &secret));
	struct msg_activate ask = {.credential = {credential.bytes, credential.len_bytes},
				   .secret = {secret.bytes, secret.len_bytes}};
	TRY(frame_send_activate(&l->stream, request, &ask, stream_after_ms(TIMEOUT_MS)));
	TRY(answer(l, request, MSG_ACTIVATED, &f));
	struct buf_reader r = frame_reader(&f);
	TRY(msg_decode_activated(&r, &m));
	hex_print(m.secret, sizeof(m.secret));
	return NULL;
}

static const struct err *print_vm(void *context, const struct msg_vm *vm)
{
	(void)context;
	puts(vm->name);
	return NULL;
}

static const struct err *list(struct link *l, char **a)
{
	(void)a;
	return link_list(l, print_vm, NULL);
}

static const struct err *open_vm(struct link *l, const char *name)
{
	uint16_t request = link_next_request(l);
	struct msg_open ask = {.request = {RTVMM_VERSION}};
	struct frame f;

	snprintf(ask.vm, sizeof(ask.vm), "%s", name);
	TRY(frame_send_open(&l->stream, request, &ask, stream_after_ms(TIMEOUT_MS)));
	return answer(l, request, MSG_OPEN_REPLY, &f);
}

static const struct err *read_frame(struct link *l, char **a)
{
	static const uint8_t zero[8];
	struct msg_read ask = {.frames = {zero, sizeof(zero)}};
	struct frame f;

	TRY(open_vm(l, a[0]));
	uint16_t request = link_next_request(l);
	TRY(frame_send_read(&l->stream, request, &ask, stream_after_ms(TIMEOUT_MS)));
	TRY(answer(l, request, MSG_RECORDS, &f));
	printf("%u bytes of records\n", f.len_bytes);
	return answer(l, request, MSG_DONE, &f);
}

static const struct row {
	const char *name;
	int arguments;
	const struct err *(*run)(struct link *l, char **arguments);
} rows[] = {{"attest", 2, attest},
	    {"endorse", 1, endorse},
	    {"activate", 1, activate},
	    {"list", 0, list},
	    {"read", 1, read_frame}};

static const struct row *row_of(const char *name, int arguments)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcmp(rows[i].name, name) == 0 && rows[i].arguments <= arguments)
			return &rows[i];
	return NULL;
}

static const struct err *run(struct link *l, int argc, char **argv)
{
	while (argc) {
		const struct row *row = row_of(argv[0], argc - 1);

		if (!row)
			return ERR(ERR_USAGE, "see tests/tools/attest-probe.c");
		TRY(row->run(l, argv + 1));
		argc -= 1 + row->arguments;
		argv += 1 + row->arguments;
	}
	return NULL;
}

static struct target_config target_of(char **a)
{
	struct target_config t = {.timeout_ms = TIMEOUT_MS};

	snprintf(t.server, sizeof(t.server), "%s", a[1]);
	snprintf(t.ca, sizeof(t.ca), "%s/ca.pem", a[2]);
	snprintf(t.certificate, sizeof(t.certificate), "%s/%s.pem", a[2], a[3]);
	snprintf(t.key, sizeof(t.key), "%s/%s.key", a[2], a[3]);
	return t;
}

static const struct err *connect_and_run(int argc, char **argv)
{
	static struct target_config target;
	static struct link l;

	if (argc < 5)
		return ERR(ERR_USAGE, "see tests/tools/attest-probe.c");
	target = target_of(argv);
	TRY(link_open(&l, &target));
	const struct err *e = run(&l, argc - 4, argv + 4);
	link_deinit(&l);
	return e;
}

int main(int argc, char **argv)
{
	const struct err *e = connect_and_run(argc, argv);

	if (!e)
		return 0;
	fprintf(stderr, "attest-probe: %s: %s\n", err_kind_name(e->kind), e->message);
	return 1;
}
