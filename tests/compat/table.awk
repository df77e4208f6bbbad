# SPDX-License-Identifier: GPL-2.0-or-later
# The table of docs/COMPAT.md: a row a command, and below it how cells differ. See cells.awk.
function sign(v) { return v == "identical" ? "=" : v == "rules" ? "≈" : v == "different" ? "**≠**" : v == "broken" ? "**✗**" : "" }
function code(text) { gsub(/\|/, "\\|", text); return "`" text "`" }

function row(id, line, k, rule, i, n, all, word) {
	line = "| " code(argv[id]) " |"
	all = " "
	for (k = 1; k <= kernel_count; k++) {
		line = line " " sign(verdict[kernels[k], id]) " |"
		if (verdict[kernels[k], id] != "rules") continue
		n = split(detail[kernels[k], id], word, " ")
		for (i = 1; i <= n; i++) if (!index(all, " " word[i] " ")) all = all word[i] " "
	}
	print line all "|"
}

# kernels that differ in the same way share a line
function differences(id, k, text, where, order, n, i) {
	for (k = 1; k <= kernel_count; k++) {
		if (verdict[kernels[k], id] !~ /different|broken/) continue
		text = (verdict[kernels[k], id] == "broken" ? "crashed or hung: " : "") detail[kernels[k], id]
		where = where (where ? ", " : "") kernels[k]
		if (!n++) order = text
	}
	if (n) { gsub(/`/, "'", order); printf "- %s on %s: `%s`\n", code(argv[id]), where, order }
}

END {
	n = tools_good()
	printf "%d cells: %d identical (=), %d identical within rules (≈), %d different (≠), %d crashed or hung (✗): **%s %% good**.\n",
		cells, count["identical"], count["rules"], count["different"], count["broken"], percent(good, cells)
	printf "Of %d cells of whole tools, each the worst of its commands, %s %% are.\n\n", tool_cells, percent(n, tool_cells)
	line = "| command |"; rule = "|---|"
	for (k = 1; k <= kernel_count; k++) { line = line " " kernels[k] " |"; rule = rule ":-:|" }
	print line " rules |\n" rule "---|"
	for (t = 1; t <= tool_count; t++) {
		n = split(commands_of[tools[t]], id, " ")
		for (i = 1; i <= n; i++) row(id[i])
	}
	print "\n### How they differ\n"
	for (t = 1; t <= tool_count; t++) {
		n = split(commands_of[tools[t]], id, " ")
		for (i = 1; i <= n; i++) differences(id[i])
	}
}
