/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading a profile's text: one line an item, "KEYWORD ID VALUE...".
 * Input: untrusted; a server may pass on another client's upload.
 */
#include "kernel-profiles/profile.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "kernel-profiles/profile_check.h"
#include "kernel-profiles/rows.h"
#include "remotetrans/base/scope.h"

#define LINE_MAX_BYTES   1024
#define STRUCT_BYTES_MAX (1u << 24) /* no kernel structure is near this */

struct parser {
	struct profile *profile;
	char *rest;    /* of the current line, after what was taken */
	bool dangling; /* a blank was the last of the line */
	struct row_index rows;
	bool has_format, has_build_id, has_release, has_banner;
};

/* The next word of the line, or NULL at its end. */
static char *word_take(struct parser *p)
{
	char *word = p->rest;
	char *blank = strchr(word, ' ');

	if (!*word)
		return NULL;
	p->rest = blank ? blank + 1 : word + strlen(word);
	if (blank)
		*blank = 0;
	p->dangling |= blank && !*p->rest;
	return word;
}

/* A whole word of digits and nothing else; 0x introduces hexadecimal. */
static bool number_read(const char *word, uint64_t most, uint64_t *ret)
{
	bool hex = word && strncmp(word, "0x", 2) == 0;
	const char *digits = hex ? "0123456789abcdef" : "0123456789";
	char *end;

	if (!word)
		return false;
	word += hex ? 2 : 0;
	if (!*word || word[strspn(word, digits)])
		return false;
	errno = 0;
	uint64_t v = strtoull(word, &end, hex ? 16 : 10);
	if (errno || v > most)
		return false;
	*ret = v;
	return true;
}

static bool number_take(struct parser *p, uint64_t most, uint64_t *ret)
{
	return number_read(word_take(p), most, ret);
}

/* "BIT+WIDTH", where a bit-field lies in its storage unit; nothing for other members. */
static bool bits_take(struct parser *p, uint64_t unit_bytes, struct field *f)
{
	char *bits = word_take(p);
	char *plus = bits ? strchr(bits, '+') : NULL;
	uint64_t offset, size;

	if (!bits)
		return true;
	if (!plus)
		return false;
	*plus = 0;
	if (!number_read(bits, 63, &offset) || !number_read(plus + 1, 64, &size) || size == 0 ||
	    unit_bytes > 8 || offset + size > unit_bytes * 8)
		return false;
	f->bit_offset = (uint8_t)offset;
	f->bit_size = (uint8_t)size;
	return true;
}

/* Ids that this program does not know are skipped: an older or newer one wrote the profile. */
static bool field_take(struct parser *p)
{
	const char *id = word_take(p);
	struct field f = {0};
	uint64_t offset, size;

	if (!id || !number_take(p, STRUCT_BYTES_MAX, &offset) ||
	    !number_take(p, STRUCT_BYTES_MAX, &size) || size == 0 || !bits_take(p, size, &f))
		return false;
	f.offset_bytes = (uint32_t)offset;
	f.size_bytes = (uint32_t)size;
	int i = row_index_find(&p->rows, ROW_FIELD, id);
	if (i < 0)
		return true;
	if (p->profile->fields[i].size_bytes)
		return false;
	p->profile->fields[i] = f;
	return true;
}

static bool size_take(struct parser *p)
{
	const char *id = word_take(p);
	uint64_t size;

	if (!id || !number_take(p, STRUCT_BYTES_MAX, &size) || size == 0)
		return false;
	int i = row_index_find(&p->rows, ROW_SIZE, id);
	if (i < 0)
		return true;
	if (p->profile->sizes[i])
		return false;
	p->profile->sizes[i] = (uint32_t)size;
	return true;
}

static bool enumerator_take(struct parser *p)
{
	const char *id = word_take(p);
	const char *value = word_take(p);
	bool negative = value && *value == '-';
	uint64_t v;

	if (!id || !value || !number_read(value + negative, INT64_MAX, &v))
		return false;
	int i = row_index_find(&p->rows, ROW_ENUMERATOR, id);
	if (i < 0)
		return true;
	if (p->profile->enumerators[i].present)
		return false;
	p->profile->enumerators[i] =
		(struct enumerator){.value = negative ? -(int64_t)v : (int64_t)v, .present = true};
	return true;
}

static bool symbol_take(struct parser *p)
{
	const char *id = word_take(p);
	uint64_t address;

	if (!id || !number_take(p, UINT64_MAX, &address))
		return false;
	int i = row_index_find(&p->rows, ROW_SYMBOL, id);
	if (i < 0)
		return true;
	if (p->profile->has_symbol[i])
		return false;
	p->profile->symbols[i] = address;
	p->profile->has_symbol[i] = true;
	return true;
}

/* The rest of the line, once per profile. */
static bool text_take(struct parser *p, bool *seen, char *ret, size_t size_bytes)
{
	size_t len = strlen(p->rest);

	if (*seen || len == 0 || len >= size_bytes)
		return false;
	*seen = true;
	memcpy(ret, p->rest, len + 1);
	p->rest += len;
	return true;
}

