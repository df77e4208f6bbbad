/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that remember a target. Input: this host's own files. */
#include "remotetrans/client/state.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "remotetrans/base/ini.h"
#include "remotetrans/base/scope.h"

/* Values of fixed length come last: a file that is cut off anywhere lacks part of one. */
static const struct ini_key enrolled_keys[] = {
	INI_KEY("at_s", INI_U32, struct state_enrolled, at_s),
	INI_KEY("ak", INI_HEX, struct state_enrolled, ak),
	INI_KEY("ek_sha256", INI_HEX, struct state_enrolled, ek_sha256),
	{.name = NULL},
};

static const struct ini_key attested_keys[] = {
	INI_KEY("at_s", INI_U32, struct state_attested, at_s),
	INI_KEY("reset_count", INI_U32, struct state_attested, reset_count),
	INI_KEY("vmm_key", INI_HEX, struct state_attested, vmm_key),
	INI_KEY("boot_id", INI_UUID, struct state_attested, boot_id),
	INI_KEY("manifest", INI_HEX, struct state_attested, manifest),
	INI_KEY("ak", INI_HEX, struct state_attested, ak),
	{.name = NULL},
};

static const struct ini_key bound_keys[] = {
	INI_KEY("at_s", INI_U32, struct state_bound, at_s),
	INI_KEY("was_protected", INI_BOOL, struct state_bound, was_protected),
	INI_KEY("instance_id", INI_UUID, struct state_bound, instance_id),
	INI_KEY("uuid", INI_UUID, struct state_bound, uuid),
	{.name = NULL},
};

/* One file's way in or out. */
struct state_file {
	const char *target;
	const char *kind;
	const struct ini_key *keys;
	char path[INI_PATH_BYTES];
	void *object;
	unsigned seen; /* keys read */
};

uint32_t state_now_s(void)
{
	return (uint32_t)time(NULL);
}

const char *state_folder(char *ret, size_t size_bytes)
{
	const char *chosen = getenv("REMOTETRANS_STATE"), *xdg = getenv("XDG_STATE_HOME"),
		   *home = getenv("HOME");

	if (chosen && chosen[0])
		snprintf(ret, size_bytes, "%s", chosen);
	else if (xdg && xdg[0])
		snprintf(ret, size_bytes, "%s/remotetrans", xdg);
	else if (home && access(home, X_OK) == 0) /* not one kept from another user */
		snprintf(ret, size_bytes, "%s/.local/state/remotetrans", home);
	else
		snprintf(ret, size_bytes, "/var/lib/remotetrans");
	return ret;
}

static const struct err *find_path(struct state_file *f)
{
	char in[INI_PATH_BYTES - 128];

	if (strchr(f->target, '/') || f->target[0] == '.')
		return ERR(ERR_USAGE,
			   "target [%s]: nothing can be remembered of a target whose name begins "
			   "with a dot or has a slash: rename it",
			   f->target);
	snprintf(f->path, sizeof(f->path), "%s/%s.%s", state_folder(in, sizeof(in)), f->target, f->kind);
	return NULL;
}

/* --- reading --------------------------------------------------------------------------------- */

static const struct err *entry(void *context, const char *section, const char *name,
			       const char *value)
{
	struct state_file *f = context;

	if (strcmp(section, f->kind) != 0)
		return ERR(ERR_USAGE, "section [%s] is not [%s]", section, f->kind);
	f->seen++;
	return ini_assign(f->keys, f->path, f->object, name, value);
}

static const struct err *check_owner(const struct state_file *f, bool *ret_found)
{
	struct stat st;

	*ret_found = stat(f->path, &st) == 0;
	if (!*ret_found)
		return errno == ENOENT ? NULL
				       : ERR_ERRNO(ERR_USAGE, errno, "cannot read %s", f->path);
	if ((st.st_uid == geteuid() || st.st_uid == 0) && !(st.st_mode & (S_IWGRP | S_IWOTH)))
		return NULL;
	return ERR(ERR_USAGE, "%s: others may write it: what it says cannot be believed", f->path);
}

static const struct err *state_read(struct state_file *f, size_t size_bytes, bool *ret_found)
{
	unsigned keys = 0;

	memset(f->object, 0, size_bytes);
	TRY(find_path(f));
	TRY(check_owner(f, ret_found));
	if (!*ret_found)
		return NULL;
	while (f->keys[keys].name)
		keys++;
	TRY(ini_read(f->path, entry, f));
	if (f->seen == keys)
		return NULL;
	return ERR(ERR_USAGE, "%s: cut off; take it away to begin anew", f->path);
}

/* --- writing --------------------------------------------------------------------------------- */

static void print_value(FILE *file, const struct ini_key *key, const uint8_t *at)
{
	char uuid[37];
	uint32_t number;

	fprintf(file, "%s = ", key->name);
	if (key->kind == INI_UUID) {
		uuid_format(at, uuid);
		fputs(uuid, file);
	} else if (key->kind == INI_U32) {
		memcpy(&number, at, sizeof(number));
		fprintf(file, "%u", number);
	} else if (key->kind == INI_BOOL) {
		fputs(*(const bool *)at ? "yes" : "no", file);
	} else {
		for (size_t i = 0; i < key->size; i++)
			fprintf(file, "%02x", at[i]);
	}
	fputc('\n', file);
}

/* Each folder on the way to @path, those that are missing. */
static void make_folders(char *path)
{
	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = 0;
		(void)mkdir(path, 0700); /* what it means is seen when the file is opened */
		*slash = '/';
	}
}

static bool write_all(const char *path, const struct state_file *f)
{
	FILE *file = fopen(path, "wxe");

	if (!file)
		return false;
	fprintf(file, "[%s]\n", f->kind);
	for (const struct ini_key *key = f->keys; key->name; key++)
		print_value(file, key, (const uint8_t *)f->object + key->offset);
	bool written = !ferror(file);
	return fclose(file) == 0 && written;
}

/* The old one stays whole until the new one is. */
static const struct err *state_write(struct state_file *f)
{
	char new[INI_PATH_BYTES + 16];

	TRY(find_path(f));
	make_folders(f->path);
	snprintf(new, sizeof(new), "%s.%d", f->path, getpid());
	mode_t mask = umask(077);
	(void)unlink(new); /* of a process that had our number */
	bool written = write_all(new, f) && rename(new, f->path) == 0;
	int error = errno;
	umask(mask);
	if (written)
		return NULL;
	(void)unlink(new);
	return ERR_ERRNO(ERR_USAGE, error,
			 "cannot write %s (REMOTETRANS_STATE names another "
			 "folder)",
			 f->path);
}

#define STATE_FILE(kind)                                                                           \
	const struct err *state_read_##kind(const char *target, struct state_##kind *ret,          \
					    bool *ret_found)                                       \
	{                                                                                          \
		struct state_file f = {target, #kind, kind##_keys, "", ret, 0};                    \
		return state_read(&f, sizeof(*ret), ret_found);                                    \
	}                                                                                          \
	const struct err *state_write_##kind(const char *target, const struct state_##kind *value) \
	{                                                                                          \
		struct state_##kind copy = *value;                                                 \
		struct state_file f = {target, #kind, kind##_keys, "", &copy, 0};                  \
		return state_write(&f);                                                            \
	}
STATE_FILE(enrolled)
STATE_FILE(attested)
STATE_FILE(bound)
