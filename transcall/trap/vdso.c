/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The vDSO of the tool's programs. Input: this kernel's vDSO (trusted). */
#include "transcall/trap/vdso.h"

#include <elf.h>
#include <fcntl.h>
#include <gelf.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "remotetrans/base/scope.h"

#define VDSO_BYTES_MAX (1u << 20)

static struct vdso_function {
	const char *name;
	uint8_t nr;
	uint64_t offset; /* 0: not in this vDSO */
} functions[] = {
	{.name = "__vdso_clock_gettime", .nr = SYS_clock_gettime},
	{.name = "__vdso_gettimeofday", .nr = SYS_gettimeofday},
	{.name = "__vdso_time", .nr = SYS_time},
};

#define FUNCTION_COUNT (sizeof(functions) / sizeof(functions[0]))

/* Size of our own vDSO's mapping, which is the same image. */
static size_t image_bytes(void)
{
	AUTO_FCLOSE FILE *maps = fopen("/proc/self/maps", "re");
	char line[512];
	uint64_t from, to;

	while (maps && fgets(line, sizeof(line), maps))
		if (strstr(line, "[vdso]") &&
		    sscanf(line, "%" SCNx64 "-%" SCNx64, &from, &to) == 2 &&
		    to - from <= VDSO_BYTES_MAX)
			return (size_t)(to - from);
	return 0;
}

static void note_symbol(const char *name, uint64_t offset)
{
	for (size_t i = 0; name && i < FUNCTION_COUNT; i++)
		if (strcmp(functions[i].name, name) == 0)
			functions[i].offset = offset;
}

static void scan_symbols(Elf *elf)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;
	GElf_Sym symbol;

	while ((section = elf_nextscn(elf, section))) {
		Elf_Data *data;

		if (!gelf_getshdr(section, &header) || header.sh_type != SHT_DYNSYM)
			continue;
		data = elf_getdata(section, NULL);
		for (int i = 0; data && gelf_getsym(data, i, &symbol); i++)
			note_symbol(elf_strptr(elf, header.sh_link, symbol.st_name),
				    symbol.st_value);
	}
}

static bool find_functions(void)
{
	static enum { UNKNOWN, NONE, FOUND } state;
	uint64_t base = getauxval(AT_SYSINFO_EHDR);
	size_t len = image_bytes();
	Elf *elf;

	if (state != UNKNOWN)
		return state == FOUND;
	state = NONE;
	if (base == 0 || len == 0 || elf_version(EV_CURRENT) == EV_NONE)
		return false;
	elf = elf_memory((char *)(uintptr_t)base, len);
	if (!elf)
		return false;
	scan_symbols(elf);
	elf_end(elf);
	if (functions[0].offset)
		state = FOUND;
	return state == FOUND;
}

/* Where @tid has its vDSO; 0: nowhere. */
static uint64_t base_of(pid_t tid)
{
	uint64_t pairs[128];
	char path[64];
	AUTO_CLOSE int fd = -1;
	ssize_t len;

	snprintf(path, sizeof(path), "/proc/%d/auxv", tid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	len = fd >= 0 ? read(fd, pairs, sizeof(pairs)) : 0;
	for (size_t i = 0; len > 0 && i + 1 < (size_t)len / sizeof(pairs[0]); i += 2)
		if (pairs[i] == AT_SYSINFO_EHDR)
			return pairs[i + 1];
	return 0;
}

bool vdso_turn_off(pid_t tid)
{
	/* endbr64; mov $nr, %eax; syscall; ret */
	uint8_t code[] = {0xf3, 0x0f, 0x1e, 0xfa, 0xb8, 0, 0, 0, 0, 0x0f, 0x05, 0xc3};
	uint64_t base = base_of(tid);
	char path[64];
	AUTO_CLOSE int fd = -1;

	if (base == 0)
		return true; /* no vDSO, nothing to turn off */
	if (!find_functions())
		return false;
	snprintf(path, sizeof(path), "/proc/%d/mem", tid);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return false;
	for (size_t i = 0; i < FUNCTION_COUNT; i++) {
		code[5] = functions[i].nr;
		if (functions[i].offset &&
		    pwrite(fd, code, sizeof(code), (off_t)(base + functions[i].offset)) < 0)
			return false;
	}
	return true;
}
