/* SPDX-License-Identifier: GPL-2.0-or-later */
/* init.h - Xen's marks of what is dropped after boot. */
#ifndef TESTS_UNIT_LAUNCH_XEN_INIT_H
#define TESTS_UNIT_LAUNCH_XEN_INIT_H

#define __init
#define __initdata
#define __initconst
#define __read_mostly

#endif
