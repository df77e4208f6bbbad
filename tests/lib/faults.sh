# SPDX-License-Identifier: GPL-2.0-or-later
# faults - the servers of a lab guest, ended and started again by the check itself; what they and their clients leave
# behind. Sourced by bash, with $guest, after tests/lib/check.sh. Clients find the target in $REMOTETRANS_CONFIG.
deadline_ms=1000 slack_ms=400 # slack: for the script's own processes on a busy machine

# servers_take - servers of our own from now on; those of the lab are back at the end. $work: a folder for what is written
servers_take() {
	tests/lab/guest serve "$guest" || return 1
	sock=$(tests/lab/guest info "$guest" sock)
	port=$(tests/lab/guest info "$guest" port)
	vmmd=$(tests/lab/guest pid "$guest" vmmd)
	server=$(tests/lab/guest pid "$guest" remotetransd)
	[ -n "$vmmd" ] && [ -n "$server" ] || return 1
	work=$(mktemp -d "${TMPDIR:-/tmp}/faults.XXXXXX")
	export REMOTETRANS_CONFIG=$work/targets.conf
	sed -n "/^\[$guest\]/,/^\[/p" build/lab/targets.conf | sed '2,${/^\[/d}' >"$work/targets.conf"
	chmod 600 "$work/targets.conf"
	mapfile -d '' -t vmmd_command <"/proc/$vmmd/cmdline"
	mapfile -d '' -t server_command <"/proc/$server/cmdline"
	public_key=build/lab/$guest/vmm.pub
	client='' held='' mark=''
	at_end servers_give_back
}

servers_give_back() {
	for pid in $held; do kill -CONT "$pid"; done
	kill -CONT "$vmmd"
	kill -KILL $(marked) "$server" "$vmmd"
	tests/lab/guest serve "$guest" # back to what the lab knows
	[ -n "${KEEP_WORK:-}" ] || rm -rf "$work"
}

# --- looking ---------------------------------------------------------------------------------------------------
now_ms() { echo $((${EPOCHREALTIME/./} / 1000)); }
vm_status() { build/tests/qmp "$sock/qmp-lab" query-status | sed 's/.*"status":"\([a-z-]*\)".*/\1/'; }
vm_is() { [ "$(vm_status)" = "$1" ]; }
# the guest runs again by the deadline
resumes_in_time() { # $1: since when (now_ms)
	until vm_is running; do
		[ $(($(now_ms) - $1)) -le $((deadline_ms + slack_ms)) ] || { echo "  still $(vm_status)" && return 1; }
	done
}
children() { cat "/proc/$1/task/$1/children" 2>/dev/null; }
family() { # PID: it and all below it
	local child
	echo "$1"
	for child in $(children "$1"); do family "$child"; done
}
alive() { # PID...: those that are there and no zombies
	local pid
	for pid; do
		case $(sed 's/.*) \(.\).*/\1/' "/proc/$pid/stat" 2>/dev/null) in '' | Z | X) ;; *) echo "$pid" ;; esac
	done
}
ended() { [ -z "$(alive "$@")" ]; }
marked() { # the processes that the client under test started, and itself
	local file
	[ -n "$mark" ] || return 0
	for file in $(grep -lszF "FAULTS_RUN=$mark" /proc/[0-9]*/environ); do file=${file%/environ} && echo "${file#/proc/}"; done
}
no_marked() { ended $(marked); }
namespaces() { # PID...: theirs that are not ours
	local pid
	for pid; do readlink "/proc/$pid"/ns/*; done 2>/dev/null | sort -u | grep -vxFf <(readlink /proc/self/ns/*)
}
namespaces_live() { # LIST: those of it that any process or mount still holds
	[ -z "$1" ] || { readlink /proc/[0-9]*/ns/*; sed -n 's/.* \([a-z]*:\[[0-9]*\]\) .*/\1/p' /proc/self/mountinfo; } 2>/dev/null |
		grep -xFf - <(echo "$1")
}
no_namespaces() { [ -z "$(namespaces_live "$1")" ]; }
mounts() { cut -d" " -f4- /proc/self/mountinfo | grep -v "/faults\.[^ ]*/full" | sort; } # but for those of the checks
connections() { # on the server's port, in any state but TIME_WAIT and LISTEN
	awk -v port=":$(printf %04X "$port")" '($2 ~ port "$" || $3 ~ port "$") && $4 != "06" && $4 != "0A"' /proc/net/tcp
}
no_connections() { [ -z "$(connections)" ]; }
callers() { find "/proc/$vmmd/fd" -lname 'socket:*' 2>/dev/null | wc -l; }
callers_are() { [ "$(callers)" = "$1" ]; }

# --- runs -------------------------------------------------------------------------------------------------------
client_fails_with() { # STATUS PATTERN
	local status
	wait $client
	status=$?
	[ $status -eq "$1" ] && matches "$(cat "$work/err")" "$2" || { echo "  status $status: $(cat "$work/err")" && return 1; }
}
rest() { sleep 11; } # until no pause of before counts in the budget: the whole deadline is granted again
run_works() { timeout 40 build/bin/ps-vm -t "$guest" 2>&1 >"$work/next" && grep -q '^ *1 ' "$work/next"; }
guest_works() { [ "$(timeout 10 tests/lab/guest exec "$guest" -- echo up)" = up ]; }

# --- what a whole listing has ---------------------------------------------------------------------------------------
# the part of a name that all tools show alike: ps shows more of a kernel thread's, and escapes others otherwise
rows() { awk 'NR > 1 && $2 ~ "^[A-Za-z0-9_.:/-]+$" { print $1, substr($2, 1, 12) }' "$1" | sort; }
steady_rows() { # learn what is there all the time: kworkers come and go
	local i
	for i in 1 2 3 4; do
		timeout 40 build/bin/ps-vm -t "$guest" >"$work/steady.$i" || return 1
		sleep 0.7
	done
	for i in 1 2 3 4; do rows "$work/steady.$i"; done | grep -v kworker | sort | uniq -c | awk '$1 == 4 { print $2, $3 }' >"$work/steady"
	[ "$(wc -l <"$work/steady")" -gt 100 ]
}
steady_is_whole() { # FILE: a listing
	local missing
	missing=$(comm -23 <(sort "$work/steady") <(rows "$1"))
	[ -z "$missing" ] || { echo "  missing: $missing" && return 1; }
}

# --- starting again what was killed: the same command line, nothing cleared away before ----------------------------
vmmd_answers() { [ -s "$public_key" ] && build/tests/vmm-probe "$sock/vmmd" info >/dev/null 2>&1; }
restart_vmmd() {
	rm -f "$public_key"
	setsid "${vmmd_command[@]}" >>"$work/vmmd.log" 2>&1 </dev/null &
	vmmd=$!
	until_true 10 vmmd_answers || { cat "$work/vmmd.log"; return 1; }
	sed -i "s/^vmm_key=.*/vmm_key=$(head -c 64 "$public_key")/" "$REMOTETRANS_CONFIG"
}
port_open() { (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; }
restart_server() {
	setsid "${server_command[@]}" >>"$work/server.log" 2>&1 </dev/null &
	server=$!
	until_true 10 port_open || { cat "$work/server.log"; return 1; }
}
