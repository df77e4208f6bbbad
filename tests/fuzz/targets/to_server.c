/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A client against remotetransd, from the first byte after TLS on, with a memory image as the VM.
 * Input: flags; then the client's bytes as they are, or its messages as type, length, body.
 *
 * The walk's child is replaced: it names the frames that the input says.
 */
#include <unistd.h>

#include "remotetrans/server/client.h"
#include "tests/fuzz/messages.h"

#define IMAGE_BYTES  (1u << 20) /* the least that counts as RAM */
#define STREAM_BYTES (256u << 10)

enum { FLAG_AS_IS = 1, FLAG_GREETED = 2, FLAG_OPEN = 4 };

/* --- the walk's child ------------------------------------------------------------------------ */

static uint64_t hinted[16];

const struct err *walk_start(const struct memory *m, const char *text, size_t len_bytes,
			     struct walk **ret)
{
	HOLDS(m && text && len_bytes);
	*ret = (struct walk *)hinted;
	return NULL;
}

void walk_stop(struct walk *w)
{
	(void)w;
}

void walk_run(struct walk *w, uint64_t sets, const struct vcpu *vcpus, unsigned vcpu_count,
	      uint32_t timeout_ms, struct walk_result *ret)
{
	(void)w, (void)timeout_ms;
	HOLDS(sets && vcpu_count && vcpu_count <= VCPUS_MAX && vcpus->cr3);
	*ret = (struct walk_result){.frames = hinted, .count = 8, .has_kernel = true};
	memset(ret->remark, 'r', sizeof(ret->remark) - 1);
}

void walk_changes_begin(struct walk *w, uint32_t timeout_ms)
{
	(void)w, (void)timeout_ms;
}

void walk_changes_end(struct walk *w, struct walk_result *ret)
{
	(void)w;
	*ret = (struct walk_result){.frames = hinted + 8, .count = 8};
}

bool walk_is_alive(const struct walk *w)
{
	return w != NULL;
}

/* --- the client's bytes ---------------------------------------------------------------------- */

static void client_bytes(struct input *in, bool as_is, struct buf_writer *out)
{
	size_t got;
	const uint8_t *bytes;

	if (as_is) {
		bytes = input_view(in, out->size_bytes, &got);
		HOLDS(!buf_write_bytes(out, bytes, got));
		return;
	}
	for (uint16_t request = 1; in->left_bytes; request++) {
		uint16_t type = input_u8(in), len = input_u16(in);

		bytes = input_view(in, len, &got);
		if (message_append(out, type, request, bytes, got))
			return;
	}
}

/* One frame after the other, as serve.c does. */
static void serve(struct client *c)
{
	bool closed = false;

	while (!c->finished && !stream_wait(&c->stream, 0, &closed) && !closed) {
		struct frame f;
		const struct err *e = frame_receive(&c->stream, TO_SERVER, 0, &f);

		HOLDS(!e || e->kind == ERR_PROTO || e->kind == ERR_PEER);
		if (e)
			return;
		message_check(&f);
		e = requests_dispatch(c, &f);
		HOLDS(!e || e->kind == ERR_PROTO || e->kind == ERR_PEER);
		HOLDS(c->greeted || !c->backend);
		if (e)
			return;
	}
}

/* --- one connection -------------------------------------------------------------------------- */

static struct vm_config vms[2] = {
	{.name = "web1", .uuid = {1}, .backend = "image", .machine = "q35", .allow = "alice, bob"},
	{.name = "bobs", .uuid = {2}, .backend = "image", .machine = "q35", .allow = "bob"},
};

/* 16 frames; the second says where the page tables are. */
static void prepare(void)
{
	static uint8_t image[IMAGE_BYTES];

	if (vms[0].image[0])
		return;
	for (unsigned i = 0; i < 16; i++)
		memset(image + (size_t)i * FRAME_BYTES, (int)(0x40 + i), FRAME_BYTES);
	snprintf((char *)image + FRAME_BYTES, FRAME_BYTES,
		 "OSRELEASE=6.1\nSYMBOL(swapper_pg_dir)=ffffffff80002000\nNUMBER(phys_base)=0\n");
	char path[32];
	(void)fuzz_file(image, sizeof(image), path);
	for (unsigned i = 0; i < 2; i++)
		snprintf(vms[i].image, sizeof(vms[i].image), "%s", path);
}

static void open_vm(struct client *c)
{
	static const uint8_t request[WIRE_OPEN_REQUEST_BYTES];
	uint8_t reply[WIRE_OPEN_REPLY_BYTES];

	c->vm = &vms[0];
	HOLDS(!backend_image.open(c->vm, request, reply, &c->backend));
	c->snapshotter = (struct snapshotter){.backend = c->backend, .profile = &c->profile};
}

/* Only what alice may read was opened. */
static void close_all(struct client *c)
{
	HOLDS(!c->backend || c->vm == &vms[0]);
	client_deinit(c);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len_bytes)
{
	static uint8_t sent[STREAM_BYTES];
	struct server_config config = {.vms = vms, .vm_count = 2};
	struct client c = {.config = &config, .stream = {.fd = -1}, .name = "alice"};
	struct buf_writer w = buf_writer_over(sent, sizeof(sent));
	struct input in = {bytes, len_bytes};
	uint8_t flags = input_u8(&in);
	size_t written;

	prepare();
	for (unsigned i = 0; i < 16; i++)
		hinted[i] = flags & 0x80 ? input_u8(&in) : i;
	client_bytes(&in, flags & FLAG_AS_IS, &w);
	memory_stream_begin(sent, w.used_bytes);
	c.greeted = flags & (FLAG_GREETED | FLAG_OPEN);
	if (flags & FLAG_OPEN)
		open_vm(&c);
	serve(&c);
	close_all(&c);
	const uint8_t *answers = memory_stream_written(&written);
	messages_check_whole(answers, written, TO_CLIENT);
	return 0;
}
