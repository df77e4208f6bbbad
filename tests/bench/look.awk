# SPDX-License-Identifier: GPL-2.0-or-later
# Of what ps-vm says after two looks, what the second cost: counters are those of the whole session. With json.awk.
BEGIN { counts = "round_trips snapshots frames frames_missed bytes_received bytes_sent bytes_saved re_validated saved compressed verify_ms" }
NR == 1 { json_members($0, before) }
NR == 2 {
	json_members($0, m)
	n = split(counts, keys, " ")
	for (i = 1; i <= n; i++)
		if (keys[i] in m)
			m[keys[i]] -= before[keys[i]]
	printf "\"ms\":%.3f", m["open_ms"] + m["list_ms"]
	for (key in m)
		if (key !~ /^(x|open_ms|list_ms|profile_ms|session_ms|snapshot_ms|kernel_ms|since_then_ms)$/)
			printf ",\"%s\":%s", key, m[key]
}
