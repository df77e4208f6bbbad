/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The places in the C library that make system calls get a jump to a stub that asks inside_call()
 * first. Input: the C library's code (trusted, but of any version).
 *
 * Three shapes of code are known; what is not exactly one of them stays as it is:
 *   mov $N, %reg; syscall         only the first instruction, of 5 bytes, is replaced: the system call
 *   mov 8(%rsp), %r9; syscall     stays in its place, for the stub to jump to, and for whoever else does
 *   xor %eax, %eax; syscall;      read(): 5 of its 10 bytes are replaced, so nothing may jump between
 *   cmp $-4096, %rax              them; anything that looks like such a jump is taken for one
 */
#include <link.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "transcall/inside/inside.h"

#define SITES_MAX  512
#define JUMP_BYTES 5  /* e9 rel32 */
#define STUB_BYTES 48 /* at most */
#define NEAR_BYTES 2048
#define BACK_BYTES 32

struct site {
	uint8_t *at; /* the first byte replaced */
	uint8_t was[JUMP_BYTES];
	bool is_read; /* the second shape */
};

static struct site sites[SITES_MAX];
static unsigned site_count;
static bool complete; /* no place that should have been taken was left */
static uint64_t found[512 / 64]; /* numbers of calls that have a place */

/* Parts of the C library that are there or not, by version. */
extern char __libc_single_threaded __attribute__((weak));
extern int dl_iterate_phdr(int (*each)(struct dl_phdr_info *, size_t, void *), void *)
	__attribute__((weak));

static int32_t int32_at(const uint8_t *at)
{
	int32_t ret;

	copy_bytes(&ret, at, sizeof(ret));
	return ret;
}

/* --- finding ------------------------------------------------------------------------------- */

/* Could a jump near @site lead to @to? */
static bool is_jumped_to(const uint8_t *lowest, const uint8_t *end, const uint8_t *site,
			 const uint8_t *to)
{
	const uint8_t *at = site - lowest > NEAR_BYTES ? site - NEAR_BYTES : lowest;
	const uint8_t *last = end - site > NEAR_BYTES ? site + NEAR_BYTES : end - 8;

	for (; at < last; at++) {
		bool is_short = *at == 0xeb || (*at & 0xf0) == 0x70;
		bool is_long = *at == 0xe9 || (*at == 0x0f && (at[1] & 0xf0) == 0x80);
		size_t opcode = is_long && *at == 0x0f ? 2 : 1;

		if (is_short && at + 2 + (int8_t)at[1] == to)
			return true;
		if (is_long && at + opcode + 4 + int32_at(at + opcode) == to)
			return true;
	}
	return false;
}

/* The number that a call at @at is made by, as set a little earlier; -1: not seen. */
static long number_before(const uint8_t *lowest, const uint8_t *at)
{
	for (const uint8_t *p = at - JUMP_BYTES; p >= lowest && p > at - BACK_BYTES; p--)
		if (*p == 0xb8 && int32_at(p + 1) >= 0 && int32_at(p + 1) < 512)
			return int32_at(p + 1);
	return -1;
}

/* A place for calls number @nr; 0: read(), or any. */
static void take(uint8_t *at, bool is_read, long nr)
{
	struct site *s = &sites[site_count];

	if (site_count == SITES_MAX) {
		complete = false;
		return;
	}
	s->at = at;
	s->is_read = is_read;
	copy_bytes(s->was, at, JUMP_BYTES);
	if (is_read || nr)
		found[nr / 64] |= UINT64_C(1) << nr % 64;
	site_count++;
}

/* Of a register from r8 on: the instruction is longer. (Or the end of the one before.) */
static bool is_prefix(uint8_t byte)
{
	return (byte & 0xf0) == 0x40;
}

/* @at is "syscall". */
static void consider(uint8_t *lowest, uint8_t *end, uint8_t *at)
{
	static const uint8_t compare[] = {0x48, 0x3d, 0x00, 0xf0, 0xff, 0xff};
	static const uint8_t sixth[] = {0x4c, 0x8b, 0x4c, 0x24, 0x08}; /* of syscall(2) */
	uint8_t *before = at - JUMP_BYTES;

	if (before > lowest && (*before & 0xf8) == 0xb8 && !is_prefix(before[-1])) {
		long nr = *before == 0xb8 ? int32_at(before + 1) : number_before(lowest, before);

		if (inside_cares(nr))
			take(before, false, nr);
	} else if (same_bytes((char *)before, (const char *)sixth, sizeof(sixth))) {
		take(before, false, 0);
	} else if (at[-2] == 0x31 && at[-1] == 0xc0 &&
		   same_bytes((char *)at + 2, (const char *)compare, sizeof(compare))) {
		if (is_jumped_to(lowest, end, at, at) || is_jumped_to(lowest, end, at, at + 2))
			complete = false;
		take(at - 2, true, SYS_read);
	}
}

