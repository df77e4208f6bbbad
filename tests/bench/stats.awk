# SPDX-License-Identifier: GPL-2.0-or-later
# What --stats says, as members of a JSON object, each with a comma before it: "12 frames missed" becomes
# ,"frames_missed":12 and "verify 0.9 ms" ,"verify_ms":0.9. Every number with its words counts, whatever they are; of several
# lines the last; LOOK=n: of the n-th of ps-vm's looks.
/round trips/ { looks++ }
{
	if (LOOK && looks > LOOK)
		next
	sub(/^[a-z-]*: /, "")
	n = split($0, items, /[,;:] */)
	for (i = 1; i <= n; i++) {
		if (items[i] ~ /^[0-9.]+ [a-z -]+$/) {
			key = value = items[i]
			sub(/^[0-9.]+ /, "", key)
			sub(/ .*/, "", value)
		} else if (items[i] ~ /^[a-z -]+ [0-9.]+ ms$/) {
			key = value = items[i]
			sub(/ [0-9.]+ ms$/, " ms", key)
			sub(/ ms$/, "", value)
			sub(/.* /, "", value)
		} else
			continue
		gsub(/[ -]/, "_", key)
		said[key] = value
	}
}
END {
	for (key in said)
		printf ",\"%s\":%s", key, said[key]
}
