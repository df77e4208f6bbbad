# SPDX-License-Identifier: GPL-2.0-or-later
# json_members(line, m): the members of a flat JSON object of numbers and of texts without quotes.
function json_members(line, m,    member, key) {
	delete m
	while (match(line, /"[A-Za-z0-9_-]+": *("[^"]*"|[-+0-9.e]+)/)) {
		member = substr(line, RSTART, RLENGTH)
		line = substr(line, RSTART + RLENGTH)
		key = member
		sub(/^"/, "", key)
		sub(/".*/, "", key)
		sub(/^"[^"]*": */, "", member)
		gsub(/"/, "", member)
		m[key] = member
	}
}
