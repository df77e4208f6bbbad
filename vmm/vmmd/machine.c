/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inspection of a running QEMU. Input: QEMU over QMP. What is assumed of its memory layout is
 * checked against it, so that a wrong option is an error and not wrong pages.
 */
#include "vmm/vmmd/machine.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "remotetrans/base/addr.h"

#define MONITOR_TEXT_BYTES 512
#define HPET_BASE          0xfed00000 /* hw/i386/pc.c */
#define HPET_VENDOR        0x8086     /* upper half of the low capability word */

const struct err *uuid_parse(const char *text, uint8_t ret[RTVMM_ID_BYTES])
{
	unsigned int v[RTVMM_ID_BYTES];
	int end = 0;
	int n = sscanf(text, "%2x%2x%2x%2x-%2x%2x-%2x%2x-%2x%2x-%2x%2x%2x%2x%2x%2x%n", &v[0], &v[1],
		       &v[2], &v[3], &v[4], &v[5], &v[6], &v[7], &v[8], &v[9], &v[10], &v[11],
		       &v[12], &v[13], &v[14], &v[15], &end);

	if (n != RTVMM_ID_BYTES || end != 36 || text[36] ||
	    strspn(text, "0123456789abcdefABCDEF-") != 36)
		return ERR(ERR_USAGE, "'%s' is not a UUID", text);
	for (int i = 0; i < RTVMM_ID_BYTES; i++)
		ret[i] = (uint8_t)v[i];
	return NULL;
}

static const struct err *qom_get(struct qmp *q, const char *path, const char *property,
				 json_t **ret)
{
	return qmp_execute(q, "qom-get",
			   json_pack("{s:s, s:s}", "path", path, "property", property), ret);
}

static const struct err *check_uuid(struct qmp *q, const uint8_t uuid[RTVMM_ID_BYTES])
{
	static const uint8_t unset[RTVMM_ID_BYTES];
	AUTO_JSON json_t *answer = NULL;
	uint8_t theirs[RTVMM_ID_BYTES];
	const char *text;

	TRY(qmp_execute(q, "query-uuid", NULL, &answer));
	text = json_string_value(json_object_get(answer, "UUID"));
	TRY(uuid_parse(text ? text : "", theirs));
	if (memcmp(theirs, uuid, sizeof(theirs)) && memcmp(theirs, unset, sizeof(unset)))
		return ERR(ERR_USAGE, "QEMU's VM has the UUID %s, not that of --uuid", text);
	return NULL;
}

static const struct err *check_machine(struct qmp *q, enum machine machine)
{
	AUTO_JSON json_t *type = NULL;
	const char *text;
	bool matches;

	TRY(qom_get(q, "/machine", "type", &type));
	text = json_is_string(type) ? json_string_value(type) : "?";
	if (machine == MACHINE_Q35)
		matches = strstr(text, "q35") != NULL;
	else
		matches = strstr(text, "i440fx") != NULL;
	if (!matches)
		return ERR(ERR_USAGE, "QEMU's machine is '%s', not --machine %s", text,
			   machine_name(machine));
	return NULL;
}

static const struct err *check_size(const json_t *answer, const struct ram *ram)
{
	json_int_t base, plugged;

	base = json_integer_value(json_object_get(answer, "base-memory"));
	plugged = json_integer_value(json_object_get(answer, "plugged-memory"));
	if ((uint64_t)base != ram->bytes)
		return ERR(ERR_USAGE,
			   "QEMU's VM has %lld bytes of RAM, the RAM file %llu: not this VM's file",
			   (long long)base, (unsigned long long)ram->bytes);
	if (plugged)
		return ERR(ERR_USAGE,
			   "QEMU's VM has %lld bytes of hot-plugged memory, which is in no RAM "
			   "file that vmmd knows; start it without",
			   (long long)plugged);
	return NULL;
}

