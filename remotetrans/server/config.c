/* SPDX-License-Identifier: GPL-2.0-or-later */
/* remotetransd.conf. */
#include "remotetrans/server/config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "remotetrans/attest/tpm_link.h"
#include "remotetrans/server/backend.h"
#include "remotetrans/server/bootlog.h"

#define MAX_CLIENTS_DEFAULT 256
#define MAX_CLIENTS_LIMIT   4096

static const struct ini_key server_keys[] = {
	INI_KEY("listen", INI_TEXT, struct server_config, listen),
	INI_KEY("certificate", INI_PATH, struct server_config, certificate),
	INI_KEY("key", INI_PATH, struct server_config, key),
	INI_KEY("client_ca", INI_PATH, struct server_config, client_ca),
	INI_KEY("client_crl", INI_PATH, struct server_config, client_crl),
	INI_KEY("user", INI_TEXT, struct server_config, user),
	INI_KEY("profiles", INI_PATH, struct server_config, profiles),
	INI_KEY("tpm", INI_TEXT, struct server_config, tpm),
	INI_KEY("event_log", INI_TEXT, struct server_config, event_log),
	INI_KEY("vmm_events", INI_PATH, struct server_config, vmm_events),
	INI_KEY("attest_allow", INI_TEXT, struct server_config, attest_allow),
	INI_KEY("max_clients", INI_U32, struct server_config, max_clients),
	INI_KEY("max_clients_each", INI_U32, struct server_config, max_clients_each),
	{.name = NULL},
};

static const struct ini_key vm_keys[] = {
	INI_KEY("uuid", INI_UUID, struct vm_config, uuid),
	INI_KEY("backend", INI_TEXT, struct vm_config, backend),
	INI_KEY("vmmd", INI_PATH, struct vm_config, vmmd),
	INI_KEY("ram", INI_PATH, struct vm_config, ram),
	INI_KEY("machine", INI_TEXT, struct vm_config, machine),
	INI_KEY("domain", INI_TEXT, struct vm_config, domain),
	INI_KEY("image", INI_PATH, struct vm_config, image),
	INI_KEY("allow", INI_TEXT, struct vm_config, allow),
	{.name = NULL},
};

struct reading {
	const char *path;
	struct server_config *config;
};

static const struct err *vm_add(struct server_config *c, const char *name, struct vm_config **ret)
{
	if (!name[0] || strlen(name) >= sizeof(c->vms->name))
		return ERR(ERR_USAGE, "a VM's name has 1 to %zu characters",
			   sizeof(c->vms->name) - 1);
	if (c->vm_count == CONFIG_VMS_MAX)
		return ERR(ERR_USAGE, "more than %d VMs", CONFIG_VMS_MAX);
	struct vm_config *vms = reallocarray(c->vms, c->vm_count + 1, sizeof(*vms));
	if (!vms)
		return ERR_ERRNO(ERR_SYSTEM, errno, "configuration");
	c->vms = vms;
	*ret = &vms[c->vm_count++];
	**ret = (struct vm_config){.machine = "q35"};
	memcpy((*ret)->name, name, strlen(name) + 1);
	return NULL;
}

static const struct err *vm_for(struct server_config *c, const char *name, struct vm_config **ret)
{
	for (size_t i = 0; i < c->vm_count; i++) {
		*ret = &c->vms[i];
		if (strcmp(c->vms[i].name, name) == 0)
			return NULL;
	}
	return vm_add(c, name, ret);
}

static const struct err *entry(void *context, const char *section, const char *name,
			       const char *value)
{
	struct reading *r = context;
	struct vm_config *vm;

	if (strcmp(section, "server") == 0)
		return ini_assign(server_keys, r->path, r->config, name, value);
	if (strncmp(section, "vm ", 3) != 0)
		return ERR(ERR_USAGE, "section [%s] is neither [server] nor [vm NAME]", section);
	TRY(vm_for(r->config, section + 3, &vm));
	return ini_assign(vm_keys, r->path, vm, name, value);
}

static const struct err *must_have(const char *path, const char *section, const char *key,
				   const char *value)
{
	if (value[0])
		return NULL;
	return ERR(ERR_USAGE, "%s: [%s] lacks %s=", path, section, key);
}

static const struct err *check_vm(const char *path, const struct vm_config *vm)
{
	static const uint8_t none[RTVMM_ID_BYTES];
	const struct backend_ops *ops;

	if (!vm->backend[0])
		return ERR(ERR_USAGE, "%s: [vm %s] lacks backend=, one of: %s", path, vm->name,
			   backend_names());
	TRY(must_have(path, vm->name, "allow", vm->allow));
	if (memcmp(vm->uuid, none, sizeof(none)) == 0)
		return ERR(ERR_USAGE, "%s: [vm %s] lacks uuid=", path, vm->name);
	TRY(backend_by_name(vm->backend, &ops));
	return ops->config_key ? must_have(path, vm->name, ops->config_key, ops->config_value(vm))
			       : NULL;
}

static const struct err *check_attestation(const char *path, const struct server_config *c)
{
	if (c->tpm[0] && !tpm_link_path(c->tpm))
		return ERR(ERR_USAGE,
			   "%s: tpm=%.100s names no TPM: " TPM_NAME_DEVICE
			   "/dev/tpmrm0, or " TPM_NAME_SWTPM "SOCKET",
			   path, c->tpm);
	if (c->event_log[0] != '/' && strcmp(c->event_log, BOOTLOG_XEN) != 0)
		return ERR(ERR_USAGE, "%s: event_log= is neither a whole path nor " BOOTLOG_XEN,
			   path);
	return NULL;
}

static const struct err *check(const char *path, const struct server_config *c)
{
	TRY(must_have(path, "server", "listen", c->listen));
	TRY(must_have(path, "server", "certificate", c->certificate));
	TRY(must_have(path, "server", "key", c->key));
	TRY(must_have(path, "server", "client_ca", c->client_ca));
	if (!c->max_clients || c->max_clients > MAX_CLIENTS_LIMIT)
		return ERR(ERR_USAGE, "%s: max_clients= must be 1 to %d", path, MAX_CLIENTS_LIMIT);
	TRY(check_attestation(path, c));
	if (!c->vm_count && !(c->tpm[0] && c->attest_allow[0]))
		return ERR(ERR_USAGE,
			   "%s: neither a [vm NAME] section nor tpm= with attest_allow=: nobody "
			   "to serve",
			   path);
	for (size_t i = 0; i < c->vm_count; i++)
		TRY(check_vm(path, &c->vms[i]));
	return NULL;
}

const struct err *server_config_read(const char *path, struct server_config *ret)
{
	struct reading r = {.path = path, .config = ret};

	*ret = (struct server_config){.max_clients = MAX_CLIENTS_DEFAULT,
				      .event_log = BOOTLOG_DEFAULT};
	TRY(ini_read(path, entry, &r));
	if (!ret->max_clients_each)
		ret->max_clients_each = (ret->max_clients + 1) / 2;
	return check(path, ret);
}

void server_config_deinit(struct server_config *c)
{
	free(c->vms);
	*c = (struct server_config){0};
}
