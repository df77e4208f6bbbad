/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Parser for QEMU's device state. Input: written by QEMU, but many of its bytes are the guest's
 * own (vector registers, device buffers), so every one of them counts as attacker-controlled.
 */
#include "vmm/vmmd/vmstate.h"

#include <stdbool.h>
#include <string.h>

#include "remotetrans/base/buf.h"

/* migration/savevm.h */
#define FILE_MAGIC     0x5145564du /* "QEVM" */
#define FILE_VERSION   3
#define SECTION_END    0x00
#define SECTION_FULL   0x04
#define SECTION_FOOTER 0x7e

#define SECTIONS_MAX    4096
#define SUBSECTIONS_MAX 256

/* one field of the vCPU section: a member to fill in, or bytes to skip */
struct cpu_field {
	size_t skip_bytes;
	size_t member_offset;
	size_t width_bytes;
};

static const struct cpu_field cpu_fields[] = {
#define SKIP(bytes, what) {.skip_bytes = (bytes)},
#define U32(member)       {.member_offset = offsetof(struct vmstate_cpu, member), .width_bytes = 4},
#define U64(member)       {.member_offset = offsetof(struct vmstate_cpu, member), .width_bytes = 8},
#include "vmm/vmmd/vmstate_layout.def"
#undef SKIP
#undef U32
#undef U64
};

enum {
	VMSTATE_CPU_BYTES = 0
#define SKIP(bytes, what) +(bytes)
#define U32(member)       +4
#define U64(member)       +8
#include "vmm/vmmd/vmstate_layout.def"
#undef SKIP
#undef U32
#undef U64
};

struct section {
	const char *name; /* not terminated in the stream: compare with name_bytes */
	uint32_t name_bytes;
	uint32_t id;
	uint32_t instance;
	uint32_t version;
};

static const struct known_section {
	const char *name;
	uint32_t version;
	size_t fixed_bytes;
} known_sections[] = {
#define SECTION(name, version, bytes) {name, version, bytes},
#include "vmm/vmmd/vmstate_layout.def"
#undef SECTION
};

static const struct known_subsection {
	const char *name;
	size_t bytes;
} known_subsections[] = {
#define SUBSECTION(name, bytes) {name, bytes},
#include "vmm/vmmd/vmstate_layout.def"
#undef SUBSECTION
};
#define SUBSECTION_MARK 0x05 /* migration/savevm.h */

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct walk {
	struct buf_reader r;
	uint32_t vcpus;
	uint32_t found;
	bool timer_seen;
	bool guessed; /* something of unknown layout was skipped */
	struct vmstate *ret;
};

/* the stream is big-endian */
static const struct err *read_be(struct buf_reader *r, size_t width_bytes, uint64_t *ret)
{
	const uint8_t *at;

	TRY(buf_read_view(r, width_bytes, &at));
	*ret = 0;
	for (size_t i = 0; i < width_bytes; i++)
		*ret = *ret << 8 | at[i];
	return NULL;
}

static const struct err *read_be32(struct buf_reader *r, uint32_t *ret)
{
	uint64_t v;

	TRY(read_be(r, sizeof(*ret), &v));
	*ret = (uint32_t)v;
	return NULL;
}

static const struct err *read_name(struct buf_reader *r, const char **ret, uint32_t *ret_bytes)
{
	const uint8_t *at;
	uint8_t len;

	TRY(buf_read_u8(r, &len));
	TRY(buf_read_view(r, len, &at));
	*ret = (const char *)at;
	*ret_bytes = len;
	return NULL;
}

static bool name_is(const char *name, uint32_t name_bytes, const char *wanted)
{
	return name_bytes == strlen(wanted) && !memcmp(name, wanted, name_bytes);
}

static const struct err *read_section(struct buf_reader *r, struct section *ret)
{
	uint8_t type;

	TRY(buf_read_u8(r, &type));
	if (type != SECTION_FULL)
		return ERR(ERR_PROTO, "QEMU's device state: a section of type %u", type);
	TRY(read_be32(r, &ret->id));
	TRY(read_name(r, &ret->name, &ret->name_bytes));
	TRY(read_be32(r, &ret->instance));
	return read_be32(r, &ret->version);
}

