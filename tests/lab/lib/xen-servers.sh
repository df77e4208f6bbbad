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

# server_install WHERE - the current build into WHERE (dom0, at_server), without its symbols, since the way is narrow
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
	[ "$(setting server)" = rtvm ] && [ -z "$(setting granted)" ] || return 0
	server_install dom0
	dom0 "$remote/remotetransd" --xen-grant "$(setting rtvm_domid)=$(setting domid)" ||
		die "$name: dom0 cannot grant the RemoteTrans VM rights over $name"
	settings_put granted=yes
}

# the hypervisor says its key while it boots
vmm_key() {
	sed -n 's/.*RemoteTrans: VMM key \([0-9a-f]\{64\}\).*/\1/p' "$dir/serial.log" | head -n 1
}

# its credentials are those of the other, in a folder of its own
attester_start() {
	local port remote=/run/lab/server-$name.attester
	port=$(free_port)
	attester_config "$port" "$remote" >"$dir/remotetransd.conf"
	server_install dom0
	server_copy dom0 remotetransd.conf ca.pem server.pem server.key
	dom0 lab-server start "$name.attester" "$DOM0_ADDRESS" "$port" || die "$name: the attester did not get ready"
	settings_put "attester=$port"
	forward add "tcp:127.0.0.1:$port-$DOM0_ADDRESS:$port" || die "$name: no way to $DOM0_ADDRESS:$port"
}

attester_stop() {
	local port
	port=$(setting attester)
	[ -n "$port" ] || return 0
	forward remove "tcp:127.0.0.1:$port" || true
	settings_put attester=
	dom0 lab-server stop "$name.attester" || say "$name: its attester did not end"
}

xen_target() {
	target_section "$1"
	echo timeout_ms=20000 # dom0, server and guest are all emulated, on fewer cores than they are
	[ -z "$(setting attester)" ] || echo "attester=127.0.0.1:$(setting attester)"
}

xen_servers_stop() {
	local port
	targets_remove "$name"
	attester_stop
	port=$(setting port)
	[ -n "$port" ] || return 0
	forward remove "tcp:127.0.0.1:$port" || true
	settings_put port=
	at_server lab-server stop "$name" || say "$name: its remotetransd did not end"
}

xen_servers_start() {
	local port profile missing remote=/run/lab/server-$name
	missing=$(servers_missing remotetransd remotetrans)
	[ -z "$missing" ] || die "$name: not built yet:$missing (run make first)"
	vmm_key >"$dir/vmm.pub"
	[ -s "$dir/vmm.pub" ] || die "$name: this hypervisor printed no VMM key: it is not ours; use --server none"
	(credentials) || exit
	port=$(free_port)
	xen_server_config "$port" "$remote" >"$dir/remotetransd.conf"
	rights_grant
	server_install at_server
	server_copy at_server remotetransd.conf ca.pem server.pem server.key
	at_server lab-server start "$name" "$(server_address)" "$port" || die "$name: remotetransd did not get ready"
	settings_put "port=$port"
	forward add "tcp:127.0.0.1:$port-$(server_address):$port" || die "$name: no way to $(server_address):$port"
	! has_attester || attester_start
	profile=$(profile_path) || exit
	xen_target "$profile" | targets_put
	say "$name: remotetransd runs in $(setting server); try: build/bin/transcall -t $name -- ps -ef"
}
