# SPDX-License-Identifier: GPL-2.0-or-later
# What the measuring scripts share; sourced (bash), from the top of the tree. A sample is a line of JSON in
# build/bench/samples.json: what was measured (procs, link, command, row, round) and its numbers. Uses: procs, link, command, round.
out=build/bench tools=build/tests/bench
root=$PWD/build/ids-bin/root

say() { echo "bench: $*" >&2; }

# sample ROW MEMBERS
sample() {
	printf '{"procs":%s,"link":"%s","command":"%s","row":"%s","round":%s,%s}\n' \
		"$procs" "$link" "$command" "$1" "$round" "$2" >>"$out/samples.json"
}

# skipped ROW WHY - in this cell, from now on
declare -A is_skipped
skipped() {
	is_skipped[$1]=yes
	sample "$1" "\"skipped\":\"$(tr -dc '[:alnum:] .,:;()=/_+-' <<<"$2" | head -c 160)\""
	say "$procs processes, $link, $command: $1 skipped: $2"
}

# measure ROW COMMAND... - one run of it, with what its --stats says. `timing`: options of timed; `extra`: more members.
timing=() extra='' limit_s=60
measure() {
	local row=$1 cost status
	shift
	cost=$("$tools/timed" "${timing[@]}" --limit $limit_s --err "$out/err" "$@")
	status=$?
	case $status in
	124) skipped "$row" "not within $limit_s s" ;;
	125 | 127 | 255) skipped "$row" "$(tail -n 1 "$out/err")" ;;
	*) sample "$row" "$cost,\"status\":$status$(awk -f tests/bench/stats.awk "$out/err")$extra" ;;
	esac
}

# rest - the VMM pauses a guest a tenth of the time at most: let it have that back, so that no run waits for another's
rest() {
	local ms
	ms=$(awk 'match($0, /[0-9]+ snapshots/) { n = substr($0, RSTART, RLENGTH) + 0 }
		match($0, /guest paused [0-9.]+/) { ms = substr($0, RSTART + 13, RLENGTH - 13) }
		END { ms *= n * 10; printf "%d", (ms > 10000 ? 10000 : ms) }' "$out/err")
	sleep "$((ms / 1000)).$(printf %03d $((ms % 1000)))"
}

# stock NAME - the stock program of that name
stock() { PATH=$root/bin:$root/usr/bin:$root/sbin:$root/usr/sbin command -v "$1"; }

# background LOG COMMAND... - ends with this script; sets background_pid, and background_says: its first line
background() {
	local log=$out/$1 tries=0
	shift
	rm -f "$log"
	"$@" >"$log" 2>&1 &
	background_pid=$!
	at_end kill $!
	until [ -s "$log" ]; do
		kill -0 $background_pid 2>/dev/null && [ $((tries += 1)) -le 1200 ] || { cat "$log" >&2 && return 1; }
		sleep 0.05
	done
	read -r background_says <"$log"
}
