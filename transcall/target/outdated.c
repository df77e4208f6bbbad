/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Input: the user's own files. */
#include "transcall/target/outdated.h"

#include <string.h>
#include <sys/stat.h>

#include "remotetrans/client/session.h"
#include "remotetrans/client/state.h"
#include "remotetrans/client/trust.h"

static struct opened_file file_of(const char *path)
{
	struct stat st;

	if (!path[0] || stat(path, &st) < 0)
		return (struct opened_file){.inode = 0};
	return (struct opened_file){.device = st.st_dev,
				    .inode = st.st_ino,
				    .bytes = st.st_size,
				    .changed = st.st_ctim};
}

void opened_by_note(const struct target *t, struct opened_by *ret)
{
	const struct target_config *c = target_config(t);
	char state[INI_PATH_BYTES];
	const char *const paths[OUTDATED_FILES] = {c->path,
						   c->ca,
						   c->certificate,
						   c->key,
						   c->profile,
						   c->manifest,
						   state_folder(state, sizeof(state))};

	ret->from_anywhere = true;
	for (size_t i = 0; i < OUTDATED_FILES; i++) {
		ret->files[i] = file_of(paths[i]);
		ret->from_anywhere &= !paths[i][0] || paths[i][0] == '/';
	}
}

static bool is_same(const struct opened_file *a, const struct opened_file *b)
{
	return a->device == b->device && a->inode == b->inode && a->bytes == b->bytes &&
	       a->changed.tv_sec == b->changed.tv_sec && a->changed.tv_nsec == b->changed.tv_nsec;
}

static bool is_attested_long_ago(struct target *t)
{
	const struct trust *trust = session_trust(target_session(t));
	uint32_t now_s = state_now_s();

	return trust->source == TRUST_ATTESTED &&
	       (trust->attested.at_s > now_s ||
		now_s - trust->attested.at_s > target_config(t)->attest_max_age_s);
}

bool target_is_outdated(struct target *t, const struct opened_by *by)
{
	struct opened_by now;

	if (is_attested_long_ago(t))
		return true;
	opened_by_note(t, &now);
	for (size_t i = 0; i < OUTDATED_FILES; i++)
		if (!is_same(&by->files[i], &now.files[i]))
			return true;
	return false;
}
