/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * compat - compare a command's output taken inside, outside, inside.
 *
 *   compat list [--long]                          id and command line, tab-separated; also the long
 * ones compat compare ID BEFORE OUTSIDE AFTER        exit 1 and both lines of each failure compat
 * plant ID BEFORE OUTSIDE AFTER          plant a wrong value in each column in turn; exit 1 when
 * one is not noticed
 */
#include <err.h>
#include <stdlib.h>
#include "remotetrans/base/scope.h"
#include <string.h>

#include "tests/compat/compare.h"
#include "tests/compat/rules.h"
#include "tests/compat/words.h"

static void looks_init(struct looks *looks, const struct command *command, char **paths)
{
	table_init(&looks->before, command, paths[0], true);
	table_init(&looks->outside, command, paths[1], false);
	table_init(&looks->after, command, paths[2], true);
}

static void looks_deinit(struct looks *looks)
{
	table_deinit(&looks->before);
	table_deinit(&looks->outside);
	table_deinit(&looks->after);
}

static int list(bool with_long)
{
	for (const struct command *c = commands; c->id; c++)
		if (with_long || !c->is_long)
			printf("%s\t%s\n", c->id, c->argv);
	return 0;
}

static int compare(const struct command *command, char **paths)
{
	struct looks looks;

	looks_init(&looks, command, paths);
	struct comparison c = compare_looks(&looks, stdout);
	looks_deinit(&looks);
	printf("%s: %zu rows, %zu fields, %zu failures%s", command->id, c.rows, c.fields,
	       c.failures, c.rules ? ", rules:" : "");
	rules_print(stdout, c.rules);
	putchar('\n');
	return c.failures != 0;
}

/* A wrong value: another text, or a number beyond what a rule tolerates. */
static void spoil(const char *column, const char *value, char *ret, size_t size)
{
	double tolerance, number;

	if (value && rules_cover(column, &tolerance) && value_parse(value, &number))
		snprintf(ret, size, "%.0f", 2 * number + 1000 * (tolerance + 1));
	else if (value && *value)
		snprintf(ret, size, "%c%s", *value == '1' ? '2' : '1', value + 1);
	else
		snprintf(ret, size, "planted");
}

/* Whole lines: the first character of each word is a place to plant. */
static int plant_lines(struct looks *looks)
{
	struct row *row = &looks->outside.rows[looks->outside.row_count / 2];
	char *line = strdup(row->fields[0]);
	int missed = 0;

	for (size_t i = 0; line[i]; i++) {
		AUTO_FREE char *wrong = strdup(line);

		if (line[i] == ' ' || (i && line[i - 1] != ' ')) /* once a word */
			continue;
		wrong[i] = line[i] == '1' ? '2' : '1';
		row_set_field(row, 0, wrong);
		missed += compare_looks(looks, NULL).failures == 0;
	}
	row_set_field(row, 0, line);
	free(line);
	return missed;
}

/* Lines of which numbers may move: each word is a place to plant. */
static int plant_words(struct looks *looks)
{
	struct row *row = &looks->outside.rows[looks->outside.row_count / 2];
	AUTO_FREE char *line = strdup(row->fields[0]);
	const char *at = line;
	int missed = 0;

	for (struct word word; words_next(&at, &word);) {
		AUTO_FREE char *value = strndup(word.at, word.len);
		const char *column =
			word.is_number ? word_rule(&word, looks->outside.moving) : "line";
		char wrong[4096], planted[8192];

		value[word.is_number ? strspn(value, "0123456789.:-") : word.len] = 0;

		spoil(column, value, wrong, sizeof(wrong));
		snprintf(planted, sizeof(planted), "%.*s%s%s", (int)(word.at - line), line, wrong,
			 word.at + strlen(value));
		row_set_field(row, 0, planted);
		missed += compare_looks(looks, NULL).failures == 0;
	}
	row_set_field(row, 0, line);
	return missed;
}

static int plant_column(struct looks *looks, unsigned column)
{
	const char *name = looks->outside.columns[column].name;
	struct row *row = &looks->outside.rows[looks->outside.row_count / 2];
	char *value = row->fields[column] ? strdup(row->fields[column]) : NULL;
	char wrong[65536];

	spoil(name, value, wrong, sizeof(wrong));
	row_set_field(row, column, wrong);
	bool noticed = compare_looks(looks, NULL).failures != 0;
	free(row->fields[column]);
	row->fields[column] = value;
	if (!noticed)
		printf("  a wrong value in column %s is not noticed\n", name);
	return !noticed;
}

static int plant(const struct command *command, char **paths)
{
	struct looks looks;
	int missed = 0;

	looks_init(&looks, command, paths);
	if (!looks.outside.row_count)
		printf("%s: no rows to plant in\n", command->id);
	else if (looks.outside.moving)
		missed = plant_words(&looks);
	else if (looks.outside.whole_lines)
		missed = plant_lines(&looks);
	else
		for (unsigned i = 0; i < looks.outside.column_count; i++)
			missed += plant_column(&looks, i);
	printf("%s: %d planted values not noticed\n", command->id, missed);
	looks_deinit(&looks);
	return missed != 0;
}

int main(int argc, char **argv)
{
	rules_check();
	if (argc >= 2 && strcmp(argv[1], "list") == 0)
		return list(argc == 3 && strcmp(argv[2], "--long") == 0);
	if (argc == 6 && strcmp(argv[1], "compare") == 0)
		return compare(command_find(argv[2]), argv + 3);
	if (argc == 6 && strcmp(argv[1], "plant") == 0)
		return plant(command_find(argv[2]), argv + 3);
	fprintf(stderr, "usage: %s list [--long] | compare|plant ID BEFORE OUTSIDE AFTER\n",
		argv[0]);
	return 2;
}
