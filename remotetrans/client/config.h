/* SPDX-License-Identifier: GPL-2.0-or-later */
/* config - the targets file: where each VM is monitored through, and what is pinned of it. */
#ifndef RT_CLIENT_CONFIG_H
#define RT_CLIENT_CONFIG_H

#include "remotetrans/base/ini.h"
#include "vmm/include/rtvmm.h"

#define CONFIG_NAME_BYTES 65

/* One section of the targets file; plain data. Unset texts are empty, unset bytes zero. */
struct target_config {
	char name[CONFIG_NAME_BYTES]; /* of the section */
	char path[INI_PATH_BYTES];    /* of the targets file */
	char server[256];             /* HOST:PORT */
	char server_name[256];        /* in the server's certificate; default: HOST */
	char vm[CONFIG_NAME_BYTES];   /* as remotetransd calls it; default: the section's name */
	char ca[INI_PATH_BYTES];
	char certificate[INI_PATH_BYTES];
	char key[INI_PATH_BYTES];
	char profile[INI_PATH_BYTES]; /* kernel profile, or a folder of them */
	uint8_t vmm_key[RTVMM_KEY_BYTES];
	uint8_t uuid[RTVMM_ID_BYTES];
	uint32_t timeout_ms; /* challenge to reply, default 5000 */
	bool compress;       /* the server may compress on a slow link; default yes */
	/* what vouches for the VMM's key: an attestation that fits this manifest, or vmm_key alone */
	char manifest[INI_PATH_BYTES];
	char attester[256];        /* HOST:PORT of the host's attester; default: server */
	uint32_t attest_max_age_s; /* how long an attestation counts, default 3600 */
	bool say_pinned;           /* each run says that nothing but vmm_key vouches */
	bool require_protected;
	bool insecure_unverified;
	bool insecure_unattested; /* the key that the VMM names is taken */
	bool share;               /* transcall keeps the session for further programs, default yes */
	uint32_t share_idle_s;    /* and ends it when none came for so long, default 60 */
	/* never in the file, for a program that is about to find out which instance it is */
	bool ignores_bound;
};

/**
 * config_load() - one target
 * @name: NULL: $TRANSCALL_TARGET, else the file's only section
 * @ret:  out: checked: everything that a session needs is there
 *
 * The file is the first of $REMOTETRANS_CONFIG, ./build/lab/targets.conf when run from the source
 * tree, ~/.config/remotetrans/targets.conf, /etc/remotetrans/targets.conf.
 * Return: NULL; USAGE with the remedy.
 */
MUST_CHECK const struct err *config_load(const char *name, struct target_config *ret);

typedef const struct err *config_visit_fn(void *context, const struct target_config *target);

/* Call @visit for every target in order; unchecked, they may be incomplete. */
MUST_CHECK const struct err *config_each(config_visit_fn *visit, void *context);

/* Path of the targets file that is used. USAGE: there is none. */
MUST_CHECK const struct err *config_path(char *ret, size_t size_bytes);

bool config_has_manifest(const struct target_config *t);
bool config_has_vmm_key(const struct target_config *t);
bool config_has_uuid(const struct target_config *t);

#endif
