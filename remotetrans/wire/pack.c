/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compressed records. Input: attacker-controlled. */
#include "remotetrans/wire/pack.h"

#include <stdlib.h>

#include <zstd.h>

#include "remotetrans/base/check.h"
#include "remotetrans/wire/stream.h"

#define LEVEL (-1) /* a little slower than lz4, and a third shorter */

void packer_deinit(struct packer *p)
{
	ZSTD_freeCCtx(p->compressor);
	ZSTD_freeDCtx(p->decompressor);
	free(p->bytes);
	*p = (struct packer){0};
}

/* One byte less than there are must do: else it is not worth it. */
bool pack_records(struct packer *p, const struct msg_records *m, struct msg_packed *ret)
{
	size_t len = m->bytes.len_bytes;

	if (!p->compressor)
		p->compressor = ZSTD_createCCtx();
	if (!p->compressor || len < 2 || stream_reserve(&p->bytes, &p->size_bytes, len))
		return false;
	size_t n = ZSTD_compressCCtx(p->compressor, p->bytes, len - 1, m->bytes.bytes, len, LEVEL);
	if (ZSTD_isError(n))
		return false;
	*ret = (struct msg_packed){.count = m->count,
				   .unpacked_bytes = (uint32_t)len,
				   .bytes = {p->bytes, (uint32_t)n}};
	return true;
}

const struct err *unpack_records(struct packer *p, const struct msg_packed *m,
				 struct msg_records *ret)
{
	if (!CHECK(packed_length, m->unpacked_bytes <= WIRE_RECORDS_BYTES_MAX))
		return ERR(ERR_PROTO, "records of %u bytes where %u are allowed", m->unpacked_bytes,
			   WIRE_RECORDS_BYTES_MAX);
	if (!p->decompressor)
		p->decompressor = ZSTD_createDCtx();
	if (!p->decompressor)
		return ERR(ERR_SYSTEM, "no memory to unpack records");
	TRY(stream_reserve(&p->bytes, &p->size_bytes, m->unpacked_bytes));
	size_t n = ZSTD_decompressDCtx(p->decompressor, p->bytes, m->unpacked_bytes, m->bytes.bytes,
				       m->bytes.len_bytes);
	if (ZSTD_isError(n))
		return ERR(ERR_PROTO, "compressed records do not unpack: %s", ZSTD_getErrorName(n));
	if (!CHECK(packed_size, n == m->unpacked_bytes))
		return ERR(ERR_PROTO, "compressed records of %zu bytes that say they are %u", n,
			   m->unpacked_bytes);
	*ret = (struct msg_records){.count = m->count, .bytes = {p->bytes, (uint32_t)n}};
	return NULL;
}
