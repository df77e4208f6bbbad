/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/keys and /proc/key-users (security/keys/proc.c). Input: attacker-controlled. */
#include "transcall/proc/renderers.h"

#include <inttypes.h>
#include <string.h>

#include "transcall/kobj/cred.h"
#include "transcall/kobj/kallsyms.h"
#include "transcall/kobj/key.h"
#include "transcall/kobj/task.h"
#include "transcall/kobj/time.h"
#include "transcall/proc/view.h"

#define NSEC_PER_SEC INT64_C(1000000000)
#define NOT_MAPPED   UINT32_MAX

/* Root of the reader's user namespace: kernel ids. */
struct keys_reader {
	struct proc_view *view;
	uint32_t uid, gid;
	int64_t now_s;
	FILE *out;
};

static const struct err *reader_init(struct keys_reader *r, struct proc_view *view, FILE *out)
{
	struct ktime now;

	*r = (struct keys_reader){.view = view, .out = out};
	TRY(cred_kuid_of(view->kernel, view->user_ns, 0, &r->uid));
	TRY(cred_kgid_of(view->kernel, view->user_ns, 0, &r->gid));
	TRY(time_read(view->kernel, &now));
	r->now_s = (int64_t)now.realtime_ns / NSEC_PER_SEC;
	return NULL;
}

/* kuid_has_mapping() */
static const struct err *uid_is_mapped(const struct keys_reader *r, uint32_t uid, bool *ret)
{
	const struct kernel *k = r->view->kernel;
	uint32_t shown, back;

	TRY(view_uid(r->view, uid, &shown));
	TRY(cred_kuid_of(k, r->view->user_ns, shown, &back));
	*ret = back == uid;
	return NULL;
}

/*
 * key_task_permission() for KEY_NEED_VIEW by root. What root may see only because it possesses the
 * key, through a keyring of its session, is not shown: the observer has no session in the guest.
 */
static bool may_view(const struct keys_reader *r, const struct key *key)
{
	uint32_t perm = key->perm;

	if (key->uid == r->uid)
		perm >>= KEY_USER_SHIFT;
	else if (key->gid != NOT_MAPPED && perm & KEY_GROUP_ALL && key->gid == r->gid)
		perm >>= KEY_GROUP_SHIFT;
	return perm & KEY_VIEW;
}

static void expiry_text(const struct keys_reader *r, const struct key *key, char *ret, size_t size)
{
	static const struct {
		int64_t below, unit;
		char letter;
	} units[] = {{60, 1, 's'},
		     {3600, 60, 'm'},
		     {86400, 3600, 'h'},
		     {604800, 86400, 'd'},
		     {INT64_MAX, 604800, 'w'}};
	bool never = key->expires == KEY_NEVER || !key->expires;
	int64_t left = never ? 0 : key->expires - r->now_s;
	unsigned i = 0;

	if (never || key->expires <= r->now_s) {
		snprintf(ret, size, "%s", never ? "perm" : "expd");
		return;
	}
	while (left >= units[i].below)
		i++;
	snprintf(ret, size, "%" PRId64 "%c", left / units[i].unit, units[i].letter);
}

static void describe_id(const struct key_public *p, FILE *out)
{
	if (p->id_bytes)
		fputc(' ', out);
	for (unsigned i = 0; i < p->id_bytes; i++)
		fprintf(out, "%02x", p->id[i]);
	fputs(" []", out);
}

static const struct err *describe_ring(const struct kernel *k, const struct key *key, FILE *out)
{
	uint64_t count;

	if (key->state <= 0)
		return NULL;
	TRY(key_ring_count(k, key->at, &count));
	if (count)
		fprintf(out, ": %" PRIu64, count);
	else
		fputs(": empty", out);
	return NULL;
}

static const struct err *describe_public(const struct kernel *k, const struct key *key, FILE *out)
{
	struct key_public p;

	TRY(key_public_read(k, key->at, &p));
	if (!p.present)
		return NULL;
	fprintf(out, ": %s.%s", p.id_type, p.algorithm);
	describe_id(&p, out);
	return NULL;
}

static const struct err *describe_data(const struct kernel *k, const struct key *key, FILE *out)
{
	(void)k;
	if (key->state > 0)
		fprintf(out, ": %" PRIu32, key->data_bytes);
	return NULL;
}

static const struct err *describe_no_more(const struct kernel *k, const struct key *key, FILE *out)
{
	(void)k, (void)key, (void)out;
	return NULL;
}

