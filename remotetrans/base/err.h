/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Errors as values: what went wrong, where, and who must act on it.
 *
 * A fallible function returns NULL for success, or a pointer to this thread's one error record.
 * The record needs no free; the next error on the same thread overwrites it. Libraries never
 * print: `main` does, once.
 *
 * Each kind has one origin and one catcher:
 *   ABSENT     kobj, proc lookup      -> ENOENT / ESRCH for the tool
 *   FAULT      page walk              -> the reader bounds, counts and reports what is unreadable
 *   RACE       iterators, snapshots   -> bounded retry, then counted
 *   PROFILE    profile loader         -> all missing members at once, exit
 *   SYSTEM     the local kernel       -> one line with errno, exit
 *   USAGE      options, configuration -> one line with the remedy, exit
 *   PEER, PROTO, INTEGRITY, ATTEST    -> the tool's process tree is killed, exit 125
 */
#ifndef RT_BASE_ERR_H
#define RT_BASE_ERR_H

#include <stdbool.h>
#include <stdint.h>

#define MUST_CHECK    __attribute__((warn_unused_result))
#define PRINTF(f, a)  __attribute__((format(printf, f, a)))
#define ERR_EXIT_CODE 125 /* exit status of every run that an error below the tool ended */

enum err_kind {
	ERR_ABSENT = 1,
	ERR_FAULT,
	ERR_RACE,
	ERR_PROFILE,
	ERR_SYSTEM,
	ERR_USAGE,
	ERR_PEER,
	ERR_PROTO,
	ERR_INTEGRITY,
	ERR_ATTEST,
};

struct err {
	enum err_kind kind;
	int errnum;       /* errno at the time, for SYSTEM and PEER; else 0 */
	uint64_t address; /* what the error is about: a gva, gpa or frame number; else 0 */
	const char *file;
	int line;
	char message[512]; /* one line: the cause, and the remedy where there is one */
};

/**
 * err_set() - fill this thread's error record; use it through ERR()
 * @errnum:  appended to the message as strerror() when not 0
 * @address: see struct err
 *
 * Arguments of @format may point into the current record (to wrap an error).
 * Return: the record, never NULL.
 */
MUST_CHECK const struct err *err_set(enum err_kind kind, int errnum, uint64_t address,
				     const char *file, int line, const char *format, ...)
	PRINTF(6, 7) __attribute__((returns_nonnull));

#define ERR(kind, ...)              err_set(kind, 0, 0, __FILE__, __LINE__, __VA_ARGS__)
#define ERR_AT(kind, address, ...)  err_set(kind, 0, address, __FILE__, __LINE__, __VA_ARGS__)
#define ERR_ERRNO(kind, errnum, ...) err_set(kind, errnum, 0, __FILE__, __LINE__, __VA_ARGS__)

/* "FAULT", "INTEGRITY", ...: for messages and tests. */
const char *err_kind_name(enum err_kind kind);

/* True for the kinds that must end the run: PEER, PROTO, INTEGRITY, ATTEST. */
bool err_is_fatal(const struct err *e);

/* Pass an error on to the caller. */
#define TRY(call)                                                                                  \
	do {                                                                                       \
		const struct err *try_err_ = (call);                                               \
		if (try_err_)                                                                      \
			return try_err_;                                                           \
	} while (0)

/* For the rare error that does not matter; the reason belongs in a comment at the call. */
#define IGNORE(call)                                                                               \
	do {                                                                                       \
		const struct err *ignored_ = (call);                                               \
		(void)ignored_;                                                                    \
	} while (0)

#endif
