/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names in /sys. Input: attacker-controlled. */
#include "transcall/kobj/kobject.h"

#include <string.h>

/* From the object up to the root, written from the end of @ret backwards. */
const struct err *kobject_path(const struct kernel *k, gva_t kobject, char *ret, size_t size_bytes)
{
	size_t begin = size_bytes - 1;

	ret[begin] = 0;
	for (unsigned depth = 0; !gva_is_null(kobject); depth++) {
		char name[KOBJECT_NAME_BYTES];
		gva_t at;

		if (depth == KOBJECT_DEPTH_MAX)
			return ERR_AT(ERR_RACE, kobject.v, "a path in /sys is too deep");
		TRY(kfield_ptr(k, kobject, F_kobject_name, &at));
		if (gva_is_null(at)) {
			*ret = 0;
			return NULL;
		}
		TRY(kread_str(k, at, name, sizeof(name)));
		size_t len = strlen(name);
		if (len + 1 > begin)
			return ERR_AT(ERR_RACE, kobject.v, "a path in /sys is too long");
		begin -= len + 1;
		ret[begin] = '/';
		memcpy(ret + begin + 1, name, len);
		TRY(kfield_ptr(k, kobject, F_kobject_parent, &kobject));
	}
	memmove(ret, ret + begin, size_bytes - begin);
	return NULL;
}
