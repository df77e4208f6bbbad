/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an event is about, from its data, for messages alone. Input: may be anybody's. */
#include <string.h>

#include "remotetrans/attest/eventlog.h"
#include "remotetrans/base/buf.h"

/* TCG PC Client Platform Firmware Profile 1.05, section 10.2.6: UEFI_VARIABLE_DATA */
#define VARIABLES_FIRST 0x80000001u
#define VARIABLES_LAST  0x80000002u
#define AUTHORITY       0x800000e0u
#define GUID_BYTES      16u

static bool has_variable(uint32_t type)
{
	return (type >= VARIABLES_FIRST && type <= VARIABLES_LAST) || type == AUTHORITY;
}

/* UTF-16 of names that are ASCII. */
static const struct err *variable_name(const struct event *e, char *ret, size_t size)
{
	struct buf_reader r = buf_reader_over(e->data, e->data_bytes);
	uint64_t chars, data_bytes;
	uint16_t c;
	size_t i;

	TRY(buf_skip(&r, GUID_BYTES));
	TRY(buf_read_u64(&r, &chars));
	TRY(buf_read_u64(&r, &data_bytes));
	for (i = 0; i < chars && i + 1 < size; i++) {
		TRY(buf_read_u16(&r, &c));
		ret[i] = c > ' ' && c < 0x7f ? (char)c : '?';
	}
	ret[i] = '\0';
	return NULL;
}

void event_note(const struct event *e, char *ret, size_t size)
{
	size_t len = e->data_bytes < size ? e->data_bytes : size - 1;

	*ret = '\0';
	if (has_variable(e->type)) {
		if (variable_name(e, ret, size))
			*ret = '\0';
	} else if (event_data_counts(e) && !event_is_separator(e)) {
		memcpy(ret, e->data, len);
		ret[len] = '\0';
	}
}