static const struct err *read_footer(struct buf_reader *r, uint32_t id)
{
	struct buf_reader at = *r;
	uint32_t found;
	uint8_t type;

	TRY(buf_read_u8(&at, &type));
	TRY(read_be32(&at, &found));
	if (type != SECTION_FOOTER || found != id)
		return ERR(ERR_PROTO,
			   "QEMU's device state: section %u does not end where it should", id);
	*r = at;
	return NULL;
}

static bool is_printable(const char *name, uint32_t name_bytes)
{
	for (uint32_t i = 0; i < name_bytes; i++)
		if (name[i] < 0x20 || name[i] > 0x7e)
			return false;
	return name_bytes > 0;
}

/* Go on to the next @byte, if need be to the end. */
static void seek_byte(struct buf_reader *r, uint8_t byte)
{
	const uint8_t *found = memchr(r->at, byte, buf_reader_left(r));

	r->at = found ? found : r->end;
}

/* A footer of section @id with another section's header, or the end, behind it. */
static bool ends_here(struct buf_reader at, uint32_t id)
{
	struct section next;

	if (read_footer(&at, id))
		return false;
	if (buf_reader_left(&at) == 1 && *at.at == SECTION_END)
		return true;
	return !read_section(&at, &next) && next.id > id &&
	       is_printable(next.name, next.name_bytes);
}

static const struct err *skip_to_footer(struct walk *w, uint32_t id)
{
	w->guessed = true;
	for (;;) {
		seek_byte(&w->r, SECTION_FOOTER);
		if (ends_here(w->r, id))
			return read_footer(&w->r, id);
		TRY(buf_skip(&w->r, 1));
	}
}

static const struct err *read_cpu(struct buf_reader *r, struct vmstate_cpu *ret)
{
	for (size_t i = 0; i < COUNT(cpu_fields); i++) {
		const struct cpu_field *f = &cpu_fields[i];
		uint64_t value;

		TRY(buf_skip(r, f->skip_bytes));
		if (!f->width_bytes)
			continue;
		TRY(read_be(r, f->width_bytes, &value));
		memcpy((char *)ret + f->member_offset, &value, sizeof(value));
	}
	return NULL;
}

static const struct err *read_timer(struct walk *w)
{
	w->timer_seen = true;
	TRY(read_be(&w->r, 8, &w->ret->ticks));
	TRY(buf_skip(&w->r, 8));
	return read_be(&w->r, 8, &w->ret->clock_ns);
}

static struct vmstate_cpu *cpu_of(struct walk *w, const struct section *s)
{
	return s->instance < w->vcpus ? &w->ret->cpu[s->instance] : NULL;
}

/* The fixed part of a section whose layout is known. */
static const struct err *read_known(struct walk *w, const struct section *s,
				    const struct known_section *known)
{
	struct vmstate_cpu *cpu = cpu_of(w, s);

	if (name_is(s->name, s->name_bytes, "timer"))
		return read_timer(w);
	if (name_is(s->name, s->name_bytes, "cpu_common") && cpu) {
		TRY(read_be(&w->r, 4, &cpu->halted));
		return buf_skip(&w->r, 4);
	}
	if (!name_is(s->name, s->name_bytes, "cpu"))
		return buf_skip(&w->r, known->fixed_bytes);
	if (!cpu || cpu->seen)
		return ERR(ERR_PROTO,
			   "QEMU's device state: vCPU %u, which is not one of %u, or twice",
			   s->instance, w->vcpus);
	cpu->seen = 1;
	w->found++;
	return read_cpu(&w->r, cpu);
}

static const struct known_subsection *find_subsection(const char *name, uint32_t name_bytes)
{
	for (size_t i = 0; i < COUNT(known_subsections); i++)
		if (name_is(name, name_bytes, known_subsections[i].name))
			return &known_subsections[i];
	return NULL;
}

