/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Consoles. Input: attacker-controlled. */
#include "transcall/kobj/console.h"

#define MINOR_BITS 20 /* include/linux/kdev_t.h */
#define NO_HVC     UINT32_MAX

/* Until 6.1 consoles are linked by a pointer, since then by an hlist_node. */
static bool is_hlist(const struct kernel *k)
{
	return profile_has(k->profile, F_console_node);
}

const struct err *console_iter_init(struct console_iter *it, const struct kernel *k)
{
	it->steps = 0;
	return kread_ptr(k, kernel_symbol(k, S_console_list), &it->next);
}

/* hlist_node.next is its first member. */
static const struct err *advance(struct console_iter *it, const struct kernel *k, gva_t *ret)
{
	*ret = it->next;
	it->next = gva(0);
	if (gva_is_null(*ret))
		return NULL;
	if (it->steps++ == CONSOLES_MAX)
		return ERR_AT(ERR_RACE, ret->v, "more than %u consoles", CONSOLES_MAX);
	if (!is_hlist(k))
		return kfield_ptr(k, *ret, F_console_next, &it->next);
	TRY(kread_ptr(k, *ret, &it->next));
	*ret = kfield_container(k, *ret, F_console_node);
	return NULL;
}

/* --- console.device() ------------------------------------------------------------------------- */

/* uart_console_device() */
static const struct err *uart_device(const struct kernel *k, const struct console *c,
				     gva_t *ret_driver, uint32_t *ret_index)
{
	gva_t uart;

	*ret_index = (uint32_t)c->index;
	TRY(kfield_ptr(k, c->at, F_console_data, &uart));
	return kfield_ptr(k, uart, F_uart_driver_tty_driver, ret_driver);
}

/* vt_console_device(): without a number, the one in front */
static const struct err *vt_device(const struct kernel *k, const struct console *c,
				   gva_t *ret_driver, uint32_t *ret_index)
{
	*ret_index = (uint32_t)(c->index - 1);
	if (!c->index)
		TRY(kread_u32(k, kernel_symbol(k, S_fg_console), ret_index));
	return kread_ptr(k, kernel_symbol(k, S_console_driver), ret_driver);
}

/* hvc_console_device() */
static const struct err *hvc_device(const struct kernel *k, const struct console *c,
				    gva_t *ret_driver, uint32_t *ret_index)
{
	uint32_t terminal;

	*ret_index = (uint32_t)c->index;
	*ret_driver = gva(0);
	TRY(kread_u32(k, gva_add(kernel_symbol(k, S_vtermnos), 4 * (uint64_t)*ret_index),
		      &terminal));
	return terminal == NO_HVC ? NULL : kread_ptr(k, kernel_symbol(k, S_hvc_driver), ret_driver);
}

static const struct {
	enum symbol_id function;
	const struct err *(*device)(const struct kernel *k, const struct console *c,
				    gva_t *ret_driver, uint32_t *ret_index);
} devices[] = {
	{S_uart_console_device, uart_device},
	{S_vt_console_device, vt_device},
	{S_hvc_console_device, hvc_device},
};

static const struct err *driver_find(const struct kernel *k, const struct console *c,
				     gva_t *ret_driver, uint32_t *ret_index)
{
	gva_t function;

	*ret_driver = gva(0);
	TRY(kfield_ptr(k, c->at, F_console_device, &function));
	if (gva_is_null(function))
		return NULL;
	for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++)
		if (gva_equal(function, kernel_symbol(k, devices[i].function)))
			return devices[i].device(k, c, ret_driver, ret_index);
	return ERR_AT(ERR_ABSENT, function.v, "the device of console %.16s", c->name);
}

static const struct err *device_read(const struct kernel *k, struct console *c)
{
	uint64_t major, minor;
	uint32_t index;
	gva_t driver;

	TRY(driver_find(k, c, &driver, &index));
	c->has_device = !gva_is_null(driver);
	if (!c->has_device)
		return NULL;
	TRY(kfield_uint(k, driver, F_tty_driver_major, &major));
	TRY(kfield_uint(k, driver, F_tty_driver_minor_start, &minor));
	uint32_t device = (uint32_t)(major << MINOR_BITS | minor) + index;
	c->has_device = device != 0;
	c->major = device >> MINOR_BITS;
	c->minor = device & ((1u << MINOR_BITS) - 1);
	return NULL;
}

/* --- one console ------------------------------------------------------------------------------ */

static const struct err *has_function(const struct kernel *k, gva_t at, enum field_id id, bool *ret)
{
	gva_t function;

	TRY(kfield_ptr(k, at, id, &function));
	*ret = !gva_is_null(function);
	return NULL;
}

const struct err *console_iter_next(struct console_iter *it, const struct kernel *k,
				    struct console *ret)
{
	uint64_t flags, index;

	TRY(advance(it, k, &ret->at));
	if (gva_is_null(ret->at))
		return NULL;
	TRY(kfield_str(k, ret->at, F_console_name, ret->name, sizeof(ret->name)));
	TRY(kfield_uint(k, ret->at, F_console_flags, &flags));
	TRY(kfield_uint(k, ret->at, F_console_index, &index));
	TRY(has_function(k, ret->at, F_console_read, &ret->reads));
	TRY(has_function(k, ret->at, F_console_write, &ret->writes));
	TRY(has_function(k, ret->at, F_console_unblank, &ret->unblanks));
	ret->flags = (uint16_t)flags;
	ret->index = (int16_t)index;
	return device_read(k, ret);
}
