/* SPDX-License-Identifier: GPL-2.0-or-later */
/* outdated - would opening the target anew make another session than the one that is open? */
#ifndef TC_TARGET_OUTDATED_H
#define TC_TARGET_OUTDATED_H

#include <sys/types.h>
#include <time.h>

#include "transcall/target/target.h"

#define OUTDATED_FILES 7

/* The files that say how a target is opened, as they were. */
struct opened_by {
	struct opened_file {
		dev_t device;
		ino_t inode;
		off_t bytes;
		struct timespec changed;
	} files[OUTDATED_FILES];
	bool from_anywhere; /* none of them by a relative path */
};

/* Note them, before or right after the target is opened. */
void opened_by_note(const struct target *t, struct opened_by *ret);

/* One of them changed (the targets file, its certificates, profile and manifest; what is remembered
 * of targets), or the attestation is older than attest_max_age_s. */
bool target_is_outdated(struct target *t, const struct opened_by *by);

#endif
