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

struct session *session_free_slot(struct caller *c, const uint8_t instance_id[RTVMM_ID_BYTES])
{
	struct session *free = find(c, 0);

	for (uint32_t i = 0; i < RTVMM_SESSIONS_MAX && !free; i++) {
		struct session *s = &c->sessions[i];

		if (bytes_equal(s->instance_id, instance_id, RTVMM_ID_BYTES))
			continue;
		session_wipe(s);
		free = s;
	}
	return free;
}

struct session *session_find(struct caller *c, uint64_t number)
{
	return number ? find(c, number) : NULL;
}

uint64_t session_take_counter(struct session *s)
{
	return s->next_counter++;
}

void session_wipe(struct session *s)
{
	bytes_wipe(s, sizeof(*s));
}
