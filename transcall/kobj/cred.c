/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Credentials and id maps. Input: attacker-controlled. */
#include "transcall/kobj/cred.h"

#define BASE_EXTENTS 5  /* UID_GID_MAP_MAX_BASE_EXTENTS */
#define EXTENT_BYTES 12 /* struct uid_gid_extent: three u32 */
#define NO_ID        UINT32_MAX

static const struct err *cred_of(const struct kernel *k, gva_t task, gva_t *ret)
{
	return kfield_ptr(k, task, F_task_struct_real_cred, ret);
}

static const struct err *id_read(const struct kernel *k, gva_t cred, enum field_id id,
				 uint32_t *ret)
{
	uint64_t v;

	TRY(kfield_uint(k, cred, id, &v));
	*ret = (uint32_t)v;
	return NULL;
}

static const struct err *caps_read(const struct kernel *k, struct cred *c)
{
	TRY(kfield_uint(k, c->at, F_cred_cap_inheritable, &c->cap_inheritable));
	TRY(kfield_uint(k, c->at, F_cred_cap_permitted, &c->cap_permitted));
	TRY(kfield_uint(k, c->at, F_cred_cap_effective, &c->cap_effective));
	TRY(kfield_uint(k, c->at, F_cred_cap_bset, &c->cap_bset));
	return kfield_uint(k, c->at, F_cred_cap_ambient, &c->cap_ambient);
}

