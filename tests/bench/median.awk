# SPDX-License-Identifier: GPL-2.0-or-later
# From sorted lines of summary.awk: procs, link, command, row, what, median, least, most, count.
BEGIN { FS = OFS = "\t" }
function flush_group() {
	if (n)
		print group, n % 2 || v[1] + 0 != v[1] ? v[int((n + 1) / 2)] : (v[n / 2] + v[n / 2 + 1]) / 2, v[1], v[n], n
	n = 0
}
{
	key = $1 OFS $2 OFS $3 OFS $4 OFS $5
	if (key != group)
		flush_group()
	group = key
	v[++n] = $6
}
END { flush_group() }
