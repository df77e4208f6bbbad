/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <lzma.h>
#include <string.h>
#include <zstd.h>

#include "kernel-profiles/layouts.h"
#include "kernel-profiles/modules.h"
#include "kernel-profiles/types.h"
#include "remotetrans/base/scope.h"
#include "tests/lib/unit.h"
#include "tests/unit/profiles/maker.h"

#define RELEASE "6.1.0-test"
#define PATH    "./lib/modules/6.1.0-test/kernel/drivers/net/virtio_net.ko"

static const char modinfo_text[] = "name=virtio_net\0\0vermagic=" RELEASE " SMP\0intree=Y";
static struct btf_maker base, split;
static struct maker image, own, object;

static struct span modinfo(void)
{
	return (struct span){(const uint8_t *)modinfo_text, sizeof(modinfo_text), 0};
}

/* Of the image: 1 unsigned int, 2 long unsigned int, 3 struct stats, 4 struct send_queue. */
static void image_make(void)
{
	btf_maker_init(&base);
	btf_make(&base, "unsigned int", BTF_INT, 0, 4);
	btf_word(&base, 32);
	btf_make(&base, "long unsigned int", BTF_INT, 0, 8);
	btf_word(&base, 64);
	btf_make(&base, "stats", BTF_STRUCT, 2, 16);
	btf_make_member(&base, "packets", 2, 0);
	btf_make_member(&base, "bytes", 2, 64);
	btf_make(&base, "send_queue", BTF_STRUCT, 1, 16); /* another one of that name */
	btf_make_member(&base, "stats", 3, 8 * 400);
	btf_make_all(&base, &image);
}

/* Of the module: a structure with the image's inside. */
static void own_make(void)
{
	btf_maker_init_split(&split, &base);
	uint32_t queue = btf_make(&split, "send_queue", BTF_STRUCT, 2, 48);
	btf_make_member(&split, "vq", 2, 0);
	btf_make_member(&split, "stats", 3, 8 * 24);
	uint32_t pointer = btf_make(&split, "", BTF_PTR, 0, queue);
	btf_make(&split, "virtnet_info", BTF_STRUCT, 1, 64);
	btf_make_member(&split, "sq", pointer, 8 * 8);
	btf_make_all(&split, &own);
}

static void object_make(bool with_types)
{
	struct span info = modinfo();

	image_make();
	own_make();
	struct span types = make_span(&own, 0);
	make_module(&object, &info, with_types ? &types : NULL);
}

static const struct err *add(struct modules *m, const char *path, const void *bytes,
			     size_t len_bytes)
{
	const struct blob file = {(uint8_t *)(uintptr_t)bytes, len_bytes};

	return modules_add(m, path, &file);
}

static const char *lines_of(struct lines *l, char **text)
{
	size_t len_bytes;

	CHECK_OK(lines_sorted(l, text, &len_bytes));
	return *text ? *text : "";
}

/* The lines that an image makes with the object as its module, or with none. */
static const struct err *build(bool with_module, const char *release, char **ret)
{
	CLEANUP(modules_deinit) struct modules m = {0};
	CLEANUP(lines_deinit) struct lines l = {0};
	struct span types = make_span(&image, 0);

	if (with_module)
		TRY(add(&m, PATH, object.bytes, object.used_bytes));
	TRY(types_add(&l, &types, &m, release));
	CU_ASSERT(strlen(lines_of(&l, ret)) < 65536);
	return NULL;
}

TEST(modules, wants_what_rows_name)
{
	struct modules m = {0};
	char name[MODULE_NAME_BYTES];

	CU_ASSERT(row_module("virtio_net:send_queue", name));
	CU_ASSERT_STRING_EQUAL(name, "virtio_net");
	CU_ASSERT(!row_module("task_struct", name));
	CU_ASSERT(modules_want(&m, PATH));
	CU_ASSERT(modules_want(&m, "./usr/lib/modules/7/kernel/drivers/net/xen-netfront.ko.xz"));
	CU_ASSERT(!modules_want(&m, "./lib/modules/6/kernel/fs/xfs/xfs.ko"));
	CU_ASSERT(!modules_want(&m, "./lib/modules/6/virtio_net.kox"));
	CU_ASSERT(!modules_want(&m, "./lib/modules/6/virtio_net"));
	CU_ASSERT(!modules_want(&m, "./lib/modules/6/.ko"));
	CU_ASSERT(!modules_complete(&m));
}

TEST(modules, are_taken_once)
{
	CLEANUP(modules_deinit) struct modules m = {0};

	object_make(true);
	CHECK_OK(add(&m, PATH, object.bytes, object.used_bytes));
	CU_ASSERT_EQUAL(m.count, 1);
	CU_ASSERT_STRING_EQUAL(m.all[0].name, "virtio_net");
	CU_ASSERT_EQUAL(m.all[0].object.len_bytes, object.used_bytes);
	CU_ASSERT(!modules_want(&m, PATH));
}

