/* SPDX-License-Identifier: GPL-2.0-or-later */
/* QEMU's device state, many of whose bytes are the guest's. Input: number of vCPUs, the stream. */
#include "tests/fuzz/fuzz.h"
#include "vmm/vmmd/vmstate.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len_bytes)
{
	static struct vmstate state, again;
	struct input in = {bytes, len_bytes};
	uint32_t vcpus = input_u8(&in);
	const struct err *e = vmstate_parse(in.at, in.left_bytes, vcpus, &state);

	HOLDS(!e || e->kind == ERR_PROTO);
	if (e)
		return 0;
	HOLDS(vcpus && vcpus <= RTVMM_VCPUS_MAX);
	for (uint32_t i = 0; i < RTVMM_VCPUS_MAX; i++)
		HOLDS((state.cpu[i].seen != 0) == (i < vcpus));
	HOLDS(!vmstate_parse(in.at, in.left_bytes, vcpus, &again));
	HOLDS(memcmp(&state, &again, sizeof(state)) == 0);
	return 0;
}
