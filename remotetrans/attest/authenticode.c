/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Authenticode SHA-256 of a PE/COFF file. Input: may be hostile. */
#include "remotetrans/attest/authenticode.h"

#include <stdlib.h>
#include <string.h>

#include "remotetrans/attest/digest.h"
#include "remotetrans/base/buf.h"

#define SECTIONS_MAX 96u /* as Windows and EDK2 have it */
#define NAME_BYTES   8u

/* Microsoft, 'PE Format': offsets in the DOS header, then in the optional header. */
#define LFANEW            0x3cu
#define OPTIONAL_HEADERS  60u
#define OPTIONAL_CHECKSUM 64u
#define DIRECTORIES_32    92u  /* NumberOfRvaAndSizes of PE32 */
#define DIRECTORIES_64    108u /* of PE32+ */
#define MAGIC_32          0x10bu
#define MAGIC_64          0x20bu
#define SECURITY          4u /* the certificate directory */
#define DIRECTORY_BYTES   8u
#define CHECKSUM_BYTES    4u

struct section {
	uint8_t name[NAME_BYTES];
	uint32_t virtual_bytes, raw_bytes, raw_at;
};

struct pe {
	const uint8_t *bytes; /* borrowed */
	size_t len_bytes;
	size_t checksum_at, security_at; /* in the file; security_at 0: no such directory */
	uint32_t headers_bytes, certificates_bytes;
	unsigned count;
	struct section sections[SECTIONS_MAX];
};

/* --- taking the file apart -------------------------------------------------------------------- */

static size_t offset_of(const struct pe *pe, const struct buf_reader *r)
{
	return (size_t)(r->at - pe->bytes);
}

static const struct err *magic_check(struct buf_reader *r, const char *magic, size_t len_bytes)
{
	const uint8_t *found;

	TRY(buf_read_view(r, len_bytes, &found));
	return memcmp(found, magic, len_bytes) == 0 ? NULL : ERR(ERR_PROTO, "not an EFI program");
}

/* @r: the optional header, and nothing else. */
static const struct err *optional_read(struct pe *pe, struct buf_reader r)
{
	uint32_t directories;
	uint16_t magic;

	TRY(buf_read_u16(&r, &magic));
	if (magic != MAGIC_32 && magic != MAGIC_64)
		return ERR(ERR_PROTO, "neither PE32 nor PE32+");
	TRY(buf_skip(&r, OPTIONAL_HEADERS - sizeof(magic)));
	TRY(buf_read_u32(&r, &pe->headers_bytes));
	pe->checksum_at = offset_of(pe, &r);
	TRY(buf_skip(&r,
		     (magic == MAGIC_64 ? DIRECTORIES_64 : DIRECTORIES_32) - OPTIONAL_CHECKSUM));
	TRY(buf_read_u32(&r, &directories));
	if (directories <= SECURITY)
		return NULL;
	TRY(buf_skip(&r, SECURITY * DIRECTORY_BYTES));
	pe->security_at = offset_of(pe, &r);
	TRY(buf_skip(&r, 4)); /* where: the end of the file is taken for it, as EDK2 does */
	return buf_read_u32(&r, &pe->certificates_bytes);
}

static const struct err *section_read(struct buf_reader *r, struct section *ret)
{
	TRY(buf_read_bytes(r, ret->name, sizeof(ret->name)));
	TRY(buf_read_u32(r, &ret->virtual_bytes));
	TRY(buf_skip(r, 4)); /* virtual address */
	TRY(buf_read_u32(r, &ret->raw_bytes));
	TRY(buf_read_u32(r, &ret->raw_at));
	return buf_skip(r, 16); /* relocations, line numbers, characteristics */
}

static const struct err *headers_read(struct pe *pe)
{
	struct buf_reader r = buf_reader_over(pe->bytes, pe->len_bytes);
	const uint8_t *optional;
	uint16_t count, optional_bytes;
	uint32_t at;

	TRY(magic_check(&r, "MZ", 2));
	TRY(buf_skip(&r, LFANEW - 2));
	TRY(buf_read_u32(&r, &at));
	r = buf_reader_over(pe->bytes, pe->len_bytes);
	TRY(buf_skip(&r, at));
	TRY(magic_check(&r, "PE\0", 4));
	TRY(buf_skip(&r, 2)); /* machine */
	TRY(buf_read_u16(&r, &count));
	TRY(buf_skip(&r, 12)); /* time, symbols */
	TRY(buf_read_u16(&r, &optional_bytes));
	TRY(buf_skip(&r, 2)); /* characteristics */
	TRY(buf_read_view(&r, optional_bytes, &optional));
	TRY(optional_read(pe, buf_reader_over(optional, optional_bytes)));
	if (count > SECTIONS_MAX)
		return ERR(ERR_PROTO, "%u sections", count);
	for (; pe->count < count; pe->count++)
		TRY(section_read(&r, &pe->sections[pe->count]));
	if (pe->headers_bytes < offset_of(pe, &r) || pe->headers_bytes > pe->len_bytes)
		return ERR(ERR_PROTO, "headers of %u bytes in a file of %zu", pe->headers_bytes,
			   pe->len_bytes);
	return NULL;
}

