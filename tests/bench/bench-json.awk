# SPDX-License-Identifier: GPL-2.0-or-later
# build/bench.json's list of rows, from lines of median.awk sorted by cell.
BEGIN { FS = "\t" }
{
	cell = $1 FS $2 FS $3 FS $4
	if (cell != last)
		printf "%s    {\"procs\": %s, \"link\": \"%s\", \"command\": \"%s\", \"row\": \"%s\"", (NR == 1 ? "" : "},\n"), $1, $2, $3, $4
	last = cell
	if ($5 == "skipped")
		printf ", \"skipped\": \"%s\"", $6
	else
		printf ", \"%s\": {\"median\": %s, \"min\": %s, \"max\": %s, \"runs\": %s}", $5, $6, $7, $8, $9
}
END { if (NR) print "}" }