/* Has one of the eight bytes the value 0x0f? (The lowest byte of a difference that borrows.) */
static bool has_0f(uint64_t bytes)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t difference = bytes ^ ones * 0x0f;

	return (difference - ones) & ~difference & ones * 0x80;
}

/* Eight bytes at a time: this is most of what the library costs at the start of a program. */
static void scan(uint8_t *lowest, uint8_t *end)
{
	for (uint8_t *eight = lowest + 8; eight < end - 16; eight += 8) {
		uint64_t bytes;

		__builtin_memcpy(&bytes, eight, sizeof(bytes));
		for (uint8_t *at = eight; has_0f(bytes) && at < eight + 8; at++)
			if (at[0] == 0x0f && at[1] == 0x05)
				consider(lowest, end, at);
	}
}

static bool is_c_library(const char *path)
{
	static const char *const names[] = {"/libc.so.6", "/libpthread.so.0"};
	uint32_t len = text_len(path, 4096);

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		uint32_t own = text_len(names[i], 32);

		if (len >= own && same_bytes(path + len - own, names[i], own))
			return true;
	}
	return false;
}

/* Code of one loaded object: its range, or an empty one. */
struct code {
	uint8_t *start, *end;
};

static struct code code_of(const struct dl_phdr_info *info)
{
	struct code ret = {NULL, NULL};

	for (unsigned i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *part = &info->dlpi_phdr[i];

		if (part->p_type != PT_LOAD || !(part->p_flags & PF_X))
			continue;
		ret.start = (uint8_t *)(info->dlpi_addr + part->p_vaddr);
		ret.end = ret.start + part->p_memsz;
	}
	return ret;
}

static int scan_object(struct dl_phdr_info *info, size_t size, void *context)
{
	struct code code = code_of(info);

	(void)size;
	(void)context;
	if (is_c_library(info->dlpi_name) && code.end - code.start > 64)
		scan(code.start, code.end);
	return 0;
}

static bool has(long nr)
{
	return found[nr / 64] >> nr % 64 & 1;
}

/* What every C library has; one that shows none of them at its places is not understood. */
static bool is_understood(void)
{
	static const long needed[] = {SYS_openat, SYS_read,  SYS_close, SYS_lseek,  SYS_fcntl,
				      SYS_mmap,	  SYS_dup2,  SYS_dup,	SYS_clone,  SYS_execve,
				      SYS_ioctl,  SYS_write, SYS_getdents64, SYS_newfstatat};

	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
		if (!has(needed[i]))
			return false;
	return complete && (!&__libc_single_threaded || __libc_single_threaded);
}

/* --- changing ------------------------------------------------------------------------------ */

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
	PUT(w, 0xff, 0x15); /* call *entry(%rip) */
	put_distance(w, entry);
	PUT(w, 0x48, 0x8d, 0xa4, 0x24, 0x80, 0, 0, 0); /* lea 128(%rsp), %rsp */
}

static uint8_t *put_stub(uint8_t *stub, const struct site *s, const uint8_t *entry)
{
	struct writer w = {stub};

	if (s->is_read) {
		put_question(&w, s->was, 2, entry);
		PUT(&w, 0x72, 2);	    /* jc over the next */
		PUT(&w, 0x0f, 0x05);	    /* syscall */
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
		uintptr_t wanted = ((uintptr_t)near & ~(uintptr_t)0xfffff) - (uintptr_t)step * 0x100000;
		long at = raw6(SYS_mmap, (long)wanted, (long)len, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

		if (at == (long)wanted)
			return (uint8_t *)wanted;
		if (at > 0) /* a kernel before 4.17 does not know the flag */
			raw3(SYS_munmap, at, len, 0);
	}
	return NULL;
}

/* Have the pages of all sites writable, or as they were. */
static bool protect(int protection)
{
	for (unsigned i = 0; i < site_count;) {
		uintptr_t from = (uintptr_t)sites[i].at & ~(uintptr_t)4095, to = from;

		for (; i < site_count && (uintptr_t)sites[i].at + JUMP_BYTES <= to + 4096 * 16; i++)
			to = ((uintptr_t)sites[i].at + JUMP_BYTES - 1) & ~(uintptr_t)4095;
		if (raw3(SYS_mprotect, from, to + 4096 - from, protection) < 0)
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
		stub += sites[i].is_read ? 5 + 2 + 6 + 8 + 2 + 2 + 6 + 5 : 5 + 5 + 6 + 8 + 2 + 5 + 5;
	}
}

bool patch_apply(void)
{
	const uint8_t *stubs;

	complete = true;
	if (!dl_iterate_phdr || dl_iterate_phdr(scan_object, NULL) || !is_understood())
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
