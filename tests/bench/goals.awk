# SPDX-License-Identifier: GPL-2.0-or-later
# Goal, measured value, and measured : goal. With figures.awk. tag_ratio: the tag's cost in vmm/core : OpenSSL's without SIMD, or
# empty; rtt_ms: that of the slowest link; red, plain: how a terminal shows RED.
function ms(procs, link, row) { return value(procs, link, "ps -ef", row, "ms") }
function quotient(a, b) { return a == "" || !b ? "" : a / b }
function percent(a, b) { return a == "" || !b ? "" : 100 * a / b }
function difference(a, b) { return a == "" || b == "" ? "" : a - b }

# without kept sessions, a session of its own is all there is, and that is said
function kept(procs, link, row) { return has(procs, link, "ps -ef", row, "ms") ? row : "unshared" }
function cost(procs, what) { return value(procs, "loopback", "ps -ef", kept(procs, "loopback", "warm"), what) }

# @most: the goal is an upper bound, else a lower one
function goal(what, text, measured, bound, unit, most,    ratio) {
	if (measured == "" || bound == "") {
		printf "| %-64s | %-28s | %12s | %6s | %s |\n", what, text, "not measured", "", "-"
		return
	}
	ratio = most ? measured / bound : bound / (measured > 0 ? measured : 1e-9)
	printf "| %-64s | %-28s | %12s | %6.2f | %s |\n", what, text, number(measured) unit, ratio, ratio <= 1.0000001 ? "ok" : red "RED" plain
}
function at_most(what, text, measured, bound, unit) { goal(what, text, measured, bound, unit, 1) }
function at_least(what, text, measured, bound, unit) { goal(what, text, measured, bound, unit, 0) }

END {
	mark = has(90, "loopback", "ps -ef", "warm", "ms") || has(10000, "loopback", "ps -ef", "warm", "ms") ? "" : " (no kept session)"
	printf "| %-64s | %-28s | %12s | %6s | |\n|---|---|--:|--:|---|\n", "what", "goal", "measured", "ratio"
	at_most("`ps -ef`, 90 processes, loopback, warm" mark, "at most 1.0x native",
		quotient(ms(90, "loopback", kept(90, "loopback", "warm")), ms(90, "loopback", "native")), 1.0, "x")
	at_most("same, first run in a new session" mark, "at most 2.0x native",
		quotient(ms(90, "loopback", kept(90, "loopback", "first")), ms(90, "loopback", "native")), 2.0, "x")
	at_most("`ps -ef`, 10,000 processes, warm" mark, "at most 0.6x native",
		quotient(ms(10000, "loopback", kept(10000, "loopback", "warm")), ms(10000, "loopback", "native")), 0.6, "x")
	at_most("90 processes at 0.2 ms / 1 Gb/s, first run" mark, "at most 40 ms",
		ms(90, "0.2ms-1g", kept(90, "0.2ms-1g", "first")), 40, " ms")
	slow_native = ms(90, "50ms-100m", "native")
	at_most("50 ms / 100 Mb/s, warm" mark, "native + 2 round trips",
		ms(90, "50ms-100m", kept(90, "50ms-100m", "warm")), slow_native == "" ? "" : slow_native + 2 * rtt_ms, " ms")
	at_most("round trips per listing, warm" mark, "1", cost(90, "round_trips"), 1, "")
	at_most("same, `lsof -n`", "at most 2 in the median",
		value(90, "loopback", "lsof -n", has(90, "loopback", "lsof -n", "warm", "ms") ? "warm" : "unshared", "round_trips"), 2, "")
	at_most("ps-vm, 90 processes, warm, loopback", "at most 1 ms", ms(90, "loopback", "ps-vm-again"), 1, " ms")
	at_least("drgn : warm `ps -ef` of transcall, whole process, 90" mark, "at least 20x faster",
		quotient(ms(90, "loopback", "drgn"), ms(90, "loopback", kept(90, "loopback", "warm"))), 20, "x")
	at_least("drgn : ps-vm (the same columns), whole process", "at least 20x faster",
		quotient(ms(90, "loopback", "drgn"), ms(90, "loopback", "ps-vm")), 20, "x")
	at_most("guest pause beyond QEMU's stop and cont, 90 processes", "at most 1 ms",
		difference(cost(90, "guest_paused_ms"), value(90, "-", "-", "stop-cont", "ms")), 1, " ms")
	at_most("same, 10,000 processes", "at most 40 ms",
		difference(cost(10000, "guest_paused_ms"), value(10000, "-", "-", "stop-cont", "ms")), 40, " ms")
	at_most("tag in vmm/core : OpenSSL without SIMD", "at most 1.3x", tag_ratio, 1.3, "x")
	at_most("bytes of a re-listing of an idle guest, of the first's", "at most 5 %",
		percent(value(90, "loopback", "ps -ef", "warm", "bytes_received"), value(90, "loopback", "ps -ef", "first", "bytes_received")), 5, " %")
	at_most("same, of ps-vm", "at most 5 %",
		percent(value(90, "loopback", "ps -ef", "ps-vm-again", "bytes_received"), value(90, "loopback", "ps -ef", "ps-vm", "bytes_received")), 5, " %")
}
