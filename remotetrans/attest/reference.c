/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Manifests from good boots. Input: the user's own log and image. */
#include "remotetrans/attest/reference.h"

#include <stdio.h>

#include "remotetrans/attest/authenticode.h"
#include "remotetrans/attest/digest.h"
#include "remotetrans/attest/launch.h"

#define PCR_BOOT_LOADER    4u
#define EV_EFI_ACTION      0x80000007u
#define EV_EFI_APPLICATION 0x80000003u /* EV_EFI_BOOT_SERVICES_APPLICATION */
#define NOTE_SIZE          sizeof(((struct manifest_event *)0)->note)

/* --- from the image ----------------------------------------------------------------------------
 */

static const struct err *data_add(struct manifest *m, uint32_t pcr, uint32_t type, const void *data,
				  size_t data_bytes, const char *note)
{
	uint8_t digest[DIGEST_BYTES];

	TRY(digest_bytes(data, data_bytes, digest));
	return manifest_add(m, pcr, type, digest, note);
}

static const struct err *image_add(struct manifest *m, const struct digest_part *image)
{
	uint8_t digest[DIGEST_BYTES];
	const struct err *e = authenticode_digest(image->bytes, image->len_bytes, digest);

	if (e)
		return e->kind == ERR_PROTO ? ERR(ERR_USAGE, "%s", e->message) : e;
	return manifest_add(m, PCR_BOOT_LOADER, EV_EFI_APPLICATION, digest, MANIFEST_IMAGE);
}

/* TCG PC Client Platform Firmware Profile 1.05, section 3.3.4.5: before and after the separator. */
static const struct err *boot_loader_add(struct manifest *m, const struct digest_part *images,
					 unsigned count)
{
	static const char action[] = "Calling EFI Application from Boot Option";
	static const uint8_t zeros[4];

	TRY(data_add(m, PCR_BOOT_LOADER, EV_EFI_ACTION, action, sizeof(action) - 1, action));
	TRY(data_add(m, PCR_BOOT_LOADER, RTLAUNCH_SEPARATOR, zeros, sizeof(zeros), ""));
	for (unsigned i = 0; i < count; i++)
		TRY(image_add(m, &images[i]));
	return NULL;
}

static const struct err *part_add(struct manifest *m, const struct digest_part *image,
				  const char *section)
{
	const uint8_t *bytes;
	uint32_t len_bytes;
	const struct err *e =
		authenticode_section(image->bytes, image->len_bytes, section, &bytes, &len_bytes);

	if (e && e->kind == ERR_ABSENT)
		return NULL;
	if (e)
		return e->kind == ERR_PROTO ? ERR(ERR_USAGE, "%s", e->message) : e;
	return data_add(m, RTLAUNCH_PCR, RTLAUNCH_EVENT, bytes, len_bytes, section + 1);
}

static const struct err *parts_add(struct manifest *m, const struct digest_part *image)
{
	TRY(part_add(m, image, "." MANIFEST_CONFIG));
	TRY(part_add(m, image, "." MANIFEST_KERNEL));
	return part_add(m, image, "." MANIFEST_RAMDISK);
}

/* --- from the log ------------------------------------------------------------------------------
 */

static const struct err *events_add(struct manifest *m, const struct eventlog *l, uint32_t pcr)
{
	const struct event *e;
	char note[NOTE_SIZE];
	unsigned at = 0;

	while ((e = eventlog_next(l, pcr, &at))) {
		event_note(e, note, sizeof(note));
		TRY(manifest_add(m, pcr, e->type, e->digest, note));
	}
	return NULL;
}

static bool has_type(const struct manifest_pcr *p, uint32_t type)
{
	for (unsigned i = 0; i < p->count; i++)
		if (p->events[i].type == type)
			return true;
	return false;
}

static const struct err *types_add(struct manifest *m, const struct eventlog *l, uint32_t pcr)
{
	const struct event *e;
	unsigned at = 0;

	m->pcrs[pcr].rule = MANIFEST_TYPES;
	while ((e = eventlog_next(l, pcr, &at)))
		if (!has_type(&m->pcrs[pcr], e->type))
			TRY(manifest_add(m, pcr, e->type, NULL, ""));
	return NULL;
}

/* A part's digest is of what its data only names. */
static const struct err *logged_parts_add(struct manifest *m, const struct eventlog *l)
{
	const struct event *e;
	char note[NOTE_SIZE];
	unsigned at = 0;

	while ((e = launch_next_part(l, &at))) {
		int len = e->data_bytes < sizeof(note) ? (int)e->data_bytes : (int)sizeof(note);

		snprintf(note, sizeof(note), "%.*s", len, (const char *)e->data);
		TRY(manifest_add(m, RTLAUNCH_PCR, e->type, e->digest, note));
	}
	return NULL;
}

static const struct err *pcr_build(struct manifest *m, const struct eventlog *l, uint32_t pcr,
				   const struct digest_part *images, unsigned count)
{
	if (pcr == 1 || pcr == 5)
		return types_add(m, l, pcr);
	if (pcr == PCR_BOOT_LOADER && count)
		return boot_loader_add(m, images, count);
	if (pcr == RTLAUNCH_PCR)
		return count ? parts_add(m, images) : logged_parts_add(m, l);
	return events_add(m, l, pcr);
}

const struct err *reference_build(const struct eventlog *l, const struct digest_part *images,
				  unsigned count, struct manifest *ret)
{
	struct manifest m = {.locality = l->locality};
	const struct err *e = NULL;

	for (uint32_t pcr = 0; pcr < EVENTLOG_PCRS && !e; pcr++)
		if (ATTEST_PCRS >> pcr & 1)
			e = pcr_build(&m, l, pcr, images, count);
	if (e)
		manifest_deinit(&m);
	else
		*ret = m;
	return e;
}
