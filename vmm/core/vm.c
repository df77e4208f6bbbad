/* SPDX-License-Identifier: MIT */
/* One VM's identity and pause state. Input: deadlines wanted by untrusted callers. */
#include "vmm/core/vm.h"
#include "vmm/core/bytes.h"

int vm_create(struct vm *vm, const struct host_ops *ops, void *host,
	    const uint8_t uuid[RTVMM_ID_BYTES], uint32_t deadline_ms)
{
	bytes_zero(vm, sizeof(*vm));
	vm->ops = ops;
	vm->host = host;
	vm->deadline_ns = (uint64_t)deadline_ms * 1000000;
	bytes_copy(vm->uuid, uuid, sizeof(vm->uuid));
	return vm_renew_instance(vm);
}

int vm_renew_instance(struct vm *vm)
{
	uint8_t fresh[RTVMM_ID_BYTES];
	int status = vm->ops->random_bytes(vm->host, fresh, sizeof(fresh));

	if (status)
		return status;
	bytes_copy(vm->instance_id, fresh, sizeof(fresh));
	vm->pauses = 0;
	vm->paused_ns_max = 0;
	return 0;
}

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

int vm_pause(struct vm *vm, uint64_t owner_session, uint64_t wanted_ns)
{
	uint64_t now_ns = vm->ops->now_ns(vm->host);
	uint64_t asked_ns = least(wanted_ns, vm->deadline_ns);
	uint64_t granted_ns = least(asked_ns, budget_left_ns(&vm->budget, now_ns));
	int status;

	if (vm->generation)
		return -RTVMM_EBUSY;
	if (granted_ns < VM_PAUSE_MIN_NS && granted_ns < asked_ns)
		return -RTVMM_EBUSY;
	status = vm->ops->pause(vm->host, now_ns + granted_ns);
	if (status < 0)
		return status;
	vm->foreign = status > 0;
	vm->owner_session = owner_session;
	vm->started_ns = now_ns;
	vm->until_ns = now_ns + granted_ns;
	vm->generation = ++vm->last_generation;
	return 0;
}

int vm_resume(struct vm *vm)
{
	uint64_t now_ns, paused_ns;
	int status = 0;

	if (!vm->generation)
		return 0;
	if (!vm->foreign)
		status = vm->ops->resume(vm->host);
	vm->generation = 0;
	vm->owner_session = 0;
	if (vm->foreign)
		return 0;
	now_ns = vm->ops->now_ns(vm->host);
	paused_ns = now_ns - vm->started_ns;
	budget_charge(&vm->budget, now_ns, paused_ns);
	vm->pauses++;
	if (paused_ns > vm->paused_ns_max)
		vm->paused_ns_max = paused_ns;
	return status;
}

int vm_check_paused(struct vm *vm)
{
	if (!vm_generation_now(vm, vm->ops->now_ns(vm->host)))
		return -RTVMM_ETIME;
	return vm->ops->still_paused(vm->host);
}

uint64_t vm_generation_now(const struct vm *vm, uint64_t now_ns)
{
	/* somebody else resumes at until_ns, with or without us: from then on nothing is certain */
	return vm->generation && now_ns < vm->until_ns ? vm->generation : 0;
}

uint64_t vm_deadline_ns(const struct vm *vm)
{
	return vm->generation ? vm->until_ns : 0;
}

void vm_expire(struct vm *vm)
{
	if (vm->generation && vm->ops->now_ns(vm->host) >= vm->until_ns)
		(void)vm_resume(vm); /* the host's guard resumes a VM that we cannot */
}
