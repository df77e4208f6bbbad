/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A memory image: ELF core or raw RAM, and its VMCOREINFO. Input: whether to make the
 * file as long as RAM is at least, two frame numbers, the file.
 */
#include <unistd.h>

#include "remotetrans/server/memory.h"
#include "remotetrans/server/vmcoreinfo.h"
#include "tests/fuzz/fuzz.h"

#define RAM_BYTES (1u << 20) /* vmm/vmmd/layout.c */

static void check_frame(const struct memory *m, uint64_t frame)
{
	const uint8_t *at = memory_frame(m, gfn(frame));
	volatile uint8_t any;

	if (!at)
		return;
	HOLDS(at >= m->bytes && at + FRAME_BYTES <= m->bytes + m->len_bytes);
	any = at[0];
	any = at[FRAME_BYTES - 1];
	(void)any;
}

static void check_memory(const struct memory *m)
{
	struct vcpu v;

	for (size_t i = 0; i < m->range_count; i++) {
		check_frame(m, m->ranges[i].first_frame);
		check_frame(m, m->ranges[i].first_frame + m->ranges[i].frames - 1);
		check_frame(m, m->ranges[i].first_frame + m->ranges[i].frames);
	}
	check_frame(m, memory_max_frame(m));
	HOLDS(memory_ram_bytes(m) / FRAME_BYTES <= m->range_count * (m->len_bytes / FRAME_BYTES));
	const struct err *e = vmcoreinfo_vcpu(m, &v);
	HOLDS(!e || e->kind == ERR_FAULT);
	HOLDS(e || memory_frame(m, gfn(v.cr3 / FRAME_BYTES)));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len_bytes)
{
	struct input in = {bytes, len_bytes};
	bool longer = input_u8(&in) & 1;
	uint64_t frames[2] = {input_u64(&in), input_u64(&in)};
	struct memory m;
	char path[32];
	int fd = fuzz_file(in.at, in.left_bytes, path);

	HOLDS(!longer || ftruncate(fd, RAM_BYTES) == 0);
	const struct err *e = memory_open(&m, path, "q35");

	HOLDS(!e || e->kind == ERR_USAGE);
	if (!e) {
		check_frame(&m, frames[0]);
		check_frame(&m, frames[1]);
		check_memory(&m);
		memory_deinit(&m);
	}
	close(fd);
	return 0;
}