static bool banner_take(struct parser *p)
{
	return text_take(p, &p->has_banner, p->profile->banner, sizeof(p->profile->banner));
}

static bool release_take(struct parser *p)
{
	return text_take(p, &p->has_release, p->profile->release, sizeof(p->profile->release)) &&
	       !strchr(p->profile->release, ' ');
}

static bool build_id_take(struct parser *p)
{
	const char *id = p->profile->build_id;

	return text_take(p, &p->has_build_id, p->profile->build_id, sizeof(p->profile->build_id)) &&
	       strspn(id, "0123456789abcdef") == strlen(id);
}

static bool format_take(struct parser *p)
{
	uint64_t format;
	bool again = p->has_format;

	p->has_format = true;
	return !again && number_take(p, PROFILE_FORMAT, &format) && format == PROFILE_FORMAT;
}

static const struct keyword {
	const char *name;
	bool (*take)(struct parser *p);
} keywords[] = {
	{"banner", banner_take}, {"build-id", build_id_take}, {"enum", enumerator_take},
	{"field", field_take},   {"format", format_take},     {"release", release_take},
	{"size", size_take},     {"symbol", symbol_take},
};

static bool line_parse(struct parser *p, char *line)
{
	p->rest = line;
	p->dangling = false;
	const char *name = word_take(p);

	for (size_t i = 0; name && i < sizeof(keywords) / sizeof(keywords[0]); i++)
		if (strcmp(keywords[i].name, name) == 0)
			return keywords[i].take(p) && !*p->rest && !p->dangling;
	return false;
}

static const struct err *lines_parse(struct parser *p, const char *text, size_t len_bytes)
{
	unsigned number = 1;
	char line[LINE_MAX_BYTES];

	for (size_t at = 0; at < len_bytes; number++) {
		const char *newline = memchr(text + at, '\n', len_bytes - at);
		size_t len = newline ? (size_t)(newline - (text + at)) : len_bytes - at;

		if (!newline || len >= sizeof(line) || memchr(text + at, 0, len))
			return ERR(ERR_PROFILE, "profile line %u: not a line of text", number);
		memcpy(line, text + at, len);
		line[len] = 0;
		if (!line_parse(p, line))
			return ERR(ERR_PROFILE, "profile line %u is malformed or repeated", number);
		at += len + 1;
	}
	return NULL;
}

const struct err *profile_read(const char *text, size_t len_bytes, struct profile *ret)
{
	struct parser p = {.profile = ret};

	if (len_bytes > PROFILE_TEXT_MAX)
		return ERR(ERR_PROFILE, "profile of %zu bytes; at most %u are accepted", len_bytes,
			   PROFILE_TEXT_MAX);
	memset(ret, 0, sizeof(*ret));
	row_index_init(&p.rows);
	TRY(lines_parse(&p, text, len_bytes));
	if (!p.has_format || !p.has_build_id || !p.has_release || !p.has_banner)
		return ERR(ERR_PROFILE, "profile without its %s line",
			   !p.has_format     ? "format"
			   : !p.has_build_id ? "build-id"
			   : !p.has_release  ? "release"
					     : "banner");
	SHA256((const unsigned char *)text, len_bytes, ret->hash);
	return NULL;
}

const struct err *profile_parse(const char *text, size_t len_bytes, struct profile *ret)
{
	char missing[320];

	TRY(profile_read(text, len_bytes, ret));
	unsigned count = profile_missing_list(ret, missing, sizeof(missing));
	if (count)
		return ERR(ERR_PROFILE,
			   "profile of kernel %.64s (build-id %s) lacks %u item(s): %s; rebuild it "
			   "with `remotetrans profile build`",
			   ret->release, ret->build_id, count, missing);
	return NULL;
}

const struct err *profile_text_load(const char *path, char **ret, size_t *ret_len_bytes)
{
	AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);
	AUTO_FREE char *text = malloc(PROFILE_TEXT_MAX + 1);
	size_t used = 0;
	ssize_t got = 1;

	if (fd < 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "profile %.300s", path);
	if (!text)
		return ERR_ERRNO(ERR_SYSTEM, ENOMEM, "profile %.300s", path);
	while (used <= PROFILE_TEXT_MAX && got > 0) {
		got = read(fd, text + used, PROFILE_TEXT_MAX + 1 - used);
		if (got < 0 && errno != EINTR)
			return ERR_ERRNO(ERR_SYSTEM, errno, "profile %.300s", path);
		if (got < 0)
			got = 1;
		else
			used += (size_t)got;
	}
	*ret = TAKE(text);
	*ret_len_bytes = used;
	return NULL;
}

const struct err *profile_load(const char *path, struct profile *ret)
{
	AUTO_FREE char *text = NULL;
	size_t len_bytes;

	TRY(profile_text_load(path, &text, &len_bytes));
	const struct err *e = profile_parse(text, len_bytes, ret);
	return e ? ERR(e->kind, "%.120s: %s", path, e->message) : NULL;
}
