/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What EFI boot code calls of RemoteTrans, in this order; to be included after "efi.h". Whatever
 * fails stops Xen with a message (blexit).
 */
#ifndef __XEN_REMOTETRANS_LAUNCH_H__
#define __XEN_REMOTETRANS_LAUNCH_H__

/* Extend the hash of each part that @image carries, before anybody changes one in place. */
void remotetrans_launch_parts(const EFI_BOOT_SERVICES *bs, const EFI_LOADED_IMAGE *image);

/* Draw the key, extend its hash and a separator, and copy the log. */
void remotetrans_launch_key(const EFI_SYSTEM_TABLE *st);

/* Boot services have ended, which made some more events. */
void remotetrans_launch_end(void);

/* Xen goes back to the firmware: forget the key. At any time. */
void remotetrans_launch_abandon(void);

#endif /* __XEN_REMOTETRANS_LAUNCH_H__ */
