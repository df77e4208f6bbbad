# SPDX-License-Identifier: GPL-2.0-or-later
# Xen and its dom0 under QEMU, and what is done in dom0. A host's folder is build/lab/xen.d/HOST. Sourced by bash.

readonly XEN_SLOTS=8 # guests and RemoteTrans VMs that a host has channels for
readonly DOM0_MB=800
# QEMU 7.2: Xen dies with SMAP, and now and then a PVH guest has no AVX although it was told that it has
readonly XEN_CPU=max,-smap,-xsave,-avx,-avx2,-f16c,-fma
readonly XEN_OPTIONS="console=com1 com1=115200,8n1 loglvl=all guest_loglvl=all dom0_mem=${DOM0_MB}M,max:${DOM0_MB}M dom0_max_vcpus=2"
readonly DOM0_ADDRESS=10.0.2.15

xen_image() {
	[ -z "$image" ] || { printf '%s\n' "$image"; return; }
	[ -z "$measured" ] || { measured_image; return; }
	local image=${LAB_XEN:-$build/xen/xen}
	[ -s "$image" ] || die "there is no hypervisor ${image#"$top"/}; run: make xen (or name another in LAB_XEN)"
	printf '%s\n' "$image"
}

# host_open HOST - set name and dir to the host's; for subshells
host_open() {
	state_open "$1"
	dir=$run/xen.d/$1
}

# in_host FUNCTION... - call it for the host of this guest
in_host() (
	host_open "$(setting host)"
	"$@"
)

host_setting() { in_host setting "$1"; }

# dom0 [-i] COMMAND... - run it there
dom0() {
	local option=()
	[ "$1" != -i ] || { option=(-i); shift; }
	"$lab_bin/client" "${option[@]}" "$(host_setting sock)" "$@"
}

# the names of the guests on host HOST
host_guests() {
	local each
	for each in "$run"/*/settings; do
		[ ! -e "$each" ] || ! grep -qx "host=$1" "$each" || basename "$(dirname "$each")"
	done
}

# dom0_words INIT
dom0_words() { printf 'console=hvc0 rdinit=%s quiet lab.stir=500 lab.hostname=dom0 lab.zone=%s' "$1" "$(guest_zone)"; }

# QEMU's multiboot loader starts Xen at once, and measures nothing
multiboot_args() {
	printf '%s\n' -cpu "$XEN_CPU" -kernel "$xen" -append "$XEN_OPTIONS" -initrd "$dom0_vmlinux $(dom0_words /sbin/init),$dom0_initrd"
}

host_qemu_args() {
	local sock=$1 slot
	printf '%s\n' -name "xen-$name" -accel tcg,thread=multi -smp 2 -m "$host_mem" \
		-display none -no-reboot -nodefaults -no-user-config -pidfile "$dir/qemu.pid" \
		-rtc "base=$(date -u -d "$CLOCK_AHEAD" +%Y-%m-%dT%H:%M:%S)" \
		-serial "file:$dir/serial.log" \
		-qmp "unix:$sock/qmp-lab,server=on,wait=off" \
		-netdev user,id=n0,restrict=on,ipv6=off -device virtio-net-pci,netdev=n0,romfile= \
		-virtfs "local,path=$cache,mount_tag=cache,security_model=none,readonly=on,multidevs=remap" \
		-device virtio-serial-pci
	for slot in 0 1 2 3; do
		printf '%s\n' -chardev "socket,id=agent$slot,path=$sock/agent.$slot,server=on,wait=off" \
			-device "virtserialport,chardev=agent$slot,name=lab.$slot"
	done
	for ((slot = 0; slot < XEN_SLOTS; slot++)); do
		mkdir -p "$sock/$slot"
		printf '%s\n' -chardev "socket,id=slot$slot,path=$sock/$slot/agent.0,server=on,wait=off" \
			-device "virtserialport,chardev=slot$slot,name=slot.$slot"
	done
	if [ -n "$measured" ]; then
		ram_args q35
		measured_args "$sock"
	else
		ram_args pc
		multiboot_args
	fi
}

# host_boot - boot Xen and dom0 until dom0's agent answers. Uses: xen, dom0_vmlinux, dom0_initrd, measured, and options of up.
host_boot() {
	local sock args began
	mkdir -p "$dir"
	sock=$(mktemp -d "${XDG_RUNTIME_DIR:-/tmp}/rtlab.XXXXXX")
	settings_put "sock=$sock" "xen=$xen" "mem=$host_mem" "measured=$measured"
	[ -z "$ram_file" ] || settings_put "ram=$(mem=$host_mem ram_file)"
	[ -z "$measured" ] || measured_prepare "$sock"
	mapfile -t args < <(host_qemu_args "$sock")
	say "$name: booting Xen and dom0 (tcg, $host_mem MB)"
	began=$(date +%s%N)
	background qemu "$dir/qemu.log" timeout -k 5 "$lifetime" qemu-system-x86_64 "${args[@]}"
	boot_wait "$sock"
	say "$name: dom0 up after $((($(date +%s%N) - began) / 1000000)) ms"
}

host_end() {
	local path
	process_end qemu
	process_end swtpm
	path=$(setting ram)
	case $path in */remotetrans-lab-"$name".?????? | "$dir"/ram.??????) rm -f "$path" ;; esac
	path=$(setting sock)
	case $path in */rtlab.??????) rm -rf "$path" ;; esac
	rm -rf "${dir:?}"
}

# a host without guests ends; dom0's pages, and with them all that guests left there, go with it
host_end_if_unused() {
	[ -n "$(host_guests "$name")" ] || host_end
}

# slot_free - the first channel of this guest's host that no one has
slot_free() {
	local slot used
	used=$(for slot in $(host_guests "$(setting host)"); do
		sed -n 's/^\(rtvm_\)\{0,1\}slot=//p' "$run/$slot/settings"
	done)
	for ((slot = 0; slot < XEN_SLOTS; slot++)); do
		grep -qx "$slot" <<<"$used" || { printf '%s\n' "$slot"; return; }
	done
	die "$(setting host): has no channel left ($XEN_SLOTS guests and RemoteTrans VMs)"
}

# forward add|remove RULE - the outer machine's port to one of dom0 or a RemoteTrans VM
forward() {
	local answer
	answer=$("$lab_bin/qmp" "$(host_setting sock)/qmp-lab" \
		'{"execute": "human-monitor-command", "arguments": {"command-line": "hostfwd_'"$1 $2"'"}}') || return 1
	case $answer in
	*'"return": ""'* | *'removed'*) return 0 ;;
	*) say "$name: hostfwd_$1 $2: $answer"; return 1 ;;
	esac
}
