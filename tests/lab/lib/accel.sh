# SPDX-License-Identifier: GPL-2.0-or-later
# KVM where it really works, else TCG. Sourced by bash.

# Some machines have a /dev/kvm on which no stock kernel boots. So a real guest is booted once per machine boot and the
# answer kept; the probe boots the same kernel and initramfs as the guest that asked.
accel_choose() {
	local record
	record=$cache/accel-$(cut -c1-8 /proc/sys/kernel/random/boot_id)
	[ -s "$record" ] || { accel_probe >"$record.new" && mv "$record.new" "$record"; }
	cat "$record"
}

accel_probe() {
	local serial
	if [ ! -r /dev/kvm ] || [ ! -w /dev/kvm ]; then
		echo tcg
		return
	fi
	serial=$(mktemp)
	say "looking whether KVM works here (at most 10 s)"
	timeout -k 1 10 qemu-system-x86_64 -accel kvm -cpu max -m 512 -machine q35 -display none -no-reboot -nodefaults \
		-no-user-config -serial "file:$serial" -kernel "$vmlinuz" -initrd "$initrd" \
		-append "rdinit=/sbin/init console=ttyS0 panic=-1 quiet lab.probe" </dev/null >/dev/null 2>&1 || true
	if grep -q 'lab probe: up' "$serial"; then echo kvm; else echo tcg; fi
	rm -f "$serial"
}
