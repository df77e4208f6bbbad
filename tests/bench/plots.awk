# SPDX-License-Identifier: GPL-2.0-or-later
# The data of plots.gp, into the folder `into`; prints how many rows they have (ps-vm, the last, is no command). With figures.awk.
function cells(procs, link, command, n, of, over,    i, x, text) {
	for (i = 1; i <= n; i++) {
		x = value(procs, link, command, of[i], "ms")
		if (x != "" && over)
			x = value(procs, link, command, "native", "ms") ? x / value(procs, link, command, "native", "ms") : ""
		text = text " " (x == "" ? "NaN" : x)
	}
	return text
}
function header(n, of,    i, text) {
	for (i = 1; i <= n; i++)
		text = text " \"" title[of[i]] "\""
	return text
}
# in some cell
function is_there(row,    s, c) {
	for (s = 1; s <= size_count; s++)
		for (c = 1; c <= command_count; c++)
			if (has(sizes[s], "loopback", commands[c], row, "ms"))
				return 1
}
END {
	candidates = split("native ssh ssh-warm unshared first warm ps-vm", candidate, " ")
	for (i = 1; i <= candidates; i++)
		if (is_there(candidate[i]))
			of[++n] = candidate[i]
	print "procs" header(n, of) >(into "/scale.dat")
	for (s = 1; s <= size_count; s++)
		if ((sizes[s], "loopback", "ps -ef") in seen)
			print sizes[s] cells(sizes[s], "loopback", "ps -ef", n, of) >(into "/scale.dat")
	print "link" header(n, of) >(into "/links.dat")
	for (l = 1; l <= link_count; l++)
		if ((90, links[l], "ps -ef") in seen)
			print links[l] cells(90, links[l], "ps -ef", n, of) >(into "/links.dat")
	print "command" header(n - 1, of) >(into "/commands.dat")
	for (c = 1; c <= command_count; c++)
		if ((90, "loopback", commands[c]) in seen)
			print "\"" commands[c] "\"" cells(90, "loopback", commands[c], n - 1, of, 1) >(into "/commands.dat")
	print n
}
