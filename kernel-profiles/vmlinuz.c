/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The payload of an x86 kernel image (bzImage).
 * Input: a file that the user names; every offset and length in it is checked.
 */
#include "kernel-profiles/vmlinuz.h"

#include <lz4.h>
#include <lzma.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "kernel-profiles/span.h"
#include "remotetrans/base/buf.h"

/* Documentation/arch/x86/boot.rst, "The Real-Mode Kernel Header" */
#define SETUP_SECTS_AT        0x1f1
#define HEADER_MAGIC_AT       0x202
#define HEADER_MAGIC          0x53726448u /* "HdrS" */
#define PAYLOAD_OFFSET_AT     0x248
#define PROTOCOL_WITH_PAYLOAD 0x0208
#define SECTOR_BYTES          512u
#define SETUP_SECTS_DEFAULT   4 /* "for backwards compatibility, if it contains 0" */

#define XZ_MEMORY_MAX (256u << 20)
#define LZ4_BLOCK_MAX (8u << 20) /* lz4 legacy frames: 8 MB blocks, the last one shorter */
#define SIZE_TRAIL_BYTES                                                                           \
	4 /* the build appends the unpacked size (scripts/Makefile.lib, size_append) */

static const struct err *xz_unpack(struct span in, struct blob *out)
{
	uint64_t memory = XZ_MEMORY_MAX;
	size_t in_at = 0, out_at = 0;
	lzma_ret r = lzma_stream_buffer_decode(&memory, 0, NULL, in.bytes, &in_at, in.len_bytes,
					       out->bytes, &out_at, out->len_bytes);

	if (r != LZMA_OK || out_at != out->len_bytes)
		return ERR(ERR_PROTO, "xz payload is damaged (liblzma error %d)", (int)r);
	return NULL;
}

static const struct err *zstd_unpack(struct span in, struct blob *out)
{
	size_t frame_bytes = ZSTD_findFrameCompressedSize(in.bytes, in.len_bytes);

	if (ZSTD_isError(frame_bytes))
		return ERR(ERR_PROTO, "zstd payload is damaged: %s",
			   ZSTD_getErrorName(frame_bytes));
	size_t got = ZSTD_decompress(out->bytes, out->len_bytes, in.bytes, frame_bytes);
	if (ZSTD_isError(got) || got != out->len_bytes)
		return ERR(ERR_PROTO, "zstd payload is damaged: %s",
			   ZSTD_isError(got) ? ZSTD_getErrorName(got) : "another size");
	return NULL;
}

static const struct err *gzip_unpack(struct span in, struct blob *out)
{
	z_stream z = {.next_in = (Bytef *)(uintptr_t)in.bytes,
		      .avail_in = (uInt)in.len_bytes,
		      .next_out = out->bytes,
		      .avail_out = (uInt)out->len_bytes};

	if (inflateInit2(&z, 16 + MAX_WBITS) != Z_OK)
		return ERR(ERR_PROTO, "gzip payload: zlib does not start");
	int r = inflate(&z, Z_FINISH);
	inflateEnd(&z);
	if (r != Z_STREAM_END || z.avail_out != 0)
		return ERR(ERR_PROTO, "gzip payload is damaged (zlib error %d)", r);
	return NULL;
}

/* The legacy frame format: magic, then blocks of a 32-bit length and that many bytes. */
static const struct err *lz4_unpack(struct span in, struct blob *out)
{
	struct buf_reader r = buf_reader_over(in.bytes, in.len_bytes);
	size_t used = 0;

	TRY(buf_skip(&r, 4));
	while (used < out->len_bytes) {
		uint32_t block_bytes;
		const uint8_t *block;
		size_t room = out->len_bytes - used;

		TRY(buf_read_u32(&r, &block_bytes));
		TRY(buf_read_view(&r, block_bytes, &block));
		if (block_bytes == 0 || block_bytes > LZ4_COMPRESSBOUND(LZ4_BLOCK_MAX))
			return ERR(ERR_PROTO, "lz4 payload: block of %u bytes", block_bytes);
		int got = LZ4_decompress_safe((const char *)block, (char *)out->bytes + used,
					      (int)block_bytes,
					      (int)(room < LZ4_BLOCK_MAX ? room : LZ4_BLOCK_MAX));
		if (got <= 0)
			return ERR(ERR_PROTO, "lz4 payload is damaged");
		used += (size_t)got;
	}
	return NULL;
}

