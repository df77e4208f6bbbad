/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Paths as text. Input: paths of the tool, link texts of the guest (hostile). */
#include "transcall/vfs/path.h"

#include <string.h>

bool path_push(char *path, const char *name, size_t len)
{
	size_t used = strlen(path);

	if (used == 1)
		used = 0; /* the root */
	if (used + 1 + len >= PATH_MAX)
		return false;
	path[used] = '/';
	memcpy(path + used + 1, name, len);
	path[used + 1 + len] = '\0';
	return true;
}

void path_pop(char *path)
{
	char *slash = strrchr(path, '/');

	slash[slash == path ? 1 : 0] = '\0';
}

bool path_join(const char *base, const char *path, char *ret)
{
	ret[0] = '/';
	ret[1] = '\0';
	if (path[0] != '/' && base) {
		size_t len = strlen(base);

		if (len >= PATH_MAX)
			return false;
		memcpy(ret, base, len + 1);
	}
	while (*path) {
		size_t len = strcspn(path, "/");

		if (len > 0 && !(len == 1 && path[0] == '.') && !path_push(ret, path, len))
			return false;
		path += len;
		path += strspn(path, "/");
	}
	return true;
}

bool path_has_parent(const char *path)
{
	const char *at = path;

	while ((at = strstr(at, "/.."))) {
		if (at[3] == '\0' || at[3] == '/')
			return true;
		at += 3;
	}
	return false;
}

const char *path_name(const char *path)
{
	return strrchr(path, '/') + 1;
}

bool path_under(const char *path, const char *prefix, const char **ret)
{
	size_t len = strlen(prefix);

	if (strncmp(path, prefix, len) != 0)
		return false;
	if (path[len] != '\0' && path[len] != '/' && len > 1)
		return false;
	*ret = path + len;
	return true;
}

uint32_t path_number(const char *text, const char **ret)
{
	uint64_t number = 0;
	const char *at = text;

	if (*at >= '1' && *at <= '9')
		for (; *at >= '0' && *at <= '9' && number < UINT32_MAX; at++)
			number = number * 10 + (uint64_t)(*at - '0');
	*ret = at;
	if (number == 0 || number >= UINT32_MAX || (*at != '\0' && *at != '/')) {
		*ret = text;
		return 0;
	}
	return (uint32_t)number;
}
