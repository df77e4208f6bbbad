# SPDX-License-Identifier: GPL-2.0-or-later
# vmmd and remotetransd beside a guest, with credentials of its own, and its target. Sourced by bash. Uses: name, dir.

readonly CLIENT_CN=lab-client

# cert FILE CN [EXTENSION] - a P-256 key FILE.key and a certificate FILE.pem, signed by ca once that exists
cert() {
	local signer=()
	[ ! -e "$dir/ca.pem" ] || signer=(-CA "$dir/ca.pem" -CAkey "$dir/ca.key" -addext "$3")
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3 -subj "/CN=$2" \
		-keyout "$dir/$1.key" -out "$dir/$1.pem" "${signer[@]}" 2>"$dir/openssl.log" ||
		{ cat "$dir/openssl.log" >&2; die "$name: openssl could not make $1.pem"; }
}

credentials() {
	umask 077
	rm -f "$dir"/{ca,server,client}.{pem,key}
	cert ca "lab CA of $name"
	cert server "$name" 'subjectAltName=IP:127.0.0.1,DNS:localhost'
	cert client "$CLIENT_CN" 'extendedKeyUsage=clientAuth'
	rm -f "$dir/ca.key" "$dir/openssl.log"
}

# wait_until SECONDS ROLE CONDITION... - until CONDITION holds; dies when ROLE ends or the time is over
wait_until() {
	local end=$((SECONDS + $1)) role=$2
	shift 2
	until "$@"; do
		process_of "$role" >/dev/null && [ $SECONDS -le $end ] ||
			{ tail -n 5 "$dir/$role.log" >&2; die "$name: $role did not get ready"; }
		sleep 0.05
	done
}

vmmd_ready() { [ -S "$(setting vmmd)" ] && [ "$(wc -c <"$dir/vmm.pub" 2>/dev/null)" -ge 64 ]; }

port_open() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

vmmd_start() {
	local sock
	sock=$(setting sock)
	rm -f "$sock/vmmd" "$dir/vmm.pub"
	settings_put "vmmd=$sock/vmmd"
	background vmmd "$dir/vmmd.log" "$build/bin/vmmd" --name "$name" --uuid "$(setting uuid)" --ram "$(setting ram)" \
		--machine q35 --qmp "$sock/qmp" --guard-qmp "$sock/qmp-guard" --socket "$sock/vmmd" --pubkey-out "$dir/vmm.pub"
	wait_until 20 vmmd vmmd_ready
}

# server_section LISTEN DIR - DIR is where remotetransd finds its credentials
server_section() {
	cat <<-END
		[server]
		listen=$1
		certificate=$2/server.pem
		key=$2/server.key
		client_ca=$2/ca.pem
		profiles=$2/profiles
	END
}

server_config() {
	server_section "127.0.0.1:$1" "$dir"
	cat <<-END

		[vm $name]
		uuid=$(setting uuid)
		backend=qemu
		vmmd=$(setting vmmd)
		ram=$(setting ram)
		machine=q35
		allow=$CLIENT_CN
	END
}

free_port() {
	local port tries
	for tries in {1..50}; do
		port=$((20000 + RANDOM % 12000 + tries))
		port_open "$port" || { printf '%s\n' "$port"; return; }
	done
	die "no free port on 127.0.0.1"
}

remotetransd_start() {
	local port
	port=$(free_port)
	server_config "$port" >"$dir/remotetransd.conf"
	background remotetransd "$dir/remotetransd.log" "$build/bin/remotetransd" --config "$dir/remotetransd.conf"
	wait_until 20 remotetransd port_open "$port"
	settings_put "port=$port"
}

# the servers end when the guest does
keeper_start() {
	# shellcheck disable=SC2016
	background keeper "$dir/keeper.log" bash -c 'tail --pid="$1" -f /dev/null; shift; kill "$@" 2>/dev/null; true' keeper \
		"$(process_of qemu)" "$(process_of remotetransd)" "$(process_of vmmd)"
}

# profile_path - build the kernel's profile once a package version; print its path
profile_path() {
	local debs file
	debs=$("$lab_dir/kernel" --packages "$(setting kernel)") || exit
	file=$cache/profiles/$(setting kernel).profile
	if [ ! -s "$file" ] || [ "${debs%%$'\n'*}" -nt "$file" ] || [ "$build/bin/remotetrans" -nt "$file" ]; then
		mkdir -p "$cache/profiles"
		# shellcheck disable=SC2086
		"$build/bin/remotetrans" profile build $debs -o "$file.$$" >&2 || die "$name: no profile from $debs"
		mv "$file.$$" "$file"
	fi
	printf '%s\n' "$file"
}

target_section() {
	cat <<-END
		[$name]
		server=127.0.0.1:$(setting port)
		vm=$name
		uuid=$(setting uuid)
		ca=$dir/ca.pem
		certificate=$dir/client.pem
		key=$dir/client.key
		vmm_key=$(head -c 64 "$dir/vmm.pub")
		profile=$1
	END
}

servers_stop() {
	local role
	for role in keeper remotetransd vmmd; do process_end "$role"; done
}

# servers_missing PROGRAM... - those that are not built
servers_missing() {
	local program
	for program in "$@"; do
		[ -x "$build/bin/$program" ] || printf ' %s' "$program"
	done
}

servers_start() {
	local missing profile
	missing=$(servers_missing vmmd remotetransd remotetrans)
	if [ -n "$missing" ]; then
		say "$name: NO SERVERS AND NO TARGET: not built yet:$missing (run make first)"
		return 0
	fi
	(credentials) || exit
	vmmd_start
	remotetransd_start
	keeper_start
	profile=$(profile_path) || exit
	target_section "$profile" | targets_put
	say "$name: vmmd and remotetransd run; try: build/bin/transcall -t $name -- ps -ef"
}
