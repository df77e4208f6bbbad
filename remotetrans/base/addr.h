/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The three kinds of guest address, each a type of its own so that the compiler tells them apart. */
#ifndef RT_BASE_ADDR_H
#define RT_BASE_ADDR_H

#include <stdbool.h>
#include <stdint.h>

#define FRAME_SHIFT 12
#define FRAME_BYTES 4096u

typedef struct {
	uint64_t v;
} gva_t; /* guest virtual address */

typedef struct {
	uint64_t v;
} gpa_t; /* guest physical address */

typedef struct {
	uint64_t v;
} gfn_t; /* guest frame number: gpa >> 12; for a Xen PV guest the machine frame number */

static inline gva_t gva(uint64_t v)
{
	return (gva_t){v};
}

static inline gpa_t gpa(uint64_t v)
{
	return (gpa_t){v};
}

static inline gfn_t gfn(uint64_t v)
{
	return (gfn_t){v};
}

static inline gva_t gva_add(gva_t at, uint64_t bytes)
{
	return (gva_t){at.v + bytes};
}

static inline gva_t gva_sub(gva_t at, uint64_t bytes)
{
	return (gva_t){at.v - bytes};
}

static inline bool gva_is_null(gva_t at)
{
	return at.v == 0;
}

static inline bool gva_equal(gva_t a, gva_t b)
{
	return a.v == b.v;
}

static inline gfn_t gpa_frame(gpa_t at)
{
	return (gfn_t){at.v >> FRAME_SHIFT};
}

static inline uint32_t gpa_offset(gpa_t at)
{
	return (uint32_t)(at.v & (FRAME_BYTES - 1));
}

#endif
