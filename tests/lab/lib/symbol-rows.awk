# SPDX-License-Identifier: GPL-2.0-or-later
# Answer the rows of symbols.def from a list of symbols ("ADDRESS TYPE NAME"), in the words of a profile.
# Usage: awk -f symbol-rows.awk symbols.def LIST. A name at several addresses counts if just one of them is global.
# The tables of kallsyms, which most lists lack, are left out.

FNR == NR {
	if ($0 ~ /^SYMBOL\(/) {
		split($0, part, "\"")
		id = part[1]; sub(/^SYMBOL\(/, "", id); sub(/,.*/, "", id)
		names[id] = part[2]
		n = split(part[2], alternative, "|")
		for (i = 1; i <= n; i++) asked[alternative[i]] = 1
	}
	next
}

$3 in asked {
	scope = $2 ~ /[A-Z]/ ? "global" : "local"
	if (!(($3, scope) in address)) { address[$3, scope] = $1; count[$3, scope] = 1 }
	else if (address[$3, scope] != $1) count[$3, scope]++
}

function find(name) {
	if (count[name, "global"]) return count[name, "global"] == 1 ? address[name, "global"] : ""
	return count[name, "local"] == 1 ? address[name, "local"] : ""
}

END {
	for (id in names) {
		if (names[id] ~ /^kallsyms_/) continue
		n = split(names[id], alternative, "|"); text = ""
		for (i = 1; i <= n && text == ""; i++) text = find(alternative[i])
		sub(/^0+/, "", text)
		if (text != "") print "symbol", id, "0x" text
		else print "symbol", id, "absent"
	}
}
