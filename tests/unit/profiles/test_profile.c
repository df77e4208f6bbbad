/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <openssl/evp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kernel-profiles/profile.h"
#include "kernel-profiles/profile_check.h"
#include "kernel-profiles/rows.h"
#include "tests/lib/unit.h"
#include "tests/unit/profiles/maker.h"

static struct maker text;
static struct profile p;

#define HEADER                                                                                     \
	"banner Linux version 6.1.0-test (me@here) #1\n"                                           \
	"build-id " MADE_BUILD_ID "\n"                                                             \
	"format 1\n"                                                                               \
	"release 6.1.0-test\n"

static void line(const char *format, ...) PRINTF(1, 2);
static void line(const char *format, ...)
{
	char one[200];
	va_list args;

	va_start(args, format);
	int len = vsnprintf(one, sizeof(one), format, args);
	va_end(args);
	make_bytes(&text, one, (size_t)len);
	make_number(&text, '\n', 1);
}

/* All rows of the .def files; field i at offset 8 i. */
static void whole_make(void)
{
	text.used_bytes = 0;
	make_bytes(&text, HEADER, strlen(HEADER));
	for (unsigned i = 0; i < FIELD_COUNT; i++)
		line("field %s %u 4", field_rows[i].id, 8 * i);
	for (unsigned i = 0; i < SIZE_COUNT; i++)
		line("size %s %u", size_rows[i].id, i + 1);
	for (unsigned i = 0; i < ENUMERATOR_COUNT; i++)
		line("enum %s %d", enumerator_rows[i].id, i % 2 ? (int)i : -(int)i);
	for (unsigned i = 0; i < SYMBOL_COUNT; i++)
		line("symbol %s 0x%x", symbol_rows[i].id, 16 * i);
}

static const struct err *parse(void)
{
	return profile_parse((const char *)text.bytes, text.used_bytes, &p);
}

TEST(profile, reads_every_row)
{
	whole_make();
	CHECK_OK(parse());
	CU_ASSERT_STRING_EQUAL(p.build_id, MADE_BUILD_ID);
	CU_ASSERT_STRING_EQUAL(p.release, "6.1.0-test");
	CU_ASSERT_STRING_EQUAL(p.banner, "Linux version 6.1.0-test (me@here) #1");
	for (unsigned i = 0; i < FIELD_COUNT; i++) {
		CU_ASSERT_EQUAL(p.fields[i].offset_bytes, 8 * i);
		CU_ASSERT(profile_has(&p, i));
	}
	for (unsigned i = 0; i < SIZE_COUNT; i++)
		CU_ASSERT_EQUAL(p.sizes[i], i + 1);
	for (unsigned i = 0; i < ENUMERATOR_COUNT; i++)
		CU_ASSERT(p.enumerators[i].present &&
			  p.enumerators[i].value == (i % 2 ? (int)i : -(int)i));
	for (unsigned i = 0; i < SYMBOL_COUNT; i++)
		CU_ASSERT(p.has_symbol[i] && p.symbols[i] == 16 * i); /* [0] is a symbol at 0 */
}

TEST(profile, is_named_by_its_texts_hash)
{
	uint8_t hash[PROFILE_HASH_BYTES], first[PROFILE_HASH_BYTES];

	whole_make();
	CHECK_OK(parse());
	EVP_Digest(text.bytes, text.used_bytes, hash, NULL, EVP_sha256(), NULL);
	CU_ASSERT(memcmp(hash, p.hash, sizeof(hash)) == 0);
	memcpy(first, p.hash, sizeof(first));
	line("symbol newer_than_this_program 0x1");
	CHECK_OK(parse());
	CU_ASSERT(memcmp(first, p.hash, sizeof(first)) != 0);
}

TEST(profile, skips_rows_of_other_programs)
{
	whole_make();
	line("field no_such_field 1 2");
	line("field no_such_bits 0 4 3+1");
	line("size no_such_size 5");
	line("enum no_such_enumerator -5");
	line("symbol no_such_symbol 0xffffffffffffffff");
	CHECK_OK(parse());
}

