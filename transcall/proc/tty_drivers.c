/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/tty/drivers (fs/proc/proc_tty.c) and ldiscs (drivers/tty/tty_ldisc.c). Input:
 * attacker-controlled. */
#include "transcall/proc/renderers.h"

#include "transcall/kobj/tty.h"
#include "transcall/proc/view.h"

/* TTY_DRIVER_TYPE_*: macros until 6.16 (include/linux/tty_driver.h), an enum of other numbers since
 */
enum { TYPE_SYSTEM = 1, TYPE_CONSOLE, TYPE_SERIAL, TYPE_PTY, TYPE_OTHER };

/* Subtypes never changed their numbers. */
enum { SUBTYPE_TTY = 1, SUBTYPE_CONSOLE, SUBTYPE_SYSCONS };
enum { SUBTYPE_MASTER = 1, SUBTYPE_SLAVE };

#define MINOR_BITS 20 /* include/linux/kdev_t.h */
#define MINOR_MASK ((UINT64_C(1) << MINOR_BITS) - 1)

static const char *system_text(uint32_t subtype)
{
	switch (subtype) {
	case SUBTYPE_TTY:
		return "system:/dev/tty";
	case SUBTYPE_SYSCONS:
		return "system:console";
	case SUBTYPE_CONSOLE:
		return "system:vtmaster";
	default:
		return "system";
	}
}

static const char *pty_text(uint32_t subtype)
{
	switch (subtype) {
	case SUBTYPE_MASTER:
		return "pty:master";
	case SUBTYPE_SLAVE:
		return "pty:slave";
	default:
		return "pty";
	}
}

/* The driver's type in the macros' numbers. */
static uint32_t type_of(const struct kernel *k, const struct tty_driver *d)
{
	static const struct {
		enum enumerator_id id;
		uint32_t type;
	} types[] = {{E_TTY_DRIVER_TYPE_SYSTEM, TYPE_SYSTEM},
		     {E_TTY_DRIVER_TYPE_CONSOLE, TYPE_CONSOLE},
		     {E_TTY_DRIVER_TYPE_SERIAL, TYPE_SERIAL},
		     {E_TTY_DRIVER_TYPE_PTY, TYPE_PTY}};

	if (!k->profile->enumerators[E_TTY_DRIVER_TYPE_SYSTEM].present)
		return d->type;
	for (unsigned i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (k->profile->enumerators[types[i].id].value == d->type)
			return types[i].type;
	return TYPE_OTHER;
}

static void type_print(const struct kernel *k, const struct tty_driver *d, FILE *out)
{
	switch (type_of(k, d)) {
	case TYPE_SYSTEM:
		fputs(system_text(d->subtype), out);
		break;
	case TYPE_CONSOLE:
		fputs("console", out);
		break;
	case TYPE_SERIAL:
		fputs("serial", out);
		break;
	case TYPE_PTY:
		fputs(pty_text(d->subtype), out);
		break;
	default:
		fprintf(out, "type:%d.%d", (int)d->type, (int)d->subtype);
	}
}

static void range_print(const struct kernel *k, const struct tty_driver *d, uint64_t from,
			uint64_t count, FILE *out)
{
	unsigned major = (unsigned)(from >> MINOR_BITS), minor = (unsigned)(from & MINOR_MASK);

	fprintf(out, "%-20s /dev/%-8s ", d->driver_name, d->name);
	if (d->num > 1)
		fprintf(out, "%3u %u-%u ", major, minor, minor + (unsigned)count - 1);
	else
		fprintf(out, "%3u %7u ", major, minor);
	type_print(k, d, out);
	fputc('\n', out);
}

/* One line for each major that the driver's devices reach into; a dev_t has 32 bits. */
static void driver_print(const struct kernel *k, const struct tty_driver *d, FILE *out)
{
	uint64_t from = (uint32_t)(d->major << MINOR_BITS | d->minor_start);
	uint64_t to = (uint32_t)(from + d->num);

	while (from >> MINOR_BITS < to >> MINOR_BITS) {
		uint64_t next = ((from >> MINOR_BITS) + 1) << MINOR_BITS;

		range_print(k, d, from, next - from, out);
		from = next;
	}
	if (from != to)
		range_print(k, d, from, to - from, out);
}

const struct err *tty_drivers(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	struct tty_driver driver;
	struct list_iter it;
	gva_t at;

	(void)node;
	TRY(tty_drivers_init(&it, view->kernel));
	for (bool first = true;; first = false) {
		const struct err *e = tty_drivers_next(&it, view->kernel, &at);

		if (!e && gva_is_null(at))
			return NULL;
		if (first) { /* pseudo drivers come before the first one */
			fprintf(out, "%-20s /dev/%-8s %3d %7d system:/dev/tty\n", "/dev/tty", "tty",
				5, 0);
			fprintf(out, "%-20s /dev/%-8s %3d %7d system:console\n", "/dev/console",
				"console", 5, 1);
			fprintf(out, "%-20s /dev/%-8s %3d %7d system\n", "/dev/ptmx", "ptmx", 5, 2);
			fprintf(out, "%-20s /dev/%-8s %3d %7d system:vtmaster\n", "/dev/vc/0",
				"vc/0", 4, 0);
		}
		if (!e)
			e = tty_driver_read(view->kernel, at, &driver);
		if (!e)
			driver_print(view->kernel, &driver, out);
		TRY(view_pass_over(view, e));
	}
}

const struct err *tty_ldiscs(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	char name[TTY_NAME_BYTES];

	(void)node;
	for (unsigned i = 0; i < tty_ldisc_count(view->kernel); i++) {
		const struct err *e = tty_ldisc_name(view->kernel, i, name);

		if (!e)
			fprintf(out, "%-10s %2u\n", name, i);
		if (!e || e->kind != ERR_ABSENT)
			TRY(e);
	}
	return NULL;
}