static int section_order(const void *a, const void *b)
{
	const struct section *x = a, *y = b;

	return (x->raw_at > y->raw_at) - (x->raw_at < y->raw_at);
}

/* @sorted: out: those of @pe that the file holds anything of, in its order; none overlap. */
static const struct err *sections_sort(const struct pe *pe, struct section *sorted,
				       unsigned *ret_count)
{
	uint64_t end = pe->headers_bytes;
	unsigned count = 0;

	for (unsigned i = 0; i < pe->count; i++)
		if (pe->sections[i].raw_bytes)
			sorted[count++] = pe->sections[i];
	qsort(sorted, count, sizeof(*sorted), section_order);
	for (unsigned i = 0; i < count; i++) {
		if (sorted[i].raw_at < end)
			return ERR(ERR_PROTO, "sections overlap");
		end = (uint64_t)sorted[i].raw_at + sorted[i].raw_bytes;
	}
	if (end > pe->len_bytes)
		return ERR(ERR_PROTO, "a section ends after the end of the file");
	*ret_count = count;
	return NULL;
}

/* --- what counts ------------------------------------------------------------------------------ */

struct parts {
	struct digest_part all[SECTIONS_MAX + 4]; /* three of headers, one that trails */
	unsigned count;
	size_t len_bytes;
};

static void part_put(struct parts *p, const struct pe *pe, size_t from, size_t to)
{
	p->all[p->count++] = (struct digest_part){pe->bytes + from, to - from};
	p->len_bytes += to - from;
}

/* Headers end after the section table, so after checksum and directory. */
static void headers_put(struct parts *p, const struct pe *pe)
{
	size_t from = pe->checksum_at + CHECKSUM_BYTES;

	part_put(p, pe, 0, pe->checksum_at);
	if (pe->security_at) {
		part_put(p, pe, from, pe->security_at);
		from = pe->security_at + DIRECTORY_BYTES;
	}
	part_put(p, pe, from, pe->headers_bytes);
	p->len_bytes = pe->headers_bytes; /* EDK2's SumOfBytesHashed */
}

/* From as many bytes on as were counted: not where the last section ends, if there are gaps. */
static const struct err *trailing_put(struct parts *p, const struct pe *pe)
{
	size_t end;

	if (pe->certificates_bytes > pe->len_bytes - p->len_bytes)
		return ERR(ERR_PROTO, "certificates of %u bytes are not at the end of the file",
			   pe->certificates_bytes);
	end = pe->len_bytes - pe->certificates_bytes;
	part_put(p, pe, p->len_bytes, end);
	return NULL;
}

static const struct err *pe_read(const uint8_t *file, size_t len_bytes, struct pe *ret)
{
	*ret = (struct pe){.bytes = file, .len_bytes = len_bytes};
	return headers_read(ret);
}

const struct err *authenticode_digest(const uint8_t *file, size_t len_bytes, uint8_t ret[32])
{
	struct section sorted[SECTIONS_MAX];
	struct parts p = {0};
	unsigned count = 0;
	struct pe pe;

	TRY(pe_read(file, len_bytes, &pe));
	TRY(sections_sort(&pe, sorted, &count));
	headers_put(&p, &pe);
	for (unsigned i = 0; i < count; i++)
		part_put(&p, &pe, sorted[i].raw_at, (size_t)sorted[i].raw_at + sorted[i].raw_bytes);
	TRY(trailing_put(&p, &pe));
	return digest_parts(p.all, p.count, ret);
}

const struct err *authenticode_section(const uint8_t *file, size_t len_bytes, const char *name,
				       const uint8_t **ret, uint32_t *ret_bytes)
{
	char wanted[NAME_BYTES + 1] = {0};
	struct pe pe;

	memcpy(wanted, name, strnlen(name, NAME_BYTES));
	TRY(pe_read(file, len_bytes, &pe));
	for (unsigned i = 0; i < pe.count; i++) {
		const struct section *s = &pe.sections[i];

		if (memcmp(s->name, wanted, NAME_BYTES) != 0)
			continue;
		if (s->virtual_bytes > s->raw_bytes ||
		    (uint64_t)s->raw_at + s->virtual_bytes > len_bytes)
			return ERR(ERR_PROTO, "section %s is not in the file to its end", name);
		*ret = file + s->raw_at;
		*ret_bytes = s->virtual_bytes;
		return NULL;
	}
	return ERR(ERR_ABSENT, "no section %s", name);
}