static const struct err *read_subsection(struct walk *w, const struct section *s, bool *ret_known)
{
	const struct known_subsection *known;
	const char *name;
	uint32_t name_bytes, version;
	struct vmstate_cpu *cpu = cpu_of(w, s);

	TRY(buf_skip(&w->r, 1));
	TRY(read_name(&w->r, &name, &name_bytes));
	TRY(read_be32(&w->r, &version));
	known = find_subsection(name, name_bytes);
	*ret_known = known != NULL;
	if (!known)
		return NULL;
	if (cpu && name_is(name, name_bytes, "cpu/tsc_khz"))
		return read_be(&w->r, 8, &cpu->tsc_khz);
	return buf_skip(&w->r, known->bytes);
}

static const struct err *read_rest(struct walk *w, const struct section *s)
{
	bool known = true;

	for (uint32_t i = 0; i < SUBSECTIONS_MAX && known; i++) {
		if (!buf_reader_left(&w->r) || *w->r.at != SUBSECTION_MARK)
			return read_footer(&w->r, s->id);
		TRY(read_subsection(w, s, &known));
	}
	return skip_to_footer(w, s->id);
}

static const struct err *walk_section(struct walk *w, uint64_t *last_id)
{
	const struct known_section *known = NULL;
	struct section s;

	TRY(read_section(&w->r, &s));
	if (*last_id != UINT64_MAX && s.id <= *last_id)
		return ERR(ERR_PROTO, "QEMU's device state: sections out of order");
	*last_id = s.id;
	for (size_t i = 0; i < COUNT(known_sections); i++)
		if (name_is(s.name, s.name_bytes, known_sections[i].name))
			known = &known_sections[i];
	if (!known)
		return skip_to_footer(w, s.id);
	if (s.version != known->version)
		return ERR(
			ERR_PROTO,
			"QEMU's device state: section '%s' has version %u, %u is known (an older "
			"or newer QEMU than vmmd was written for)",
			known->name, s.version, known->version);
	TRY(read_known(w, &s, known));
	return read_rest(w, &s);
}

/* Whether a header of a vCPU's section starts here. */
static bool is_cpu_header(struct buf_reader at)
{
	struct section s;

	return !read_section(&at, &s) && name_is(s.name, s.name_bytes, "cpu");
}

static const struct err *check_unique(struct buf_reader all, uint32_t vcpus)
{
	uint32_t headers = 0;

	for (seek_byte(&all, SECTION_FULL); buf_reader_left(&all); seek_byte(&all, SECTION_FULL)) {
		headers += is_cpu_header(all);
		all.at++;
	}
	if (headers != vcpus)
		return ERR(ERR_PROTO,
			   "QEMU's device state: %u vCPU sections for %u vCPUs; the guest may have "
			   "planted some in a device's buffer",
			   headers, vcpus);
	return NULL;
}

const struct err *vmstate_parse(const void *bytes, size_t len_bytes, uint32_t vcpus,
				struct vmstate *ret)
{
	struct walk w = {.r = buf_reader_over(bytes, len_bytes), .vcpus = vcpus, .ret = ret};
	uint32_t magic, version, sections = 0;
	uint64_t last_id = UINT64_MAX;

	memset(ret, 0, sizeof(*ret));
	if (vcpus == 0 || vcpus > RTVMM_VCPUS_MAX)
		return ERR(ERR_PROTO, "%u vCPUs; 1 to %u are supported", vcpus, RTVMM_VCPUS_MAX);
	TRY(read_be32(&w.r, &magic));
	TRY(read_be32(&w.r, &version));
	if (magic != FILE_MAGIC || version != FILE_VERSION)
		return ERR(ERR_PROTO, "QEMU's device state: unknown format %08x version %u", magic,
			   version);
	while (w.found < vcpus && sections++ < SECTIONS_MAX)
		TRY(walk_section(&w, &last_id));
	if (w.found < vcpus || !w.timer_seen)
		return ERR(ERR_PROTO, "QEMU's device state: %u of %u vCPUs found", w.found, vcpus);
	return w.guessed ? check_unique(buf_reader_over(bytes, len_bytes), vcpus) : NULL;
}
