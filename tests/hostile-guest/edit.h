/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * edit - changes of a guest's memory from outside, through the file that holds its RAM (or a copy
 * of it, a memory image). The guest must be stopped from apply to undo. For tests only.
 */
#ifndef TESTS_HOSTILE_GUEST_EDIT_H
#define TESTS_HOSTILE_GUEST_EDIT_H

#include <stdio.h>

#include "tests/tools/ramguest.h"

/* An edit being applied. Objects are found by the product's own readers over guest.kernel. */
struct editor {
	struct ramguest guest;
	int fd;     /* the RAM file, for writing */
	FILE *save; /* what was there before: for each stretch "OFFSET HEX" or "OFFSET +ZEROS" */
	uint64_t changed_bytes;
	uint64_t scratch_at, scratch_end; /* edit_scratch(): RAM to be given out */
	uint32_t pid;                     /* the argument; 0: the row takes none */
	gva_t task;                       /* of @pid */
};

#define EDIT_STEPS_MAX 4

struct edit {
	const char *name;
	const struct err *(*apply)(struct editor *e, const struct edit *edit);
	uint64_t value; /* which of the function's variants; of edit_poke(): an enum how */
	/* edit_poke(): where the change begins, and the members that lead on from there */
	const struct err *(*from)(struct editor *e, gva_t *ret);
	unsigned step_count;
	enum field_id steps[EDIT_STEPS_MAX]; /* all but the last are pointers that are followed */
	const char *pid;                     /* "PID": takes one; "": does not */
	const char *tools;                   /* whose output it concerns */
	const char *what;
};

/* What is written to a place. */
enum how {
	NULLED,
	ODD, /* what was there, and one more */
	NON_CANONICAL,
	UNMAPPED,
	TO_ITSELF, /* the place's own address */
	TO_OBJECT, /* the structure that the place is in */
	HUGE,      /* as a count: more than memory can hold */
	MANY,      /* as a count: 2^16, which is possible */
	ESCAPES,   /* a text member: full of terminal escapes, no NUL */
	ESCAPES_AT /* the text that a pointer leads to, in its length */
};

/* Change the place that the row names (poke.c). */
MUST_CHECK const struct err *edit_poke(struct editor *e, const struct edit *edit);
const struct edit *edit_find(const char *name);
const struct edit *edit_at(size_t index); /* null: past the end */

/* --- writing (memory.c) --- */
MUST_CHECK const struct err *edit_write(struct editor *e, gva_t at, const void *bytes,
					size_t len_bytes);
MUST_CHECK const struct err *edit_write_u64(struct editor *e, gva_t at, uint64_t v);
MUST_CHECK const struct err *edit_write_ptr(struct editor *e, gva_t at, gva_t v);
/* The member @id, as many bytes as it has (at most 8), of the structure at @object. */
MUST_CHECK const struct err *edit_field(struct editor *e, gva_t object, enum field_id id,
					uint64_t v);
/* Put all bytes of a save file back, the last first. */
MUST_CHECK const struct err *edit_undo(const char *ram_path, const char *save_path);

/* --- finding (find.c) --- */
/* The slot of @pid in the IDR of the initial pid namespace. */
MUST_CHECK const struct err *edit_idr_slot(struct editor *e, uint32_t pid, gva_t *ret);

/* Zeroed, nowhere used memory, contiguous in the direct map. */
MUST_CHECK const struct err *edit_scratch(struct editor *e, uint64_t len_bytes, gva_t *ret);

#define KERNEL(e) (&(e)->guest.kernel)

#endif
