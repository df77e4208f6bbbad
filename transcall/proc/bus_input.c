/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/bus/input (drivers/input/input.c). Input: attacker-controlled. */
#include "transcall/proc/renderers.h"

#include <inttypes.h>

#include "transcall/kobj/input.h"
#include "transcall/proc/view.h"

#define WORDS_MAX  32
#define EVENT_NONE (-1)

/* Bitmaps of a device, in the order shown; @event: shown only to who has such events. */
static const struct {
	const char *label;
	enum field_id bits;
	int event; /* include/uapi/linux/input-event-codes.h */
} bitmaps[] = {
	{"PROP", F_input_dev_propbit, EVENT_NONE}, {"EV", F_input_dev_evbit, EVENT_NONE},
	{"KEY", F_input_dev_keybit, 0x01},         {"REL", F_input_dev_relbit, 0x02},
	{"ABS", F_input_dev_absbit, 0x03},         {"MSC", F_input_dev_mscbit, 0x04},
	{"LED", F_input_dev_ledbit, 0x11},         {"SND", F_input_dev_sndbit, 0x12},
	{"FF", F_input_dev_ffbit, 0x15},           {"SW", F_input_dev_swbit, 0x05},
};

/* input_seq_print_bitmap(): words that are not shown are zero, all before the first that is not. */
static const struct err *bitmap_print(const struct kernel *k, gva_t device, const char *label,
				      enum field_id id, FILE *out)
{
	unsigned words = k->profile->fields[id].size_bytes / 8;
	bool empty = true;

	fprintf(out, "B: %s=", label);
	for (unsigned i = words < WORDS_MAX ? words : WORDS_MAX; i-- > 0;) {
		uint64_t word;

		TRY(kread_u64(k, gva_add(kfield_at(k, device, id), 8 * (uint64_t)i), &word));
		if (!word && empty)
			continue;
		empty = false;
		fprintf(out, "%" PRIx64 "%s", word, i ? " " : "");
	}
	fputs(empty ? "0\n" : "\n", out);
	return NULL;
}

static const struct err *bitmaps_print(const struct kernel *k, gva_t device, FILE *out)
{
	uint64_t events;

	TRY(kread_u64(k, kfield_at(k, device, F_input_dev_evbit), &events));
	for (size_t i = 0; i < sizeof(bitmaps) / sizeof(bitmaps[0]); i++)
		if (bitmaps[i].event == EVENT_NONE || events >> bitmaps[i].event & 1)
			TRY(bitmap_print(k, device, bitmaps[i].label, bitmaps[i].bits, out));
	return NULL;
}

static const struct err *handles_print(const struct kernel *k, gva_t device, FILE *out)
{
	char name[INPUT_NAME_BYTES];
	struct list_iter it;

	fputs("H: Handlers=", out);
	TRY(input_handles_init(&it, k, device));
	for (;;) {
		TRY(input_handles_next(&it, k, name));
		if (!*name)
			break;
		fprintf(out, "%s ", name);
	}
	fputc('\n', out);
	return NULL;
}

static const struct err *device_print(const struct kernel *k, const struct input_device *d,
				      FILE *out)
{
	fprintf(out, "I: Bus=%04x Vendor=%04x Product=%04x Version=%04x\n", d->bus, d->vendor,
		d->product, d->version);
	fprintf(out, "N: Name=\"%s\"\nP: Phys=%s\nS: Sysfs=%s\nU: Uniq=%s\n", d->name, d->phys,
		d->path, d->unique);
	TRY(handles_print(k, d->at, out));
	TRY(bitmaps_print(k, d->at, out));
	fputc('\n', out);
	return NULL;
}

const struct err *bus_input_devices(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	struct input_device device;
	struct list_iter it;

	(void)node;
	TRY(input_devices_init(&it, view->kernel));
	for (;;) {
		long start = ftell(out);
		const struct err *e = input_devices_next(&it, view->kernel, &device);

		if (!e && gva_is_null(device.at))
			return NULL;
		if (!e)
			e = device_print(view->kernel, &device, out);
		TRY(view_pass_line(view, out, start, e));
	}
}

const struct err *bus_input_handlers(struct proc_view *view, const struct proc_node *node,
				     FILE *out)
{
	struct input_handler h;
	struct list_iter it;

	(void)node;
	TRY(input_handlers_init(&it, view->kernel));
	for (unsigned number = 0;; number++) {
		const struct err *e = input_handlers_next(&it, view->kernel, &h);

		if (!e && gva_is_null(h.at))
			return NULL;
		if (!e)
			fprintf(out, "N: Number=%u Name=%s%s", number, h.name,
				h.filters ? " (filter)" : "");
		if (!e && h.has_minor)
			fprintf(out, " Minor=%" PRId32, h.minor);
		if (!e)
			fputc('\n', out);
		TRY(view_pass_over(view, e));
	}
}
