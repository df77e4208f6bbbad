/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A hostile guest: every reader of kernel objects, through the rebuilt tree, over the memory of a
 * real guest in which words are not what they were. Input: which path, what unrecorded memory is,
 * edits of memory, of the profile (which a server has from any client) and of registers.
 *
 * Walks are bounded by what a real kernel may have, which is more than a fuzzer's patience: after
 * READS_MAX reads no memory is readable any more, and the answer must end soon.
 */
#include "tests/fuzz/recording.h"
#include "tests/fuzz/tree.h"

#define GUEST     "tests/fuzz/guest/"
#define READS_MAX (1u << 18) /* $FUZZ_READS_MAX: to see how long a long walk gets */

enum { FLAG_ATTACH = 4, FLAG_REFRESH = 8, FLAG_SYSTEM = 16, FLAG_PROFILE = 32, FLAG_VCPU = 64 };

static struct recording memory;
static struct profile original;
static struct tree_paths paths;
static struct kernel attached;
static struct proc_view attached_view;
static struct vcpu vcpu;
static uint32_t reads_max = READS_MAX;

/* The product's own addresses, from a guest that tells no lies. */
static void prepare(void)
{
	const struct err *e = profile_load(GUEST "profile", &original);

	const char *more = getenv("FUZZ_READS_MAX");

	if (more)
		reads_max = (uint32_t)strtoul(more, NULL, 10);
	if (e)
		fprintf(stderr, "%s\n", e->message);
	HOLDS(!e);
	recording_load(&memory, GUEST "memory.gz");
	tree_paths_load(&paths, GUEST "paths.gz");
	recording_begin(&memory, READS_MAX);
	vcpu.idtr_base = UINT64_C(0xfffffe0000000000); /* tests/tools/ramguest.c */
	tree_vcpu(&vcpu);
	e = kernel_attach(&attached, &memory.src, &original, &vcpu, 1);
	if (!e)
		e = proc_view_init(&attached_view, &attached, 1);
	if (e)
		fprintf(stderr, "%s\n", e->message);
	HOLDS(!e && paths.count);
}

static const struct err *refresh(struct proc_view *view)
{
	(void)view;
	return NULL;
}

/* What profile_parse() takes. */
static void profile_edit(struct profile *p, struct input *in)
{
	uint16_t which = input_u16(in);
	uint32_t value = input_u16(in);

	if (which & 0x8000)
		p->sizes[which % SIZE_COUNT] = value + 1;
	else if (which & 0x4000)
		p->enumerators[which % ENUMERATOR_COUNT].value = (int16_t)value;
	else if (which & 0x2000)
		p->fields[which % FIELD_COUNT].size_bytes = value + 1;
	else if (!p->fields[which % FIELD_COUNT].bit_size)
		p->fields[which % FIELD_COUNT].offset_bytes = value;
	if (p->fields[which % FIELD_COUNT].size_bytes > 8)
		p->fields[which % FIELD_COUNT].bit_size = 0;
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
			profile_edit(p, in);
		else if (what % 8 == 7 && flags & FLAG_VCPU)
			vcpu_edit(v, in);
		else
			recording_edit(&memory, in);
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
	struct kernel kernel = attached;
	struct proc_view view = attached_view;
	profile = original;
	v = vcpu;
	kernel.profile = &profile;
	kernel_set_vcpus(&kernel, &v, 1);
	view.kernel = &kernel;
	view.refresh = flags & FLAG_REFRESH ? refresh : NULL;
	recording_begin(&memory, reads_max);
	memory.beyond = (enum recording_beyond)(flags % 4 % BEYOND_KINDS);
	edits_take(&in, flags, &profile, &v);
	if (!attach(&kernel, &view, flags))
		return 0;
	if (flags & FLAG_SYSTEM)
		tree_use_system(&view, path);
	tree_use(&view, path);
	return 0;
}
