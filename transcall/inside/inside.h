/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * inside - the library that transcall has loaded into dynamically linked programs.
 *
 * It answers system calls on paths of the image itself, without the kernel. All else, and whatever
 * is in doubt, is let through to the kernel, where the supervisor decides as it does for every
 * program. The kernel's filter stays in force for the library's own calls; so it can only repeat
 * what the supervisor wrote, and a program that goes around it loses nothing but time.
 *
 * It links nothing, takes no signals, allocates nothing, and touches no vector registers: it runs
 * in the middle of other people's functions.
 */
#ifndef TC_INSIDE_INSIDE_H
#define TC_INSIDE_INSIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "transcall/inside/image.h"

/* A system call about to be made; entry.c fixes the layout. */
struct call {
	long args[6];
	long nr; /* in: its number; out, when answered: what it returns */
};

/* --- calls.c --- */
/* Is @c answered? Else it is to be made. */
bool inside_call(struct call *c);

/* Does any handler care for this number? */
bool inside_cares(long nr);

/* --- patch.c --- */
/* Have the C library call inside_call(); false: nothing was changed. */
bool patch_apply(void);
/* As if it had never been. */
void patch_undo(void);
extern char inside_entry[];

/* --- image.c --- */
/* The entry of an absolute path of @len bytes, if the image is valid and has it. */
const struct image_entry *image_find(const char *path, uint32_t len);
bool image_is_valid(void);
/* Ask the supervisor for a valid image. No descriptor may refer to the old one. */
void image_request(void);
/* For which program; false: for none. */
bool image_for(const char *program);
const void *image_at(uint32_t offset);

/* --- files.c: descriptors that stand for entries --- */
struct file {
	const struct image_entry *entry; /* NULL: the descriptor is the kernel's */
	uint64_t offset;
};
/* NULL: it is the kernel's. */
struct file *file_of(long fd);
/* A new descriptor; or negative: let the kernel do it. */
long file_open(const struct image_entry *entry, bool cloexec);
/* @fd is about to be closed. */
void file_forget(long fd);
void file_lose_stand_in(void);
/* Have the kernel know @fd as what it stands for, at the same place. */
void file_make_real(long fd);
void file_make_all_real(void);

/* --- raw calls; the result as the kernel gives it --- */
static inline long raw6(long nr, long a, long b, long c, long d, long e, long f)
{
	register long r10 __asm__("r10") = d, r8 __asm__("r8") = e, r9 __asm__("r9") = f;
	long ret;

	__asm__ volatile("syscall"
			 : "=a"(ret)
			 : "a"(nr), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return ret;
}
#define raw3(nr, a, b, c) raw6(nr, (long)(a), (long)(b), (long)(c), 0, 0, 0)

static inline void copy_bytes(void *to, const void *from, size_t len)
{
	__asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(len) : : "memory");
}

static inline bool same_bytes(const char *a, const char *b, size_t len)
{
	size_t i = 0;

	while (i < len && a[i] == b[i])
		i++;
	return i == len;
}

/* Bytes before the NUL, at most @max. */
static inline uint32_t text_len(const char *text, uint32_t max)
{
	uint32_t len = 0;

	while (len < max && text[len])
		len++;
	return len;
}

#endif