/* What a type's own function adds to the description. */
static const struct {
	const char *function;
	const struct err *(*print)(const struct kernel *k, const struct key *key, FILE *out);
} describers[] = {{"keyring_describe", describe_ring},
		  {"user_describe", describe_data},
		  {"asymmetric_key_describe", describe_public},
		  {"blacklist_describe", describe_no_more}};

static const struct err *describe(const struct kernel *k, const struct key *key, FILE *out)
{
	char text[KEY_DESCRIPTION_BYTES], name[KALLSYMS_NAME_BYTES];

	if (gva_is_null(key->describe))
		return NULL;
	TRY(kallsyms_name(k, key->describe, name, sizeof(name)));
	TRY(key_description(k, key->at, text));
	for (size_t i = 0; i < sizeof(describers) / sizeof(describers[0]); i++) {
		if (strcmp(describers[i].function, name) != 0)
			continue;
		fputs(*text || i ? text : "[anon]", out);
		return describers[i].print(k, key, out);
	}
	return ERR(ERR_FAULT, "what %.64s() says of a key is not rebuilt", name);
}

static char flag(const struct key *key, unsigned bit, char letter)
{
	return key->flags >> bit & 1 ? letter : '-';
}

static const struct err *key_print(const struct keys_reader *r, const struct key *key)
{
	char expiry[32];
	uint32_t uid, gid;

	TRY(view_uid(r->view, key->uid, &uid));
	TRY(view_gid(r->view, key->gid, &gid));
	expiry_text(r, key, expiry, sizeof(expiry));
	fprintf(r->out, "%08x %c%c%c%c%c%c%c %5" PRIu32 " %4s %08" PRIx32 " %5d %5d %-9.9s ",
		(uint32_t)key->serial, key->state ? 'I' : '-', flag(key, 1, 'R'), flag(key, 0, 'D'),
		flag(key, 2, 'Q'), flag(key, 3, 'U'), key->state < 0 ? 'N' : '-', flag(key, 5, 'i'),
		key->usage, expiry, key->perm, (int)uid, (int)gid, key->type);
	TRY(describe(r->view->kernel, key, r->out));
	fputc('\n', r->out);
	return NULL;
}

static const struct err *key_look(const struct keys_reader *r, gva_t at)
{
	struct key key;
	bool mapped;

	TRY(key_read(r->view->kernel, at, &key));
	TRY(uid_is_mapped(r, key.owner_uid, &mapped));
	return mapped && may_view(r, &key) ? key_print(r, &key) : NULL;
}

const struct err *root_keys(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	struct keys_reader r;
	struct rbtree_iter it;
	gva_t at;

	(void)node;
	TRY(reader_init(&r, view, out));
	TRY(keys_init(&it, view->kernel));
	for (;;) {
		long start = ftell(out);
		const struct err *e = keys_next(&it, view->kernel, &at);

		if (!e && gva_is_null(at))
			return NULL;
		TRY(view_pass_line(view, out, start, e ? e : key_look(&r, at)));
	}
}

/* The quota: the first user's, and everybody else's. */
static const struct err *quota_read(const struct kernel *k, bool is_root, uint32_t *ret_keys,
				    uint32_t *ret_bytes)
{
	TRY(kread_u32(k, kernel_symbol(k, is_root ? S_key_quota_root_maxkeys : S_key_quota_maxkeys),
		      ret_keys));
	return kread_u32(
		k, kernel_symbol(k, is_root ? S_key_quota_root_maxbytes : S_key_quota_maxbytes),
		ret_bytes);
}

static const struct err *user_print(const struct keys_reader *r, const struct key_user *user)
{
	uint32_t shown, max_keys, max_bytes;
	bool mapped;

	TRY(uid_is_mapped(r, user->uid, &mapped));
	if (!mapped)
		return NULL;
	TRY(view_uid(r->view, user->uid, &shown));
	TRY(quota_read(r->view->kernel, user->uid == 0, &max_keys, &max_bytes));
	fprintf(r->out, "%5" PRIu32 ": %5d %d/%d %d/%d %d/%d\n", shown, (int)user->usage,
		user->keys, user->instantiated, user->quota_keys, (int)max_keys, user->quota_bytes,
		(int)max_bytes);
	return NULL;
}

const struct err *root_key_users(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	struct keys_reader r;
	struct rbtree_iter it;
	struct key_user user;
	bool end;

	(void)node;
	TRY(reader_init(&r, view, out));
	TRY(key_users_init(&it, view->kernel));
	for (;;) {
		long start = ftell(out);
		const struct err *e = key_users_next(&it, view->kernel, &user, &end);

		if (!e && end)
			return NULL;
		TRY(view_pass_line(view, out, start, e ? e : user_print(&r, &user)));
	}
}
