# SPDX-License-Identifier: GPL-2.0-only
# What every lab script shares: where things are, how they speak and how they lock. Sourced by bash.

lab_dir=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
top=$(cd -- "$lab_dir/../.." && pwd -P)
build=${REMOTETRANS_BUILD:-$top/build}
cache=$build/cache
run=$build/lab

# A suite or package that the mirror does not have: the caller counts it as skipped, not as failed.
# depmod and modprobe are there for root only
PATH=$PATH:/usr/sbin:/sbin

readonly EXIT_SKIP=77

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }

die() {
	say "$*"
	exit 1
}

skip() {
	say "SKIP: $*"
	exit "$EXIT_SKIP"
}

# lock_take FILE [SECONDS] - hold FILE until this shell ends; says so when it has to wait
lock_take() {
	local fd
	mkdir -p "$(dirname -- "$1")"
	exec {fd}>>"$1"
	lab_lock_fds+=("$fd")
	flock -n "$fd" && return 0
	say "waiting for another lab process (${1##*/})"
	flock -w "${2:-900}" "$fd" || die "${1##*/}: still locked after ${2:-900} s"
}
lab_lock_fds=()

# locks_forget - in a child that outlives us: do not keep the locks
locks_forget() {
	local fd
	for fd in "${lab_lock_fds[@]}"; do exec {fd}>&-; done
}

# need PROGRAM... - stop with one line that names the packages to install
need() {
	local program missing=
	for program in "$@"; do
		command -v "$program" >/dev/null || missing+=" $program"
	done
	[ -z "$missing" ] && return 0
	die "missing:$missing; install with: apt-get install $(lab_packages | tr '\n' ' ')"
}

# the Debian packages that the lab needs on this machine
lab_packages() { sed 's/#.*//; s/[[:space:]]*$//; /^$/d' "$lab_dir/packages"; }

# usage [STATUS] - print the script's own head comment
usage() {
	sed -n '3,/^set /{/^set /d;s/^# \{0,1\}//;p}' "$0"
	exit "${1:-0}"
}

# a command that fails where no one looks must not end a script in silence
set -o errtrace
trap 'say "internal: line $LINENO: \"$BASH_COMMAND\" failed"' ERR
