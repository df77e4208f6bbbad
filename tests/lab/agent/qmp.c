// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The lab's own QMP connection: send one command to QEMU, print its answer.
 *
 * Usage: qmp SOCKET COMMAND, where COMMAND is a line of JSON or just the command's name. Exit
 * status 1 when QEMU answers with an error, 125 when it does not answer.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#define EXIT_LOST       125
#define TIMEOUT_SECONDS 10

__attribute__((format(printf, 1, 2), noreturn)) static void lost(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("guest qmp: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	exit(EXIT_LOST);
}

static FILE *connect_to(const char *path)
{
	struct timeval timeout = {.tv_sec = TIMEOUT_SECONDS};
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	FILE *stream;

	if (strlen(path) >= sizeof(address.sun_path))
		lost("%s: path too long for a socket", path);
	strcpy(address.sun_path, path);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)))
		lost("%s: %s", path, strerror(errno));
	stream = fdopen(fd, "r+");
	if (!stream)
		lost("%s", strerror(errno));
	return stream;
}

/* The next line that answers a command; events are passed over. */
static const char *answer(FILE *stream)
{
	static char *line;
	static size_t size;

	while (getline(&line, &size, stream) > 0)
		if (strncmp(line, "{\"return\"", 9) == 0 || strncmp(line, "{\"error\"", 8) == 0)
			return line;
	lost("no answer within %d s (does another program hold this connection?)", TIMEOUT_SECONDS);
}

static const char *command(FILE *stream, const char *text)
{
	fprintf(stream, text[0] == '{' ? "%s\n" : "{\"execute\": \"%s\"}\n", text);
	if (fflush(stream))
		lost("%s", strerror(errno));
	fseek(stream, 0, SEEK_CUR);
	return answer(stream);
}

int main(int argc, char **argv)
{
	const char *line;
	FILE *stream;

	if (argc != 3)
		lost("usage: qmp SOCKET COMMAND");
	stream = connect_to(argv[1]);
	command(stream, "qmp_capabilities");
	line = command(stream, argv[2]);
	fputs(line, stdout);
	return line[2] == 'e';
}
