/* SPDX-License-Identifier: GPL-2.0-only */
/* The life of domains, and the hypervisor's own identity. */
#include <xen/efi.h>
#include <xen/init.h>
#include <xen/lib.h>
#include <xen/remotetrans.h>
#include <xen/xmalloc.h>

#include "domain.h"
#include "launch.h"
#include "vmm/core/bytes.h"
#include "vmm/core/request.h"

#define PAUSE_DEADLINE_MS 1000
#define RETRY_NS          MILLISECS(1)

DEFINE_SPINLOCK(remotetrans_lock);
struct core remotetrans_core;
bool __ro_after_init remotetrans_usable;

static void cf_check deadline_passed(void *data)
{
    struct remotetrans_domain *r = data;

    if ( NOW() < r->until )
    {
        set_timer(&r->deadline, r->until);
        return;
    }
    /* The guest first; the accounts wait for the lock. */
    remotetrans_host_resume(r);
    if ( !spin_trylock(&remotetrans_lock) )
    {
        set_timer(&r->deadline, NOW() + RETRY_NS);
        return;
    }
    vm_expire(&r->vm);
    spin_unlock(&remotetrans_lock);
}

int remotetrans_domain_create(struct domain *d)
{
    struct remotetrans_domain *r = xzalloc(struct remotetrans_domain);
    static const uint8_t no_uuid[RTVMM_ID_BYTES];

    if ( !r )
        return -ENOMEM;
    r->domain = d;
    INIT_LIST_HEAD(&r->callers);
    init_timer(&r->deadline, deadline_passed, r, 0);
    /* Without randomness there are no sessions, either; the domain runs all the same. */
    if ( vm_create(&r->vm, &remotetrans_host_ops, r, no_uuid, PAUSE_DEADLINE_MS) )
        r->vm.gone = true;
    d->remotetrans = r;

    return 0;
}

static void end_pause(struct remotetrans_domain *r)
{
    vm_resume(&r->vm);
    stop_timer(&r->deadline);
}

/* None of its vCPUs runs until the toolstack is done, so the next who has the lock is early enough. */
void remotetrans_domain_reset(struct domain *d)
{
    d->remotetrans->reset = true;
}

void remotetrans_follow_reset(struct remotetrans_domain *r)
{
    if ( !test_and_clear_bool(r->reset) )
        return;
    end_pause(r);
    if ( vm_renew_instance(&r->vm) )
        r->vm.gone = true;
}

struct remotetrans_caller *remotetrans_caller_of(struct remotetrans_domain *r,
                                                 const struct domain *by)
{
    struct remotetrans_caller *c;
    unsigned int count = 0;

    list_for_each_entry ( c, &r->callers, list )
    {
        if ( c->by == by )
            return c;
        count++;
    }
    if ( count == REMOTETRANS_CALLERS_MAX || by->is_dying )
        return NULL;
    c = xzalloc(struct remotetrans_caller);
    if ( !c )
        return NULL;
    c->by = by;
    list_add(&c->list, &r->callers);

    return c;
}

static void drop_caller(struct remotetrans_domain *r, struct remotetrans_caller *c)
{
    request_caller_gone(&r->vm, &c->caller);
    list_del(&c->list);
    xfree(c);
}

/* All callers of @r, or only @by. */
static void drop_callers(struct remotetrans_domain *r, const struct domain *by)
{
    struct remotetrans_caller *c, *next;

    list_for_each_entry_safe ( c, next, &r->callers, list )
        if ( !by || c->by == by )
            drop_caller(r, c);
}

int remotetrans_domain_kill(struct domain *d)
{
    struct domain *other;

    if ( !spin_trylock(&remotetrans_lock) )
        return -ERESTART;
    d->remotetrans->vm.gone = true;
    drop_callers(d->remotetrans, NULL);
    end_pause(d->remotetrans);
    rcu_read_lock(&domlist_read_lock);
    for_each_domain ( other )
        drop_callers(other->remotetrans, d);
    rcu_read_unlock(&domlist_read_lock);
    spin_unlock(&remotetrans_lock);

    return 0;
}

void remotetrans_domain_destroy(struct domain *d)
{
    struct remotetrans_domain *r = d->remotetrans;

    if ( !r )
        return;
    kill_timer(&r->deadline);
    drop_callers(r, NULL);
    bytes_wipe(r, sizeof(*r));
    XFREE(d->remotetrans);
}

/* With the key that the TPM knows of, where there is a TPM. Nobody uses Xen's data yet. */
static int __init start_core(void)
{
    int rc;

    if ( !efi_enabled(EFI_LOADER) )
        return core_init(&remotetrans_core, &remotetrans_host_ops, NULL);
    if ( !remotetrans_launched )
        panic("RemoteTrans: the events of ExitBootServices do not fit the log (%u bytes)\n",
              remotetrans_log_bytes);
    rc = core_init_with(&remotetrans_core, remotetrans_launch_secret, &remotetrans_host_ops, NULL);
    bytes_wipe(remotetrans_launch_secret, sizeof(remotetrans_launch_secret));

    return rc;
}

static int __init cf_check remotetrans_init(void)
{
    unsigned int i;

    if ( start_core() )
    {
        printk(XENLOG_ERR
               "RemoteTrans: this CPU has no RDRAND to draw a key from: no domain can be monitored\n");
        return 0;
    }
    remotetrans_usable = true;
    printk(XENLOG_INFO "RemoteTrans: VMM key ");
    for ( i = 0; i < RTVMM_KEY_BYTES; i++ )
        printk("%02x", remotetrans_core.static_public[i]);
    printk(", %smeasured\n", remotetrans_launched ? "" : "not ");

    return 0;
}
__initcall(remotetrans_init);
