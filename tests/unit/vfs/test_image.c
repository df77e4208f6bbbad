/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Images of the made-up guest of tests/trap, looked at as the library in a program does. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/lib/unit.h"
#include "transcall/inside/image.h"
#include "transcall/vfs/image_room.h"
#include "transcall/vfs/image_write.h"
#include "transcall/vfs/vfs.h"

static struct proc_view view;

static const struct err *want(void *context, uint64_t sets)
{
	(void)context;
	(void)sets;
	return NULL;
}

static void slept(void *context)
{
	(void)context;
}

static struct guest guest = {.view = &view, .reader_pid = 1, .want = want, .slept = slept};
static struct vfs v;
static char folder[64];

static void set_up(void)
{
	snprintf(folder, sizeof(folder), "/dev/shm/image-XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
	view = (struct proc_view){0};
	CHECK_OK(vfs_init(&v, &guest, open(folder, O_RDONLY | O_DIRECTORY),
			  open("/proc", O_RDONLY | O_DIRECTORY)));
	CHECK_OK(vfs_begin(&v, "", 0));
}

static void tear_down(void)
{
	char command[128];

	vfs_deinit(&v);
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	CU_ASSERT_EQUAL(system(command), 0);
}

/* As a program maps it; to be unmapped. */
static const struct image *open_image(const char *program)
{
	void *at;
	int fd = -1;

	CHECK_OK(images_open(&v, program, &fd));
	at = mmap(NULL, IMAGE_BYTES, PROT_READ, MAP_SHARED, fd, 0);
	CU_ASSERT_NOT_EQUAL_FATAL(at, MAP_FAILED);
	close(fd);
	return at;
}

static const struct image_entry *find(const struct image *i, const char *path)
{
	const struct image_entry *entries = (const void *)((const char *)i + i->entries);
	const uint32_t *slots = (const void *)((const char *)i + i->slots);
	uint32_t len = (uint32_t)strlen(path);
	uint32_t at = (uint32_t)image_hash(path, len) & (i->slot_count - 1);

	for (; slots[at]; at = (at + 1) & (i->slot_count - 1)) {
		const struct image_entry *entry = &entries[slots[at] - 1];

		if (entry->path_len == len && memcmp((const char *)i + entry->path, path, len) == 0)
			return entry;
	}
	return NULL;
}

static void check_text(const struct image *i, const char *path, uint32_t kind, const char *text,
		       size_t len)
{
	const struct image_entry *entry = find(i, path);

	CU_ASSERT_PTR_NOT_NULL_FATAL(entry);
	CU_ASSERT_EQUAL(entry->kind, kind);
	CU_ASSERT_EQUAL(entry->errnum, 0);
	CU_ASSERT_EQUAL_FATAL(entry->text_len, len);
	CU_ASSERT_EQUAL(memcmp((const char *)i + entry->text, text, len), 0);
}

TEST(image, has_what_the_program_reads)
{
	static const char cmdline[] = "/usr/bin/dbus-daemon\0--system";
	const struct image_entry *entry;
	const struct image *i;

	set_up();
	i = open_image("ps");
	CU_ASSERT_EQUAL(i->valid, 1);
	check_text(i, "/proc/300/cmdline", IMAGE_FILE, cmdline, sizeof(cmdline));
	check_text(i, "/proc/2/cmdline", IMAGE_FILE, "", 0);
	check_text(i, "/proc/uptime", IMAGE_FILE, "259200.00 250000.00\n", 20);
	entry = find(i, "/proc/300/ctty");
	CU_ASSERT_PTR_NOT_NULL_FATAL(entry);
	CU_ASSERT_EQUAL(entry->kind, IMAGE_ABSENT);
	CU_ASSERT_PTR_NULL(find(i, "/proc/300/maps"));
	CU_ASSERT_PTR_NULL(find(i, "/proc/413")); /* listed nowhere */
	munmap((void *)(uintptr_t)i, IMAGE_BYTES);
	tear_down();
}

TEST(image, has_attributes_and_links)
{
	const struct image_entry *entry;
	const struct image *i;
	const struct stat *st;

	set_up();
	i = open_image("netstat");
	entry = find(i, "/proc/9999");
	CU_ASSERT_PTR_NOT_NULL_FATAL(entry);
	CU_ASSERT_EQUAL(entry->kind, IMAGE_DIR);
	CU_ASSERT_EQUAL(entry->text, 0);
	st = (const void *)((const char *)i + entry->stat);
	CU_ASSERT_EQUAL(st->st_uid, 1000);
	CU_ASSERT_EQUAL(st->st_mode, S_IFDIR | 0555);
	check_text(i, "/proc/1/fd/3", IMAGE_LINK, "socket:[777]", 12);
	CU_ASSERT_NOT_EQUAL(find(i, "/proc/1/fd")->text, 0);
	munmap((void *)(uintptr_t)i, IMAGE_BYTES);
	tear_down();
}

/* Each record says where the next one starts, and the last where the text ends. */
TEST(image, listings_are_records)
{
	const struct image_entry *entry;
	const struct image *i;
	const char *text;
	unsigned count = 0;
	uint32_t at = 0;

	set_up();
	i = open_image("top");
	entry = find(i, "/proc");
	CU_ASSERT_PTR_NOT_NULL_FATAL(entry);
	text = (const char *)i + entry->text;
	while (at < entry->text_len) {
		const struct dirent64 *r = (const void *)(text + at);

		CU_ASSERT_EQUAL_FATAL(r->d_off, at + r->d_reclen);
		CU_ASSERT_EQUAL(r->d_reclen % 8, 0);
		if (count++ < 2)
			CU_ASSERT_EQUAL(strspn(r->d_name, "."), strlen(r->d_name));
		at += r->d_reclen;
	}
	CU_ASSERT_EQUAL(at, entry->text_len);
	CU_ASSERT_EQUAL(count, 23);
	munmap((void *)(uintptr_t)i, IMAGE_BYTES);
	tear_down();
}

TEST(image, is_nobodys_to_write)
{
	const struct image *i;
	int fd = -1, again;
	char path[64];

	set_up();
	i = open_image("ps");
	CHECK_OK(images_open(&v, "ps", &fd));
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	again = open(path, O_RDWR | O_CLOEXEC);
	CU_ASSERT_TRUE(again < 0 || write(again, "x", 1) < 0);
	CU_ASSERT_EQUAL(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, again, 0), MAP_FAILED);
	CU_ASSERT_EQUAL(ftruncate(again, 0), -1);
	CU_ASSERT_EQUAL(mprotect((void *)(uintptr_t)i, 4096, PROT_READ | PROT_WRITE), -1);
	close(fd);
	close(again);
	munmap((void *)(uintptr_t)i, IMAGE_BYTES);
	tear_down();
}

