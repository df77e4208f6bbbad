/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which targets file it is. Needs nothing but libc. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "remotetrans/client/config.h"

#define TREE_MARK   "remotetrans/PROTOCOL.md"
#define TREE_FILE   "./build/lab/targets.conf"
#define HOME_FILE   ".config/remotetrans/targets.conf"
#define SYSTEM_FILE "/etc/remotetrans/targets.conf"

/* A file in the working directory counts only in our own tree and when nobody else wrote it. */
static bool tree_file_usable(void)
{
	struct stat st;

	return access(TREE_MARK, F_OK) == 0 && stat(TREE_FILE, &st) == 0 &&
	       (st.st_uid == geteuid() || st.st_uid == 0) && !(st.st_mode & S_IWOTH);
}

const struct err *config_path(char *ret, size_t size_bytes)
{
	const char *chosen = getenv("REMOTETRANS_CONFIG"), *home = getenv("HOME");

	if (chosen && chosen[0]) {
		snprintf(ret, size_bytes, "%s", chosen);
		if (access(ret, R_OK) != 0)
			return ERR_ERRNO(ERR_USAGE, errno, "REMOTETRANS_CONFIG names %.200s", ret);
		return NULL;
	}
	if (tree_file_usable()) {
		snprintf(ret, size_bytes, "%s", TREE_FILE);
		return NULL;
	}
	if (home) {
		snprintf(ret, size_bytes, "%s/%s", home, HOME_FILE);
		if (access(ret, F_OK) == 0)
			return NULL;
	}
	snprintf(ret, size_bytes, "%s", SYSTEM_FILE);
	if (access(ret, F_OK) == 0)
		return NULL;
	return ERR(ERR_USAGE,
		   "no targets file: write %s (see targets.conf(5)) or name one with "
		   "REMOTETRANS_CONFIG",
		   home ? "~/" HOME_FILE : SYSTEM_FILE);
}
