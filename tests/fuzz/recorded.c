/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Load and attach tests/fuzz/guest. */
#include "tests/fuzz/recorded.h"

#include "tests/fuzz/tree.h"

static void check(const struct err *e)
{
	if (e)
		fprintf(stderr, "%s\n", e->message);
	HOLDS(!e);
}

void recorded_load(struct recorded *r, uint32_t reads_max)
{
	check(profile_load(RECORDED_GUEST "profile", &r->profile));
	recording_load(&r->memory, RECORDED_GUEST "memory.gz");
	recording_begin(&r->memory, reads_max);
	r->vcpu.idtr_base = UINT64_C(0xfffffe0000000000); /* tests/tools/ramguest.c */
	tree_vcpu(&r->vcpu);
	check(kernel_attach(&r->kernel, &r->memory.src, &r->profile, &r->vcpu, 1));
	check(proc_view_init(&r->view, &r->kernel, 1));
}

void recorded_copy(const struct recorded *r, struct kernel *kernel, struct proc_view *view)
{
	*kernel = r->kernel;
	*view = r->view;
	view->kernel = kernel;
	kernel->work = &view->work;
	work_fill(&view->work, WORK_POOL);
}

void recorded_profile_edit(struct profile *p, struct input *in)
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
