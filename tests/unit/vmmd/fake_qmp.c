/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A QMP server for tests. Commands that it knows by name:
 *   say-garbage   a line that is no JSON          hang-up       closes the connection
 *   say-events    RESET, STOP, RESUME, then the answer
 *   say-other     an event of another kind        say-stop      STOP, then the answer
 *   say-late      an answer to an older command, then the answer
 *   fail          an error                        cont, stop    counted
 */
#include "tests/unit/vmmd/fake_qmp.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

const char fake_qmp_greeting[] = "{\"QMP\": {\"version\": {}, \"capabilities\": []}}\r\n";

static void say(int fd, const char *text)
{
	if (send(fd, text, strlen(text), MSG_NOSIGNAL) < 0)
		return; /* the client has gone: the next read notices */
}

static void say_event(int fd, const char *name)
{
	char line[128];

	snprintf(line, sizeof(line), "{\"event\": \"%s\", \"timestamp\": {\"seconds\": 1}}\r\n",
		 name);
	say(fd, line);
}

static void say_result(int fd, json_int_t id, const char *result)
{
	char line[256];

	snprintf(line, sizeof(line), "{%s, \"id\": %" JSON_INTEGER_FORMAT "}\r\n", result, id);
	say(fd, line);
}

static bool answer(struct fake_qmp *f, int fd, const char *command, json_int_t id)
{
	const char *result = "\"return\": {\"running\": true}";

	if (!strcmp(command, "hang-up"))
		return false;
	if (!strcmp(command, "say-garbage"))
		say(fd, "garbage\r\n");
	if (!strcmp(command, "say-events")) {
		say_event(fd, "RESET");
		say_event(fd, "STOP");
		say_event(fd, "RESUME");
	}
	if (!strcmp(command, "say-other"))
		say_event(fd, "ACPI_DEVICE_OST");
	if (!strcmp(command, "say-stop"))
		say_event(fd, "STOP");
	if (!strcmp(command, "say-late"))
		say_result(fd, id - 1, "\"return\": {\"late\": true}");
	if (!strcmp(command, "cont"))
		f->conts++;
	if (!strcmp(command, "stop"))
		f->stops++;
	if (!strcmp(command, "fail") || (!strcmp(command, "cont") && f->refuse_cont))
		result = "\"error\": {\"class\": \"GenericError\", \"desc\": \"no way\"}";
	f->commands++; /* known to whoever has the answer */
	say_result(fd, id, result);
	return true;
}

static void serve(struct fake_qmp *f, int fd)
{
	FILE *in = fdopen(dup(fd), "r");
	bool alive = in != NULL;

	say(fd, f->greeting);
	while (alive) {
		json_t *request = json_loadf(in, JSON_DISABLE_EOF_CHECK, NULL);
		const char *command = json_string_value(json_object_get(request, "execute"));

		alive = command &&
			answer(f, fd, command, json_integer_value(json_object_get(request, "id")));
		json_decref(request);
	}
	if (in)
		fclose(in);
}

static void *run(void *argument)
{
	struct fake_qmp *f = argument;
	int fd;

	while ((fd = accept(f->listen_fd, NULL, NULL)) >= 0) {
		serve(f, fd);
		close(fd);
	}
	return NULL;
}

struct fake_qmp *fake_qmp_start(const char *greeting)
{
	static int number;
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct fake_qmp *f = calloc(1, sizeof(*f));

	f->greeting = greeting;
	snprintf(f->path, sizeof(f->path), "/tmp/fake-qmp.%d.%d", (int)getpid(), number++);
	memcpy(address.sun_path, f->path, sizeof(f->path));
	f->listen_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(f->listen_fd, (const struct sockaddr *)&address, sizeof(address)) ||
	    listen(f->listen_fd, 4) || pthread_create(&f->thread, NULL, run, f))
		abort();
	return f;
}

void fake_qmp_stop(struct fake_qmp *f)
{
	shutdown(f->listen_fd, SHUT_RDWR);
	pthread_join(f->thread, NULL);
	close(f->listen_fd);
	unlink(f->path);
	free(f);
}

bool fake_qmp_await(atomic_int *counter, int wanted)
{
	for (int i = 0; i < 400 && *counter < wanted; i++)
		nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
	return *counter >= wanted;
}