TEST(image, is_old_after_a_sleep_and_stays_as_it_was)
{
	const struct image *before, *after;

	set_up();
	before = open_image("ps");
	vfs_sleeps(&v);
	CU_ASSERT_EQUAL(before->valid, 0);
	after = open_image("ps"); /* it was no sleep */
	CU_ASSERT_EQUAL(before->valid, 1);
	munmap((void *)(uintptr_t)after, IMAGE_BYTES);
	vfs_sleeps(&v);
	usleep(20000);
	after = open_image("ps");
	CU_ASSERT_EQUAL(before->valid, 0);
	CU_ASSERT_EQUAL(after->valid, 1);
	CU_ASSERT_PTR_NOT_NULL(find(before, "/proc/300/status"));
	munmap((void *)(uintptr_t)before, IMAGE_BYTES);
	munmap((void *)(uintptr_t)after, IMAGE_BYTES);
	tear_down();
}

static void look_anew(void)
{
	vfs_sleeps(&v);
	usleep(20000);
}

/* For a program that asked for one before; it then gets that very image. */
TEST(image, is_made_in_advance_for_who_asks_again)
{
	const struct image *first, *second;

	set_up();
	CHECK_OK(images_prepare(&v, "ps"));
	CU_ASSERT_PTR_NULL(v.images.at); /* nobody has asked */
	first = open_image("ps");
	look_anew();
	CHECK_OK(images_prepare(&v, "netstat"));
	CU_ASSERT_EQUAL(v.images.at->valid, 0);
	CHECK_OK(images_prepare(&v, "ps"));
	struct image *made = v.images.at;
	CU_ASSERT_EQUAL(made->valid, 1);
	CU_ASSERT_EQUAL(first->valid, 0);
	second = open_image("ps");
	CU_ASSERT_PTR_EQUAL(v.images.at, made);
	CU_ASSERT_EQUAL(second->valid, 1);
	CU_ASSERT_PTR_NOT_NULL(find(second, "/proc/300/status"));
	munmap((void *)(uintptr_t)first, IMAGE_BYTES);
	munmap((void *)(uintptr_t)second, IMAGE_BYTES);
	tear_down();
}