const struct err *cred_read(const struct kernel *k, gva_t task, struct cred *ret)
{
	const struct {
		enum field_id id;
		uint32_t *to;
	} ids[] = {
		{F_cred_uid, &ret->uid},     {F_cred_euid, &ret->euid},   {F_cred_suid, &ret->suid},
		{F_cred_fsuid, &ret->fsuid}, {F_cred_gid, &ret->gid},     {F_cred_egid, &ret->egid},
		{F_cred_sgid, &ret->sgid},   {F_cred_fsgid, &ret->fsgid},
	};

	TRY(cred_of(k, task, &ret->at));
	for (unsigned i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
		TRY(id_read(k, ret->at, ids[i].id, ids[i].to));
	TRY(kfield_ptr(k, ret->at, F_cred_user_ns, &ret->user_ns));
	TRY(kfield_ptr(k, ret->at, F_cred_group_info, &ret->group_info));
	return caps_read(k, ret);
}

const struct err *cred_read_effective(const struct kernel *k, gva_t task, uint32_t *ret_euid,
				      uint32_t *ret_egid)
{
	gva_t cred;

	TRY(cred_of(k, task, &cred));
	TRY(id_read(k, cred, F_cred_euid, ret_euid));
	return id_read(k, cred, F_cred_egid, ret_egid);
}

const struct err *cred_group_count(const struct kernel *k, gva_t group_info, uint32_t *ret)
{
	TRY(id_read(k, group_info, F_group_info_ngroups, ret));
	if (*ret > CRED_GROUPS_MAX)
		return ERR_AT(ERR_RACE, group_info.v, "a task has %u groups", *ret);
	return NULL;
}

const struct err *cred_group(const struct kernel *k, gva_t group_info, uint32_t index,
			     uint32_t *ret)
{
	return kread_u32(
		k, gva_add(kfield_at(k, group_info, F_group_info_gid), 4 * (uint64_t)index), ret);
}

/* Members of a struct uid_gid_map within a user namespace. */
struct map_fields {
	enum field_id count, extents, forward;
	enum symbol_id overflow;
};

static const struct map_fields uid_fields = {F_user_namespace_uid_map_nr_extents,
					     F_user_namespace_uid_map_extent,
					     F_user_namespace_uid_map_forward, S_overflowuid};
static const struct map_fields gid_fields = {F_user_namespace_gid_map_nr_extents,
					     F_user_namespace_gid_map_extent,
					     F_user_namespace_gid_map_forward, S_overflowgid};

static const struct map_fields projid_fields = {.count = F_user_namespace_projid_map_nr_extents,
						.extents = F_user_namespace_projid_map_extent,
						.forward = F_user_namespace_projid_map_forward};

static const struct err *map_read(const struct kernel *k, gva_t user_ns, const struct map_fields *f,
				  struct id_map *ret)
{
	gva_t at = kfield_at(k, user_ns, f->extents);
	uint32_t count;

	TRY(id_read(k, user_ns, f->count, &count));
	if (count > ID_EXTENTS_MAX)
		return ERR_AT(ERR_RACE, user_ns.v, "an id map has %u extents", count);
	if (count > BASE_EXTENTS)
		TRY(kfield_ptr(k, user_ns, f->forward, &at));
	for (uint32_t i = 0; i < count; i++, at = gva_add(at, EXTENT_BYTES)) {
		struct id_extent *e = &ret->extents[i];

		TRY(kread_u32(k, at, &e->first));
		TRY(kread_u32(k, gva_add(at, 4), &e->lower_first));
		TRY(kread_u32(k, gva_add(at, 8), &e->count));
	}
	ret->count = count;
	return NULL;
}

/* map_id_up(), kernel/user_namespace.c */
static uint32_t map_up(const struct id_map *map, uint32_t id)
{
	for (unsigned i = 0; i < map->count; i++)
		if (id - map->extents[i].lower_first < map->extents[i].count)
			return id - map->extents[i].lower_first + map->extents[i].first;
	return NO_ID;
}

/* map_id_down() */
static uint32_t map_down(const struct id_map *map, uint32_t id)
{
	for (unsigned i = 0; i < map->count; i++)
		if (id - map->extents[i].first < map->extents[i].count)
			return id - map->extents[i].first + map->extents[i].lower_first;
	return NO_ID;
}

static const struct err *id_in(const struct kernel *k, gva_t user_ns, const struct map_fields *f,
			       uint32_t id, uint32_t *ret)
{
	struct id_map map;

	TRY(map_read(k, user_ns, f, &map));
	*ret = map_up(&map, id);
	return *ret == NO_ID ? kread_u32(k, kernel_symbol(k, f->overflow), ret) : NULL;
}

const struct err *cred_uid_in(const struct kernel *k, gva_t user_ns, uint32_t kuid, uint32_t *ret)
{
	return id_in(k, user_ns, &uid_fields, kuid, ret);
}

const struct err *cred_gid_in(const struct kernel *k, gva_t user_ns, uint32_t kgid, uint32_t *ret)
{
	return id_in(k, user_ns, &gid_fields, kgid, ret);
}

const struct err *cred_maps(const struct kernel *k, gva_t user_ns, uint32_t kuid, uint32_t kgid,
			    bool *ret)
{
	struct id_map map;

	TRY(map_read(k, user_ns, &uid_fields, &map));
	*ret = map_up(&map, kuid) != NO_ID;
	TRY(map_read(k, user_ns, &gid_fields, &map));
	*ret &= map_up(&map, kgid) != NO_ID;
	return NULL;
}

static const struct err *id_of(const struct kernel *k, gva_t user_ns, const struct map_fields *f,
			       uint32_t id, uint32_t *ret)
{
	struct id_map map;

	TRY(map_read(k, user_ns, f, &map));
	*ret = map_down(&map, id);
	return NULL;
}

const struct err *cred_kuid_of(const struct kernel *k, gva_t user_ns, uint32_t id, uint32_t *ret)
{
	return id_of(k, user_ns, &uid_fields, id, ret);
}

const struct err *cred_kgid_of(const struct kernel *k, gva_t user_ns, uint32_t id, uint32_t *ret)
{
	return id_of(k, user_ns, &gid_fields, id, ret);
}

const struct err *cred_uid_map(const struct kernel *k, gva_t user_ns, struct id_map *ret)
{
	return map_read(k, user_ns, &uid_fields, ret);
}

const struct err *cred_gid_map(const struct kernel *k, gva_t user_ns, struct id_map *ret)
{
	return map_read(k, user_ns, &gid_fields, ret);
}

const struct err *cred_projid_map(const struct kernel *k, gva_t user_ns, struct id_map *ret)
{
	return map_read(k, user_ns, &projid_fields, ret);
}

const struct err *cred_projid_in(const struct kernel *k, gva_t user_ns, uint32_t id, uint32_t *ret)
{
	struct id_map map;

	TRY(map_read(k, user_ns, &projid_fields, &map));
	*ret = map_up(&map, id);
	return NULL;
}