/* The lines but the one of @id. */
static void without(const char *id)
{
	static struct maker all;
	char words[100];

	whole_make();
	all = text;
	text.used_bytes = 0;
	snprintf(words, sizeof(words), " %s ", id);
	for (size_t at = 0; at < all.used_bytes;) {
		const uint8_t *end = memchr(all.bytes + at, '\n', all.used_bytes - at);
		size_t len = (size_t)(end + 1 - (all.bytes + at));

		if (!memmem(all.bytes + at, len, words, strlen(words)))
			make_bytes(&text, all.bytes + at, len);
		at += len;
	}
}

TEST(profile, insists_on_each_mandatory_field)
{
	unsigned refused = 0, must = 0;

	for (unsigned i = 0; i < FIELD_COUNT; i++) {
		without(field_rows[i].id);
		const struct err *e = parse();
		refused += e && e->kind == ERR_PROFILE && strstr(e->message, field_rows[i].id);
		must += field_rows[i].must;
		CU_ASSERT_EQUAL(!e, !field_rows[i].must);
	}
	CU_ASSERT_EQUAL(refused, must);
	CU_ASSERT(must > 0);
}

TEST(profile, lists_all_that_is_missing_with_the_remedy)
{
	char list[100], all[1u << 15];

	text.used_bytes = 0;
	make_bytes(&text, HEADER, strlen(HEADER));
	const struct err *e = parse();
	CU_ASSERT_FATAL(e != NULL);
	CU_ASSERT_EQUAL(e->kind, ERR_PROFILE);
	CU_ASSERT_PTR_NOT_NULL(strstr(e->message, MADE_BUILD_ID));
	CU_ASSERT_PTR_NOT_NULL(strstr(e->message, "6.1.0-test"));
	CU_ASSERT_PTR_NOT_NULL(strstr(e->message, "remotetrans profile build"));
	unsigned count = profile_missing_list(&p, all, sizeof(all));
	CU_ASSERT_PTR_NOT_NULL(strstr(all, "task_struct_pid, "));
	CU_ASSERT_PTR_NOT_NULL(strstr(all, "init_task"));
	CU_ASSERT_PTR_NULL(strstr(all, " more"));
	CU_ASSERT_EQUAL(profile_missing_list(&p, list, sizeof(list)), count);
	CU_ASSERT_PTR_NOT_NULL(strstr(list, " more"));
	CU_ASSERT(strlen(list) < sizeof(list));
}

static void line_refused(const char *one)
{
	whole_make();
	line("%s", one);
	CHECK_ERR(parse(), ERR_PROFILE);
}

