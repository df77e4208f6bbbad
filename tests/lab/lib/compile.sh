# SPDX-License-Identifier: GPL-2.0-or-later
# The lab's own C programs: agent, init and workload for the guest (static), the client for the host. Sourced by bash.

lab_bin=$cache/lab-bin

# compile OUT FLAGS -- SOURCE... - unless OUT is newer than its folder's sources and headers
compile() {
	local out=$1 flags=$2
	shift 3
	[ -x "$out" ] && [ -z "$(find "$(dirname "$1")" -name '*.[ch]' -newer "$out" -print -quit)" ] && return 0
	mkdir -p "$(dirname "$out")"
	# shellcheck disable=SC2086
	"${CC:-gcc}" -std=c17 -D_GNU_SOURCE -O2 -Wall -Wextra -Wshadow -Wvla -Wstrict-prototypes -Wmissing-prototypes \
		-Wconversion $flags -o "$out.new" "$@" -pthread || die "cannot compile ${out##*/}"
	mv "$out.new" "$out"
}

lab_compile_guest() {
	local in=$lab_dir/agent
	compile "$lab_bin/guest/init" -static -- "$in/init.c"
	compile "$lab_bin/guest/lab-agent" -static -- "$in"/{main,session,command,frame}.c
	compile "$lab_bin/guest/lab-console" -static -- "$in"/{console,frame}.c
	compile "$lab_bin/guest/lab-workload" -static -- "$lab_dir"/workload/*.c
}

lab_compile_client() {
	compile "$lab_bin/client" '' -- "$lab_dir/agent"/{client,frame}.c
	compile "$lab_bin/qmp" '' -- "$lab_dir"/agent/qmp.c
}
