# SPDX-License-Identifier: GPL-2.0-or-later
# Booting a guest under QEMU. Sourced by bash. Uses: name, dir, and the options of up.

# the guest's clock is far from the host's, and so is its zone
readonly CLOCK_AHEAD='+26 hours'

guest_zone() {
	if [ "$(date +%z)" = +0545 ]; then echo America/St_Johns; else echo Asia/Kathmandu; fi
}

# ram_file - where the guest's memory lies: in shared memory when there is room
ram_file() {
	local free_kb=0
	free_kb=$(df -k --output=avail /dev/shm 2>/dev/null | tail -n1) || true
	if [ "${free_kb:-0}" -gt $((mem * 1024 + 65536)) ]; then
		mktemp "/dev/shm/remotetrans-lab-$name.XXXXXX"
	else
		say "$name: /dev/shm is too small for ${mem} MB of guest memory; using $dir"
		mktemp "$dir/ram.XXXXXX"
	fi
}

readonly SWAP_MB=1024

# disk_args - an installed system's: the image, of which the guest has its own copy, and swap
disk_args() {
	truncate -s "${SWAP_MB}M" "$dir/swap.img"
	mkswap -q "$dir/swap.img" >/dev/null
	printf '%s\n' -drive "if=none,id=root,format=raw,snapshot=on,file=$image" -device virtio-blk-pci,drive=root \
		-drive "if=none,id=swap,format=raw,file=$dir/swap.img" -device virtio-blk-pci,drive=swap
}

qemu_args() {
	local sock=$1 ram=$2 port rdinit=/sbin/init
	printf '%s\n' -name "$name" -uuid "$uuid" -accel "$accel" -cpu max -smp "$smp" -m "$mem" \
		-object "memory-backend-file,id=m,size=${mem}M,mem-path=$ram,share=on" -machine q35,memory-backend=m \
		-display none -no-reboot -nodefaults -no-user-config -pidfile "$dir/qemu.pid" \
		-rtc "base=$(date -u -d "$CLOCK_AHEAD" +%Y-%m-%dT%H:%M:%S)" \
		-serial "file:$dir/serial.log" \
		-qmp "unix:$sock/qmp,server=on,wait=off" \
		-qmp "unix:$sock/qmp-guard,server=on,wait=off" \
		-qmp "unix:$sock/qmp-lab,server=on,wait=off" \
		-netdev user,id=n0,restrict=on,ipv6=off -device virtio-net-pci,netdev=n0,romfile= \
		-device virtio-serial-pci
	[ -z "$image" ] || { rdinit=/init && disk_args; }
	for port in 0 1 2 3; do
		printf '%s\n' -chardev "socket,id=agent$port,path=$sock/agent.$port,server=on,wait=off" \
			-device "virtserialport,chardev=agent$port,name=lab.$port"
	done
	printf '%s\n' -kernel "$vmlinuz" -initrd "$initrd" -append \
		"rdinit=$rdinit console=ttyS0 panic=-1 quiet lab.hostname=lab-$name lab.zone=$(guest_zone)${append:+ $append}"
}

# boot - start QEMU and wait until the agent answers; one guest boots at a time
boot() {
	local sock ram args began accel
	sock=$(mktemp -d "${XDG_RUNTIME_DIR:-/tmp}/rtlab.XXXXXX")
	ram=$(ram_file)
	settings_put "sock=$sock" "ram=$ram" "kernel=$kernel" "vmlinuz=$vmlinuz" "mem=$mem" "smp=$smp" "uuid=$uuid"
	lock_take "$run/boot.lock"
	accel=$(accel_choose)
	mapfile -t args < <(qemu_args "$sock" "$ram")
	say "$name: booting $kernel ($accel, $mem MB, $smp CPU)"
	began=$(date +%s%N)
	background qemu "$dir/qemu.log" timeout -k 5 "$lifetime" qemu-system-x86_64 "${args[@]}"
	boot_wait "$sock"
	settings_put "agent=$("$lab_bin/client" "$sock" cat /run/lab-agent.pid)"
	say "$name: up after $((($(date +%s%N) - began) / 1000000)) ms"
}

boot_wait() {
	local tries=0
	while [ ! -S "$1/agent.0" ] || [ ! -s "$dir/qemu.pid" ]; do
		[ $((tries += 1)) -le 200 ] && guest_alive || { guest_death >&2; die "$name: QEMU did not start"; }
		sleep 0.05
	done
	"$lab_bin/client" -w "$boot_seconds" "$1" true || { guest_death >&2; die "$name: the guest did not come up"; }
}
