/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Configuration: targets.conf, remotetransd.conf, UUIDs, keys. Input: which, and the text. */
#include <unistd.h>

#include "remotetrans/client/config.h"
#include "remotetrans/server/access.h"
#include "remotetrans/server/config.h"
#include "tests/fuzz/fuzz.h"

#define TERMINATED(text) HOLDS(memchr(text, 0, sizeof(text)))

static const struct err *visit(void *context, const struct target_config *t)
{
	(void)context;
	TERMINATED(t->name);
	TERMINATED(t->server);
	TERMINATED(t->vm);
	TERMINATED(t->profile);
	HOLDS((unsigned char)t->require_protected < 2);
	return NULL;
}

static void read_targets(const char *path)
{
	static struct target_config t;

	HOLDS(setenv("REMOTETRANS_CONFIG", path, 1) == 0);
	const struct err *e = config_each(visit, NULL);
	HOLDS(!e || e->kind == ERR_USAGE);
	e = config_load("web1", &t);
	HOLDS(!e || e->kind == ERR_USAGE);
	HOLDS(e || (strchr(t.server, ':') && t.timeout_ms && t.key[0]));
	e = config_load(NULL, &t);
	HOLDS(!e || e->kind == ERR_USAGE);
}

static void read_server(const char *path)
{
	struct server_config c;
	const struct err *e = server_config_read(path, &c);

	HOLDS(!e || e->kind == ERR_USAGE);
	for (size_t i = 0; !e && i < c.vm_count; i++) {
		const struct vm_config *vm = access_find(&c, "alice", c.vms[i].name);

		TERMINATED(c.vms[i].allow);
		HOLDS(!vm || strstr(vm->allow, "alice"));
	}
	server_config_deinit(&c);
}

/* What is read as a UUID is written as the same one, in lower case. */
static void read_uuid(const char *text)
{
	uint8_t uuid[16], again[16];
	char written[37];
	const struct err *e = uuid_parse(text, uuid);

	HOLDS(!e || e->kind == ERR_USAGE);
	if (e)
		return;
	uuid_format(uuid, written);
	HOLDS(strcasecmp(written, text) == 0);
	HOLDS(!uuid_parse(written, again) && memcmp(uuid, again, sizeof(uuid)) == 0);
}

static void read_hex(const char *text)
{
	uint8_t key[32];
	const struct err *e = hex_parse(text, key, sizeof(key));

	HOLDS(e ? e->kind == ERR_USAGE : strlen(text) == 64);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len_bytes)
{
	struct input in = {bytes, len_bytes};
	uint8_t which = input_u8(&in);
	char path[32], *text = strndup((const char *)in.at, in.left_bytes);
	int fd = fuzz_file(in.at, in.left_bytes, path);

	if (which % 4 == 0)
		read_targets(path);
	else if (which % 4 == 1)
		read_server(path);
	else if (which % 4 == 2)
		read_uuid(text);
	else
		read_hex(text);
	close(fd);
	free(text);
	return 0;
}
