# SPDX-License-Identifier: GPL-2.0-or-later
# Answer the rows of fields.def from `bpftool btf dump` text, in the words of a profile.
# Usage: awk -f btf-rows.awk fields.def DUMP [module=NAME DUMP]... An oracle for the profile builder: it shares no
# code with it. A module's types continue the image's numbers; "module:structure" is looked for in that module's dump,
# and where there is none, the module being built in, in the image's.

function attribute(text, key) {
	if (!match(text, " " key "=-?[0-9]+"))
		return 0
	return substr(text, RSTART + length(key) + 2, RLENGTH - length(key) - 2)
}

function quoted(text, nth,   part) {
	split(text, part, "\"")
	return part[2 * nth]
}

# the rows that are asked for
FNR == NR {
	if ($0 ~ /^(FIELD|SIZE|ENUMERATOR)\(/) {
		what = $0; sub(/\(.*/, "", what)
		id = $0; sub(/^[A-Z]*\(/, "", id); sub(/,.*/, "", id)
		if (what == "FIELD") { field_structure[id] = quoted($0, 1); field_path[id] = quoted($0, 2) }
		else if (what == "SIZE") size_name[id] = quoted($0, 1)
		else enum_name[id] = quoted($0, 1)
	}
	next
}

function prefix() { return module == "" ? "" : module ":" }

# a type's name in the tables: its number, and for a module's own the module before it
function numbered(id) { return module != "" && id + 0 > last ? module ":" id : id }

# a type: [ID] KIND 'NAME' ATTRIBUTES
/^\[/ {
	split($0, part, "'")
	split(part[1], head, /[] []+/)
	if (module == "") last = head[2] + 0
	else dumped[module] = 1
	type = numbered(head[2]); kind[type] = head[3]; attributes = " " part[3]
	of[type] = numbered(attribute(attributes, "type_id")); size[type] = attribute(attributes, "size")
	elements[type] = attribute(attributes, "nr_elems")
	if (kind[type] ~ /^(STRUCT|UNION|TYPEDEF|INT|ENUM|ENUM64)$/ && part[2] != "(anon)") {
		rank = kind[type] == "STRUCT" ? 1 : kind[type] == "UNION" ? 2 : kind[type] ~ /^ENUM/ ? 3 : 4
		called[prefix() part[2], rank] = called[prefix() part[2], rank] " " type
	}
	next
}

# a member or an enumerator
/^\t'/ {
	split($0, part, "'")
	if (kind[type] ~ /^ENUM/) {
		if (part[2] in enumerator || module != "") next
		value = attribute(part[3], "val")
		# whether 32 bits are signed is not said before 6.0
		if (kind[type] == "ENUM" && value + 0 >= 2147483648) value = sprintf("%d", value - 4294967296)
		enumerator[part[2]] = value
		next
	}
	n = ++members[type]
	name_of[type, n] = part[2]; type_of[type, n] = numbered(attribute(part[3], "type_id"))
	bits_of[type, n] = attribute(part[3], "bits_offset"); width_of[type, n] = attribute(part[3], "bitfield_size")
}

function plain(t) {
	while (kind[t] ~ /^(TYPEDEF|CONST|VOLATILE|RESTRICT|TYPE_TAG)$/) t = of[t]
	return t
}

function bytes(t) {
	t = plain(t)
	if (kind[t] == "PTR") return 8
	return kind[t] == "ARRAY" ? elements[t] * bytes(of[t]) : size[t] + 0
}

# the member `name` of t: sets at (bits), found (type) and width
function member(t, name, base,   i) {
	for (i = 1; i <= members[t]; i++) {
		if (name_of[t, i] == name) {
			at = base + bits_of[t, i]; found = type_of[t, i]; width = width_of[t, i]
			return 1
		}
		if (name_of[t, i] == "(anon)" && member(plain(type_of[t, i]), name, base + bits_of[t, i])) return 1
	}
	return 0
}

function walk(t, path,   steps, i, n) {
	n = split(path, steps, "."); at = 0; found = t
	for (i = 1; i <= n; i++) if (!member(plain(found), steps[i], at)) return 0
	return 1
}

function place(   unit, start) {
	unit = bytes(found)
	if (!unit && kind[plain(found)] == "ARRAY") unit = bytes(of[plain(found)])
	if (!unit) return ""
	if (!width) return at / 8 " " unit
	start = int(at / (unit * 8)) * unit * 8
	if (at + width > start + unit * 8) start = int(at / 8) * 8
	return start / 8 " " unit " " at - start "+" width + 0
}

# a structure's name in the dump where it is looked for
function placed(name,   part) {
	return split(name, part, ":") == 2 && !(part[1] in dumped) ? part[2] : name
}

function answer(structures, paths,   s, p, i, j, k, r, ns, np, nt, ids, text) {
	ns = split(structures, s, "|"); np = split(paths, p, "|")
	for (i = 1; i <= ns; i++) for (j = 1; j <= np; j++) for (r = 1; r <= 4; r++) {
		nt = split(called[placed(s[i]), r], ids, " ")
		for (k = 1; k <= nt; k++)
			if (walk(ids[k], p[j]) && (text = place()) != "") return text
	}
	return ""
}

function answer_size(names,   s, i, k, r, ns, nt, ids) {
	ns = split(names, s, "|")
	for (i = 1; i <= ns; i++) for (r = 1; r <= 4; r++) {
		nt = split(called[placed(s[i]), r], ids, " ")
		for (k = 1; k <= nt; k++) if (bytes(ids[k])) return bytes(ids[k])
	}
	return ""
}

END {
	for (id in field_structure) {
		text = answer(field_structure[id], field_path[id])
		print "field", id, text == "" ? "absent" : text
	}
	for (id in size_name) { text = answer_size(size_name[id]); print "size", id, text == "" ? "absent" : text }
	for (id in enum_name) {
		n = split(enum_name[id], s, "|"); text = "absent"
		for (i = 1; i <= n && text == "absent"; i++) if (s[i] in enumerator) text = enumerator[s[i]]
		print "enum", id, text
	}
}
