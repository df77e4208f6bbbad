/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fake_members - declare the members of one made-up structure, one after the other. */
#ifndef TESTS_UNIT_KOBJ_FAKE_MEMBERS_H
#define TESTS_UNIT_KOBJ_FAKE_MEMBERS_H

#include "tests/unit/kobj/fake_guest.h"

struct fake_member {
	enum field_id id;
	uint32_t size;
};

#define FAKE_OBJECT_BYTES 4096 /* room for any structure laid out here */

static inline void fake_members_declare(struct fake_guest *g, const struct fake_member *members,
					size_t count)
{
	uint32_t offset = 16;

	for (size_t i = 0; i < count; i++) {
		fake_field(g, members[i].id, offset, members[i].size);
		offset += (members[i].size + 7) / 8 * 8;
	}
}

/* FAKE_MEMBERS(&g, {F_task_struct_pid, 4}, ...): 8 bytes apart or more. */
#define FAKE_MEMBERS(g, ...)                                                                       \
	do {                                                                                       \
		static const struct fake_member members_[] = {__VA_ARGS__};                        \
		fake_members_declare(g, members_, sizeof(members_) / sizeof(members_[0]));         \
	} while (0)

static inline gva_t fake_object(struct fake_guest *g)
{
	return fake_alloc(g, FAKE_OBJECT_BYTES, 64);
}

#endif
