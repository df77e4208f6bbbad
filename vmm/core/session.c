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

/* Which of the two to take first. */
static bool is_worse(const struct session *a, const struct session *b,
		     const uint8_t instance_id[RTVMM_ID_BYTES])
{
	bool a_ended = !bytes_equal(a->instance_id, instance_id, RTVMM_ID_BYTES);
	bool b_ended = !bytes_equal(b->instance_id, instance_id, RTVMM_ID_BYTES);

	return a_ended != b_ended ? a_ended : a->last_use < b->last_use;
}

struct session *session_free_slot(struct caller *c, const uint8_t instance_id[RTVMM_ID_BYTES])
{
	struct session *free = find(c, 0);

	if (!free) {
		free = &c->sessions[0];
		for (uint32_t i = 1; i < RTVMM_SESSIONS_MAX; i++)
			if (is_worse(&c->sessions[i], free, instance_id))
				free = &c->sessions[i];
		session_wipe(free);
	}
	free->last_use = ++c->uses;
	return free;
}

struct session *session_find(struct caller *c, uint64_t number)
{
	struct session *s = number ? find(c, number) : NULL;

	if (s)
		s->last_use = ++c->uses;
	return s;
}

uint64_t session_take_counter(struct session *s)
{
	return s->next_counter++;
}

void session_wipe(struct session *s)
{
	bytes_wipe(s, sizeof(*s));
}
