/* SPDX-License-Identifier: MIT */
/*
 * bytes - little- and big-endian access, wiping and constant-time comparison.
 * The pointers carry no alignment and no type of their own.
 */
#ifndef VMM_CORE_BYTES_H
#define VMM_CORE_BYTES_H

#include "vmm/core/types.h"

static inline void bytes_copy(void *to, const void *from, uint32_t len_bytes)
{
	__builtin_memcpy(to, from, len_bytes);
}

static inline void bytes_zero(void *at, uint32_t len_bytes)
{
	__builtin_memset(at, 0, len_bytes);
}

/* Zero secrets; the compiler may not drop it although nobody reads them again. */
static inline void bytes_wipe(void *at, uint32_t len_bytes)
{
	__builtin_memset(at, 0, len_bytes);
	__asm__ volatile("" : : "r"(at) : "memory");
}

/* Takes the same time wherever the difference is. */
static inline bool bytes_equal(const void *a, const void *b, uint32_t len_bytes)
{
	const uint8_t *x = a;
	const uint8_t *y = b;
	uint8_t differ = 0;

	for (uint32_t i = 0; i < len_bytes; i++)
		differ = (uint8_t)(differ | (x[i] ^ y[i]));
	return differ == 0;
}

static inline bool bytes_are_zero(const void *at, uint32_t len_bytes)
{
	const uint8_t *x = at;
	uint8_t any = 0;

	for (uint32_t i = 0; i < len_bytes; i++)
		any = (uint8_t)(any | x[i]);
	return any == 0;
}

/* The machines that this runs on are little-endian; a copy of known size becomes one move. */
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "x86");

static inline uint32_t bytes_load_le32(const uint8_t *at)
{
	uint32_t v;

	bytes_copy(&v, at, sizeof(v));
	return v;
}

static inline uint64_t bytes_load_le64(const uint8_t *at)
{
	uint64_t v;

	bytes_copy(&v, at, sizeof(v));
	return v;
}

static inline uint32_t bytes_load_be32(const uint8_t *at)
{
	return __builtin_bswap32(bytes_load_le32(at));
}

static inline void bytes_store_le32(uint8_t *at, uint32_t v)
{
	bytes_copy(at, &v, sizeof(v));
}

static inline void bytes_store_le64(uint8_t *at, uint64_t v)
{
	bytes_copy(at, &v, sizeof(v));
}

static inline void bytes_store_be32(uint8_t *at, uint32_t v)
{
	bytes_store_le32(at, __builtin_bswap32(v));
}

static inline void bytes_store_be64(uint8_t *at, uint64_t v)
{
	bytes_store_le64(at, __builtin_bswap64(v));
}

#endif
