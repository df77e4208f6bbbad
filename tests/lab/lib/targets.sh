# SPDX-License-Identifier: GPL-2.0-or-later
# The targets file build/lab/targets.conf: one section a guest. Sourced by bash.

targets_file=$run/targets.conf

# targets_edit NAME - replace the section NAME by standard input (nothing: remove it), atomically
targets_edit() (
	lock_take "$run/targets.lock" 60
	touch "$targets_file"
	awk -v name="[$1]" '/^\[/ { drop = ($0 == name) } !drop' "$targets_file" >"$targets_file.new"
	cat >>"$targets_file.new"
	chmod 600 "$targets_file.new"
	mv "$targets_file.new" "$targets_file"
)

targets_remove() {
	[ ! -e "$targets_file" ] || targets_edit "$1" </dev/null
}

targets_put() { targets_edit "$name"; }
