/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sections of a kernel image. Input: untrusted; what libelf says is checked against the image. */
#include "kernel-profiles/vmlinux.h"

#include <gelf.h>
#include <stdio.h>
#include <string.h>

#include "kernel-profiles/profile.h"

#define BUILD_ID_BYTES (PROFILE_BUILD_ID_HEX / 2)

const struct err *vmlinux_init(struct vmlinux *v, const uint8_t *image, size_t len_bytes)
{
	*v = (struct vmlinux){.image = {.bytes = image, .len_bytes = len_bytes}};
	if (elf_version(EV_CURRENT) == EV_NONE)
		return ERR(ERR_PROTO, "libelf: %s", elf_errmsg(-1));
	v->elf = elf_memory((char *)(uintptr_t)image, len_bytes);
	const Elf64_Ehdr *header = v->elf ? elf64_getehdr(v->elf) : NULL;
	if (!header || header->e_machine != EM_X86_64 || header->e_ident[EI_DATA] != ELFDATA2LSB) {
		vmlinux_deinit(v);
		return ERR(ERR_PROTO, "not an x86-64 kernel image");
	}
	return NULL;
}

void vmlinux_deinit(struct vmlinux *v)
{
	elf_end(v->elf);
	v->elf = NULL;
}

static const struct err *section_place(const struct vmlinux *v, const GElf_Shdr *header,
				       struct span *ret)
{
	struct buf_reader r = span_reader(&v->image);

	if (header->sh_type == SHT_NOBITS || (header->sh_flags & SHF_COMPRESSED))
		return ERR(ERR_PROTO, "a section of the kernel image has no plain contents");
	TRY(buf_skip(&r, header->sh_offset));
	TRY(buf_read_view(&r, header->sh_size, &ret->bytes));
	ret->len_bytes = header->sh_size;
	ret->address = header->sh_addr;
	return NULL;
}

const struct err *vmlinux_section(const struct vmlinux *v, const char *name, struct span *ret)
{
	Elf_Scn *section = NULL;
	size_t names;

	if (elf_getshdrstrndx(v->elf, &names) != 0)
		return ERR(ERR_PROTO, "kernel image without section names");
	while ((section = elf_nextscn(v->elf, section))) {
		GElf_Shdr header; /* a copy: in the image it may lie at any address */
		const char *found = gelf_getshdr(section, &header)
					    ? elf_strptr(v->elf, names, header.sh_name)
					    : NULL;

		if (found && strcmp(found, name) == 0)
			return section_place(v, &header, ret);
	}
	return ERR(ERR_PROTO, "kernel image without a %s section", name);
}

/* ELF gABI, "Note Section": lengths of name and contents, type, both padded to four bytes. */
const struct err *notes_build_id(const struct span *notes, char *ret)
{
	struct buf_reader r = span_reader(notes);

	while (buf_reader_left(&r)) {
		uint32_t name_bytes, id_bytes, type;
		const uint8_t *name, *id;

		TRY(buf_read_u32(&r, &name_bytes));
		TRY(buf_read_u32(&r, &id_bytes));
		TRY(buf_read_u32(&r, &type));
		TRY(buf_read_view(&r, ((size_t)name_bytes + 3) & ~(size_t)3, &name));
		TRY(buf_read_view(&r, ((size_t)id_bytes + 3) & ~(size_t)3, &id));
		if (type != NT_GNU_BUILD_ID || name_bytes != 4 || memcmp(name, "GNU", 4) != 0)
			continue;
		if (id_bytes == 0 || id_bytes > BUILD_ID_BYTES)
			return ERR(ERR_PROTO, "build-id of %u bytes", id_bytes);
		for (uint32_t i = 0; i < id_bytes; i++)
			snprintf(ret + 2 * i, 3, "%02x", id[i]);
		return NULL;
	}
	return ERR(ERR_PROTO, "kernel image without a build-id");
}
