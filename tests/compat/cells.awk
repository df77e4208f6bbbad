# SPDX-License-Identifier: GPL-2.0-or-later
# What table and picture share: awk -f cells.awk -f table.awk|picture.awk COMMANDS CELLS
#   COMMANDS  id, command line
#   CELLS     kernel, id, verdict (identical, rules, different, broken), which rules or how
BEGIN { FS = "\t" }

# the name by which a person knows what is run
function tool_of(argv, word, name) {
	split(argv, word, " ")
	name = word[1]
	if (name == "tty") name = word[2] == "timeout" || word[2] == "env" ? word[word[2] == "env" ? 4 : 5] : word[2]
	if (name == "busybox" || name == "toybox") name = name " " word[2]
	sub(/[.]sysstat$/, "", name)
	sub(/-linux$/, "", name)
	return word[1] == "tty" ? name " (terminal)" : name
}

FNR == NR {
	argv[$1] = $2
	tool[$1] = tool_of($2)
	if (!(tool[$1] in commands_of)) tools[++tool_count] = tool[$1]
	commands_of[tool[$1]] = commands_of[tool[$1]] " " $1
	next
}

{
	if (!($1 in seen)) { seen[$1] = 1; kernels[++kernel_count] = $1 }
	verdict[$1, $2] = $3
	detail[$1, $2] = $4
	count[$3]++
	cells++
	if ($3 == "identical" || $3 == "rules") good++
}

# of all commands of a tool, the worst; bad: how many are not good, of how many
function tool_verdict(kernel, name, id, n, i, v, worst, rank) {
	n = split(commands_of[name], id, " ")
	bad = of = worst = 0
	for (i = 1; i <= n; i++) {
		v = verdict[kernel, id[i]]
		if (v == "") continue
		of++
		rank = v == "identical" ? 1 : v == "rules" ? 2 : v == "different" ? 3 : 4
		if (rank > 2) bad++
		if (rank > worst) worst = rank
	}
	return worst == 0 ? "none" : worst == 1 ? "identical" : worst == 2 ? "rules" : worst == 3 ? "different" : "broken"
}

# how many of tool_cells are good
function tools_good(n, k, t, v) {
	for (k = 1; k <= kernel_count; k++)
		for (t = 1; t <= tool_count; t++) {
			v = tool_verdict(kernels[k], tools[t])
			if (v == "none") continue
			tool_cells++
			n += v == "identical" || v == "rules"
		}
	return n
}

function percent(part, whole) { return whole ? sprintf("%.1f", int(1000 * part / whole) / 10) : "0" }
