/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Netlink messages (include/uapi/linux/netlink.h), within a bound. */
#include "transcall/proc/nlmsg.h"

#include <linux/netlink.h>
#include <string.h>

/* Room for @len_bytes and their padding, zeroed; NULL: there is none. */
static uint8_t *room(struct nlmsg *m, size_t len_bytes)
{
	size_t padded = NLMSG_ALIGN(len_bytes);
	uint8_t *at = m->bytes + m->len;

	if (m->is_cut || padded > sizeof(m->bytes) - m->len) {
		m->is_cut = true;
		return NULL;
	}
	memset(at, 0, padded);
	m->len += padded;
	return at;
}

void nlmsg_begin(struct nlmsg *m, uint16_t type, const void *body, size_t len_bytes)
{
	struct nlmsghdr header = {.nlmsg_type = type};
	uint8_t *at;

	m->len = 0;
	m->is_cut = false;
	at = room(m, sizeof(header) + len_bytes);
	if (!at)
		return;
	memcpy(at, &header, sizeof(header));
	memcpy(at + sizeof(header), body, len_bytes);
}

void nlmsg_attr(struct nlmsg *m, uint16_t type, const void *bytes, size_t len_bytes)
{
	struct nlattr header = {.nla_len = (uint16_t)(sizeof(header) + len_bytes),
				.nla_type = type};
	uint8_t *at = room(m, sizeof(header) + len_bytes);

	if (!at)
		return;
	memcpy(at, &header, sizeof(header));
	if (len_bytes)
		memcpy(at + sizeof(header), bytes, len_bytes);
}

void nlmsg_attr_u8(struct nlmsg *m, uint16_t type, uint8_t v)
{
	nlmsg_attr(m, type, &v, sizeof(v));
}

void nlmsg_attr_u16(struct nlmsg *m, uint16_t type, uint16_t v)
{
	nlmsg_attr(m, type, &v, sizeof(v));
}

void nlmsg_attr_u32(struct nlmsg *m, uint16_t type, uint32_t v)
{
	nlmsg_attr(m, type, &v, sizeof(v));
}

void nlmsg_attr_u64(struct nlmsg *m, uint16_t type, uint64_t v)
{
	nlmsg_attr(m, type, &v, sizeof(v));
}

void nlmsg_attr_text(struct nlmsg *m, uint16_t type, const char *text)
{
	nlmsg_attr(m, type, text, strlen(text) + 1);
}

size_t nlmsg_nest(struct nlmsg *m, uint16_t type)
{
	size_t nest = m->len;

	nlmsg_attr(m, type, NULL, 0);
	return nest;
}

void nlmsg_nest_end(struct nlmsg *m, size_t nest)
{
	uint16_t len = (uint16_t)(m->len - nest);

	if (!m->is_cut)
		memcpy(m->bytes + nest, &len, sizeof(len)); /* nla_len */
}

const struct err *nlmsg_end(struct nlmsg *m, FILE *out)
{
	uint32_t len = (uint32_t)m->len;

	if (m->is_cut)
		return ERR(ERR_RACE, "an object does not fit into a netlink message");
	memcpy(m->bytes, &len, sizeof(len)); /* nlmsg_len */
	fwrite(m->bytes, 1, m->len, out);
	return NULL;
}
