/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_user.h"
#include "transcall/kobj/mm.h"

#include <string.h>

#define ARG        UINT64_C(0x7ffc00000000)
#define PAGE       FRAME_BYTES
#define TEXT_BYTES (FAKE_USER_PAGES * PAGE)

static struct fake_guest g;
static char got[TEXT_BYTES];
static size_t got_bytes, take_bytes; /* how much the sink takes before it says stop */

static bool sink(void *context, const char *bytes, size_t len_bytes)
{
	(void)context;
	if (len_bytes > sizeof(got) - got_bytes)
		len_bytes = sizeof(got) - got_bytes;
	memcpy(got + got_bytes, bytes, len_bytes);
	got_bytes += len_bytes;
	return got_bytes < take_bytes;
}

static void set_up(void)
{
	fake_guest_init(&g);
	fake_user_init(&g);
	got_bytes = 0;
	take_bytes = SIZE_MAX;
}

static void check_text(const char *expected, size_t len_bytes)
{
	CU_ASSERT_EQUAL(got_bytes, len_bytes);
	CU_ASSERT_EQUAL(memcmp(got, expected, len_bytes), 0);
}

/* A read of @len_bytes from ARG; how many pages were absent. */
static unsigned read_text(uint64_t len_bytes)
{
	struct mm_text m;

	got_bytes = 0;
	CHECK_OK(mm_text_init(&m, &g.k, fake_mm(&g, 0, 0, 0, 0)));
	CHECK_OK(mm_text_read(&m, ARG, len_bytes, sink, NULL));
	return m.absent;
}

static void run_cmdline(gva_t mm)
{
	struct mm_text m;

	got_bytes = 0;
	CHECK_OK(mm_text_init(&m, &g.k, mm));
	CHECK_OK(mm_cmdline(&m, mm, sink, NULL));
}

TEST(mm_text, crosses_pages)
{
	set_up();
	memset(fake_user_page(ARG), 'a', PAGE);
	memset(fake_user_page(ARG + PAGE), 'b', PAGE);
	CU_ASSERT_EQUAL(read_text(PAGE + 3), 0);
	CU_ASSERT_EQUAL(got_bytes, PAGE + 3);
	CU_ASSERT_EQUAL(got[PAGE - 1], 'a');
	CU_ASSERT_EQUAL(got[PAGE], 'b');
}

TEST(mm_text, page_that_is_not_present_is_shown_and_counted)
{
	set_up();
	fake_user_absent(ARG);
	CU_ASSERT_EQUAL(read_text(100), 1);
	check_text(MM_NOT_IN_MEMORY, strlen(MM_NOT_IN_MEMORY));
}

/* Pages in a row that are not present are shown once, and counted each. */
TEST(mm_text, run_of_absent_pages_is_shown_once)
{
	set_up();
	strcpy(fake_user_page(ARG) + PAGE - 3, "xyz");
	fake_user_absent(ARG + PAGE);
	fake_user_absent(ARG + 2 * PAGE);
	strcpy(fake_user_page(ARG + 3 * PAGE), "end");
	CU_ASSERT_EQUAL(read_text(3 * PAGE + 3), 2);
	CU_ASSERT_EQUAL(got_bytes, PAGE + strlen(MM_NOT_IN_MEMORY) + 3);
	CU_ASSERT_EQUAL(
		memcmp(got + PAGE - 3, "xyz" MM_NOT_IN_MEMORY "end", 6 + strlen(MM_NOT_IN_MEMORY)),
		0);
}

/* As the kernel does; and unlike an absent page, nothing is counted. */
TEST(mm_text, ends_where_nothing_is_mapped)
{
	set_up();
	memset(fake_user_page(ARG), 'a', PAGE);
	CU_ASSERT_EQUAL(read_text(3 * PAGE), 0);
	CU_ASSERT_EQUAL(got_bytes, PAGE);
}

