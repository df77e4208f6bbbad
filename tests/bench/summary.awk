# SPDX-License-Identifier: GPL-2.0-or-later
# From samples: a line for each measured number, tabs between: procs, link, command, row, what, value. With json.awk; tag_ns: what
# a page's tag costs in the VMM core, or 0.
BEGIN { OFS = "\t" }
{
	json_members($0, m)
	at = m["procs"] OFS m["link"] OFS m["command"] OFS m["row"]
	if ("skipped" in m) {
		print at, "skipped", m["skipped"]
		next
	}
	if ("ms" in m)
		m["ms"] -= m["slept_ms"]
	if (tag_ns > 0 && "frames" in m)
		m["tag_ms"] = m["frames"] * tag_ns / 1e6
	for (what in m)
		if (what !~ /^(procs|link|command|row|round|status|slept_ms)$/)
			print at, what, m[what]
}
