/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A kernel image, compressed or not, on its way to a profile. Input: the file. */
#include "kernel-profiles/build.h"
#include "kernel-profiles/profile_check.h"
#include "kernel-profiles/vmlinux.h"
#include "kernel-profiles/vmlinuz.h"
#include "tests/fuzz/fuzz.h"

/* The same bytes as a section of notes, which are few and lie deep in an image. */
static void check_notes(const uint8_t *bytes, size_t len_bytes)
{
	const struct span notes = {.bytes = bytes, .len_bytes = len_bytes};
	char id[PROFILE_BUILD_ID_HEX];
	const struct err *e = notes_build_id(&notes, id);

	HOLDS(e ? e->kind == ERR_PROTO : strlen(id) && strlen(id) < sizeof(id));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len_bytes)
{
	static struct profile p;
	char *text = NULL;
	size_t text_bytes;

	const struct kernel_files files = {
		.image = {(uint8_t *)(uintptr_t)bytes, len_bytes}};

	check_notes(bytes, len_bytes);
	const struct err *e = profile_build(&files, &text, &text_bytes);

	HOLDS(!e || e->kind == ERR_PROTO || e->kind == ERR_SYSTEM || e->kind == ERR_USAGE);
	if (e)
		return 0;
	HOLDS(strlen(text) == text_bytes);
	/* a kernel may say things that no profile takes; but reading them is safe */
	e = profile_read(text, text_bytes, &p);
	HOLDS(!e || e->kind == ERR_PROFILE);
	free(text);
	return 0;
}
