/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lib.h - of Xen's library: what vmm/xen/launch_log.c calls. */
#include <string.h>
