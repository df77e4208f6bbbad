/* SPDX-License-Identifier: GPL-2.0-only */
/* Looks for what dom0 has kept of a guest that it built. */
#include <xen/domain_page.h>
#include <xen/grant_table.h>
#include <xen/mm.h>
#include <xen/remotetrans.h>
#include <xen/sched.h>
#include <xsm/xsm.h>

#include <asm/flushtlb.h>

#include "domain.h"

#ifndef nrspin_lock_irqsave /* until 4.18 a lock that may nest is an ordinary one */
#define nrspin_lock spin_lock
#define nrspin_unlock spin_unlock
#endif

/* Does this level 1 page table map a page of @d, other than its @ring pages? */
static bool table_maps(struct page_info *table, const struct domain *d, const mfn_t ring[2])
{
    const l1_pgentry_t *entry = __map_domain_page(table);
    bool found = false;
    unsigned int i;

    for ( i = 0; !found && i < L1_PAGETABLE_ENTRIES; i++ )
    {
        mfn_t mfn = l1e_get_mfn(entry[i]);

        found = (l1e_get_flags(entry[i]) & _PAGE_PRESENT) && mfn_valid(mfn) &&
                page_get_owner(mfn_to_page(mfn)) == d &&
                !mfn_eq(mfn, ring[0]) && !mfn_eq(mfn, ring[1]);
    }
    unmap_domain_page(entry);

    return found;
}

/* Foreign mappings are in page tables that Xen has validated, and those are pages of @by. */
static bool maps(struct domain *by, const struct domain *d, const mfn_t ring[2])
{
    struct page_info *page;
    bool found = false;

    nrspin_lock(&by->page_alloc_lock);
    page_list_for_each ( page, &by->page_list )
    {
        if ( (page->u.inuse.type_info & PGT_type_mask) == PGT_l1_page_table )
            found = table_maps(page, d, ring);
        if ( found )
            break;
    }
    nrspin_unlock(&by->page_alloc_lock);

    return found;
}

/*
 * All vCPUs of @d but the calling one, if that is its own. A domctl holds what
 * domain_pause_except_self() would take so that two vCPUs cannot stop each other.
 */
static void others_stop(struct domain *d, bool stop)
{
    struct vcpu *v;

    for_each_vcpu ( d, v )
    {
        if ( v == current )
            continue;
        if ( stop )
            vcpu_pause(v);
        else
            vcpu_unpause(v);
    }
}

/*
 * The label is the final one and lets nobody map anew. What dom0's other vCPUs were about to do under the
 * former one has ended once they stand still; a translation that a mapping has left behind goes with the
 * flush.
 */
static const char *kept(struct domain *d)
{
    struct domain *builder = hardware_domain;
    const char *what = NULL;
    mfn_t ring[2];

    if ( !is_pv_domain(builder) )
        return "more than Xen can tell";
    others_stop(builder, true);
    if ( !gnttab_only_rings(d, ring) )
        what = "grants";
    else if ( maps(builder, d, ring) )
        what = "a mapping";
    others_stop(builder, false);
    flush_all(FLUSH_TLB | FLUSH_TLB_GLOBAL);

    return what;
}

void remotetrans_domain_start(struct domain *d)
{
    const char *what;

    if ( !d->remotetrans || !xsm_remotetrans_protected(d) )
        return;
    what = kept(d);
    if ( what )
        printk(XENLOG_WARNING "RemoteTrans: %pd stays unprotected: dom0 has kept %s\n", d, what);
    else
        printk(XENLOG_INFO "RemoteTrans: %pd is protected\n", d);
    d->remotetrans->sealed = !what;
}