static void packed_check(const char *path, const void *bytes, size_t len_bytes)
{
	CLEANUP(modules_deinit) struct modules m = {0};

	CHECK_OK(add(&m, path, bytes, len_bytes));
	CU_ASSERT_EQUAL(m.all[0].object.len_bytes, object.used_bytes);
	CU_ASSERT(memcmp(m.all[0].object.bytes, object.bytes, object.used_bytes) == 0);
	for (size_t cut = 0; cut < len_bytes; cut += 1 + len_bytes / 50)
		CHECK_ERR(add(&m, "./xen-netfront.ko", bytes, cut), ERR_PROTO);
	CU_ASSERT_EQUAL(m.count, 1);
}

TEST(modules, are_unpacked)
{
	static uint8_t packed[sizeof(object.bytes)];
	size_t used = 0;

	object_make(true);
	CU_ASSERT_EQUAL_FATAL(lzma_easy_buffer_encode(0, LZMA_CHECK_CRC32, NULL, object.bytes,
						      object.used_bytes, packed, &used,
						      sizeof(packed)),
			      LZMA_OK);
	packed_check(PATH ".xz", packed, used);
	used = ZSTD_compress(packed, sizeof(packed), object.bytes, object.used_bytes, 1);
	CU_ASSERT_FATAL(!ZSTD_isError(used));
	packed_check(PATH ".zst", packed, used);
}

TEST(modules, give_types_that_continue_the_images)
{
	AUTO_FREE char *text = NULL;

	object_make(true);
	CHECK_OK(build(true, RELEASE, &text));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "field send_queue_packets 24 8\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "field send_queue_bytes 32 8\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "field virtnet_info_sq 8 8\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "size send_queue 48\n"));
}

TEST(modules, that_are_built_in_have_their_types_in_the_image)
{
	AUTO_FREE char *text = NULL;

	object_make(true);
	CHECK_OK(build(false, RELEASE, &text));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "field send_queue_packets 400 8\n"));
	CU_ASSERT_PTR_NULL(strstr(text, "virtnet_info_sq"));
}

TEST(modules, without_types_are_as_their_source_says)
{
	AUTO_FREE char *text = NULL;

	object_make(false);
	CHECK_OK(build(true, RELEASE, &text));
	/* not those of the image's send_queue; a type that the image lacks is no member */
	CU_ASSERT_PTR_NULL(strstr(text, "send_queue_packets"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "field virtnet_info_rq 32 8\n"));
}

TEST(modules, of_another_kernel_are_refused)
{
	AUTO_FREE char *text = NULL;

	object_make(true);
	CHECK_ERR(build(true, "6.1.0-tes", &text), ERR_PROTO);
	CHECK_ERR(build(true, "6.1.0-test2", &text), ERR_PROTO);
	CHECK_ERR(build(true, "", &text), ERR_PROTO);
}

TEST(modules, survive_any_wrong_byte)
{
	unsigned refused = 0;

	object_make(true);
	for (size_t i = 0; i < object.used_bytes; i++) {
		AUTO_FREE char *text = NULL;

		object.bytes[i] ^= 0xff;
		refused += build(true, RELEASE, &text) != NULL;
		object.bytes[i] ^= 0xff;
	}
	CU_ASSERT(refused > 0);
	CU_ASSERT(refused < object.used_bytes);
}

/* Types of the sizes that layouts.def builds upon. */
static void layout_make(void)
{
	image_make();
	btf_make(&base, "scatterlist", BTF_STRUCT, 0, 32);
	btf_make(&base, "napi_struct", BTF_STRUCT, 0, 392);
	btf_make(&base, "page_frag", BTF_STRUCT, 0, 16);
	btf_make(&base, "xdp_rxq_info", BTF_STRUCT, 0, 64);
	btf_make(&base, "short unsigned int", BTF_INT, 0, 2);
	btf_word(&base, 16);
	btf_make(&base, "char", BTF_INT, 0, 1);
	btf_word(&base, 8);
	btf_make_all(&base, &image);
}

/* The figures are those that virtnet_stats() of Debian's 5.10.223 is compiled to. */
TEST(layouts, are_aligned_as_a_compiler_does_it)
{
	CLEANUP(btf_deinit) struct btf b;
	struct field f;
	uint32_t size;

	layout_make();
	struct span types = make_span(&image, 0);
	CHECK_OK(btf_init(&b, &types));
	CHECK_OK(layout_field(&b, "virtio_net:virtnet_info", "max_queue_pairs", &f));
	CU_ASSERT(f.offset_bytes == 44 && f.size_bytes == 2);
	CHECK_OK(layout_field(&b, "virtio_net:send_queue", "stats.packets", &f));
	CU_ASSERT_EQUAL(f.offset_bytes, 656);
	CHECK_OK(layout_field(&b, "virtio_net:receive_queue", "stats.drops", &f));
	CU_ASSERT_EQUAL(f.offset_bytes, 424);
	CHECK_OK(layout_field(&b, "virtio_net:receive_queue", "name", &f));
	CU_ASSERT(f.offset_bytes == 1116 && f.size_bytes == 40);
	CHECK_OK(layout_size(&b, "virtio_net:send_queue", &size));
	CU_ASSERT_EQUAL(size, 1088);
	CHECK_OK(layout_size(&b, "virtio_net:receive_queue", &size));
	CU_ASSERT_EQUAL(size, 1280);
	CHECK_ERR(layout_field(&b, "virtio_net:send_queue", "other", &f), ERR_ABSENT);
	CHECK_ERR(layout_size(&b, "virtio_net:other", &size), ERR_ABSENT);
}
