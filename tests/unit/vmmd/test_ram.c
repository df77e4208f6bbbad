/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "vmm/vmmd/ram.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "remotetrans/base/addr.h"

#define RAM_BYTES (64u << 20)
#define USED      0x200 /* a frame with something in it */
#define HOLE      0x300

static char path[] = "/dev/shm/test-ram.XXXXXX";
static struct ram r;
static int fd;

static void put(const void *bytes, size_t len_bytes)
{
	CU_ASSERT_EQUAL(pwrite(fd, bytes, len_bytes, (off_t)USED * FRAME_BYTES + 100),
			(ssize_t)len_bytes);
}

static void set_up(void)
{
	strcpy(path + strlen(path) - 6, "XXXXXX");
	fd = mkstemp(path);
	CU_ASSERT_FATAL(fd >= 0 && ftruncate(fd, RAM_BYTES) == 0);
	put("guest", 5);
	CHECK_OK(ram_open(&r, path));
	CHECK_OK(layout_of(MACHINE_Q35, RAM_BYTES, 0, &r.layout));
}

static void tear_down(void)
{
	ram_close(&r);
	CU_ASSERT_EQUAL(r.fd, -1);
	close(fd);
	unlink(path);
}

static blkcnt_t blocks(void)
{
	struct stat st;

	CU_ASSERT_EQUAL(fstat(fd, &st), 0);
	return st.st_blocks;
}

/* By pread the first time, by the mapping then: what the guest writes is seen by both. */
TEST(ram, what_the_guest_writes_is_read)
{
	uint8_t page[FRAME_BYTES];
	bool is_ram;

	set_up();
	for (int i = 0; i < 3; i++) {
		put(&(char){(char)('a' + i)}, 1);
		CHECK_OK(ram_read(&r, USED, page, &is_ram));
		CU_ASSERT_TRUE(is_ram);
		CU_ASSERT_EQUAL(page[99], 0);
		CU_ASSERT_EQUAL(page[100], 'a' + i);
		CU_ASSERT_EQUAL(memcmp(page + 101, "uest", 5), 0);
	}
	tear_down();
}

TEST(ram, reading_a_hole_fills_no_memory)
{
	uint8_t page[FRAME_BYTES];
	blkcnt_t before;
	bool is_ram;

	set_up();
	before = blocks();
	for (int i = 0; i < 3; i++) {
		memset(page, 1, sizeof(page));
		CHECK_OK(ram_read(&r, HOLE, page, &is_ram));
		CU_ASSERT_TRUE(is_ram && !page[0] && !page[FRAME_BYTES - 1]);
	}
	CU_ASSERT_EQUAL(blocks(), before);
	tear_down();
}

TEST(ram, beyond_its_end_is_no_ram)
{
	uint8_t page[FRAME_BYTES];
	bool is_ram;

	set_up();
	CHECK_OK(ram_read(&r, RAM_BYTES / FRAME_BYTES, page, &is_ram));
	CU_ASSERT_FALSE(is_ram);
	tear_down();
}
