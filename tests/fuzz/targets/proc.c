/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A hostile guest: every reader of kernel objects, through the rebuilt tree, over the memory of a
 * real guest in which words are not what they were. Input: which path, what unrecorded memory is,
 * edits of memory, of the profile (which a server has from any client) and of registers.
 *
 * Walks are bounded by what a real kernel may have, which is more than a fuzzer's patience: after
 * READS_MAX reads no memory is readable any more, and the answer must end soon.
 */
#include "tests/fuzz/recorded.h"
#include "tests/fuzz/tree.h"

#define READS_MAX (1u << 18) /* $FUZZ_READS_MAX: to see how long a long walk gets */

enum { FLAG_ATTACH = 4, FLAG_REFRESH = 8, FLAG_SYSTEM = 16, FLAG_PROFILE = 32, FLAG_VCPU = 64 };

static struct recorded guest;
static struct tree_paths paths;
static uint32_t reads_max = READS_MAX;

/* The product's own addresses, from a guest that tells no lies. */
static void prepare(void)
{
	const char *more = getenv("FUZZ_READS_MAX");

	if (more)
		reads_max = (uint32_t)strtoul(more, NULL, 10);
	recorded_load(&guest, READS_MAX);
	tree_paths_load(&paths, RECORDED_GUEST "paths.gz");
	HOLDS(paths.count);
}

static const struct err *refresh(struct proc_view *view)
{
	(void)view;
	return NULL;
}

static void vcpu_edit(struct vcpu *v, struct input *in)
{
	uint64_t *const registers[] = {
		&v->tsc,       &v->tsc_khz,           &v->clock_ns, &v->hpet_counter,
		&v->gs_base,   &v->kernel_gs_base,    &v->lstar,    &v->kvm_system_time_msr,
		&v->idtr_base, &v->kvm_wall_clock_msr};
	uint8_t which = input_u8(in);

	*registers[which % 10] = input_u64(in);
	v->has_lstar = v->has_kernel_gs_base = which & 0x80;
}

static void edits_take(struct input *in, uint8_t flags, struct profile *p, struct vcpu *v)
{
	while (in->left_bytes) {
		uint8_t what = input_u8(in);

		if (what % 8 == 6 && flags & FLAG_PROFILE)
			recorded_profile_edit(p, in);
		else if (what % 8 == 7 && flags & FLAG_VCPU)
			vcpu_edit(v, in);
		else
			recording_edit(&guest.memory, in);
	}
}

/* A kernel is attached as it was, or anew over what the memory says now. */
static bool attach(struct kernel *k, struct proc_view *view, uint8_t flags)
{
	if (!(flags & FLAG_ATTACH))
		return true;
	const struct err *e = kernel_attach(k, k->mem, k->profile, k->vcpus, 1);
	if (!e)
		e = proc_view_init(view, k, 1);
	HOLDS(!e || !err_is_fatal(e));
	HOLDS(e || (k->cpu_count && k->cpu_count <= VCPUS_MAX && k->hz));
	return !e;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len_bytes)
{
	static struct profile profile;
	struct input in = {bytes, len_bytes};
	struct vcpu v;

	if (!paths.count)
		prepare();
	uint8_t flags = input_u8(&in);
	const char *path = paths.path[input_u16(&in) % paths.count];
	struct kernel kernel;
	struct proc_view view;

	recorded_copy(&guest, &kernel, &view);
	profile = guest.profile;
	v = guest.vcpu;
	kernel.profile = &profile;
	kernel_set_vcpus(&kernel, &v, 1);
	view.refresh = flags & FLAG_REFRESH ? refresh : NULL;
	recording_begin(&guest.memory, reads_max);
	guest.memory.beyond = (enum recording_beyond)(flags % 4 % BEYOND_KINDS);
	edits_take(&in, flags, &profile, &v);
	if (!attach(&kernel, &view, flags))
		return 0;
	if (flags & FLAG_SYSTEM)
		tree_use_system(&view, path);
	tree_use(&view, path);
	return 0;
}
