/* SPDX-License-Identifier: GPL-2.0-or-later */
/* softnet - what each CPU did with received packets (struct softnet_data). */
#ifndef TC_KOBJ_SOFTNET_H
#define TC_KOBJ_SOFTNET_H

#include "transcall/kobj/kernel.h"

struct softnet {
	uint32_t processed, dropped, squeezed, steered, limited;
	uint32_t input_queued, process_queued;
};
MUST_CHECK const struct err *softnet_read(const struct kernel *k, unsigned cpu,
					  struct softnet *ret);

#endif
