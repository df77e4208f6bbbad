/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A tool's output as rows of fields. */
#include "tests/compat/table.h"

#include <ctype.h>
#include <err.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "remotetrans/base/scope.h"
#include "tests/compat/words.h"

#define ROW(id_, argv_, header_, columns_, own_, part_, long_)                                     \
	{.id = #id_,                                                                               \
	 .argv = argv_,                                                                            \
	 .is_long = long_,                                                                         \
	 .header_lines = header_,                                                                  \
	 .columns = columns_,                                                                      \
	 .own = own_,                                                                              \
	 .own_part = part_},
#define COMMAND(...) ROW(__VA_ARGS__, false)
#define LONG(...)    ROW(__VA_ARGS__, true)
const struct command commands[] = {
#include "tests/compat/commands.def"
	{0},
};
#undef COMMAND
#undef LONG
#undef ROW

const struct command *command_find(const char *id)
{
	for (const struct command *c = commands; c->id; c++)
		if (strcmp(c->id, id) == 0)
			return c;
	errx(2, "no command '%s' in commands.def", id);
}

/* "NAME", "NAME*", "NAME:N", "NAME..." */
static struct column column_parse(const char *text)
{
	struct column c = {.words = 1};
	size_t len = strcspn(text, "*:.");

	snprintf(c.name, sizeof(c.name), "%.*s", (int)len, text);
	c.is_key = text[len] == '*';
	c.is_rest = text[len] == '.';
	if (text[len] == ':')
		c.words = (unsigned)strtoul(text + len + 1, NULL, 10);
	return c;
}

static void columns_parse(struct table *t)
{
	AUTO_FREE char *copy = strdup(t->command->columns);
	char *state = NULL;

	if (copy[0] == '~')
		t->moving = copy[1] ? t->command->columns + 1 : "NUMBER";
	t->whole_lines = t->moving || strcmp(copy, "=") == 0;
	if (t->whole_lines) {
		t->columns[0] = (struct column){.name = "line", .is_key = true, .is_rest = true};
		t->column_count = 1;
		return;
	}
	for (char *w = strtok_r(copy, " ", &state); w; w = strtok_r(NULL, " ", &state)) {
		if (t->column_count == TABLE_COLUMNS_MAX)
			errx(2, "%s: too many columns", t->command->id);
		t->columns[t->column_count++] = column_parse(w);
	}
}

/* The end of @words words from @at on; leading blanks are skipped first. */
static const char *words_end(const char *at, unsigned words)
{
	for (unsigned i = 0; i < words; i++) {
		while (*at == ' ')
			at++;
		while (*at && *at != ' ')
			at++;
	}
	return at;
}

static void row_split(const struct table *t, struct row *row)
{
	const char *at = row->line;

	if (t->whole_lines) {
		row->fields[0] = strdup(row->line);
		return;
	}
	for (unsigned i = 0; i < t->column_count; i++) {
		while (*at == ' ')
			at++;
		if (!*at)
			return;
		const char *end = t->columns[i].is_rest ? at + strlen(at)
							: words_end(at, t->columns[i].words);
		row->fields[i] = strndup(at, (size_t)(end - at));
		at = end;
	}
}

static void table_add(struct table *t, const char *line)
{
	struct row row = {.line = strdup(line)};

	t->rows = realloc(t->rows, (t->row_count + 1) * sizeof(*t->rows));
	row_split(t, &row);
	t->rows[t->row_count++] = row;
}

static void header_add(struct table *t, const char *line)
{
	t->header = realloc(t->header, (t->header_count + 1) * sizeof(*t->header));
	t->header[t->header_count++] = strdup(line);
}

static void pattern_compile(const struct command *command, const char *pattern, regex_t *ret)
{
	if (regcomp(ret, pattern, REG_EXTENDED) != 0)
		errx(2, "%s: bad pattern %s", command->id, pattern);
}

/* Is @line a row of the observing tool's own? What it adds to another's row is cut out. */
static bool line_is_own(const struct command *command, char *line)
{
	regmatch_t match;
	regex_t own;

	if (strcmp(command->own, "^$") == 0 && !command->own_part) /* blank lines count, too */
		return false;
	pattern_compile(command, command->own, &own);
	bool is_own = regexec(&own, line, 0, NULL, 0) == 0;
	regfree(&own);
	if (is_own || !command->own_part)
		return is_own;
	pattern_compile(command, command->own_part, &own);
	if (regexec(&own, line, 1, &match, 0) == 0)
		memmove(line + match.rm_so, line + match.rm_eo, strlen(line + match.rm_eo) + 1);
	regfree(&own);
	return false;
}

void table_init(struct table *t, const struct command *command, const char *path, bool is_inside)
{
	AUTO_FCLOSE FILE *in = fopen(path, "r");
	AUTO_FREE char *line = NULL;
	size_t size = 0;

	*t = (struct table){.command = command};
	columns_parse(t);
	if (!in)
		err(2, "%s", path);
	for (ssize_t len; (len = getline(&line, &size, in)) >= 0;) {
		line[strcspn(line, "\n")] = 0;
		if (t->header_count < command->header_lines)
			header_add(t, line);
		else if (!is_inside || !line_is_own(command, line))
			table_add(t, line);
	}
}

void table_deinit(struct table *t)
{
	for (size_t r = 0; r < t->row_count; r++) {
		for (unsigned i = 0; i < t->column_count; i++)
			free(t->rows[r].fields[i]);
		free(t->rows[r].line);
	}
	for (unsigned i = 0; i < t->header_count; i++)
		free(t->header[i]);
	free(t->header);
	free(t->rows);
}

void row_set_field(struct row *row, unsigned column, const char *value)
{
	char *copy = strdup(value);

	free(row->fields[column]);
	row->fields[column] = copy;
}

bool table_same_key(const struct table *t, const struct row *a, const struct row *b)
{
	if (t->moving)
		return words_same(a->fields[0], b->fields[0]);
	for (unsigned i = 0; i < t->column_count; i++) {
		const char *x = a->fields[i], *y = b->fields[i];

		if (t->columns[i].is_key && (!x || !y ? x != y : strcmp(x, y) != 0))
			return false;
	}
	return true;
}
