/* SPDX-License-Identifier: GPL-2.0-or-later */
/* types.h - of Xen's: vmm/core/types.h has them. */
#include "vmm/core/types.h"
