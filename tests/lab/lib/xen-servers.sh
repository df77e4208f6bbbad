# SPDX-License-Identifier: GPL-2.0-or-later
# remotetransd for a guest in Xen, in dom0 or in a RemoteTrans VM, and the guest's target. Sourced by bash.

# where it runs, as its settings say: what is run there, and its address
at_server() {
	if [ "$(setting server)" = dom0 ]; then
		dom0 "$@"
	else
		local option=()
		[ "$1" != -i ] || { option=(-i); shift; }
		"$lab_bin/client" "${option[@]}" "$(setting rtvm_sock)" "$@"
	fi
}

server_address() {
	if [ "$(setting server)" = dom0 ]; then echo "$DOM0_ADDRESS"; else setting rtvm_address; fi
}

# what dom0's remotetransd says of a measured host
attester_keys() {
	[ -z "$(host_setting measured)" ] || printf '%s\n' tpm=device:/dev/tpmrm0 event_log=xen
}

# a RemoteTrans VM has no TPM: then another remotetransd, in dom0, only attests
has_attester() { [ "$(setting server)" = rtvm ] && [ -n "$(host_setting measured)" ]; }

attester_config() {
	server_section "$DOM0_ADDRESS:$1" "$2"
	attester_keys
	echo "attest_allow=$CLIENT_CN"
}

# a RemoteTrans VM sees no toolstack that could tell names from numbers
xen_server_config() {
	local domain=$name
	[ "$(setting server)" = dom0 ] || domain=$(setting domid)
	server_section "$(server_address):$1" "$2"
	[ "$(setting server)" != dom0 ] || attester_keys
	cat <<-END

		[vm $name]
		uuid=$(setting uuid)
		backend=xen
		domain=$domain
		allow=$CLIENT_CN
	END
}

# server_install WHERE - the current build into $remote at WHERE (dom0, at_server), without its symbols, since the way is narrow
server_install() {
	strip -o "$dir/remotetransd" "$build/bin/remotetransd"
	gzip -1 -c "$dir/remotetransd" | "$1" -i sh -c \
		'umask 077; mkdir -p "$0"; busybox gzip -dc >"$0/new" && chmod 755 "$0/new" && mv "$0/new" "$0/remotetransd"' "$remote" ||
		die "$name: remotetransd does not get to $1"
	rm "$dir/remotetransd"
}

# server_copy WHERE FILE...
server_copy() {
	local where=$1
	shift
	tar -C "$dir" -c --owner=0 --group=0 "$@" | "$where" -i busybox tar -C "$remote" -x ||
		die "$name: the server's files do not get there"
}

# what dom0 grants a RemoteTrans VM is this one guest, and only once
rights_grant() {
	local remote=/run/lab/server-$name
	[ "$(setting server)" = rtvm ] && [ -z "$(setting granted)" ] || return 0
	server_install dom0
	dom0 "$remote/remotetransd" --xen-grant "$(setting rtvm_domid)=$(setting domid)" ||
		die "$name: dom0 cannot grant the RemoteTrans VM rights over $name"
	settings_put granted=yes
}

# the hypervisor says its key while it boots
vmm_key() {
	sed -n 's/.*RemoteTrans: VMM key \([0-9a-f]\{64\}\).*/\1/p' "$dir/serial.log" | sed -n 1p
}

# server_start WHERE NAME ADDRESS SETTING CONFIG - one remotetransd; the outer machine's port to it becomes SETTING
server_start() {
	local port remote=/run/lab/server-$2
	port=$(free_port)
	"$5" "$port" "$remote" >"$dir/remotetransd.conf"
	server_install "$1"
	server_copy "$1" remotetransd.conf ca.pem server.pem server.key
	"$1" lab-server start "$2" "$3" "$port" || die "$name: remotetransd $2 did not get ready"
	settings_put "$4=$port"
	forward add "tcp:127.0.0.1:$port-$3:$port" || die "$name: no way to $3:$port"
}

# server_stop WHERE NAME SETTING
server_stop() {
	local port
	port=$(setting "$3")
	[ -n "$port" ] || return 0
	forward remove "tcp:127.0.0.1:$port" || true
	settings_put "$3="
	"$1" lab-server stop "$2" || say "$name: remotetransd $2 did not end"
}

# dom0, server and guest are all emulated, on fewer cores than they are: whoever adds a shorter timeout has that
xen_target() {
	target_section "$1" | sed '1a timeout_ms=20000'
	[ -z "$(setting attester)" ] || echo "attester=127.0.0.1:$(setting attester)"
}

xen_servers_stop() {
	targets_remove "$name"
	server_stop dom0 "$name.attester" attester
	server_stop at_server "$name" port
}

xen_servers_start() {
	local profile missing
	missing=$(servers_missing remotetransd remotetrans)
	[ -z "$missing" ] || die "$name: not built yet:$missing (run make first)"
	vmm_key >"$dir/vmm.pub"
	[ -s "$dir/vmm.pub" ] || die "$name: this hypervisor printed no VMM key: it is not ours; use --server none"
	(credentials) || exit
	rights_grant
	server_start at_server "$name" "$(server_address)" port xen_server_config
	! has_attester || server_start dom0 "$name.attester" "$DOM0_ADDRESS" attester attester_config
	profile=$(profile_path) || exit
	xen_target "$profile" | targets_put
	say "$name: remotetransd runs in $(setting server); try: build/bin/transcall -t $name -- ps -ef"
}
