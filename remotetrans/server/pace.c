/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How slow a link is. */
#include "remotetrans/server/pace.h"

#define SLOW_BYTES_S  UINT64_C(150000000) /* zstd gets through more, and 1 Gb/s is less */
#define WINDOW_BYTES  (UINT64_C(192) << 10)
#define CRAWL_BYTES_S UINT64_C(30000000) /* so slow that no whole window needs to be seen */
#define CRAWL_NS      UINT64_C(5000000)
#define FREE_BYTES    (UINT64_C(1) << 20) /* much more than waits in a socket */
#define DISTANT_NS    UINT64_C(8000000) /* then TCP's slow start is the limit; 3 ms are the client's own */

void pace_begin(struct pace *p, uint64_t round_trip_ns)
{
	*p = (struct pace){.is_slow = round_trip_ns > DISTANT_NS};
}

static bool is_below(uint64_t len_bytes, uint64_t ns, uint64_t bytes_s)
{
	return len_bytes * UINT64_C(1000000000) / bytes_s < ns;
}

void pace_note(struct pace *p, uint64_t len_bytes, uint64_t ns, uint64_t blocked_ns)
{
	p->free_bytes = blocked_ns ? 0 : p->free_bytes + len_bytes;
	if (p->free_bytes > FREE_BYTES)
		p->is_slow = false;
	p->bytes += len_bytes;
	p->ns += ns;
	p->has_blocked |= blocked_ns != 0;
	if (p->bytes < WINDOW_BYTES &&
	    (p->ns < CRAWL_NS || !is_below(p->bytes, p->ns, CRAWL_BYTES_S)))
		return;
	if (p->has_blocked)
		p->is_slow =
			is_below(p->bytes, p->ns, p->is_slow ? 2 * SLOW_BYTES_S : SLOW_BYTES_S);
	p->bytes = p->ns = 0;
	p->has_blocked = false;
}
