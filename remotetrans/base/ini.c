/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Configuration files, table-driven. */
#include "remotetrans/base/ini.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <ini.h>

#include "remotetrans/base/scope.h"

struct reading {
	ini_entry_fn *entry;
	void *context;
	const struct err *error;
};

/* libinih cuts longer names off without a word: MAX_SECTION and MAX_NAME in its ini.c */
#define NAME_MAX_LEN 48

static int entry_adapter(void *user, const char *section, const char *name, const char *value)
{
	struct reading *r = user;

	if (!r->error && (strlen(section) > NAME_MAX_LEN || strlen(name) > NAME_MAX_LEN))
		r->error = ERR(ERR_USAGE, "name longer than %d characters", NAME_MAX_LEN);
	if (!r->error)
		r->error = r->entry(r->context, section, name, value);
	return r->error == NULL;
}

/* libinih's own line buffer is short; give it whole paths. */
static void allow_long_lines(void)
{
	ini_max_line = 2 * INI_PATH_BYTES;
	ini_stop_on_first_error = true;
	ini_allow_multiline = false;
}

const struct err *ini_read(const char *path, ini_entry_fn *entry, void *context)
{
	struct reading r = {.entry = entry, .context = context};
	AUTO_FCLOSE FILE *file = fopen(path, "re");

	if (!file)
		return ERR_ERRNO(ERR_USAGE, errno, "cannot read %s", path);
	allow_long_lines();
	int line = ini_parse_file(file, entry_adapter, &r);
	if (r.error)
		return ERR(ERR_USAGE, "%s:%d: %s", path, line, r.error->message);
	if (line)
		return ERR(ERR_USAGE, "%s:%d: neither [section] nor name = value", path, line);
	return NULL;
}

static int hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = isxdigit((unsigned char)c) ? strchr(digits, tolower(c)) : NULL;

	return at ? (int)(at - digits) : -1;
}

const struct err *hex_parse(const char *text, uint8_t *ret, size_t len_bytes)
{
	if (strlen(text) != 2 * len_bytes)
		return ERR(ERR_USAGE, "'%.80s' is not %zu hexadecimal digits", text, 2 * len_bytes);
	for (size_t i = 0; i < len_bytes; i++) {
		int high = hex_digit(text[2 * i]), low = hex_digit(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return ERR(ERR_USAGE, "'%.80s' is not %zu hexadecimal digits", text,
				   2 * len_bytes);
		ret[i] = (uint8_t)(high << 4 | low);
	}
	return NULL;
}

static bool is_dash_place(unsigned i)
{
	return i == 8 || i == 13 || i == 18 || i == 23;
}

const struct err *uuid_parse(const char *text, uint8_t *ret)
{
	char digits[33];
	unsigned used = 0;

	if (strlen(text) != 36)
		return ERR(ERR_USAGE, "'%.80s' is not a UUID", text);
	for (unsigned i = 0; i < 36; i++) {
		if (is_dash_place(i) != (text[i] == '-'))
			return ERR(ERR_USAGE, "'%.80s' is not a UUID", text);
		if (text[i] != '-')
			digits[used++] = text[i];
	}
	digits[used] = 0;
	return hex_parse(digits, ret, 16);
}

void uuid_format(const uint8_t *uuid, char ret[static 37])
{
	static const char digits[] = "0123456789abcdef";
	unsigned used = 0;

	for (unsigned i = 0; i < 36; i++) {
		if (is_dash_place(i)) {
			ret[i] = '-';
			continue;
		}
		ret[i] = digits[uuid[used / 2] >> (used % 2 ? 0 : 4) & 15];
		used++;
	}
	ret[36] = 0;
}

static const struct err *assign_text(char *ret, size_t size_bytes, const char *dir, size_t dir_len,
				     const char *value)
{
	int len = snprintf(ret, size_bytes, "%.*s%s", (int)dir_len, dir, value);

	if (len < 0 || (size_t)len >= size_bytes)
		return ERR(ERR_USAGE, "longer than %zu characters", size_bytes - 1);
	return NULL;
}

static const struct err *assign_path(char *ret, size_t size_bytes, const char *config,
				     const char *value)
{
	const char *slash = strrchr(config, '/');

	if (value[0] == '/' || !slash || !value[0])
		return assign_text(ret, size_bytes, "", 0, value);
	return assign_text(ret, size_bytes, config, (size_t)(slash - config) + 1, value);
}

static const struct err *assign_u32(uint32_t *ret, const char *value)
{
	char *end;

	errno = 0;
	unsigned long v = strtoul(value, &end, 10);
	if (errno || end == value || *end || v > UINT32_MAX || value[0] == '-')
		return ERR(ERR_USAGE, "'%.80s' is not a number", value);
	*ret = (uint32_t)v;
	return NULL;
}

static const struct err *assign_bool(bool *ret, const char *value)
{
	if (strcmp(value, "yes") != 0 && strcmp(value, "no") != 0)
		return ERR(ERR_USAGE, "'%.80s' is neither yes nor no", value);
	*ret = value[0] == 'y';
	return NULL;
}

static const struct err *assign(const struct ini_key *key, const char *path, void *at,
				const char *value)
{
	switch (key->kind) {
	case INI_TEXT:
		return assign_text(at, key->size, "", 0, value);
	case INI_PATH:
		return assign_path(at, key->size, path, value);
	case INI_HEX:
		return hex_parse(value, at, key->size);
	case INI_UUID:
		return uuid_parse(value, at);
	case INI_U32:
		return assign_u32(at, value);
	case INI_BOOL:
		return assign_bool(at, value);
	}
	return ERR(ERR_USAGE, "unusable key");
}

const struct err *ini_assign(const struct ini_key *keys, const char *path, void *object,
			     const char *name, const char *value)
{
	for (const struct ini_key *key = keys; key->name; key++) {
		if (strcmp(key->name, name) != 0)
			continue;
		const struct err *e = assign(key, path, (uint8_t *)object + key->offset, value);
		return e ? ERR(ERR_USAGE, "%s: %s", name, e->message) : NULL;
	}
	return ERR(ERR_USAGE, "unknown key '%.80s'", name);
}
