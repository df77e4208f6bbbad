/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Input devices. Input: attacker-controlled. */
#include "transcall/kobj/input.h"

#include "transcall/kobj/kobject.h"

/* The string that a member points to; "" where it points to none. */
static const struct err *text_read(const struct kernel *k, gva_t object, enum field_id id,
				   char ret[static INPUT_NAME_BYTES])
{
	gva_t at;

	*ret = 0;
	TRY(kfield_ptr(k, object, id, &at));
	return gva_is_null(at) ? NULL : kread_str(k, at, ret, INPUT_NAME_BYTES);
}

static const struct err *number_read(const struct kernel *k, gva_t object, enum field_id id,
				     uint16_t *ret)
{
	uint64_t v;

	TRY(kfield_uint(k, object, id, &v));
	*ret = (uint16_t)v;
	return NULL;
}

/* The next entry of the list that @member links; null: the end. */
static const struct err *entry_next(struct list_iter *it, const struct kernel *k,
				    enum field_id member, gva_t *ret)
{
	gva_t link;

	*ret = gva(0);
	if (it->steps > INPUT_MAX)
		return ERR_AT(ERR_RACE, it->head.v, "more than %u input devices", INPUT_MAX);
	TRY(list_next(it, k, &link));
	if (!gva_is_null(link))
		*ret = kfield_container(k, link, member);
	return NULL;
}

const struct err *input_devices_init(struct list_iter *it, const struct kernel *k)
{
	return list_init(it, k, kernel_symbol(k, S_input_dev_list));
}

const struct err *input_devices_next(struct list_iter *it, const struct kernel *k,
				     struct input_device *ret)
{
	TRY(entry_next(it, k, F_input_dev_node, &ret->at));
	if (gva_is_null(ret->at))
		return NULL;
	TRY(number_read(k, ret->at, F_input_dev_bus, &ret->bus));
	TRY(number_read(k, ret->at, F_input_dev_vendor, &ret->vendor));
	TRY(number_read(k, ret->at, F_input_dev_product, &ret->product));
	TRY(number_read(k, ret->at, F_input_dev_version, &ret->version));
	TRY(text_read(k, ret->at, F_input_dev_name, ret->name));
	TRY(text_read(k, ret->at, F_input_dev_phys, ret->phys));
	TRY(text_read(k, ret->at, F_input_dev_uniq, ret->unique));
	return kobject_path(k, kfield_at(k, ret->at, F_input_dev_kobject), ret->path,
			    sizeof(ret->path));
}

const struct err *input_handles_init(struct list_iter *it, const struct kernel *k, gva_t device)
{
	return list_init(it, k, kfield_at(k, device, F_input_dev_handles));
}

const struct err *input_handles_next(struct list_iter *it, const struct kernel *k,
				     char ret[static INPUT_NAME_BYTES])
{
	gva_t handle;

	*ret = 0;
	TRY(entry_next(it, k, F_input_handle_node, &handle));
	return gva_is_null(handle) ? NULL : text_read(k, handle, F_input_handle_name, ret);
}

const struct err *input_handlers_init(struct list_iter *it, const struct kernel *k)
{
	return list_init(it, k, kernel_symbol(k, S_input_handler_list));
}

const struct err *input_handlers_next(struct list_iter *it, const struct kernel *k,
				      struct input_handler *ret)
{
	uint64_t has_minor;
	int64_t minor;
	gva_t filter;

	TRY(entry_next(it, k, F_input_handler_node, &ret->at));
	if (gva_is_null(ret->at))
		return NULL;
	TRY(text_read(k, ret->at, F_input_handler_name, ret->name));
	TRY(kfield_ptr(k, ret->at, F_input_handler_filter, &filter));
	TRY(kfield_uint(k, ret->at, F_input_handler_legacy_minors, &has_minor));
	TRY(kfield_int(k, ret->at, F_input_handler_minor, &minor));
	ret->filters = !gva_is_null(filter);
	ret->has_minor = has_minor != 0;
	ret->minor = (int32_t)minor;
	return NULL;
}
