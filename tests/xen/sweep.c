// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * xen-sweep SOURCE... - in dom0: search what it can read or map for 32 bytes that lie nowhere else.
 *
 *   kcore              all memory that dom0's kernel has (its direct map)
 *   mem:FIRST-END      the machine's frames FIRST to END - 1 through /dev/mem
 *   DOMID:FIRST-END    frames of a domain, mapped; 0x7ff0 to 0x7ff2: as this one's, as devices', as
 *                      Xen's (DOMID_SELF, _IO, _XEN)
 *
 * Standard input: for each needle 32 bytes of mask and 32 bytes that are mask ^ needle. One line a
 * source: what, KiB searched, and how often a half of each needle was found. Exit status 1: failed.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/xen/needle.h"

#define NEEDLES_MAX 4u
#define CHUNK_BYTES (1u << 20)
/* Linux Documentation/arch/x86/x86_64/mm.rst: the direct map of all physical memory lies between */
#define DIRECT_MAP_FIRST 0xffff800000000000u
#define DIRECT_MAP_END   0xffffc00000000000u

struct sweep {
	struct needle needles[NEEDLES_MAX];
	unsigned count;
	uint64_t searched_bytes;
};

static void sweep_search(struct sweep *s, const uint8_t *memory, size_t len_bytes)
{
	s->searched_bytes += len_bytes;
	for (unsigned i = 0; i < s->count; i++)
		needle_search(&s->needles[i], memory, len_bytes);
}

/* What of @first..@end - 1 of @fd can be read, @at_once bytes a time; what cannot is left out. */
static void sweep_file(struct sweep *s, int fd, off_t first, off_t end, size_t at_once)
{
	static uint8_t chunk[CHUNK_BYTES];

	while (first < end) {
		size_t want = (uint64_t)(end - first) < at_once ? (size_t)(end - first) : at_once;
		ssize_t got = pread(fd, chunk, want, first);

		if (got > 0)
			sweep_search(s, chunk, (size_t)got);
		first += got > 0 ? got : NEEDLE_PAGE;
	}
	memset(chunk, 0, sizeof(chunk));
}

static const struct err *open_source(const char *path, int *ret)
{
	*ret = open(path, O_RDONLY | O_CLOEXEC);
	return *ret < 0 ? ERR_ERRNO(ERR_SYSTEM, errno, path) : NULL;
}

static const struct err *sweep_kcore(struct sweep *s)
{
	Elf64_Ehdr header;
	Elf64_Phdr part;
	int fd;

	TRY(open_source("/proc/kcore", &fd));
	if (pread(fd, &header, sizeof(header), 0) != sizeof(header))
		return ERR_ERRNO(ERR_SYSTEM, errno, "/proc/kcore");
	for (unsigned i = 0; i < header.e_phnum; i++) {
		off_t at = (off_t)(header.e_phoff + i * sizeof(part));

		if (pread(fd, &part, sizeof(part), at) != sizeof(part))
			return ERR_ERRNO(ERR_SYSTEM, errno, "/proc/kcore");
		if (part.p_type != PT_LOAD || part.p_vaddr < DIRECT_MAP_FIRST ||
		    part.p_vaddr >= DIRECT_MAP_END)
			continue;
		sweep_file(s, fd, (off_t)part.p_offset, (off_t)(part.p_offset + part.p_filesz),
			   CHUNK_BYTES);
	}
	close(fd);
	return NULL;
}

static const struct err *sweep_mem(struct sweep *s, uint64_t first, uint64_t end)
{
	int fd;

	TRY(open_source("/dev/mem", &fd));
	sweep_file(s, fd, (off_t)(first * NEEDLE_PAGE), (off_t)(end * NEEDLE_PAGE), NEEDLE_PAGE);
	close(fd);
	return NULL;
}

static const struct err *sweep_domain(struct sweep *s, uint32_t domid, uint64_t first, uint64_t end)
{
	xenforeignmemory_handle *handle = xenforeignmemory_open(NULL, 0);
	uint64_t mapped;

	if (!handle)
		return ERR_ERRNO(ERR_SYSTEM, errno, "xenforeignmemory_open");
	needle_search_frames(handle, domid, first, end, s->needles, s->count, &mapped);
	s->searched_bytes += mapped * NEEDLE_PAGE;
	xenforeignmemory_close(handle);
	return NULL;
}

static const struct err *sweep_source(struct sweep *s, const char *source)
{
	uint64_t first, end;
	char *at;

	if (!strcmp(source, "kcore"))
		return sweep_kcore(s);
	at = strchr(source, ':');
	if (!at)
		return ERR(ERR_USAGE, "no source '%s'", source);
	first = strtoull(at + 1, &at, 0);
	end = *at == '-' ? strtoull(at + 1, NULL, 0) : 0;
	if (end <= first)
		return ERR(ERR_USAGE, "'%s': no frames", source);
	if (!strncmp(source, "mem:", 4))
		return sweep_mem(s, first, end);
	return sweep_domain(s, (uint32_t)strtoul(source, NULL, 0), first, end);
}

/* Unbuffered, so that the needles are nowhere but in @s. */
static const struct err *needles_read(struct sweep *s)
{
	for (s->count = 0; s->count < NEEDLES_MAX; s->count++) {
		uint8_t given[2 * NEEDLE_BYTES];
		ssize_t got = read(STDIN_FILENO, given, sizeof(given));

		if (!got)
			break;
		if (got != sizeof(given))
			return ERR(ERR_USAGE, "a needle is %zu bytes", sizeof(given));
		for (unsigned i = 0; i < NEEDLE_BYTES; i++) {
			s->needles[s->count].mask[i] = given[i];
			s->needles[s->count].masked[i] = given[NEEDLE_BYTES + i];
		}
	}
	return s->count ? NULL : ERR(ERR_USAGE, "no needles");
}

static const struct err *sweep_all(struct sweep *s, char **sources)
{
	TRY(needles_read(s));
	for (; *sources; sources++) {
		s->searched_bytes = 0;
		for (unsigned i = 0; i < s->count; i++)
			s->needles[i].found = 0;
		TRY(sweep_source(s, *sources));
		printf("%s %llu KiB:", *sources, (unsigned long long)s->searched_bytes >> 10);
		for (unsigned i = 0; i < s->count; i++)
			printf(" %llu", (unsigned long long)s->needles[i].found);
		printf("\n");
		fflush(stdout);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	static struct sweep s;
	const struct err *err =
		argc < 2 ? ERR(ERR_USAGE, "wants sources") : sweep_all(&s, argv + 1);

	if (err)
		fprintf(stderr, "xen-sweep: %s\n", err->message);
	return err ? 1 : 0;
}
