/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The thread-local error record. */
#include "remotetrans/base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static _Thread_local struct err current;

const struct err *err_set(enum err_kind kind, int errnum, uint64_t address, const char *file,
			  int line, const char *format, ...)
{
	char message[sizeof(current.message)]; /* arguments may point into the record */
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	current = (struct err){
		.kind = kind, .errnum = errnum, .address = address, .file = file, .line = line};
	if (errnum)
		snprintf(current.message, sizeof(current.message), "%.400s: %s", message,
			 strerror(errnum));
	else
		memcpy(current.message, message, sizeof(message));
	return &current;
}

const char *err_kind_name(enum err_kind kind)
{
	static const char *const names[] = {
		[ERR_ABSENT] = "ABSENT",   [ERR_FAULT] = "FAULT",   [ERR_RACE] = "RACE",
		[ERR_PROFILE] = "PROFILE", [ERR_SYSTEM] = "SYSTEM", [ERR_USAGE] = "USAGE",
		[ERR_PEER] = "PEER",       [ERR_PROTO] = "PROTO",   [ERR_INTEGRITY] = "INTEGRITY",
		[ERR_ATTEST] = "ATTEST",
	};

	return kind <= ERR_ATTEST && names[kind] ? names[kind] : "UNKNOWN";
}

bool err_is_fatal(const struct err *e)
{
	return e->kind == ERR_PEER || e->kind == ERR_PROTO || e->kind == ERR_INTEGRITY ||
	       e->kind == ERR_ATTEST;
}
