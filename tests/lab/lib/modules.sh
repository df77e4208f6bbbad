# SPDX-License-Identifier: GPL-2.0-only
# The kernel modules that the lab's guests load, and what these depend on. Sourced by bash.

# one a line: what the guest needs it for
guest_modules() {
	cat <<-'END'
		virtio_pci	# devices of the machine
		virtio_console	# the agent's channel
		virtio_net	# a network interface with an address
		xen-netfront	# the same in a Xen guest
		af_packet	# packet sockets
		unix		# for kernels that have it as a module
		ipv6
		inet_diag	# ss, netstat's newer cousins
		tcp_diag
		udp_diag
		raw_diag
		unix_diag
		af_packet_diag
		netlink_diag
		dummy		# interfaces for network namespaces
	END
}

# what an installed system has besides: its disks come up before it does, the rest it loads itself
debian_modules() {
	cat <<-'END'
		virtio_blk
		ext4
		autofs4		# systemd's mounts on demand
		binfmt_misc
		configfs
		fuse
		virtio_rng
	END
}

# the kernel of dom0 and of RemoteTrans VMs: a cloud kernel can be neither
readonly XEN_KERNEL=6.1

# what these load besides
xen_modules() {
	cat <<-'END'
		xen-evtchn
		xen-privcmd	# hypercalls of programs
		xenfs
	END
}

# and what dom0 alone does
dom0_modules() {
	cat <<-'END'
		xen-gntdev	# the guests' consoles
		xen-netback	# their interfaces, and what joins these
		bridge
		virtio_net	# the way out
		9pnet_virtio	# the outer machine's kernels and initramfs
		9p
	END
}

module_names() { sed 's/[[:space:]]*#.*//'; }

guest_module_names() { guest_modules | module_names; }

debian_module_names() { { guest_modules; debian_modules; } | module_names; }

rtvm_module_names() { { guest_modules; xen_modules; } | module_names; }

dom0_module_names() { { guest_modules; xen_modules; dom0_modules; } | module_names; }

# A name that this kernel does not have is not an error: the modules differ by generation and flavour.
#
# modules_keep TREE RELEASE INTO NAME... - copy modules with their dependencies and index from TREE to INTO
modules_keep() {
	local tree=$1 release=$2 into=$3/lib/modules/$2 from name file
	from=$tree/lib/modules/$release
	if [ ! -d "$from" ]; then
		mkdir -p "$tree/lib/modules"
		mv "$tree/usr/lib/modules/$release" "$from"
	fi
	mkdir -p "$into"
	cp "$from"/modules.builtin "$from"/modules.order "$into"
	[ ! -e "$from/modules.builtin.modinfo" ] || cp "$from/modules.builtin.modinfo" "$into"
	depmod -b "$tree" "$release"
	for name in "${@:4}"; do
		{ modprobe -d "$tree" -S "$release" --show-depends "$name" 2>/dev/null || true; } |
			sed -n 's/^insmod \([^ ]*\).*/\1/p'
	done | sort -u | while read -r file; do
		install -D -m 644 "$file" "$into/${file#"$from"/}"
	done
	decompress "$into"
	depmod -b "$3" "$release"
}

# plain modules load faster in an emulated guest than compressed ones
decompress() {
	find "$1" -name '*.ko.xz' -exec xz -d {} +
	find "$1" -name '*.ko.zst' -exec zstd -q --rm -d {} +
	find "$1" -name '*.ko.gz' -exec gzip -d {} +
}
