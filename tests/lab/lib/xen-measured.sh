# SPDX-License-Identifier: GPL-2.0-or-later
# A measured boot of the host: OVMF and a swtpm, and one unified image for the firmware to measure. Sourced by bash.
# Uses: name, dir, and the options of up.

readonly OVMF_CODE=/usr/share/OVMF/OVMF_CODE_4M.fd OVMF_VARS=/usr/share/OVMF/OVMF_VARS_4M.fd
# the authority that all of the lab's TPMs have their EK certificates from
ek_ca=$run/ek.d
# what a TPM holds outlives its host, for --tpm keep
tpm_dir() { printf '%s\n' "$run/tpm.d/$name"; }

# image_config - Xen's configuration file inside the image
image_config() {
	cat <<-END
		[global]
		default=lab
		[lab]
		options=$XEN_OPTIONS
		kernel=vmlinux $(dom0_words /init)
		ramdisk=initramfs
	END
}

# measured_image - put Xen, its configuration, dom0's kernel and initramfs together when one is new; print the path
measured_image() {
	local efi=${LAB_XEN_EFI:-$build/xen/xen.efi} work=$cache/measured start
	[ -s "$efi" ] || die "there is no hypervisor ${efi#"$top"/}; run: make xen (or name another in LAB_XEN_EFI)"
	start=$("$lab_dir/initramfs" --dom0-start) || exit
	mkdir -p "$work"
	lock_take "$work.lock"
	image_config >"$work/config.new"
	cmp -s "$work/config.new" "$work/config" || mv "$work/config.new" "$work/config"
	# the firmware reads and hashes less, and Xen unpacks this sooner than what the package has
	[ "$work/kernel" -nt "$dom0_vmlinux" ] || gzip -n -9 <"$dom0_vmlinux" >"$work/kernel"
	[ -s "$work/xen.efi" ] && [ -z "$(find "$efi" "$work/config" "$work/kernel" "$start" -newer "$work/xen.efi")" ] ||
		"$top/vmm/launch/image" "$work/xen.efi" "$efi" "$work/config" "$work/kernel" "$start" >&2 ||
		die "the unified image could not be made"
	printf '%s\n' "$work/xen.efi"
}

# ek_ca_config - what swtpm_setup and swtpm_localca are told, in files
ek_ca_config() {
	mkdir -p "$ek_ca"
	printf '%s\n' --platform-manufacturer RemoteTrans --platform-version 1 --platform-model lab >"$ek_ca/options"
	cat >"$ek_ca/localca.conf" <<-END
		statedir = $ek_ca
		signingkey = $ek_ca/signing.key
		issuercert = $ek_ca/signing.pem
		certserial = $ek_ca/serial
	END
	cat >"$ek_ca/setup.conf" <<-END
		create_certs_tool = $(command -v swtpm_localca)
		create_certs_tool_config = $ek_ca/localca.conf
		create_certs_tool_options = $ek_ca/options
		active_pcr_banks = sha256
	END
}

# tpm_make - a TPM as its maker delivers it: seeds, EK, certificates
tpm_make() {
	local state as=()
	state=$(tpm_dir)
	rm -rf "$state"
	mkdir -p "$state"
	lock_take "$ek_ca.lock"
	ek_ca_config
	[ "$(id -u)" != 0 ] || as=(--runas root)
	swtpm_setup --tpm2 --tpmstate "$state" --config "$ek_ca/setup.conf" "${as[@]}" --create-ek-cert --create-platform-cert \
		--pcr-banks sha256 --overwrite >"$dir/swtpm_setup.log" 2>&1 ||
		{ tail -n 5 "$dir/swtpm_setup.log" >&2; die "$name: swtpm_setup could not make a TPM"; }
	cat "$ek_ca/signing.pem" "$ek_ca/swtpm-localca-rootca-cert.pem" >"$ek_ca/ca.pem"
}

# tpm_start SOCK - as --tpm says; it ends with QEMU's connection
tpm_start() {
	local tries=0
	case $tpm in
	none) return 0 ;;
	keep) [ -e "$(tpm_dir)" ] || die "$name: there is no TPM of an earlier boot to keep" ;;
	fresh) tpm_make ;;
	esac
	background swtpm "$dir/swtpm.log" swtpm socket --tpm2 --tpmstate "dir=$(tpm_dir)" --ctrl "type=unixio,path=$1/swtpm" \
		--terminate --log "fd=1,level=1"
	until [ -S "$1/swtpm" ]; do
		[ $((tries += 1)) -le 100 ] || { tail -n 5 "$dir/swtpm.log" >&2; die "$name: swtpm did not start"; }
		sleep 0.05
	done
	settings_put "tpm_state=$(tpm_dir)" "ek_ca=$ek_ca/ca.pem"
}

# measured_prepare SOCK - TPM, memory and what the firmware looks for
measured_prepare() {
	mkdir -p "$dir/esp/EFI/BOOT"
	ln "$xen" "$dir/esp/EFI/BOOT/BOOTX64.EFI" 2>/dev/null || cp "$xen" "$dir/esp/EFI/BOOT/BOOTX64.EFI"
	cp "$OVMF_VARS" "$dir/vars.fd"
	tpm_start "$1"
}

# measured_args SOCK
measured_args() {
	# Xen's EFI code dies of RDTSCP under QEMU 7.2
	printf '%s\n' -cpu "$XEN_CPU,-rdtscp" \
		-drive "if=pflash,format=raw,unit=0,readonly=on,file=$OVMF_CODE" -drive "if=pflash,format=raw,unit=1,file=$dir/vars.fd" \
		-drive "if=none,id=esp,format=raw,readonly=on,file=fat:$dir/esp" -device nvme,drive=esp,serial=esp,bootindex=0
	[ "$tpm" = none ] || printf '%s\n' -chardev "socket,id=tpm,path=$1/swtpm" -tpmdev emulator,id=tpm0,chardev=tpm \
		-device tpm-tis,tpmdev=tpm0
}

# ram_args - the host's memory as a file that outlives QEMU
ram_args() {
	if [ -z "$(setting ram)" ]; then
		printf '%s\n' -machine "$1"
	else
		printf '%s\n' -object "memory-backend-file,id=m,size=${host_mem}M,mem-path=$(setting ram),share=on" \
			-machine "$1,memory-backend=m"
	fi
}
