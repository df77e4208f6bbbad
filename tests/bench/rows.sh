# SPDX-License-Identifier: GPL-2.0-or-later
# The rows: what a user could run to see a guest's processes. row_NAME runs it once and leaves a sample; sourced by run.
# Uses: guest, crowd (pid), config (the link's targets file), words (the command), ssh_config, and what is in lib.sh.

# rows_of - those of this cell, in the order in which they are run. The kept session is warm after 'first'.
rows_of() {
	echo native ssh ssh-warm unshared
	! keeps_sessions || echo first warm
	[ "$command" = "ps -ef" ] || return 0
	echo ps-vm ps-vm-again
	[ "$link" = loopback ] || return 0
	[ "$round" -gt 3 ] || echo drgn drgn-again
}

# rows_once - what takes so long that it is run once, after the others
rows_once() {
	[ "$command/$link" = "ps -ef/loopback" ] || return 0
	[ "$procs" -gt 1000 ] || echo ps-vm-per-field
	[ "$procs" -gt 90 ] || echo crash
}

# top sleeps between its listings: that is not its cost
slept_of() { case $command in top*) echo 2000 ;; *) echo 0 ;; esac; }

row_native() {
	timing=(--enter "$crowd")
	measure native "${words[@]}"
	timing=()
}

row_ssh() {
	[ -n "$ssh_port" ] || { skipped ssh "no sshd: $(tail -n 1 "$out/sshd.log")" && return; }
	measure ssh ssh -F "$ssh_config" -o ControlPath=none guest "${words[@]}"
}

# a connection that is kept
row_ssh-warm() {
	[ -n "$ssh_port" ] || { skipped ssh-warm "no sshd" && return; }
	[ -S "$out/ssh/master-$link" ] ||
		ssh -F "$ssh_config" -o ControlMaster=yes -o ControlPersist=300 -f -N guest 2>"$out/err" ||
		{ skipped ssh-warm "$(tail -n 1 "$out/err")" && return; }
	measure ssh-warm ssh -F "$ssh_config" guest "${words[@]}"
}

ours() { # ROW OPTION...
	local row=$1
	shift
	REMOTETRANS_CONFIG=$config measure "$row" build/bin/transcall -t "$guest" --stats "$@" -- "${words[@]}"
	rest
}

# before there are kept sessions each run is a new one
keeps_sessions() { build/bin/transcall --help | grep -q -- --no-share; }
session_end() {
	REMOTETRANS_CONFIG=$config build/bin/transcall -t "$guest" --end-share >/dev/null 2>&1 || true
}

row_unshared() {
	if keeps_sessions; then ours unshared --no-share; else ours unshared; fi
}
row_first() {
	session_end
	ours first
}
row_warm() { ours warm; }

row_ps-vm() {
	REMOTETRANS_CONFIG=$config measure ps-vm build/bin/ps-vm -t "$guest" --stats
	rest
}
row_ps-vm-per-field() {
	REMOTETRANS_CONFIG=$config measure ps-vm-per-field build/bin/ps-vm -t "$guest" --stats --per-field
}

# a monitor that keeps its session: its last look, by its own clock
row_ps-vm-again() {
	local before after
	REMOTETRANS_CONFIG=$config timeout $limit_s build/bin/ps-vm -t "$guest" --stats --again 3 >/dev/null 2>"$out/err" ||
		{ skipped ps-vm-again "$(tail -n 1 "$out/err")" && return; }
	before="{\"x\":0$(awk -f tests/bench/stats.awk -v LOOK=3 "$out/err")}"
	after="{\"x\":0$(awk -f tests/bench/stats.awk -v LOOK=4 "$out/err")}"
	sample ps-vm-again "$(awk -f tests/bench/json.awk -f tests/bench/look.awk <<<"$before"$'\n'"$after")"
	rest
}

# drgn and crash get type information from the kernel's debug package
row_drgn() { drgn drgn; }
drgn() {
	local how
	how=$(drgn_arguments) || { skipped "$1" "$how" && return; }
	# shellcheck disable=SC2086
	measure "$1" tests/bench/drgn-ps $how
}
row_drgn-again() {
	local how
	how=$(drgn_arguments) || { skipped drgn-again "$how" && return; }
	# shellcheck disable=SC2086
	tests/bench/drgn-ps $how 3 >/dev/null 2>"$out/err" || { skipped drgn-again "$(tail -n 1 "$out/err")" && return; }
	sample drgn-again "\"ms\":$(tail -n 1 "$out/err")"
}
row_crash() {
	local dump crash
	crash=$(tests/bench/peers crash) || { skipped crash "$crash" && return; }
	dump=$(crash_dump) || { skipped crash "no dump of the guest" && return; }
	# shellcheck disable=SC2086
	measure crash $crash -s -i tests/bench/crash.commands "$vmlinux" "$dump"
}

# drgn_arguments - where the guest's kernel lies, from inside it; or why not
drgn_arguments() {
	[ -x /usr/bin/drgn ] || { echo "python3-drgn is not installed" && return 1; }
	[ -s "$vmlinux" ] || { echo "no debug package of the guest's kernel" && return 1; }
	printf '%s %s %s\n' "$(tests/lab/guest info "$guest" ram)" "$vmlinux" "$kernel_at"
}

# crash_dump - as QEMU writes it; once
crash_dump() {
	local file=$PWD/$out/$guest.dump
	[ ! -s "$file" ] || { echo "$file" && return; }
	build/tests/qmp "$(tests/lab/guest info "$guest" sock)/qmp-lab" dump-guest-memory \
		"{\"paging\":false,\"protocol\":\"file:$file\"}" >/dev/null && echo "$file"
}
