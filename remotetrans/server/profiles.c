/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Uploaded profiles. Input: attacker-controlled text, stored and never parsed here. */
#include "remotetrans/server/profiles.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <openssl/evp.h>

#include "remotetrans/base/scope.h"

#define KEPT_MAX   256 /* files in the folder */
#define PATH_BYTES 2048

static bool has_hash(const void *text, size_t len_bytes, const uint8_t *hash)
{
	uint8_t actual[WIRE_HASH_BYTES];

	return EVP_Digest(text, len_bytes, actual, NULL, EVP_sha256(), NULL) == 1 &&
	       memcmp(actual, hash, sizeof(actual)) == 0;
}

void profile_text_deinit(struct profile_text *p)
{
	free(p->text);
	*p = (struct profile_text){0};
}

const struct err *profile_folder_open(const char *folder)
{
	struct stat st;

	if (mkdir(folder, 0700) != 0 && errno != EEXIST)
		return ERR_ERRNO(ERR_USAGE, errno, "cannot create profiles=%s", folder);
	if (stat(folder, &st) != 0 || access(folder, R_OK | W_OK | X_OK) != 0)
		return ERR_ERRNO(ERR_USAGE, errno, "cannot use profiles=%s", folder);
	if (st.st_mode & (S_IRWXG | S_IRWXO))
		return ERR(ERR_USAGE,
			   "profiles=%s is open to others than its owner (mode %04o): chmod 700 %s",
			   folder, (unsigned)st.st_mode & 07777, folder);
	return NULL;
}

static void path_of(const char *folder, const uint8_t *hash, char *ret, size_t size_bytes)
{
	int used = snprintf(ret, size_bytes, "%s/", folder);

	for (unsigned i = 0; i < WIRE_HASH_BYTES && (size_t)used + 3 < size_bytes; i++)
		used += snprintf(ret + used, 3, "%02x", hash[i]);
}

static bool read_file(const char *path, struct profile_text *ret)
{
	AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) != 0 || st.st_size < 1 || st.st_size > WIRE_PROFILE_MAX)
		return false;
	size_t len = (size_t)st.st_size;
	AUTO_FREE char *text = malloc(len);
	if (!text || read(fd, text, len) != (ssize_t)len)
		return false;
	ret->text = TAKE(text);
	ret->len_bytes = len;
	return true;
}

bool profile_text_find(const char *folder, const uint8_t *hash, struct profile_text *ret)
{
	struct profile_text found = {.text = NULL};
	char path[PATH_BYTES];

	if (!folder[0])
		return false;
	path_of(folder, hash, path, sizeof(path));
	if (!read_file(path, &found))
		return false;
	if (!has_hash(found.text, found.len_bytes, hash)) {
		profile_text_deinit(&found);
		return false;
	}
	memcpy(found.hash, hash, sizeof(found.hash));
	profile_text_deinit(ret);
	*ret = found;
	return true;
}

static bool has_room(const char *folder)
{
	DIR *dir = opendir(folder);
	unsigned count = 0;

	if (!dir)
		return false;
	while (count <= KEPT_MAX && readdir(dir))
		count++;
	closedir(dir);
	return count <= KEPT_MAX;
}

/* Best effort: without the file the next client uploads again. */
static void keep(const char *folder, const struct profile_text *p)
{
	char path[PATH_BYTES], temporary[PATH_BYTES + 8];

	if (!folder[0] || !has_room(folder))
		return;
	path_of(folder, p->hash, path, sizeof(path));
	snprintf(temporary, sizeof(temporary), "%s.XXXXXX", path);
	AUTO_CLOSE int fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0)
		return;
	if (write(fd, p->text, p->len_bytes) != (ssize_t)p->len_bytes ||
	    rename(temporary, path) != 0)
		unlink(temporary);
}

const struct err *profile_text_put(const char *folder, const uint8_t *hash, struct wire_view text,
				   struct profile_text *ret)
{
	if (!text.len_bytes || !has_hash(text.bytes, text.len_bytes, hash))
		return ERR(ERR_PROTO, "profile does not have the hash that was announced");
	char *copy = malloc(text.len_bytes);
	if (!copy)
		return ERR_ERRNO(ERR_SYSTEM, errno, "profile");
	memcpy(copy, text.bytes, text.len_bytes);
	profile_text_deinit(ret);
	*ret = (struct profile_text){.text = copy, .len_bytes = text.len_bytes};
	memcpy(ret->hash, hash, sizeof(ret->hash));
	keep(folder, ret);
	return NULL;
}
