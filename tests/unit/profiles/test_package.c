/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "kernel-profiles/package.h"
#include "remotetrans/base/scope.h"
#include "tests/lib/unit.h"
#include "tests/unit/profiles/maker.h"

static struct maker tar;

static void member_make(const char *name, char type, const char *size, const char *contents)
{
	size_t start = tar.used_bytes;

	make_bytes(&tar, name, strlen(name));
	while (tar.used_bytes < start + 124)
		make_number(&tar, 0, 1);
	make_bytes(&tar, size, strlen(size));
	while (tar.used_bytes < start + 156)
		make_number(&tar, 0, 1);
	make_number(&tar, (uint8_t)type, 1);
	make_align(&tar, 512);
	make_bytes(&tar, contents, strlen(contents));
	make_align(&tar, 512);
}

static int stream_of(const uint8_t *bytes, size_t len_bytes)
{
	int fd = memfd_create("tar", MFD_CLOEXEC);

	if (fd < 0 || write(fd, bytes, len_bytes) != (ssize_t)len_bytes ||
	    lseek(fd, 0, SEEK_SET) != 0)
		abort();
	return fd;
}

static const struct err *find(struct kernel_files *ret)
{
	AUTO_CLOSE int fd = stream_of(tar.bytes, tar.used_bytes);

	return package_tar_read(fd, ret);
}

static void find_check(const char *path)
{
	struct kernel_files out = {0};

	tar.used_bytes = 0;
	member_make("./", '5', "00000000000", "");
	member_make("./usr/share/doc/vmlinuz", '0', "00000000005", "wrong");
	member_make(path, '0', "00000000006 ", "kernel");
	CHECK_OK(find(&out));
	CU_ASSERT(out.image.len_bytes == 6 && memcmp(out.image.bytes, "kernel", 6) == 0);
	kernel_files_deinit(&out);
}

TEST(package, finds_the_image_where_debian_puts_it)
{
	find_check("./boot/vmlinuz-6.1.0-50-cloud-amd64");
	find_check("./usr/lib/modules/7.2.13+deb14-amd64/vmlinuz");
	find_check("./lib/modules/7.2/vmlinuz");
}

TEST(package, gives_modules_that_rows_name)
{
	struct kernel_files out = {0};

	tar.used_bytes = 0;
	member_make("./lib/modules/6/kernel/fs/xfs.ko", '0', "00000000010", "\177ELFxfs");
	member_make("./lib/modules/6/kernel/virtio_net.ko", '0', "00000000007", "\177ELFnet");
	CHECK_OK(find(&out));
	CU_ASSERT_PTR_NULL(out.image.bytes);
	CU_ASSERT_EQUAL_FATAL(out.modules.count, 1);
	CU_ASSERT_STRING_EQUAL(out.modules.all[0].name, "virtio_net");
	CU_ASSERT(memcmp(out.modules.all[0].object.bytes, "\177ELFnet", 7) == 0);
	/* a second package adds what the first had not */
	tar.used_bytes = 0;
	member_make("./boot/vmlinuz-6", '0', "00000000006", "kernel");
	member_make("./lib/modules/6/kernel/virtio_net.ko", '0', "00000000007", "\177ELFtwo");
	CHECK_OK(find(&out));
	CU_ASSERT_EQUAL(out.image.len_bytes, 6);
	CU_ASSERT_EQUAL(out.modules.count, 1);
	kernel_files_deinit(&out);
}

TEST(package, says_when_there_is_none)
{
	struct kernel_files out = {0};

	tar.used_bytes = 0;
	CHECK_ERR(find(&out), ERR_USAGE);
	member_make("./boot/vmlinuz-1", '2', "00000000000", ""); /* a symbolic link */
	member_make("./boot/config-1", '0', "00000000003", "y=1");
	member_make("./boot/a/vmlinuz-1", '0', "00000000003", "y=1");
	CHECK_ERR(find(&out), ERR_USAGE);
	make_number(&tar, 0, 8);
	make_align(&tar, 512);
	CHECK_ERR(find(&out), ERR_USAGE);
}

static void prefix_run(const uint8_t *bytes, size_t len_bytes)
{
	AUTO_CLOSE int fd = stream_of(bytes, len_bytes);
	struct kernel_files out = {0};
	const struct err *e = package_tar_read(fd, &out);

	/* at the border of two members it is a package without a kernel */
	CU_ASSERT(e && (e->kind == ERR_PROTO || e->kind == ERR_USAGE));
	CU_ASSERT(e && (e->kind == ERR_PROTO || len_bytes % 512 == 0));
}

/* Members that are not wanted: their bytes are there, all zero, and cost the package nothing. */
TEST(package, that_is_a_bomb_is_refused)
{
	const off_t member_bytes = (off_t)1 << 31;
	struct kernel_files out = {0};

	tar.used_bytes = 0;
	member_make("./other", '0', "20000000000", "");
	AUTO_CLOSE int fd = stream_of(tar.bytes, 512);
	for (int i = 1; i < 4; i++)
		CU_ASSERT_EQUAL_FATAL(pwrite(fd, tar.bytes, 512, i * (member_bytes + 512)), 512);
	const struct err *e = package_tar_read(fd, &out);
	CU_ASSERT_FATAL(e != NULL);
	CU_ASSERT_EQUAL(e->kind, ERR_PROTO);
	CU_ASSERT_PTR_NOT_NULL(strstr(e->message, "unpacks to more"));
}

TEST(package, refuses_every_prefix)
{
	tar.used_bytes = 0;
	member_make("./boot/config-1", '0', "00000000003", "y=1");
	member_make("./boot/vmlinuz-1", '0', "00000000006", "kernel");
	tar.used_bytes -= 512 - 6;
	each_prefix(&tar, prefix_run);
}

static void size_refused(const char *size)
{
	struct kernel_files out = {0};

	tar.used_bytes = 0;
	member_make("./boot/vmlinuz-1", '0', size, "kernel");
	CHECK_ERR(find(&out), ERR_PROTO);
}

TEST(package, refuses_hostile_sizes)
{
	size_refused("77777777777");
	size_refused("00000000000");
	size_refused("0000000009");
	size_refused("-1");
	size_refused("\x80");
	tar.used_bytes = 0;
	struct kernel_files out = {0};
	member_make("./other", '0', "777777777777", "");
	CHECK_ERR(find(&out), ERR_PROTO);
}
