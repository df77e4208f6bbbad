# SPDX-License-Identifier: GPL-2.0-or-later
# A table for each cell. With figures.awk.
function line(procs, link, command, row,    ms, native, k) {
	if (has(procs, link, command, row, "skipped") && !has(procs, link, command, row, "ms")) {
		printf "| %-34s | skipped: %s |\n", title[row], value(procs, link, command, row, "skipped")
		return
	}
	if (!has(procs, link, command, row, "ms"))
		return
	k = at(procs, link, command, row, "ms")
	ms = median[k]
	native = value(procs, link, command, "native", "ms")
	printf "| %-34s | %8s | %18s | %8s |", title[row], number(ms), number(least[k]) " to " number(most[k]),
		native ? number(ms / native) : "-"
	printf " %5s | %8s | %6s | %6s | %5s | %6s | %6s | %6s | %4s |\n", number(value(procs, link, command, row, "round_trips")),
		wire(procs, link, command, row), number(value(procs, link, command, row, "frames")),
		number(value(procs, link, command, row, "re_validated")), number(value(procs, link, command, row, "frames_missed")),
		number(value(procs, link, command, row, "tag_ms")), number(value(procs, link, command, row, "verify_ms")),
		number(value(procs, link, command, row, "guest_paused_ms")), count[k]
}
function wire(procs, link, command, row) {
	if (!has(procs, link, command, row, "bytes_received"))
		return "-"
	return number((value(procs, link, command, row, "bytes_received") + value(procs, link, command, row, "bytes_sent")) / 1024)
}
function cell(procs, link, command,    r) {
	printf "\n#### `%s`, %d processes, %s\n\n", command, procs, link
	printf "| %-34s | %8s | %18s | %8s | %5s | %8s | %6s | %6s | %5s | %6s | %6s | %6s | %4s |\n", "", "ms", "least to most", "x native",
		"trips", "wire kB", "frames", "re-val", "missd", "tag ms", "verify", "pause", "runs"
	print "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
	for (r = 1; r <= row_count; r++)
		line(procs, link, command, rows[r])
}
function memory(    s, c, p, n, programs, kb) {
	n = split("transcall transcall-keeper remotetransd vmmd", programs, " ")
	print "\n#### Peak memory of one process, kB (VmHWM; in brackets what is its own: RssAnon)\n"
	print "| | transcall | transcall-keeper | remotetransd | vmmd |\n|---|--:|--:|--:|--:|"
	for (s = 1; s <= size_count; s++)
		for (c = 1; c <= command_count; c++) {
			if (!(("" sizes[s], "loopback", commands[c], "memory") in seen))
				continue
			printf "| `%s`, %d processes |", commands[c], sizes[s]
			for (p = 1; p <= n; p++) {
				kb = value(sizes[s], "loopback", commands[c], "memory", programs[p] "_peak_kb")
				printf " %s |", kb == "" ? "-" : kb " (" value(sizes[s], "loopback", commands[c], "memory", programs[p] "_anon_kb") ")"
			}
			print ""
		}
}
# Where the time of a run goes, by the program's own clock; the rest is starting, exec and what is after the tool's end.
function phases(    s, r, p, n, names, of, x, rest) {
	n = split("profile session snapshot kernel since_then", names, " ")
	split("unshared first warm ps-vm", of, " ")
	print "\n#### Phases of `ps -ef`, loopback, ms (median of each)\n"
	print "| | processes | whole | profile read | session | snapshot | kernel found | tool | rest | walk | repair | collect | guest paused |"
	print "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
	for (s = 1; s <= size_count; s++)
		for (r = 1; r <= 4; r++) {
			if (!has(sizes[s], "loopback", "ps -ef", of[r], "snapshot_ms"))
				continue
			rest = value(sizes[s], "loopback", "ps -ef", of[r], "ms")
			printf "| %s | %d | %s |", title[of[r]], sizes[s], number(rest)
			for (p = 1; p <= n; p++) {
				x = value(sizes[s], "loopback", "ps -ef", of[r], names[p] "_ms")
				rest -= x
				printf " %s |", number(x)
			}
			printf " %s |", of[r] == "warm" ? "-" : number(rest)
			printf " %s | %s | %s | %s |\n", number(value(sizes[s], "loopback", "ps -ef", of[r], "walk_ms")),
				number(value(sizes[s], "loopback", "ps -ef", of[r], "repair_ms")), number(value(sizes[s], "loopback", "ps -ef", of[r], "collect_ms")),
				number(value(sizes[s], "loopback", "ps -ef", of[r], "guest_paused_ms"))
		}
}
function slope(row, what, unit,    few, many) {
	few = value(1000, "loopback", "ps -ef", row, what)
	many = value(10000, "loopback", "ps -ef", row, what)
	return few == "" || many == "" ? "-" : number((many - few) * unit / 9000)
}
# What one process more costs, from 1,000 to 10,000.
function slopes(    r) {
	if (slope("native", "ms", 1) == "-")
		return
	print "\n#### What a further process costs, `ps -ef`, loopback, from 1,000 to 10,000\n"
	print "| | us | guest paused us | frames | wire bytes |\n|---|--:|--:|--:|--:|"
	for (r = 1; r <= row_count; r++)
		if (slope(rows[r], "ms", 1) != "-")
			printf "| %s | %s | %s | %s | %s |\n", title[rows[r]], slope(rows[r], "ms", 1000), slope(rows[r], "guest_paused_ms", 1000),
				slope(rows[r], "frames", 1), slope(rows[r], "bytes_received", 1)
}
END {
	phases()
	slopes()
	for (c = 1; c <= command_count; c++)
		for (s = 1; s <= size_count; s++)
			for (l = 1; l <= link_count; l++)
				if ((sizes[s], links[l], commands[c], "native") in seen)
					cell(sizes[s], links[l], commands[c])
	memory()
}
