# SPDX-License-Identifier: GPL-2.0-or-later
# How many cells are good: of commands, and of tools, which are as good as their worst command. With cells.awk. Exit status 1: less
# than 95 % of either.
END {
	n = tools_good()
	printf "count: identical or within rules: %d of %d cells by command (%s %%), %d of %d by tool (%s %%)\n",
		good, cells, percent(good, cells), n, tool_cells, percent(n, tool_cells)
	exit !(cells && good >= 0.95 * cells && n >= 0.95 * tool_cells)
}