/* Whether the backend at @object maps our RAM file, shared. */
static const struct err *check_backend(struct qmp *q, const char *object, const struct ram *ram,
				       bool *ret_ours)
{
	AUTO_JSON json_t *path = NULL;
	AUTO_JSON json_t *share = NULL;
	struct stat st;

	*ret_ours = false;
	TRY(qom_get(q, object, "mem-path", &path));
	if (!json_is_string(path) || stat(json_string_value(path), &st) < 0 ||
	    st.st_dev != ram->device || st.st_ino != ram->inode)
		return NULL;
	TRY(qom_get(q, object, "share", &share));
	if (!json_is_true(share))
		return ERR(ERR_USAGE, "QEMU maps %s privately: start it with share=on",
			   json_string_value(path));
	*ret_ours = true;
	return NULL;
}

static const struct err *check_file(struct qmp *q, const struct ram *ram)
{
	AUTO_JSON json_t *objects = NULL;
	json_t *object;
	size_t i;

	TRY(qmp_execute(q, "qom-list", json_pack("{s:s}", "path", "/objects"), &objects));
	json_array_foreach(objects, i, object)
	{
		const char *name = json_string_value(json_object_get(object, "name"));
		const char *type = json_string_value(json_object_get(object, "type"));
		char path[256];
		bool ours;

		if (!name || !type || strcmp(type, "child<memory-backend-file>"))
			continue;
		snprintf(path, sizeof(path), "/objects/%s", name);
		TRY(check_backend(q, path, ram, &ours));
		if (ours)
			return NULL;
	}
	return ERR(
		ERR_USAGE,
		"none of QEMU's memory backends has the RAM file as its mem-path; start QEMU with "
		"-object memory-backend-file,id=m,size=SIZE,mem-path=FILE,share=on "
		"-machine ...,memory-backend=m");
}

/* Where QEMU itself has the RAM at guest-physical @at; false: no RAM there. */
static const struct err *probe(struct qmp *q, uint64_t at, bool *ret_is_ram, uint64_t *ret_host)
{
	char command[64], text[MONITOR_TEXT_BYTES];
	unsigned long long host;
	const char *is;

	snprintf(command, sizeof(command), "gpa2hva 0x%llx", (unsigned long long)at);
	TRY(qmp_monitor(q, command, text, sizeof(text)));
	is = strstr(text, ") is 0x");
	*ret_is_ram = is && sscanf(is, ") is 0x%llx", &host) == 1;
	*ret_host = *ret_is_ram ? host : 0;
	return NULL;
}

/* Check that frame @frame is where layout_offset() says, or nowhere. */
static const struct err *check_frame(struct qmp *q, const struct layout *l, uint64_t frame,
				     uint64_t ram_host, uint64_t ram_bytes)
{
	uint64_t offset = 0, host;
	bool expected = layout_offset(l, frame, &offset);
	bool is_ram;

	TRY(probe(q, frame * FRAME_BYTES, &is_ram, &host));
	is_ram = is_ram && host >= ram_host && host - ram_host < ram_bytes; /* not a device's */
	if (is_ram != expected || (is_ram && host - ram_host != offset))
		return ERR(ERR_USAGE,
			   "QEMU's memory at %#llx is not where vmmd expects it for this machine "
			   "type and size",
			   (unsigned long long)(frame * FRAME_BYTES));
	return NULL;
}

static const struct err *check_layout(struct qmp *q, struct ram *ram)
{
	struct layout *l = &ram->layout;
	uint64_t low_frames = l->low_bytes / FRAME_BYTES;
	uint64_t high_first = LAYOUT_HIGH_BASE / FRAME_BYTES;
	uint64_t max_frame = layout_max_frame(l);
	const uint64_t frames[] = {1,          low_frames - 1, low_frames,   high_first - 1,
				   high_first, max_frame,      max_frame + 1};
	uint64_t ram_host, host;
	bool is_ram;

	TRY(probe(q, 0, &is_ram, &ram_host));
	if (!is_ram)
		return ERR(ERR_USAGE, "QEMU has no RAM at address 0");
	/* a device in the video window shows as no RAM, or as RAM elsewhere (its own) */
	TRY(probe(q, LAYOUT_LEGACY_FIRST * FRAME_BYTES, &is_ram, &host));
	l->legacy_hole = !is_ram || host - ram_host != LAYOUT_LEGACY_FIRST * FRAME_BYTES;
	for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++)
		TRY(check_frame(q, l, frames[i], ram_host, ram->bytes));
	return NULL;
}

