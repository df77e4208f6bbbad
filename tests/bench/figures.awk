# SPDX-License-Identifier: GPL-2.0-or-later
# What tables share: reads lines of median.awk into median[], least[], most[], by procs, link, command, row, what.
function at(procs, link, command, row, what) { return procs SUBSEP link SUBSEP command SUBSEP row SUBSEP what }
function has(procs, link, command, row, what) { return at(procs, link, command, row, what) in median }
function value(procs, link, command, row, what) { return has(procs, link, command, row, what) ? median[at(procs, link, command, row, what)] : "" }
function number(x) {
	if (x == "")
		return "-"
	x += 0
	return sprintf(x >= 100 || x == int(x) ? "%.0f" : x >= 10 ? "%.1f" : "%.2f", x)
}
BEGIN {
	FS = "\t"
	title["native"] = "native, this machine"
	title["ssh"] = "ssh"
	title["ssh-warm"] = "ssh, connection kept"
	title["unshared"] = "transcall, no kept session"
	title["first"] = "transcall, first run of a session"
	title["warm"] = "transcall, warm"
	title["ps-vm"] = "ps-vm (pid, name)"
	title["ps-vm-again"] = "ps-vm, a further look"
	title["ps-vm-per-field"] = "ps-vm, a round trip a field"
	title["drgn"] = "drgn, local, unverified"
	title["drgn-again"] = "drgn, a further listing"
	title["crash"] = "crash, on a dump, unverified"
	row_count = split("native ssh ssh-warm unshared first warm ps-vm ps-vm-again ps-vm-per-field drgn drgn-again crash", rows, " ")
	command_count = split("ps -ef\tnetstat -antup\tlsof -n\ttop -b -n 3 -d 1", commands, "\t")
	link_count = split("loopback 0.2ms-1g 10ms-1g 50ms-100m", links, " ")
	size_count = split("90 1000 10000", sizes, " ")
}
NF >= 9 {
	key = at($1, $2, $3, $4, $5)
	median[key] = $6
	least[key] = $7
	most[key] = $8
	count[key] = $9
	seen[$1, $2, $3] = seen[$1, $2, $3, $4] = 1
}
