/* SPDX-License-Identifier: GPL-2.0-or-later */
/* config - remotetransd.conf: where to listen, which VMs there are, who may read them. */
#ifndef RT_SERVER_CONFIG_H
#define RT_SERVER_CONFIG_H

#include "remotetrans/base/ini.h"
#include "vmm/include/rtvmm.h"

#define CONFIG_VMS_MAX 256

/* [vm NAME] */
struct vm_config {
	char name[65];
	uint8_t uuid[RTVMM_ID_BYTES];
	char backend[16];           /* a name of backends[] */
	char vmmd[INI_PATH_BYTES];  /* qemu: vmmd's socket */
	char ram[INI_PATH_BYTES];   /* qemu: the guest's RAM file, for the walk; empty: no walk */
	char machine[16];           /* qemu, raw image: q35 (default) or pc */
	char domain[65];            /* xen: its name, UUID or number; empty: by uuid */
	char image[INI_PATH_BYTES]; /* image: raw RAM or ELF core */
	char allow[512];            /* common names of clients, separated by commas */
};

/* [server] */
struct server_config {
	char listen[256]; /* HOST:PORT */
	char certificate[INI_PATH_BYTES];
	char key[INI_PATH_BYTES];
	char client_ca[INI_PATH_BYTES];
	char client_crl[INI_PATH_BYTES]; /* who of them no more; empty: nobody was revoked */
	char user[33];                   /* to become; empty: see process_drop() */
	char profiles[INI_PATH_BYTES];   /* folder that keeps uploaded profiles; empty: not kept */
	char tpm[256];                   /* TPM of this host (tpm.h); empty: none */
	char event_log[INI_PATH_BYTES];  /* see bootlog.h */
	char vmm_events[INI_PATH_BYTES]; /* file or folder of events to append; empty: none */
	char attest_allow[512];          /* clients that may ask for evidence, though for no VM */
	uint32_t max_clients;            /* default 256 */
	uint32_t max_clients_each;       /* default half of max_clients */
	struct vm_config *vms;           /* owned */
	size_t vm_count;
};

/* Read and check @path. @ret: to be released with server_config_deinit(), also on error. */
MUST_CHECK const struct err *server_config_read(const char *path, struct server_config *ret);
void server_config_deinit(struct server_config *c);

#endif
