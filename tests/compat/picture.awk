# SPDX-License-Identifier: GPL-2.0-or-later
# docs/compat.svg: a row a tool, a column a kernel. See cells.awk.
BEGIN {
	blocks = 3; line = 17; name_width = 142; cell = 46; top = 84; gap = 26
	fill["identical"] = "#1b7f4b"; ink["identical"] = "#ffffff"; sign["identical"] = "="
	fill["rules"] = "#f2c14e"; ink["rules"] = "#222222"; sign["rules"] = "≈"
	fill["different"] = "#b3261e"; ink["different"] = "#ffffff"; sign["different"] = "≠"
	fill["broken"] = "#222222"; ink["broken"] = "#ffffff"; sign["broken"] = "✗"
	fill["none"] = "#e6e6e6"; ink["none"] = "#666666"; sign["none"] = "·"
}

function text(x, y, size, color, anchor, what) {
	gsub(/&/, "\\&amp;", what); gsub(/</, "\\&lt;", what)
	printf "<text x=\"%d\" y=\"%d\" font-size=\"%d\" fill=\"%s\" text-anchor=\"%s\">%s</text>\n", x, y, size, color, anchor, what
}

function box(x, y, width, v, what) {
	printf "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"2\" fill=\"%s\"/>\n", x, y, width, line - 2, fill[v]
	text(x + width / 2, y + 12, 11, ink[v], "middle", what)
}

function legend(x, v, what) {
	box(x, 36, 22, v, sign[v])
	text(x + 28, 48, 12, "#222222", "start", what)
}

function heads(x, k) {
	for (k = 1; k <= kernel_count; k++)
		text(x + name_width + (k - 1) * cell + cell / 2, top - 6, kernel_count > 6 ? 9 : 11, "#222222", "middle", kernels[k])
}

function tool_row(x, y, name, k, v, what) {
	text(x + name_width - 6, y + 12, 11, "#222222", "end", name)
	for (k = 1; k <= kernel_count; k++) {
		v = tool_verdict(kernels[k], name)
		what = sign[v] (bad && of > 1 ? " " bad "/" of : "")
		box(x + name_width + (k - 1) * cell, y, cell - 2, v, what)
	}
}

END {
	block = name_width + kernel_count * cell + gap
	rows = int((tool_count + blocks - 1) / blocks)
	width = blocks * block; height = top + rows * line + 14
	printf "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\">\n", width, height
	printf "<title>What stock tools print outside, against inside</title>\n<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>\n", width, height
	text(12, 22, 16, "#222222", "start", "Outside equals inside: " percent(good, cells) " % of " cells " commands on " kernel_count " kernels (" date ")")
	legend(12, "identical", "identical")
	legend(120, "rules", "identical within rules")
	legend(310, "different", "different (commands that are, of how many)")
	legend(610, "broken", "crashed or hung")
	legend(760, "none", "not run")
	for (b = 0; b < blocks; b++) heads(b * block)
	for (t = 0; t < tool_count; t++) tool_row(int(t / rows) * block, top + (t % rows) * line, tools[t + 1])
	print "</svg>"
}
