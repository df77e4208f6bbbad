# SPDX-License-Identifier: GPL-2.0-or-later
# Guests and RemoteTrans VMs on a host. Sourced by bash. Uses: name, dir, and the options of up.

# the names of the policy in vmm/xen/flask; a Xen without XSM takes no notice
readonly LABEL_GUEST=system_u:system_r:domU_t
readonly LABEL_PROTECTED_BUILDING=system_u:system_r:protected_building_t
readonly LABEL_PROTECTED=system_u:system_r:protected_t
readonly LABEL_RTVM=system_u:system_r:rtvm_t
readonly RTVM_MB=256

# words_of NAME - the kernel's command line; the console is the agent's channel
words_of() {
	printf 'rdinit=/sbin/init console=hvc0 panic=-1 quiet lab.port=hvc0 lab.hostname=%s lab.zone=%s' "$1" "$(guest_zone)"
}

guest_domain() {
	cat <<-END
		type="$type"
		uuid="$uuid"
		memory=$mem
		vcpus=$smp
		extra="$(words_of "lab-$name")${append:+ $append}"
		vif=["bridge=lab-guests,script=vif-lab"]
	END
	if [ "$type" = pvh ]; then
		echo 'tsc_mode="native"' # emulated SVM gets on with no other
	fi
	if [ -n "$protected" ]; then
		printf 'init_seclabel="%s"\nseclabel="%s"\n' "$LABEL_PROTECTED_BUILDING" "$LABEL_PROTECTED"
	else
		printf 'seclabel="%s"\n' "$LABEL_GUEST"
	fi
}

# newer kernels let an unprivileged domain make no hypercalls but those of a device model, unless told otherwise
rtvm_domain() {
	cat <<-END
		type="pv"
		memory=$RTVM_MB
		vcpus=1
		extra="$(words_of "rtvm-$name") lab.address=$(setting rtvm_address) xen_privcmd.unrestricted=1"
		vif=["bridge=lab-out,script=vif-lab"]
		seclabel="$LABEL_RTVM"
	END
}

# slot_take PREFIX - a channel; the settings of a RemoteTrans VM have the prefix rtvm_
slot_take() {
	local slot
	slot=$(slot_free) || exit
	settings_put "$1slot=$slot"
}

# domain_create DOMAIN PREFIX KERNEL INITRD - from the configuration on standard input; wait until its agent answers
domain_create() {
	local slot domid sock
	slot=$(setting "$2slot")
	domid=$(dom0 -i lab-domain create "$1" "${3#"$cache"/}" "${4#"$cache"/}" "$slot") ||
		die "$name: Xen did not create $1"
	sock=$(host_setting sock)/$slot
	settings_put "$2domid=$domid" "$2sock=$sock"
	"$lab_bin/client" -w "$boot_seconds" "$sock" true || die "$name: $1 did not come up"
}

guest_boot() {
	local began
	began=$(date +%s%N)
	say "$name: booting $kernel ($type, $mem MB, $smp CPU${protected:+, protected})"
	slot_take ''
	guest_domain | domain_create "$name" '' "$vmlinux" "$initrd" || exit
	settings_put "agent=$("$lab_bin/client" "$(setting sock)" cat /run/lab-agent.pid)"
	say "$name: up after $((($(date +%s%N) - began) / 1000000)) ms"
}

rtvm_boot() {
	local began
	began=$(date +%s%N)
	slot_take rtvm_
	settings_put "rtvm_address=10.0.2.$((16 + $(setting rtvm_slot)))"
	rtvm_domain | domain_create "$name.rtvm" rtvm_ "$dom0_vmlinux" "$rtvm_initrd" || exit
	say "$name: RemoteTrans VM up after $((($(date +%s%N) - began) / 1000000)) ms"
}

# domains_destroy - this guest and its RemoteTrans VM, in a Xen that goes on
domains_destroy() {
	dom0 lab-domain destroy "$name"
	[ -z "$(setting rtvm_slot)" ] || dom0 lab-domain destroy "$name.rtvm"
}