TEST(profile, refuses_malformed_lines)
{
	static const char *const wrong[] = {
		"",
		" ",
		"field",
		"field x",
		"field x 1",
		"field x 1 0",
		"field x 1 2 3",
		"field x 1 4 0+0",
		"field x 1 4 30+3",
		"field x 1 16 0+1",
		"field x 1 4 1+1 1",
		"field x -1 4",
		"field x 1 99999999",
		"field x 99999999999999999999 4",
		"field x 0x 4",
		"field x 1 4 ",
		"field  x 1 4",
		"size x",
		"size x 0",
		"size x 1 2",
		"size x 1z",
		"enum x",
		"enum x -",
		"enum x --1",
		"enum x 9223372036854775808",
		"enum x 1 2",
		"symbol x",
		"symbol x 0xg",
		"symbol x 0x10000000000000000",
		"symbol x 1 2",
		"unknown x 1",
		"format 1",
		"format 2",
		"release again",
		"build-id 00",
		"banner again",
		"FIELD x 1 4",
		"field x +1 4",
		"field x 1\t4",
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		line_refused(wrong[i]);
}

TEST(profile, refuses_repeated_rows)
{
	line_refused("field task_struct_pid 1 4");
	line_refused("size page 1");
	line_refused("enum PIDTYPE_TGID 1");
	line_refused("symbol init_task 0x1");
}

static void header_refused(const char *header)
{
	text.used_bytes = 0;
	make_bytes(&text, header, strlen(header));
	CHECK_ERR(profile_read((const char *)text.bytes, text.used_bytes, &p), ERR_PROFILE);
}

TEST(profile, refuses_malformed_headers)
{
	header_refused("");
	header_refused("banner b\nbuild-id 00\nformat 2\nrelease r\n");
	header_refused("banner b\nbuild-id 0G\nformat 1\nrelease r\n");
	header_refused("banner b\nbuild-id \nformat 1\nrelease r\n");
	header_refused("banner b\nbuild-id 00\nformat 1\nrelease r r\n");
	header_refused("banner b\nbuild-id " MADE_BUILD_ID "0\nformat 1\nrelease r\n");
	header_refused("banner b\nbuild-id 00\nrelease r\n");
	header_refused("build-id 00\nformat 1\nrelease r\n");
	header_refused("banner b\nformat 1\nrelease r\n");
	header_refused("banner b\nbuild-id 00\nformat 1\n");
}

static void prefix_run(const uint8_t *bytes, size_t len_bytes)
{
	CHECK_ERR(profile_read((const char *)bytes, len_bytes, &p), ERR_PROFILE);
}

TEST(profile, refuses_every_prefix)
{
	text.used_bytes = 0;
	line("field task_struct_pid 2288 4");
	line("field a_bit 8 4 5+2");
	line("size page 64");
	line("symbol init_task 0xffffffff82a1a940");
	make_bytes(&text, HEADER, strlen(HEADER));
	CHECK_OK(profile_read((const char *)text.bytes, text.used_bytes, &p));
	each_prefix(&text, prefix_run);
}

TEST(profile, refuses_nul_and_endless_lines)
{
	whole_make();
	text.bytes[text.used_bytes / 2] = 0;
	CHECK_ERR(parse(), ERR_PROFILE);
	whole_make();
	for (unsigned i = 0; i < 5000; i++)
		make_number(&text, 'x', 1);
	make_number(&text, '\n', 1);
	CHECK_ERR(parse(), ERR_PROFILE);
	char *huge = calloc(1, PROFILE_TEXT_MAX + 1);
	CHECK_ERR(profile_parse(huge, PROFILE_TEXT_MAX + 1, &p), ERR_PROFILE);
	free(huge);
}

TEST(profile, loads_files)
{
	char path[] = "/tmp/profile-test.XXXXXX";
	int fd = mkstemp(path);

	CU_ASSERT_FATAL(fd >= 0);
	whole_make();
	CU_ASSERT(write(fd, text.bytes, text.used_bytes) == (ssize_t)text.used_bytes);
	CHECK_OK(profile_load(path, &p));
	CU_ASSERT_EQUAL(p.fields[1].offset_bytes, 8);
	CU_ASSERT(ftruncate(fd, (off_t)text.used_bytes - 1) == 0);
	const struct err *e = profile_load(path, &p);
	CU_ASSERT(e && e->kind == ERR_PROFILE && strstr(e->message, path));
	close(fd);
	unlink(path);
	CHECK_ERR(profile_load(path, &p), ERR_SYSTEM);
	CHECK_ERR(profile_load("/", &p), ERR_SYSTEM);
}

TEST(profile, shows_bits)
{
	whole_make();
	without(field_rows[0].id);
	line("field %s 24 4 31+1", field_rows[0].id);
	CHECK_OK(parse());
	CU_ASSERT_EQUAL(p.fields[0].bit_offset, 31);
	CU_ASSERT_EQUAL(p.fields[0].bit_size, 1);
}

TEST(profile, keeps_a_banner_as_it_is)
{
	static const char blank[] = "banner b \nbuild-id 00\nformat 1\nrelease r\n";

	CHECK_OK(profile_read(blank, sizeof(blank) - 1, &p));
	CU_ASSERT_STRING_EQUAL(p.banner, "b ");
}
