/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the core needs of its surroundings: frames, registers and pauses of a domain.
 * Input: frame and vCPU numbers of untrusted callers.
 */
#include <xen/domain_page.h>
#include <xen/guest_access.h>
#include <xen/sched.h>
#include <asm/p2m.h>
#include <asm/paging.h>
#include <asm/random.h>
#include <xsm/xsm.h>

#include "domain.h"
#include "launch.h"
#include "vmm/core/bytes.h"

#define RDRAND_TRIES 10 /* Intel's software implementation guide for RDRAND, section 5.2.1 */

static int cf_check random_bytes(void *host, void *ret, uint32_t len_bytes)
{
    uint8_t *at = ret;

    while ( len_bytes )
    {
        unsigned int tries, part = min_t(uint32_t, len_bytes, sizeof(unsigned int));
        unsigned int value = 0;

        for ( tries = 0; !value && tries < RDRAND_TRIES; tries++ )
            value = arch_get_random();
        if ( !value )
            return -RTVMM_EIO;
        bytes_copy(at, &value, part);
        at += part;
        len_bytes -= part;
    }

    return 0;
}

static uint64_t cf_check now_ns(void *host)
{
    return NOW();
}

/*
 * A guest's page may have been given to it by another domain (foreign mapping): that is not its own
 * memory, and its owner did not agree to show it.
 */
static int cf_check copy_frame(void *host, uint64_t frame, uint8_t ret[RTVMM_FRAME_BYTES])
{
    const struct remotetrans_domain *r = host;
    struct domain *d = r->domain;
    struct page_info *page;
    const void *va;
    p2m_type_t type;

    BUILD_BUG_ON(RTVMM_FRAME_BYTES != PAGE_SIZE);
    if ( frame >> (PADDR_BITS - PAGE_SHIFT) )
        return 1;
    /* A look before the reference is tried for: get_page() logs each frame that is not @d's. */
    if ( !paging_mode_translate(d) &&
         (!mfn_valid(_mfn(frame)) || page_get_owner(mfn_to_page(_mfn(frame))) != d) )
        return 1;
    page = get_page_from_gfn(d, frame, &type, P2M_ALLOC);
    if ( !page )
        return p2m_is_paging(type) ? -RTVMM_EIO : 1;
    if ( page_get_owner(page) != d || !p2m_is_ram(type) )
    {
        put_page(page);
        return 1;
    }
    va = __map_domain_page(page);
    bytes_copy(ret, va, RTVMM_FRAME_BYTES);
    unmap_domain_page(va);
    put_page(page);

    return 0;
}

static int cf_check read_vcpu(void *host, uint32_t number, struct rtvmm_vcpu *ret)
{
    const struct remotetrans_domain *r = host;
    struct vcpu *v = domain_vcpu(r->domain, number);

    if ( !v )
        return -RTVMM_EINVAL;
    remotetrans_registers(v, ret);

    return 0;
}

static int cf_check read_info(void *host, struct rtvmm_info *ret)
{
    const struct remotetrans_domain *r = host;
    struct domain *d = r->domain;
    const struct vcpu *v;

    for_each_vcpu ( d, v )
        ret->vcpus++;
    ret->ram_bytes = (uint64_t)domain_tot_pages(d) << PAGE_SHIFT;
    if ( is_pv_domain(d) )
    {
        ret->flags |= RTVMM_INFO_PV;
        ret->max_frame = max_page - 1;
        ret->address_width = paddr_bits;
    }
    else
    {
        ret->max_frame = domain_get_maximum_gpfn(d);
        ret->address_width = d->arch.cpu_policy->extd.maxphysaddr;
    }
    if ( r->sealed && xsm_remotetrans_protected(d) )
        ret->flags |= RTVMM_INFO_PROTECTED;
    if ( remotetrans_launched )
        ret->flags |= RTVMM_INFO_MEASURED;
    if ( d->controller_pause_count )
        ret->flags |= RTVMM_INFO_PAUSED;

    return 0;
}

/* Pauses nest: a guest that somebody else has paused stays so when ours ends. */
static int cf_check pause(void *host, uint64_t until_ns)
{
    struct remotetrans_domain *r = host;

    r->until = until_ns;
    domain_pause(r->domain);
    r->paused = true;
    set_timer(&r->deadline, until_ns);

    return 0;
}

void remotetrans_host_resume(struct remotetrans_domain *r)
{
    if ( test_and_clear_bool(r->paused) )
        domain_unpause(r->domain);
}

static int cf_check resume(void *host)
{
    struct remotetrans_domain *r = host;

    stop_timer(&r->deadline);
    remotetrans_host_resume(r);

    return 0;
}

static int cf_check still_paused(void *host)
{
    const struct remotetrans_domain *r = host;

    return r->paused ? 0 : -RTVMM_ETIME;
}

const struct host_ops remotetrans_host_ops = {
    .random_bytes = random_bytes,
    .now_ns = now_ns,
    .copy_frame = copy_frame,
    .read_vcpu = read_vcpu,
    .read_info = read_info,
    .pause = pause,
    .resume = resume,
    .still_paused = still_paused,
};
