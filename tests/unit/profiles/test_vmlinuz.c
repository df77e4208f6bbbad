/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <lz4.h>
#include <lzma.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "kernel-profiles/vmlinuz.h"
#include "tests/lib/unit.h"
#include "tests/unit/profiles/maker.h"

#define KERNEL_BYTES 5000

static uint8_t kernel[KERNEL_BYTES];
static struct maker image, payload;
static uint8_t packed[1u << 15];

static void kernel_make(void)
{
	for (unsigned i = 0; i < KERNEL_BYTES; i++)
		kernel[i] = (uint8_t)(i * i / 7);
}

/* What the kernel's build appends: the unpacked size; gzip has it in its own trailer. */
static void payload_make(const char *magic, const void *bytes, size_t len_bytes, bool with_size)
{
	payload.used_bytes = 0;
	make_bytes(&payload, magic, strlen(magic));
	make_bytes(&payload, bytes, len_bytes);
	if (with_size)
		make_number(&payload, KERNEL_BYTES, 4);
	make_vmlinuz(&image, payload.bytes, payload.used_bytes);
}

static void unpack_check(void)
{
	struct blob out = {0};

	CHECK_OK(vmlinuz_unpack(image.bytes, image.used_bytes, &out));
	CU_ASSERT_EQUAL(out.len_bytes, KERNEL_BYTES);
	CU_ASSERT(out.bytes && memcmp(out.bytes, kernel, KERNEL_BYTES) == 0);
	blob_deinit(&out);
}

static void prefix_run(const uint8_t *bytes, size_t len_bytes)
{
	struct blob out = {0};

	CHECK_ERR(vmlinuz_unpack(bytes, len_bytes, &out), ERR_PROTO);
}

/* Damage anywhere in the payload: an error or other bytes, never more of them. */
static void damage_check(void)
{
	for (size_t i = 1040; i < image.used_bytes - 4; i++) {
		struct blob out = {0};

		image.bytes[i] ^= 0x55;
		if (!vmlinuz_unpack(image.bytes, image.used_bytes, &out))
			CU_ASSERT_EQUAL(out.len_bytes, KERNEL_BYTES);
		blob_deinit(&out);
		image.bytes[i] ^= 0x55;
	}
}

static void packing_check(void)
{
	unpack_check();
	each_prefix(&image, prefix_run);
	damage_check();
}

static void xz_make(void)
{
	lzma_options_lzma options;
	lzma_filter filters[] = {{.id = LZMA_FILTER_X86}, /* as scripts/xz_wrap.sh */
				 {.id = LZMA_FILTER_LZMA2, .options = &options},
				 {.id = LZMA_VLI_UNKNOWN}};
	size_t used = 0;

	kernel_make();
	CU_ASSERT_FATAL(!lzma_lzma_preset(&options, 6));
	CU_ASSERT_EQUAL_FATAL(lzma_stream_buffer_encode(filters, LZMA_CHECK_CRC32, NULL, kernel,
							KERNEL_BYTES, packed, &used,
							sizeof(packed)),
			      LZMA_OK);
	payload_make("", packed, used, true);
}

static void zstd_make(void)
{
	kernel_make();
	size_t used = ZSTD_compress(packed, sizeof(packed), kernel, KERNEL_BYTES, 19);

	CU_ASSERT_FATAL(!ZSTD_isError(used));
	payload_make("", packed, used, true);
}

static void lz4_make(void)
{
	kernel_make();
	payload.used_bytes = 0;
	int used = LZ4_compress_default((const char *)kernel, (char *)packed + 4, KERNEL_BYTES,
					sizeof(packed) - 4);

	CU_ASSERT_FATAL(used > 0);
	make_number(&payload, (uint32_t)used, 4);
	memcpy(packed, payload.bytes, 4);
	payload_make("\x02\x21\x4c\x18", packed, (size_t)used + 4, true);
}

static void gzip_make(void)
{
	z_stream z = {.next_in = kernel,
		      .avail_in = KERNEL_BYTES,
		      .next_out = packed,
		      .avail_out = sizeof(packed)};

	kernel_make();
	CU_ASSERT_FATAL(deflateInit2(&z, 9, Z_DEFLATED, 16 + MAX_WBITS, 9, Z_DEFAULT_STRATEGY) ==
			Z_OK);
	CU_ASSERT_FATAL(deflate(&z, Z_FINISH) == Z_STREAM_END);
	deflateEnd(&z);
	payload_make("", packed, z.total_out, false);
}

TEST(vmlinuz, unpacks_xz)
{
	xz_make();
	packing_check();
}

TEST(vmlinuz, unpacks_zstd)
{
	zstd_make();
	packing_check();
}

TEST(vmlinuz, unpacks_lz4)
{
	lz4_make();
	packing_check();
}

TEST(vmlinuz, unpacks_gzip)
{
	gzip_make();
	packing_check();
}

TEST(vmlinuz, recognises_itself)
{
	gzip_make();
	CU_ASSERT(vmlinuz_is(image.bytes, image.used_bytes));
	CU_ASSERT(!vmlinuz_is(image.bytes, 0x205));
	CU_ASSERT(!vmlinuz_is(kernel, KERNEL_BYTES));
	CU_ASSERT(!vmlinuz_is(NULL, 0));
}

static void header_refused(size_t at, uint64_t value, size_t len_bytes)
{
	struct maker wrong = image;
	struct blob out = {0};

	wrong.used_bytes = at;
	make_number(&wrong, value, len_bytes);
	wrong.used_bytes = image.used_bytes;
	CHECK_ERR(vmlinuz_unpack(wrong.bytes, wrong.used_bytes, &out), ERR_PROTO);
}

TEST(vmlinuz, refuses_hostile_headers)
{
	xz_make();
	header_refused(0x202, 0, 4);          /* no magic */
	header_refused(0x206, 0x207, 2);      /* a protocol without payload */
	header_refused(0x1f1, 255, 1);        /* setup code beyond the file */
	header_refused(0x248, 0xffffffff, 4); /* offset */
	header_refused(0x24c, 0xffffffff, 4); /* length */
	header_refused(0x24c, 0, 4);
	header_refused(0x24c, 3, 4);
	header_refused(1040, 0, 6);                          /* unknown compression */
	header_refused(image.used_bytes - 4, 0, 4);          /* unpacked size */
	header_refused(image.used_bytes - 4, 0xffffffff, 4); /* more than a kernel may have */
	header_refused(image.used_bytes - 4, KERNEL_BYTES - 1, 4);
	header_refused(image.used_bytes - 4, KERNEL_BYTES + 1, 4);
}
