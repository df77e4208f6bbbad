/* SPDX-License-Identifier: MIT */
/* The VMM's identity: static key and boot id. */
#include "vmm/core/core.h"
#include "vmm/core/bytes.h"
#include "vmm/core/x25519.h"

int core_init(struct core *core, const struct host_ops *ops, void *host)
{
	uint8_t secret[RTVMM_KEY_BYTES];
	int status = ops->random_bytes(host, secret, sizeof(secret));

	if (!status)
		status = core_init_with(core, secret, ops, host);
	bytes_wipe(secret, sizeof(secret));
	return status;
}

int core_init_with(struct core *core, const uint8_t secret[RTVMM_KEY_BYTES],
		   const struct host_ops *ops, void *host)
{
	int status;

	bytes_zero(core, sizeof(*core));
	bytes_copy(core->static_secret, secret, sizeof(core->static_secret));
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
