/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ini - configuration files over libinih, described by tables of keys.
 *
 * Input: the user's own files; still every value is bounded and every mistake is named.
 */
#ifndef RT_BASE_INI_H
#define RT_BASE_INI_H

#include <stddef.h>
#include <stdint.h>

#include "remotetrans/base/err.h"

enum ini_kind {
	INI_TEXT, /* char[size] */
	INI_PATH, /* char[size]; relative ones are relative to the configuration file */
	INI_HEX,  /* uint8_t[size], given as 2 * size hexadecimal digits */
	INI_UUID, /* uint8_t[16], as 8-4-4-4-12 digits */
	INI_U32,  /* uint32_t, decimal */
	INI_BOOL, /* bool: yes or no */
};

/* Where in the structure that a section fills a key's value goes. */
struct ini_key {
	const char *name;
	enum ini_kind kind;
	size_t offset;
	size_t size;
};

#define INI_KEY(name, kind, type, member)                                                          \
	{                                                                                          \
		name, kind, offsetof(type, member), sizeof(((type *)0)->member)                    \
	}

#define INI_PATH_BYTES 1024

/* What ini_read() calls for each `name = value`. An error ends the reading. */
typedef const struct err *ini_entry_fn(void *context, const char *section, const char *name,
				       const char *value);

/**
 * ini_read() - read the file at @path
 *
 * Return: NULL; USAGE "PATH:LINE: ..." for what @entry or the parser refused.
 */
MUST_CHECK const struct err *ini_read(const char *path, ini_entry_fn *entry, void *context);

/**
 * ini_assign() - store one value in @object
 * @keys: ends with a row whose name is NULL
 * @path: of the configuration file
 *
 * Return: NULL; USAGE: no such key, or not such a value.
 */
MUST_CHECK const struct err *ini_assign(const struct ini_key *keys, const char *path, void *object,
					const char *name, const char *value);

/* 36 characters and a NUL into @ret; and back. USAGE: not a UUID. */
void uuid_format(const uint8_t *uuid, char ret[static 37]);
MUST_CHECK const struct err *uuid_parse(const char *text, uint8_t *ret);

/* Exactly @len_bytes from twice as many hexadecimal digits. USAGE otherwise. */
MUST_CHECK const struct err *hex_parse(const char *text, uint8_t *ret, size_t len_bytes);

#endif
