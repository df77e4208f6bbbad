# SPDX-License-Identifier: GPL-2.0-or-later
# check - counting what holds; sourced by the check scripts (bash), which end with check_end.
check_passed=0 check_failed=0 check_skipped=0
# a check that is not about kept sessions has one for each run
export TRANSCALL_SHARE=no

# holds WHAT COMMAND... - COMMAND succeeds
holds() {
	local what=$1
	shift
	if "$@"; then
		check_passed=$((check_passed + 1)) && echo "ok: $what"
	else
		check_failed=$((check_failed + 1)) && echo "FAILED: $what"
	fi
}

# skip WHAT WHY
skip() { check_skipped=$((check_skipped + 1)) && echo "skipped: $1: $2"; }

# equal A B
equal() { [ "$1" = "$2" ] || { printf '  is:     %s\n  wanted: %s\n' "$1" "$2" && return 1; }; }

# matches TEXT PATTERN (extended regular expression)
matches() { grep -qE -- "$2" <<<"$1" || { printf '  is:     %s\n  wanted: /%s/\n' "$1" "$2" && return 1; }; }

# at_most A B
at_most() { [ "${1:-999999999}" -le "$2" ] || { echo "  $1 is more than $2" && return 1; }; }

# until_true SECONDS COMMAND...
until_true() {
	local end=$((SECONDS + $1))
	shift
	until "$@"; do
		[ $SECONDS -le $end ] || return 1
		sleep 0.05
	done
}

check_end() {
	echo "$check_passed passed, $check_failed failed$([ $check_skipped -eq 0 ] || echo ", $check_skipped skipped")"
	[ $check_failed -eq 0 ]
	exit
}

# at_end COMMAND... - run it when the script ends, whatever ends it
check_at_end=()
at_end() { check_at_end+=("$*"); }
check_clean() {
	local command
	for command in "${check_at_end[@]}"; do $command >/dev/null 2>&1; done
}
trap check_clean EXIT

# lab_guest NAME [up OPTION...] - a lab guest with the mixed workload; one that was not up goes down at the end.
lab_guest() {
	tests/lab/guest list | grep -q "^$1 up" && return
	at_end tests/lab/guest down "$1"
	tests/lab/guest up "$@" && tests/lab/guest workload "$1"
}
