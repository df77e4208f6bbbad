/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finding the places. Input: the C library's code (trusted, but of any version). */
#include <link.h>
#include <sys/syscall.h>

#include "transcall/inside/sites.h"

#define NEAR_BYTES 2048
#define BACK_BYTES 32

struct site sites[SITES_MAX];
unsigned site_count;
static bool complete;            /* no place that should have been taken was left */
static uint64_t found[512 / 64]; /* numbers of calls that have a place */

/* Parts of the C library that are there or not, by version. */
extern char __libc_single_threaded __attribute__((weak));
extern int dl_iterate_phdr(int (*each)(struct dl_phdr_info *, size_t, void *), void *)
	__attribute__((weak));

/*
 * Functions whose own code has to have a place. From glibc 2.41 on they share one, with the number
 * in a register, which is not understood.
 */
#define OWN_BYTES       256 /* in which it is to be */
#define FUNCTION(name_) extern const uint8_t own_##name_[] __asm__(#name_) __attribute__((weak));
#define FUNCTIONS                                                                                  \
	FUNCTION(read)                                                                             \
	FUNCTION(close)                                                                            \
	FUNCTION(open64) FUNCTION(openat64) FUNCTION(pread64) FUNCTION(lseek64) FUNCTION(readlink) \
		FUNCTION(write) FUNCTION(dup2)
FUNCTIONS
#undef FUNCTION

static int32_t int32_at(const uint8_t *at)
{
	int32_t ret;

	copy_bytes(&ret, at, sizeof(ret));
	return ret;
}

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

static uint64_t eight_at(const uint8_t *at)
{
	uint64_t ret;

	__builtin_memcpy(&ret, at, sizeof(ret));
	return ret;
}

/* May one of the eight bytes from @at be the first of "syscall", 0f 05? (Or the one behind it.) */
static bool may_start(const uint8_t *at)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t difference = (eight_at(at) ^ ones * 0x0f) | (eight_at(at + 1) ^ ones * 0x05);

	return (difference - ones) & ~difference & ones * 0x80;
}

/* Eight bytes at a time: this is most of what the library costs at the start of a program. */
static void scan(uint8_t *lowest, uint8_t *end)
{
	for (uint8_t *eight = lowest + 8; eight < end - 16; eight += 8)
		for (uint8_t *at = eight; may_start(eight) && at < eight + 8; at++)
			if (at[0] == 0x0f && at[1] == 0x05)
				consider(lowest, end, at);
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

static bool has_place(const uint8_t *function)
{
	for (unsigned i = 0; i < site_count; i++)
		if (sites[i].at >= function && sites[i].at < function + OWN_BYTES)
			return true;
	return false;
}

static bool functions_have_places(void)
{
	static const uint8_t *const functions[] = {
#define FUNCTION(name_) own_##name_,
		FUNCTIONS
#undef FUNCTION
	};

	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++)
		if (!functions[i] || !has_place(functions[i]))
			return false;
	return true;
}

/* What every C library has; one that shows none of them at its places is not understood. */
bool sites_find(void)
{
	static const long needed[] = {SYS_openat,     SYS_read,      SYS_close, SYS_lseek,
				      SYS_fcntl,      SYS_mmap,      SYS_dup2,  SYS_dup,
				      SYS_clone,      SYS_execve,    SYS_ioctl, SYS_write,
				      SYS_getdents64, SYS_newfstatat};

	complete = true;
	if (!dl_iterate_phdr || dl_iterate_phdr(scan_object, NULL))
		return false;
	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
		if (!has(needed[i]))
			return false;
	return complete && functions_have_places() &&
	       (!&__libc_single_threaded || __libc_single_threaded);
}