TEST(mm_text, stops_when_the_sink_has_enough)
{
	set_up();
	memset(fake_user_page(ARG), 'a', PAGE);
	memset(fake_user_page(ARG + PAGE), 'b', PAGE);
	take_bytes = 1;
	read_text(2 * PAGE);
	CU_ASSERT_EQUAL(got_bytes, PAGE);
}

/* A guest may claim that its arguments are all of its address space. */
TEST(mm_text, length_is_bounded)
{
	set_up();
	for (unsigned i = 0; i < FAKE_USER_PAGES; i++)
		fake_user_absent(ARG + i * PAGE);
	CU_ASSERT_EQUAL(read_text(UINT64_MAX), FAKE_USER_PAGES);
	CU_ASSERT_EQUAL(got_bytes, strlen(MM_NOT_IN_MEMORY));
}

TEST(mm_text, cmdline_is_the_arguments_with_their_zeros)
{
	set_up();
	memcpy(fake_user_page(ARG) + 16, "ps\0-ef\0HOME=/", 13);
	run_cmdline(fake_mm(&g, ARG + 16, ARG + 23, ARG + 23, ARG + 40));
	check_text("ps\0-ef", 7);
}

/* setproctitle() overwrites the last zero and may run on into the environment. */
TEST(mm_text, rewritten_cmdline_ends_at_its_first_zero)
{
	set_up();
	memcpy(fake_user_page(ARG), "sshd: somebody [priv]\0rest", 27);
	run_cmdline(fake_mm(&g, ARG, ARG + 5, ARG + 5, ARG + 100));
	check_text("sshd: somebody [priv]", 22);
	/* not into what is no environment of its own */
	run_cmdline(fake_mm(&g, ARG, ARG + 5, ARG + 50, ARG + 100));
	check_text("sshd:", 5);
}

TEST(mm_text, cmdline_that_cannot_be_is_empty)
{
	set_up();
	memset(fake_user_page(ARG), 'a', PAGE);
	run_cmdline(fake_mm(&g, ARG, ARG, ARG, ARG + 1));
	CU_ASSERT_EQUAL(got_bytes, 0);
	run_cmdline(fake_mm(&g, ARG + 9, ARG, ARG, ARG + 1)); /* ends before it begins */
	CU_ASSERT_EQUAL(got_bytes, 0);
	run_cmdline(fake_mm(&g, ARG, ARG + 4, 0, 0)); /* exec has not got so far */
	CU_ASSERT_EQUAL(got_bytes, 0);
}

TEST(mm_text, absent_arguments_are_not_an_empty_cmdline)
{
	struct mm_text m;
	gva_t mm;

	set_up();
	fake_user_absent(ARG);
	mm = fake_mm(&g, ARG, ARG + 8, ARG + 8, ARG + 16);
	CHECK_OK(mm_text_init(&m, &g.k, mm));
	CHECK_OK(mm_cmdline(&m, mm, sink, NULL));
	check_text(MM_NOT_IN_MEMORY, strlen(MM_NOT_IN_MEMORY));
	CU_ASSERT_TRUE(m.absent > 0);
}

TEST(mm_text, environ_lies_between_its_marks)
{
	struct mm_text m;
	gva_t mm;

	set_up();
	memcpy(fake_user_page(ARG), "argHOME=/root\0X=1\0more", 22);
	mm = fake_mm(&g, ARG, ARG + 3, ARG + 3, ARG + 18);
	CHECK_OK(mm_text_init(&m, &g.k, mm));
	CHECK_OK(mm_environ(&m, mm, sink, NULL));
	check_text("HOME=/root\0X=1", 15);
	got_bytes = 0;
	mm = fake_mm(&g, ARG, ARG + 3, ARG + 18, ARG + 3);
	CHECK_OK(mm_environ(&m, mm, sink, NULL));
	CU_ASSERT_EQUAL(got_bytes, 0);
}
