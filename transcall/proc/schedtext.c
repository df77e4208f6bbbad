/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of /proc/PID/sched. Input: attacker-controlled. */
#include "transcall/proc/schedtext.h"

#include <inttypes.h>

#define NSEC_PER_MSEC 1000000
#define LABEL_BYTES   64

enum kind { KIND_NUMBER, KIND_SIGNED, KIND_TIME };

static const struct line {
	enum schedtext_part part;
	enum kind kind;
	const char *label;
	enum field_id id;
} lines[] = {
#define NUMBER(part_, label_, member) {part_, KIND_NUMBER, label_, F_task_struct_##member},
#define SIGNED(part_, label_, member) {part_, KIND_SIGNED, label_, F_task_struct_##member},
#define TIME(part_, label_, member)   {part_, KIND_TIME, label_, F_task_struct_##member},
#include "transcall/proc/schedtext.def"
#undef NUMBER
#undef SIGNED
#undef TIME
};

void schedtext_number(FILE *out, const char *label, int64_t v)
{
	fprintf(out, "%-45s:%21" PRId64 "\n", label, v);
}

/* SPLIT_NS(): the fraction has no sign, and -1 ns none at all. */
void schedtext_time(FILE *out, const char *label, int64_t ns)
{
	uint64_t size = ns < 0 ? 0 - (uint64_t)ns : (uint64_t)ns;

	fprintf(out, "%-45s:%14" PRId64 ".%06" PRIu64 "\n", label, ns / NSEC_PER_MSEC,
		size % NSEC_PER_MSEC);
}

static const struct err *value_read(const struct kernel *k, gva_t task, const struct line *line,
				    int64_t *ret)
{
	uint64_t v;

	if (line->kind == KIND_SIGNED)
		return kfield_int(k, task, line->id, ret);
	TRY(kfield_uint(k, task, line->id, &v));
	*ret = (int64_t)v;
	return NULL;
}

static const struct err *line_print(const struct kernel *k, gva_t task, const struct line *line,
				    const char *prefix, FILE *out)
{
	char label[LABEL_BYTES];
	int64_t v;

	TRY(value_read(k, task, line, &v));
	snprintf(label, sizeof(label), "%s%s", prefix, line->label);
	(line->kind == KIND_TIME ? schedtext_time : schedtext_number)(out, label, v);
	return NULL;
}

const struct err *schedtext_part(const struct kernel *k, gva_t task, enum schedtext_part part,
				 const char *prefix, FILE *out)
{
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (lines[i].part == part && profile_has(k->profile, lines[i].id))
			TRY(line_print(k, task, &lines[i], prefix, out));
	return NULL;
}