static const struct packing {
	uint8_t magic[6];
	uint8_t magic_bytes;
	const struct err *(*unpack)(struct span in, struct blob *out);
} packings[] = {
	{{0xfd, '7', 'z', 'X', 'Z', 0}, 6, xz_unpack},
	{{0x28, 0xb5, 0x2f, 0xfd}, 4, zstd_unpack},
	{{0x02, 0x21, 0x4c, 0x18}, 4, lz4_unpack},
	{{0x1f, 0x8b}, 2, gzip_unpack},
};

bool vmlinuz_is(const uint8_t *image, size_t len_bytes)
{
	struct buf_reader r = buf_reader_over(image, len_bytes);
	const uint8_t *magic;

	if (buf_skip(&r, HEADER_MAGIC_AT) || buf_read_view(&r, 4, &magic))
		return false;
	return memcmp(magic, "HdrS", 4) == 0;
}

/* Where the header says that the payload is, within the file. */
static const struct err *payload_find(const uint8_t *image, size_t len_bytes, struct span *ret)
{
	struct buf_reader r = buf_reader_over(image, len_bytes);
	uint8_t sects;
	uint32_t magic, offset, length;
	uint16_t protocol;
	const uint8_t *payload;

	TRY(buf_skip(&r, SETUP_SECTS_AT));
	TRY(buf_read_u8(&r, &sects));
	TRY(buf_skip(&r, HEADER_MAGIC_AT - SETUP_SECTS_AT - 1));
	TRY(buf_read_u32(&r, &magic));
	TRY(buf_read_u16(&r, &protocol));
	if (magic != HEADER_MAGIC || protocol < PROTOCOL_WITH_PAYLOAD)
		return ERR(ERR_PROTO, "not an x86 kernel image of boot protocol 2.08 or newer");
	TRY(buf_skip(&r, PAYLOAD_OFFSET_AT - HEADER_MAGIC_AT - 6));
	TRY(buf_read_u32(&r, &offset));
	TRY(buf_read_u32(&r, &length));
	r = buf_reader_over(image, len_bytes);
	TRY(buf_skip(&r, (sects ? sects : SETUP_SECTS_DEFAULT) * SECTOR_BYTES + SECTOR_BYTES));
	TRY(buf_skip(&r, offset));
	TRY(buf_read_view(&r, length, &payload));
	*ret = (struct span){.bytes = payload, .len_bytes = length};
	return NULL;
}

/* The unpacked size: the last four bytes, in a gzip stream's own trailer as well. */
static const struct err *unpacked_size(struct span payload, size_t *ret)
{
	struct buf_reader r = buf_reader_over(payload.bytes, payload.len_bytes);
	uint32_t size;

	if (payload.len_bytes < SIZE_TRAIL_BYTES)
		return ERR(ERR_PROTO, "kernel image with an empty payload");
	TRY(buf_skip(&r, payload.len_bytes - SIZE_TRAIL_BYTES));
	TRY(buf_read_u32(&r, &size));
	if (size == 0 || size > KERNEL_BYTES_MAX)
		return ERR(ERR_PROTO, "kernel image says to unpack to %u bytes", size);
	*ret = size;
	return NULL;
}

const struct err *vmlinuz_unpack(const uint8_t *image, size_t len_bytes, struct blob *ret)
{
	struct span payload;
	AUTO_BLOB struct blob out = {0};

	TRY(payload_find(image, len_bytes, &payload));
	TRY(unpacked_size(payload, &out.len_bytes));
	for (size_t i = 0; i < sizeof(packings) / sizeof(packings[0]); i++) {
		const struct packing *p = &packings[i];

		if (payload.len_bytes < p->magic_bytes ||
		    memcmp(payload.bytes, p->magic, p->magic_bytes) != 0)
			continue;
		out.bytes = malloc(out.len_bytes);
		if (!out.bytes)
			return ERR(ERR_SYSTEM, "no memory for a kernel image of %zu bytes",
				   out.len_bytes);
		TRY(p->unpack(payload, &out));
		*ret = out;
		out = (struct blob){0};
		return NULL;
	}
	return ERR(ERR_PROTO, "kernel payload is compressed neither with xz, lz4, zstd nor gzip");
}
