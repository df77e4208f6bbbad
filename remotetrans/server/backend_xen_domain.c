/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which domain a VM is, and who may read it. Input: the toolstack's answers, locally trusted. */
#include "remotetrans/server/backend_xen.h"

#include <xenctrl.h>
#include <xenstore.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIST_DOMAINS 64

xentoollog_logger *xen_quiet(void)
{
	static xentoollog_logger_stdiostream *log;

	if (!log)
		log = xtl_createlogger_stdiostream(stderr, XTL_CRITICAL, 0);
	return (xentoollog_logger *)log;
}

static const struct err *find_by_uuid(xc_interface *xc, const uint8_t *uuid, uint32_t *ret)
{
	xc_domaininfo_t some[LIST_DOMAINS];
	uint32_t next = 0;
	int n;

	while ((n = xc_domain_getinfolist(xc, next, LIST_DOMAINS, some)) > 0) {
		for (int i = 0; i < n; i++) {
			*ret = some[i].domain;
			if (memcmp(some[i].handle, uuid, RTVMM_ID_BYTES) == 0 &&
			    !(some[i].flags & XEN_DOMINF_dying))
				return NULL;
		}
		next = some[n - 1].domain + 1;
	}
	if (n < 0)
		return ERR_ERRNO(
			ERR_PEER, errno,
			"cannot list the host's domains: in a RemoteTrans VM, domain= must be "
			"a number");
	return ERR(ERR_PEER, "no running domain has the VM's UUID");
}

static const struct err *name_of(struct xs_handle *store, const char *domid, char *ret,
				 size_t size_bytes)
{
	char path[64];
	char *name;

	ret[0] = 0;
	snprintf(path, sizeof(path), "/local/domain/%.8s/name", domid);
	name = xs_read(store, XBT_NULL, path, NULL);
	if (!name && errno != ENOENT)
		return ERR_ERRNO(ERR_PEER, errno, "xenstore, %s", path);
	if (name)
		snprintf(ret, size_bytes, "%s", name);
	free(name);
	return NULL;
}

static const struct err *find_in_store(struct xs_handle *store, char **domids, unsigned count,
				       const char *name, uint32_t *ret)
{
	char found[128];

	for (unsigned i = 0; i < count; i++) {
		TRY(name_of(store, domids[i], found, sizeof(found)));
		*ret = (uint32_t)strtoul(domids[i], NULL, 10);
		if (strcmp(found, name) == 0)
			return NULL;
	}
	return ERR(ERR_PEER, "no running domain has the name '%s'", name);
}

static const struct err *find_by_name(const char *name, uint32_t *ret)
{
	struct xs_handle *store = xs_open(0);
	const struct err *e;
	unsigned count = 0;
	char **domids;

	if (!store)
		return ERR_ERRNO(ERR_PEER, errno,
				 "cannot ask xenstore for domain '%s': use its UUID or number",
				 name);
	domids = xs_directory(store, XBT_NULL, "/local/domain", &count);
	e = domids ? find_in_store(store, domids, count, name, ret)
		   : ERR_ERRNO(ERR_PEER, errno, "xenstore, /local/domain");
	free(domids);
	xs_close(store);
	return e;
}

/* The VM's UUID is that of the domain, if we may know; the client compares the tagged one anyway.
 */
static const struct err *check_uuid(xc_interface *xc, const struct vm_config *vm, uint32_t domid)
{
	xc_domaininfo_t info;
	int n = xc_domain_getinfolist(xc, domid, 1, &info);

	if (n != 1 || info.domain != domid)
		return NULL; /* there is none, or it is not for us to see: the hypercall tells */
	if (memcmp(info.handle, vm->uuid, RTVMM_ID_BYTES) != 0)
		return ERR(ERR_PEER, "domain %u has another UUID than the VM's uuid=", domid);
	return NULL;
}

static bool is_number(const char *text)
{
	return text[0] && strspn(text, "0123456789") == strlen(text) && strlen(text) < 6;
}

static const struct err *find(xc_interface *xc, const struct vm_config *vm, uint32_t *ret)
{
	uint8_t uuid[RTVMM_ID_BYTES];

	if (!vm->domain[0])
		return find_by_uuid(xc, vm->uuid, ret);
	if (is_number(vm->domain))
		*ret = (uint32_t)strtoul(vm->domain, NULL, 10);
	else if (!uuid_parse(vm->domain, uuid))
		TRY(find_by_uuid(xc, uuid, ret));
	else
		TRY(find_by_name(vm->domain, ret));
	return check_uuid(xc, vm, *ret);
}

const struct err *xen_no_privcmd(void)
{
	return ERR_ERRNO(
		ERR_PEER, errno,
		"cannot use /dev/xen/privcmd: is this a domain of Xen, is xen-privcmd loaded, "
		"and may the user of remotetransd open it?");
}

static const struct err *open_control(xc_interface **ret)
{
	*ret = xc_interface_open(xen_quiet(), xen_quiet(), XC_OPENFLAG_NON_REENTRANT);
	return *ret ? NULL : xen_no_privcmd();
}

const struct err *xen_find_domain(const struct vm_config *vm, uint32_t *ret)
{
	xc_interface *xc;

	TRY(open_control(&xc));
	const struct err *e = find(xc, vm, ret);
	xc_interface_close(xc);
	return e;
}

const struct err *backend_xen_grant(uint32_t server, uint32_t guest)
{
	const struct err *e = NULL;
	xc_interface *xc;

	TRY(open_control(&xc));
	if (xc_domain_set_target(xc, server, guest) != 0)
		e = ERR_ERRNO(ERR_PEER, errno,
			      "Xen does not make domain %u the target of domain %u", guest, server);
	xc_interface_close(xc);
	return e;
}