TEST(image, who_is_not_in_the_table_gets_none)
{
	int fd = -1;

	set_up();
	CHECK_ERR(images_open(&v, "nobody", &fd), ERR_ABSENT);
	CU_ASSERT_EQUAL(fd, -1);
	CHECK_OK(images_open(&v, "lib.so", &fd));
	close(fd);
	tear_down();
}

/* What a program does not read is not lost to it. */
TEST(image, counts_nothing)
{
	const struct image *i;

	set_up();
	i = open_image("ps");
	CU_ASSERT_EQUAL(view.unreadable, 0);
	CU_ASSERT_EQUAL(view.races, 0);
	munmap((void *)(uintptr_t)i, IMAGE_BYTES);
	tear_down();
}

/* More than there is room for: what was put is found, and nothing lies beyond the end. */
TEST(image, has_an_end)
{
	static char text[1 << 20];
	struct image *i = mmap(NULL, IMAGE_BYTES, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	struct writing w = {.image = i};
	unsigned put = 0;
	char path[32];

	CU_ASSERT_NOT_EQUAL_FATAL((void *)i, MAP_FAILED);
	i->used_bytes = sizeof(*i);
	for (unsigned n = 0; n < 100; n++) {
		struct image_entry entry = {.kind = IMAGE_FILE, .text_len = sizeof(text)};

		snprintf(path, sizeof(path), "/proc/%u/maps", n);
		entry.text = writing_keep(&w, text, sizeof(text));
		if (entry.text)
			CHECK_OK(writing_put(&w, path, entry));
		put += entry.text != 0;
	}
	writing_end(&w);
	CU_ASSERT_EQUAL(put, 63);
	CU_ASSERT_TRUE(i->used_bytes <= IMAGE_BYTES);
	CU_ASSERT_PTR_NOT_NULL(find(i, "/proc/0/maps"));
	CU_ASSERT_PTR_NOT_NULL(find(i, "/proc/62/maps"));
	CU_ASSERT_PTR_NULL(find(i, "/proc/63/maps"));
	writing_deinit(&w);
	munmap(i, IMAGE_BYTES);
}

/* What texts leave is enough for the table, to the last byte. */
TEST(image, has_room_for_its_table)
{
	static const unsigned counts[] = {0, 1, 32, 33, 34, 36, 129};
	static char text[1 << 20];
	char path[32];

	for (size_t c = 0; c < sizeof(counts) / sizeof(counts[0]); c++) {
		struct image *i = mmap(NULL, IMAGE_BYTES, PROT_READ | PROT_WRITE,
				       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		struct writing w = {.image = i};

		CU_ASSERT_NOT_EQUAL_FATAL((void *)i, MAP_FAILED);
		i->used_bytes = sizeof(*i);
		for (unsigned n = 0; n < counts[c]; n++) {
			snprintf(path, sizeof(path), "/proc/%u/maps", n);
			CHECK_OK(writing_put(&w, path, (struct image_entry){.kind = IMAGE_FILE}));
		}
		for (size_t len = sizeof(text); len; len /= 2)
			while (writing_keep(&w, text, len))
				;
		writing_end(&w);
		CU_ASSERT_TRUE(i->entries >= sizeof(*i) && i->slots > sizeof(*i));
		CU_ASSERT_TRUE(i->used_bytes <= IMAGE_BYTES);
		for (unsigned n = 0; n < counts[c]; n++) {
			snprintf(path, sizeof(path), "/proc/%u/maps", n);
			CU_ASSERT_PTR_NOT_NULL(find(i, path));
		}
		writing_deinit(&w);
		munmap(i, IMAGE_BYTES);
	}
}

TEST(image, has_a_hundred_thousand_entries)
{
	struct image *i = mmap(NULL, IMAGE_BYTES, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	struct writing w = {.image = i};
	unsigned found = 0;
	char path[32];

	CU_ASSERT_NOT_EQUAL_FATAL((void *)i, MAP_FAILED);
	i->used_bytes = sizeof(*i);
	for (unsigned n = 0; n < 100000; n++) {
		snprintf(path, sizeof(path), "/proc/%u/ctty", n);
		CHECK_OK(writing_put(&w, path, (struct image_entry){.kind = IMAGE_ABSENT}));
	}
	writing_end(&w);
	for (unsigned n = 0; n < 100000; n++) {
		snprintf(path, sizeof(path), "/proc/%u/ctty", n);
		found += find(i, path) != NULL;
	}
	CU_ASSERT_EQUAL(found, 100000);
	CU_ASSERT_PTR_NULL(find(i, "/proc/100000/ctty"));
	writing_deinit(&w);
	munmap(i, IMAGE_BYTES);
}
