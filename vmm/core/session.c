/* SPDX-License-Identifier: MIT */
/* A caller's session table. Input: session numbers from an untrusted caller. */
#include "vmm/core/session.h"
#include "vmm/core/bytes.h"

static struct session *find(struct caller *c, uint64_t number)
{
	for (uint32_t i = 0; i < RTVMM_SESSIONS_MAX; i++)
		if (c->sessions[i].number == number)
			return &c->sessions[i];
	return NULL;
}

struct session *session_free_slot(struct caller *c)
{
	return find(c, 0);
}

struct session *session_find(struct caller *c, uint64_t number)
{
	return number ? find(c, number) : NULL;
}

uint64_t session_take_counter(struct session *s)
{
	return s->next_counter++;
}

void session_close(struct session *s)
{
	bytes_wipe(s, sizeof(*s));
}
