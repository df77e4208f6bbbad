// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * take - a whole tree of files as one archive on standard output: of each its type, mode, owner,
 * and content, link text, or why it cannot be read. Run inside a guest and outside, statically
 * linked, so that it is the same program.
 *
 * Usage: take DIR [EVERY]      of processes, only those whose number is a multiple of EVERY, and 1
 *
 * A record (archive.c reads it): "TYPE MODE UID GID ERRNO PATH_LEN LEN\n", the path, the content,
 * "\n"; a last line "end" says that it is whole.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CONTENT_MAX 131072
#define SAMPLE      512 /* of files that are memory, and have no end */
#define DEPTH_MAX   16

static unsigned long every = 1;
static char content[CONTENT_MAX];

static char type_char(mode_t mode)
{
	return S_ISDIR(mode) ? 'd' : S_ISREG(mode) ? 'f' : S_ISLNK(mode) ? 'l' : 'o';
}

static void put(const char *path, const struct stat *st, int error, size_t len)
{
	printf("%c %o %u %u %d %zu %zu\n%s", type_char(st->st_mode), st->st_mode & 07777,
	       st->st_uid, st->st_gid, error, strlen(path), len, path);
	fwrite(content, 1, len, stdout);
	putchar('\n');
}

static size_t size_wanted(const char *path)
{
	static const char *const endless[] = {"mem",        "pagemap",    "kcore",
					      "kpagecount", "kpageflags", "kpagecgroup"};
	const char *name = strrchr(path, '/') + 1;

	for (size_t i = 0; i < sizeof(endless) / sizeof(endless[0]); i++)
		if (strcmp(name, endless[i]) == 0)
			return SAMPLE;
	return CONTENT_MAX;
}

/* Content up to an error, or to what is wanted. */
static int read_content(const char *path, size_t *ret_len)
{
	size_t most = size_wanted(path);
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	ssize_t n = 1;
	int error = 0;

	*ret_len = 0;
	if (fd < 0)
		return errno;
	while (n > 0 && *ret_len < most) {
		n = read(fd, content + *ret_len, most - *ret_len);
		if (n > 0)
			*ret_len += (size_t)n;
	}
	if (n < 0)
		error = errno;
	close(fd);
	return error;
}

static int read_link(const char *path, size_t *ret_len)
{
	ssize_t n = readlink(path, content, CONTENT_MAX);

	*ret_len = n < 0 ? 0 : (size_t)n;
	return n < 0 ? errno : 0;
}

static int is_left_out(const char *dir, const char *name)
{
	char *end;
	unsigned long number = strtoul(name, &end, 10);

	return strcmp(dir, "/proc") == 0 && end != name && !*end && number != 1 && number % every;
}

static void take(const char *path, unsigned depth);

static void take_children(const char *path, unsigned depth, DIR *dir)
{
	const struct dirent *entry;
	char child[4096];

	while ((entry = readdir(dir))) {
		const char *name = entry->d_name;

		if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || is_left_out(path, name))
			continue;
		if ((size_t)snprintf(child, sizeof(child), "%s/%s", path, name) < sizeof(child))
			take(child, depth + 1);
	}
}

static void take(const char *path, unsigned depth)
{
	struct stat st;
	size_t len = 0;
	int error = 0;
	DIR *dir = NULL;

	if (lstat(path, &st))
		return; /* a process that has ended */
	if (S_ISREG(st.st_mode) && st.st_mode & 0444)
		error = read_content(path, &len);
	else if (S_ISLNK(st.st_mode))
		error = read_link(path, &len);
	else if (S_ISDIR(st.st_mode) && depth < DEPTH_MAX && !(dir = opendir(path)))
		error = errno;
	put(path, &st, error, len);
	if (dir) {
		take_children(path, depth, dir);
		closedir(dir);
	}
}

int main(int argc, char **argv)
{
	if (argc < 2 || argc > 3)
		return fputs("usage: take DIR [EVERY]\n", stderr), 2;
	if (argc == 3)
		every = strtoul(argv[2], NULL, 10);
	if (!every)
		return 2;
	take(argv[1], 0);
	puts("end");
	return fflush(stdout) || ferror(stdout);
}
