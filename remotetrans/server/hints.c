/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One page or more, shared. Input: none. */
#include "remotetrans/server/hints.h"

#include <errno.h>
#include <sys/mman.h>

static struct vcpu *hints;
static size_t count;

const struct err *hints_init(size_t vm_count)
{
	/* a server of evidence alone has no VM, and mmap() takes no length of 0 */
	void *at = NULL;

	if (vm_count)
		at = mmap(NULL, vm_count * sizeof(*hints), PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (at == MAP_FAILED)
		return ERR_ERRNO(ERR_SYSTEM, errno, "no memory for hints");
	hints = at;
	count = vm_count;
	return NULL;
}

void hints_deinit(void)
{
	if (hints)
		munmap(hints, count * sizeof(*hints));
	hints = NULL;
	count = 0;
}

void hints_enter(void)
{
	if (hints)
		(void)madvise(hints, count * sizeof(*hints), MADV_DONTFORK);
}

struct vcpu *hints_of(size_t vm)
{
	return vm < count ? &hints[vm] : NULL;
}
