/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finding a kernel's banner and build-id in its image. Input: attacker-controlled. */
#include "transcall/kobj/identify.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define PTI_USER_BIT   (UINT64_C(1) << 12) /* arch/x86/entry/calling.h */
#define PAGE_BYTES     4096u
#define IMAGE_SCAN_MAX (UINT64_C(64) << 20) /* entry code to notes: up to 28 MiB in 7.2 */
#define HOLE_MAX       (UINT64_C(8) << 20)  /* freed ends of sections are smaller */
#define OVERLAP_BYTES  128u                 /* what may begin in one page and end in the next */
#define BANNER_START   "Linux version "
#define BUILD_ID_BYTES 20u

/* ELF note header (elf(5)): namesz 4, descsz 20, NT_GNU_BUILD_ID, "GNU". */
static const uint8_t note_start[] = {4,   0,   0,   0, BUILD_ID_BYTES, 0, 0, 0, 3, 0, 0, 0,
				     'G', 'N', 'U', 0};
/* Name of notes that only a kernel has, beside its build-id: how to start it
 * (xen/interface/elfnote.h). */
static const uint8_t kernel_note_name[] = {'X', 'e', 'n', 0};

struct scan {
	struct memsrc *mem;
	struct memspace space;
	struct identity *found;
	char other[sizeof(((struct identity *)0)->build_id)]; /* build-id of a page without those */
	uint8_t bytes[PAGE_BYTES + OVERLAP_BYTES];
	uint64_t pages_left; /* however many vCPUs and tables a hostile guest names */
	size_t len_bytes;    /* of @bytes: less where the next page is not mapped */
};

static bool is_unreadable(const struct err *e)
{
	return e->kind == ERR_FAULT || e->kind == ERR_ABSENT;
}

/* The page at @at and the beginning of the next; nothing where nothing is mapped. */
static const struct err *load(struct scan *s, gva_t at)
{
	const struct err *e = s->mem->read(s->mem, s->space, at, s->bytes, sizeof(s->bytes));

	s->len_bytes = sizeof(s->bytes);
	if (e && is_unreadable(e)) {
		s->len_bytes = PAGE_BYTES;
		e = s->mem->read(s->mem, s->space, at, s->bytes, PAGE_BYTES);
	}
	if (!e || !is_unreadable(e))
		return e;
	s->len_bytes = 0;
	return NULL;
}

/* The release is the word after "Linux version ". */
static void look_for_banner(struct scan *s)
{
	const char *at = memmem(s->bytes, s->len_bytes, BANNER_START, strlen(BANNER_START));
	size_t len = 0, max = sizeof(s->found->release) - 1;

	if (!at || s->found->release[0])
		return;
	at += strlen(BANNER_START);
	size_t left = s->len_bytes - (size_t)(at - (const char *)s->bytes);
	while (len < max && len < left && isgraph((unsigned char)at[len]))
		len++;
	if (len && len < left && at[len] == ' ')
		snprintf(s->found->release, sizeof(s->found->release), "%.*s", (int)len, at);
}

/* The images of the vDSO lie in the kernel's, whole and page-aligned, with build-ids of their own;
 * and what was freed between its sections may hold any file's page. */
static void look_for_build_id(struct scan *s)
{
	const uint8_t *at = memmem(s->bytes, s->len_bytes, note_start, sizeof(note_start));
	bool is_kernel = memmem(s->bytes, s->len_bytes, kernel_note_name, sizeof(kernel_note_name));
	char *into = is_kernel ? s->found->build_id : s->other;

	if (!at || into[0] || !memcmp(s->bytes, "\177ELF", 4))
		return;
	at += sizeof(note_start);
	if ((size_t)(at - s->bytes) + BUILD_ID_BYTES > s->len_bytes)
		return;
	for (size_t i = 0; i < BUILD_ID_BYTES; i++)
		sprintf(into + 2 * i, "%02x", at[i]);
}

static const struct err *scan_image(struct scan *s, gva_t code)
{
	uint64_t first = code.v & ~(uint64_t)(PAGE_BYTES - 1), unmapped = 0;

	for (uint64_t i = 0; i < IMAGE_SCAN_MAX && s->pages_left; i += PAGE_BYTES) {
		TRY(load(s, gva(first + i)));
		unmapped = s->len_bytes ? 0 : unmapped + PAGE_BYTES;
		if (unmapped > HOLE_MAX)
			return NULL;
		if (!s->len_bytes)
			continue;
		s->pages_left--;
		look_for_banner(s);
		look_for_build_id(s);
		if (s->found->build_id[0])
			return NULL;
	}
	return NULL;
}

/* An address in the kernel's code: LSTAR or what a PV guest has instead, else gate 0 of the IDT
 * (SDM volume 3, figure 6-8). */
static const struct err *find_code(struct scan *s, const struct vcpu *v, gva_t *ret)
{
	uint8_t gate[12];
	const struct err *e = NULL;

	*ret = gva(vcpu_is_pv(v) ? v->syscall_callback : v->has_lstar ? v->lstar : 0);
	if (!gva_is_null(*ret) || vcpu_is_pv(v))
		return NULL;
	e = s->mem->read(s->mem, s->space, gva(v->idtr_base), gate, sizeof(gate));
	if (e)
		return is_unreadable(e) ? NULL : e;
	for (int i = 11; i >= 6; i--)
		ret->v = ret->v << 8 | gate[i];
	ret->v = ret->v << 16 | (uint64_t)gate[1] << 8 | gate[0];
	return NULL;
}

static const struct err *try_space(struct scan *s, const struct vcpu *v, uint64_t cr3)
{
	gva_t code;

	s->space = (struct memspace){.root = gpa(cr3)};
	TRY(find_code(s, v, &code));
	return gva_is_null(code) ? NULL : scan_image(s, code);
}

const struct err *kernel_identify(struct memsrc *mem, const struct vcpu *vcpus, unsigned vcpu_count,
				  struct identity *ret)
{
	struct scan s = {.mem = mem, .found = ret, .pages_left = 2 * IMAGE_SCAN_MAX / PAGE_BYTES};

	*ret = (struct identity){.release = ""};
	for (unsigned i = 0; i < vcpu_count && !ret->build_id[0]; i++) {
		if (!vcpus[i].online)
			continue;
		TRY(try_space(&s, &vcpus[i], vcpus[i].cr3));
		if (!ret->build_id[0] && vcpus[i].cr3 & PTI_USER_BIT && !vcpu_is_pv(&vcpus[i]))
			TRY(try_space(&s, &vcpus[i], vcpus[i].cr3 & ~PTI_USER_BIT));
	}
	if (!ret->build_id[0])
		memcpy(ret->build_id, s.other, sizeof(s.other));
	return NULL;
}
