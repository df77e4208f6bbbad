/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Kernel modules of a package. Input: files that the user names; every length is checked. */
#include "kernel-profiles/modules.h"

#include <errno.h>
#include <lzma.h>
#include <string.h>
#include <zstd.h>

#include "kernel-profiles/rows.h"
#include "kernel-profiles/vmlinux.h"
#include "remotetrans/base/scope.h"

#define OBJECT_BYTES_MAX (32u << 20)
#define XZ_MEMORY_MAX    (256u << 20)
#define SUFFIX           ".ko"

bool row_module(const char *structure, char ret[static MODULE_NAME_BYTES])
{
	size_t len = strcspn(structure, ":");

	if (!structure[len] || len >= MODULE_NAME_BYTES)
		return false;
	memcpy(ret, structure, len);
	ret[len] = 0;
	return true;
}

/* From "./lib/modules/.../xen-netfront.ko.xz" to "xen_netfront". */
static bool path_name(const char *path, char ret[static MODULE_NAME_BYTES])
{
	const char *last = strrchr(path, '/');
	const char *name = last ? last + 1 : path;
	const char *end = strstr(name, SUFFIX);
	size_t len = end ? (size_t)(end - name) : 0;

	if (!len || len >= MODULE_NAME_BYTES || (end[strlen(SUFFIX)] && end[strlen(SUFFIX)] != '.'))
		return false;
	for (size_t i = 0; i < len; i++)
		ret[i] = name[i] == '-' ? '_' : name[i];
	ret[len] = 0;
	return true;
}

static bool is_there(const struct modules *m, const char *name)
{
	for (unsigned i = 0; i < m->count; i++)
		if (strcmp(m->all[i].name, name) == 0)
			return true;
	return false;
}

bool modules_want(const struct modules *m, const char *path)
{
	char name[MODULE_NAME_BYTES], wanted[MODULE_NAME_BYTES];

	if (m->count == MODULES_MAX || !path_name(path, name) || is_there(m, name))
		return false;
	for (unsigned i = 0; i < FIELD_COUNT; i++)
		if (row_module(field_rows[i].structure, wanted) && strcmp(wanted, name) == 0)
			return true;
	return false;
}

bool modules_complete(const struct modules *m)
{
	char wanted[MODULE_NAME_BYTES];

	for (unsigned i = 0; i < FIELD_COUNT; i++)
		if (row_module(field_rows[i].structure, wanted) && !is_there(m, wanted))
			return false;
	return true;
}

/* --- unpacking: into at most ret->len_bytes, which becomes what it is ------------------------ */

static bool xz_unpack(const struct blob *file, struct blob *ret)
{
	uint64_t memory = XZ_MEMORY_MAX;
	size_t in_at = 0, out_at = 0;
	lzma_ret r =
		lzma_stream_buffer_decode(&memory, 0, NULL, file->bytes, &in_at, file->len_bytes,
					  ret->bytes, &out_at, ret->len_bytes);

	ret->len_bytes = out_at;
	return r == LZMA_OK;
}

static bool zstd_unpack(const struct blob *file, struct blob *ret)
{
	size_t got = ZSTD_decompress(ret->bytes, ret->len_bytes, file->bytes, file->len_bytes);

	ret->len_bytes = got;
	return !ZSTD_isError(got);
}

static bool plain_copy(const struct blob *file, struct blob *ret)
{
	memcpy(ret->bytes, file->bytes, ret->len_bytes);
	return true;
}

static const struct packing {
	uint8_t magic[4];
	bool (*unpack)(const struct blob *file, struct blob *ret);
} packings[] = {
	{{0x7f, 'E', 'L', 'F'}, plain_copy},
	{{0xfd, '7', 'z', 'X'}, xz_unpack},      /* xz-file-format.txt, 2.1.1.1 */
	{{0x28, 0xb5, 0x2f, 0xfd}, zstd_unpack}, /* RFC 8878, 3.1.1 */
};

static const struct packing *packing_of(const struct blob *file)
{
	for (size_t i = 0; i < sizeof(packings) / sizeof(packings[0]); i++)
		if (file->len_bytes >= sizeof(packings[i].magic) &&
		    memcmp(file->bytes, packings[i].magic, sizeof(packings[i].magic)) == 0)
			return &packings[i];
	return NULL;
}

static const struct err *object_unpack(const struct blob *file, struct blob *ret)
{
	const struct packing *p = packing_of(file);
	AUTO_BLOB struct blob out = {NULL, OBJECT_BYTES_MAX};

	if (p && p->unpack == plain_copy)
		out.len_bytes = file->len_bytes;
	out.bytes = p ? malloc(out.len_bytes) : NULL;
	if (p && !out.bytes)
		return ERR_ERRNO(ERR_SYSTEM, ENOMEM, "kernel module");
	if (!p || !p->unpack(file, &out) || !out.len_bytes)
		return ERR(ERR_PROTO,
			   "a kernel module is damaged, or packed in a way we do not know");
	*ret = out;
	out = (struct blob){0};
	return NULL;
}

const struct err *modules_add(struct modules *m, const char *path, const struct blob *file)
{
	struct module_file *module = &m->all[m->count];

	if (m->count == MODULES_MAX || !path_name(path, module->name))
		return ERR(ERR_PROTO, "no module of that name is wanted");
	TRY(object_unpack(file, &module->object));
	m->count++;
	return NULL;
}

/* --- types ----------------------------------------------------------------------------------- */

/* "vermagic=RELEASE ..." among the strings of .modinfo (include/linux/module.h) */
static bool is_of_release(const struct span *modinfo, const char *release)
{
	static const char tag[] = "vermagic=";
	struct buf_reader r = span_reader(modinfo);
	const char *text;
	size_t len = strlen(release);

	while (!buf_read_cstr(&r, &text))
		if (strncmp(text, tag, strlen(tag)) == 0)
			return strncmp(text + strlen(tag), release, len) == 0 &&
			       text[strlen(tag) + len] == ' ';
	return false;
}

const struct err *module_types(const struct module_file *module, const char *release,
			       struct span *ret)
{
	CLEANUP(vmlinux_deinit) struct vmlinux v = {0};
	struct span modinfo;

	*ret = (struct span){0};
	TRY(vmlinux_init(&v, module->object.bytes, module->object.len_bytes));
	TRY(vmlinux_section(&v, ".modinfo", &modinfo));
	if (!is_of_release(&modinfo, release))
		return ERR(ERR_PROTO, "module %s was not made for kernel %.64s", module->name,
			   release);
	if (vmlinux_section(&v, ".BTF", ret))
		*ret = (struct span){0};
	return NULL;
}

void modules_deinit(struct modules *m)
{
	for (unsigned i = 0; i < m->count; i++)
		blob_deinit(&m->all[i].object);
	*m = (struct modules){0};
}
