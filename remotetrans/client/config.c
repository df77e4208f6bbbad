/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The targets file. */
#include "remotetrans/client/config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TIMEOUT_MS_DEFAULT 5000
#define TIMEOUT_MS_MAX     600000
#define ATTEST_MAX_AGE_S_DEFAULT 3600
#define SHARE_IDLE_S_DEFAULT 60
#define SHARE_IDLE_S_MAX 86400

static const struct ini_key keys[] = {
	INI_KEY("server", INI_TEXT, struct target_config, server),
	INI_KEY("server_name", INI_TEXT, struct target_config, server_name),
	INI_KEY("vm", INI_TEXT, struct target_config, vm),
	INI_KEY("ca", INI_PATH, struct target_config, ca),
	INI_KEY("certificate", INI_PATH, struct target_config, certificate),
	INI_KEY("key", INI_PATH, struct target_config, key),
	INI_KEY("profile", INI_PATH, struct target_config, profile),
	INI_KEY("vmm_key", INI_HEX, struct target_config, vmm_key),
	INI_KEY("uuid", INI_UUID, struct target_config, uuid),
	INI_KEY("manifest", INI_PATH, struct target_config, manifest),
	INI_KEY("attester", INI_TEXT, struct target_config, attester),
	INI_KEY("attest_max_age_s", INI_U32, struct target_config, attest_max_age_s),
	INI_KEY("say_pinned", INI_BOOL, struct target_config, say_pinned),
	INI_KEY("timeout_ms", INI_U32, struct target_config, timeout_ms),
	INI_KEY("compress", INI_BOOL, struct target_config, compress),
	INI_KEY("require_protected", INI_BOOL, struct target_config, require_protected),
	INI_KEY("insecure_unverified", INI_BOOL, struct target_config, insecure_unverified),
	INI_KEY("insecure_unattested", INI_BOOL, struct target_config, insecure_unattested),
	INI_KEY("share", INI_BOOL, struct target_config, share),
	INI_KEY("share_idle_s", INI_U32, struct target_config, share_idle_s),
	{.name = NULL},
};

static bool any_set(const uint8_t *bytes, size_t len_bytes)
{
	for (size_t i = 0; i < len_bytes; i++)
		if (bytes[i])
			return true;
	return false;
}

bool config_has_manifest(const struct target_config *t)
{
	return t->manifest[0];
}

bool config_has_vmm_key(const struct target_config *t)
{
	return any_set(t->vmm_key, sizeof(t->vmm_key));
}

bool config_has_uuid(const struct target_config *t)
{
	return any_set(t->uuid, sizeof(t->uuid));
}

struct visiting {
	const char *path;
	config_visit_fn *visit;
	void *context;
	struct target_config target; /* being read; no name: none yet */
};

static void start_target(struct visiting *v, const char *section)
{
	v->target = (struct target_config){.timeout_ms = TIMEOUT_MS_DEFAULT,
					   .compress = true,
					   .attest_max_age_s = ATTEST_MAX_AGE_S_DEFAULT,
					   .share = true,
					   .share_idle_s = SHARE_IDLE_S_DEFAULT};
	snprintf(v->target.name, sizeof(v->target.name), "%s", section);
	snprintf(v->target.vm, sizeof(v->target.vm), "%s", section);
	snprintf(v->target.path, sizeof(v->target.path), "%s", v->path);
}

static const struct err *finish_target(struct visiting *v)
{
	if (!v->target.name[0])
		return NULL;
	return v->visit(v->context, &v->target);
}

static const struct err *entry(void *context, const char *section, const char *name,
			       const char *value)
{
	struct visiting *v = context;

	if (!section[0])
		return ERR(ERR_USAGE, "a key outside of a [target] section");
	if (strcmp(section, v->target.name) != 0) {
		TRY(finish_target(v));
		start_target(v, section);
	}
	return ini_assign(keys, v->path, &v->target, name, value);
}

const struct err *config_each(config_visit_fn *visit, void *context)
{
	char path[INI_PATH_BYTES];
	struct visiting v = {.path = path, .visit = visit, .context = context};

	TRY(config_path(path, sizeof(path)));
	TRY(ini_read(path, entry, &v));
	return finish_target(&v);
}

/* --- one target -------------------------------------------------------------------------- */

struct search {
	const char *name; /* NULL: the only one */
	unsigned found;
	struct target_config *ret;
	char seen[200]; /* names, for the message */
};

static const struct err *search_visit(void *context, const struct target_config *t)
{
	struct search *s = context;
	size_t used = strlen(s->seen);

	snprintf(s->seen + used, sizeof(s->seen) - used, "%s%s", used ? ", " : "", t->name);
	if (s->name && strcmp(s->name, t->name) != 0)
		return NULL;
	if (s->name && s->found)
		return ERR(ERR_USAGE, "target [%s] is there twice", t->name);
	s->found++;
	*s->ret = *t;
	return NULL;
}

static const struct err *must_have(const struct target_config *t, const char *key,
				   const char *value)
{
	if (value[0])
		return NULL;
	return ERR(ERR_USAGE, "%s: target [%s] lacks %s=", t->path, t->name, key);
}

static const struct err *check_address(const struct target_config *t, const char *key,
				       const char *value)
{
	const char *colon = strrchr(value, ':');

	if (colon && colon != value && colon[1])
		return NULL;
	return ERR(ERR_USAGE, "%s: target [%s]: %s=%s is not HOST:PORT", t->path, t->name, key,
		   value);
}

static const struct err *check(struct target_config *t)
{
	TRY(must_have(t, "server", t->server));
	TRY(must_have(t, "ca", t->ca));
	TRY(must_have(t, "certificate", t->certificate));
	TRY(must_have(t, "key", t->key));
	TRY(check_address(t, "server", t->server));
	if (t->attester[0])
		TRY(check_address(t, "attester", t->attester));
	if (!t->timeout_ms || t->timeout_ms > TIMEOUT_MS_MAX)
		return ERR(ERR_USAGE, "%s: target [%s]: timeout_ms= must be 1 to %d", t->path,
			   t->name, TIMEOUT_MS_MAX);
	if (t->share_idle_s > SHARE_IDLE_S_MAX)
		return ERR(ERR_USAGE, "%s: target [%s]: share_idle_s= must be 0 to %d", t->path,
			   t->name, SHARE_IDLE_S_MAX);
	return NULL;
}

static const struct err *not_found(const struct search *s, const char *path)
{
	if (s->name)
		return ERR(ERR_USAGE, "no target [%s] in %s; there are: %s", s->name, path,
			   s->seen[0] ? s->seen : "none");
	return ERR(ERR_USAGE, "which target? say -t NAME; %s has: %s", path,
		   s->seen[0] ? s->seen : "none");
}

const struct err *config_load(const char *name, struct target_config *ret)
{
	char path[INI_PATH_BYTES];
	struct search s = {.name = name, .ret = ret};
	const char *chosen = getenv("TRANSCALL_TARGET");

	if (!s.name && chosen && chosen[0])
		s.name = chosen;
	TRY(config_path(path, sizeof(path)));
	TRY(config_each(search_visit, &s));
	if (s.found != 1)
		return not_found(&s, path);
	return check(ret);
}
