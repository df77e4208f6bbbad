/* SPDX-License-Identifier: MIT */
/* The VMM's identity: static key and boot id. */
#include "vmm/core/core.h"
#include "vmm/core/bytes.h"
#include "vmm/core/x25519.h"

int core_init(struct core *core, const struct host_ops *ops, void *host)
{
	int status;

	bytes_zero(core, sizeof(*core));
	status = ops->random_bytes(host, core->static_secret, sizeof(core->static_secret));
	if (!status)
		status = ops->random_bytes(host, core->boot_id, sizeof(core->boot_id));
	if (status) {
		core_wipe(core);
		return status;
	}
	x25519_public(core->static_secret, core->static_public);
	return 0;
}

void core_wipe(struct core *core)
{
	bytes_wipe(core, sizeof(*core));
}