static const struct err *learn_layout(struct qmp *q, enum machine machine, struct ram *ram)
{
	AUTO_JSON json_t *max_below_4g = NULL;

	TRY(qom_get(q, "/machine", "max-ram-below-4g", &max_below_4g));
	TRY(layout_of(machine, ram->bytes, (uint64_t)json_integer_value(max_below_4g),
		      &ram->layout));
	return check_layout(q, ram);
}

static const struct err *count_vcpus(const json_t *vcpus, struct machine_facts *ret)
{
	ret->vcpus = (uint32_t)json_array_size(vcpus);
	if (ret->vcpus == 0 || ret->vcpus > RTVMM_VCPUS_MAX)
		return ERR(ERR_USAGE, "QEMU's VM has %u vCPUs; 1 to %u are supported", ret->vcpus,
			   RTVMM_VCPUS_MAX);
	return NULL;
}

static const struct err *learn_vcpus(struct qmp *q, struct machine_facts *ret)
{
	AUTO_JSON json_t *vcpus = NULL;
	AUTO_JSON json_t *width = NULL;
	const char *path;

	TRY(qmp_execute(q, "query-cpus-fast", NULL, &vcpus));
	TRY(count_vcpus(vcpus, ret));
	path = json_string_value(json_object_get(json_array_get(vcpus, 0), "qom-path"));
	TRY(qom_get(q, path ? path : "", "phys-bits", &width));
	ret->address_width = (uint32_t)json_integer_value(width);
	return NULL;
}

const struct err *machine_recheck(struct qmp *q, const struct ram *ram, struct machine_facts *ret,
				  bool *ret_running)
{
	AUTO_JSON json_t *size = NULL;
	AUTO_JSON json_t *vcpus = NULL;
	AUTO_JSON json_t *status = NULL;
	struct qmp_sent sent[3];

	TRY(qmp_send(q, "query-memory-size-summary", NULL, &sent[0]));
	TRY(qmp_send(q, "query-cpus-fast", NULL, &sent[1]));
	TRY(qmp_send(q, "query-status", NULL, &sent[2]));
	TRY(qmp_await(q, sent[0], &size));
	TRY(qmp_await(q, sent[1], &vcpus));
	TRY(qmp_await(q, sent[2], &status));
	TRY(check_size(size, ram));
	TRY(count_vcpus(vcpus, ret));
	*ret_running = json_is_true(json_object_get(status, "running"));
	return NULL;
}

const struct err *machine_is_running(struct qmp *q, bool *ret)
{
	AUTO_JSON json_t *status = NULL;

	TRY(qmp_execute(q, "query-status", NULL, &status));
	*ret = json_is_true(json_object_get(status, "running"));
	return NULL;
}

static const struct err *learn_clocks(struct qmp *q, struct machine_facts *ret)
{
	AUTO_JSON json_t *kvm = NULL;
	char command[64], text[MONITOR_TEXT_BYTES];
	unsigned int capability, period;

	TRY(qmp_execute(q, "query-kvm", NULL, &kvm));
	ret->kvm = json_is_true(json_object_get(kvm, "enabled"));
	snprintf(command, sizeof(command), "xp /2wx %#x", HPET_BASE);
	TRY(qmp_monitor(q, command, text, sizeof(text)));
	ret->hpet = sscanf(text, "%*x: 0x%x 0x%x", &capability, &period) == 2 &&
		    capability >> 16 == HPET_VENDOR && period != 0;
	return NULL;
}

const struct err *machine_inspect(struct qmp *q, enum machine machine,
				  const uint8_t uuid[RTVMM_ID_BYTES], struct ram *ram,
				  struct machine_facts *ret)
{
	AUTO_JSON json_t *size = NULL;

	*ret = (struct machine_facts){0};
	TRY(check_uuid(q, uuid));
	TRY(check_machine(q, machine));
	TRY(qmp_execute(q, "query-memory-size-summary", NULL, &size));
	TRY(check_size(size, ram));
	TRY(check_file(q, ram));
	TRY(learn_layout(q, machine, ram));
	TRY(learn_vcpus(q, ret));
	return learn_clocks(q, ret);
}
