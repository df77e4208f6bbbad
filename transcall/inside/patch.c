/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Jumps at the places in the C library to stubs that ask inside_call() first. */
#include <sys/mman.h>
#include <sys/syscall.h>

#include "transcall/inside/sites.h"

#define STUB_BYTES 48      /* at most */
#define OBJECT_GAP 0x40000 /* no two sites of one object are as far apart */

struct writer {
	uint8_t *at;
};

static void put(struct writer *w, const void *bytes, size_t len)
{
	copy_bytes(w->at, bytes, len);
	w->at += len;
}
#define PUT(w, ...) put(w, (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

/* The distance to @to from behind the four bytes that it is written to. */
static void put_distance(struct writer *w, const uint8_t *to)
{
	int32_t distance = (int32_t)(to - (w->at + 4));

	put(w, &distance, sizeof(distance));
}

/* The instruction replaced, and the question, below the red zone. @entry holds inside_entry. */
static void put_question(struct writer *w, const void *replaced, size_t len, const uint8_t *entry)
{
	put(w, replaced, len);
	PUT(w, 0x48, 0x8d, 0x64, 0x24, 0x80); /* lea -128(%rsp), %rsp */
	PUT(w, 0xff, 0x15);                   /* call *entry(%rip) */
	put_distance(w, entry);
	PUT(w, 0x48, 0x8d, 0xa4, 0x24, 0x80, 0, 0, 0); /* lea 128(%rsp), %rsp */
}

static uint8_t *put_stub(uint8_t *stub, const struct site *s, const uint8_t *entry)
{
	struct writer w = {stub};

	if (s->is_read) {
		put_question(&w, s->was, 2, entry);
		PUT(&w, 0x72, 2);                            /* jc over the next */
		PUT(&w, 0x0f, 0x05);                         /* syscall */
		PUT(&w, 0x48, 0x3d, 0x00, 0xf0, 0xff, 0xff); /* cmp $-4096, %rax */
		PUT(&w, 0xe9);
		put_distance(&w, s->at + 10);
	} else {
		put_question(&w, s->was, JUMP_BYTES, entry);
		PUT(&w, 0x72, 5); /* jc over the next */
		PUT(&w, 0xe9);
		put_distance(&w, s->at + JUMP_BYTES);
		PUT(&w, 0xe9);
		put_distance(&w, s->at + JUMP_BYTES + 2);
	}
	return w.at;
}

/* Room for the stubs within reach of a 32-bit distance. */
static uint8_t *make_room(const uint8_t *near, size_t len)
{
	for (long step = 1; step < 1024; step++) {
		uintptr_t wanted =
			((uintptr_t)near & ~(uintptr_t)0xfffff) - (uintptr_t)step * 0x100000;
		long at = raw6(SYS_mmap, (long)wanted, (long)len, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

		if (at == (long)wanted)
			return (uint8_t *)wanted;
		if (at > 0) /* a kernel before 4.17 does not know the flag */
			raw3(SYS_munmap, at, len, 0);
	}
	return NULL;
}

/* Pages from the first site to the last one of the same object; they are in order. */
static bool protect(int protection)
{
	for (unsigned i = 0; i < site_count;) {
		uintptr_t from = (uintptr_t)sites[i].at & ~(uintptr_t)4095, to = from;

		for (; i < site_count && (uintptr_t)sites[i].at - to < OBJECT_GAP; i++)
			to = (uintptr_t)sites[i].at + JUMP_BYTES;
		to = (to + 4095) & ~(uintptr_t)4095;
		if (raw3(SYS_mprotect, from, to - from, protection) < 0)
			return false;
	}
	return true;
}

/* 8 bytes with the address of inside_entry, then the stubs. */
static uint8_t *write_stubs(void)
{
	size_t len = (8 + (size_t)site_count * STUB_BYTES + 4095) & ~(size_t)4095;
	uint8_t *room = make_room(sites[0].at, len), *at;
	void *entry = inside_entry;

	if (!room)
		return NULL;
	copy_bytes(room, &entry, sizeof(entry));
	at = room + 8;
	for (unsigned i = 0; i < site_count; i++)
		at = put_stub(at, &sites[i], room);
	return raw3(SYS_mprotect, room, len, PROT_READ | PROT_EXEC) < 0 ? NULL : room + 8;
}

static void write_jumps(const uint8_t *stub)
{
	for (unsigned i = 0; i < site_count; i++) {
		struct writer w = {sites[i].at};

		PUT(&w, 0xe9);
		put_distance(&w, stub);
		stub += sites[i].is_read ? 5 + 2 + 6 + 8 + 2 + 2 + 6 + 5
					 : 5 + 5 + 6 + 8 + 2 + 5 + 5;
	}
}

bool patch_apply(void)
{
	const uint8_t *stubs;

	if (!sites_find())
		return false;
	stubs = write_stubs();
	if (!stubs || !protect(PROT_READ | PROT_WRITE | PROT_EXEC))
		return false;
	write_jumps(stubs);
	return protect(PROT_READ | PROT_EXEC);
}

void patch_undo(void)
{
	if (!site_count || !protect(PROT_READ | PROT_WRITE | PROT_EXEC))
		return;
	for (unsigned i = 0; i < site_count; i++)
		copy_bytes(sites[i].at, sites[i].was, JUMP_BYTES);
	protect(PROT_READ | PROT_EXEC);
	site_count = 0;
}
