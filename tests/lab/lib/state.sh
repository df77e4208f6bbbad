# SPDX-License-Identifier: GPL-2.0-or-later
# What is known of a guest: its folder build/lab/NAME, its settings, the processes that were started for it. Sourced by
# bash. Uses: name, dir.

# state_open NAME - set name and dir; hold the guest's lock when asked to
state_open() {
	name=$1
	[[ $name =~ ^[a-z0-9][a-z0-9-]{0,31}$ ]] || die "'$name': a guest's name is made of a-z, 0-9 and '-'"
	dir=$run/$name
}

state_need() {
	[ -d "$dir" ] || die "there is no guest '$name'; start it with: tests/lab/${0##*/} up $name"
}

# setting KEY - print one; settings_put KEY=VALUE... - add or replace
setting() { sed -n "s/^$1=//p" "$dir/settings" 2>/dev/null | tail -n1; }

settings_put() { printf '%s\n' "$@" >>"$dir/settings"; }

# a process is ours when its start time is the recorded one, too: numbers come back; one that only waits to be reaped is gone
process_start() { awk '{ sub(/.*\) /, ""); if ($1 !~ /[ZX]/) print $20 }' "/proc/$1/stat" 2>/dev/null || true; }

process_alive() { [ -n "$2" ] && [ "$(process_start "$1")" = "$2" ]; }

process_record() { printf '%s %s %s\n' "$1" "$2" "$(process_start "$2")" >>"$dir/processes"; }

# process_of ROLE - print its pid, if it lives
process_of() {
	local role pid start
	while read -r role pid start; do
		[ "$role" = "$1" ] && process_alive "$pid" "$start" && printf '%s\n' "$pid" && return 0
	done < <(tac "$dir/processes" 2>/dev/null || true)
	return 1
}

# process_end ROLE - TERM, then KILL after two seconds
process_end() {
	local pid start tries=0
	pid=$(process_of "$1") || return 0
	start=$(process_start "$pid")
	kill "$pid" 2>/dev/null || return 0
	while process_alive "$pid" "$start"; do
		[ $((tries += 1)) -le 40 ] || { kill -KILL "$pid" 2>/dev/null || true; }
		[ $tries -le 60 ] || die "$name: $1 (pid $pid) does not end"
		sleep 0.05
	done
}

# background ROLE LOG COMMAND... - start what outlives this script, recorded and without our locks and terminal
background() {
	local role=$1 log=$2
	shift 2
	(
		locks_forget
		exec setsid "$@" </dev/null >>"$log" 2>&1
	) &
	process_record "$role" $!
	disown $!
}

# the guest lives as long as its QEMU
guest_alive() { process_of qemu >/dev/null; }

# why a guest is dead, from what its programs said last
guest_death() {
	local log
	for log in qemu.log serial.log vmmd.log remotetransd.log; do
		[ ! -s "$dir/$log" ] || { printf -- '--- %s\n' "$log"; tail -n 5 "$dir/$log"; }
	done
	return 0
}
