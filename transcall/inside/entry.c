/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a patched place in the C library to inside_call() and back. Input: registers as for a system
 * call (psABI x86-64, A.2.1: number in rax, arguments in rdi, rsi, rdx, r10, r8, r9).
 *
 * Out: all registers as they were, the carry flag clear: the call is to be made; or set, and rax is
 * what it returned. Like the kernel it keeps rcx and r11 no better than they were found, and the
 * vector registers untouched, as this library is compiled without them.
 */
#include "transcall/inside/inside.h"

_Static_assert(offsetof(struct call, nr) == 48, "six arguments, then the number, as pushed below");

__asm__(".text\n"
	".globl inside_entry\n"
	".hidden inside_entry\n"
	".type inside_entry, @function\n"
	"inside_entry:\n"
	"	push %rbp\n"
	"	mov %rsp, %rbp\n"
	"	push %r11\n"
	"	push %rcx\n"
	"	push %rax\n"
	"	push %r9\n"
	"	push %r8\n"
	"	push %r10\n"
	"	push %rdx\n"
	"	push %rsi\n"
	"	push %rdi\n"
	"	mov %rsp, %rdi\n"
	"	and $-16, %rsp\n"
	"	cld\n"
	"	call inside_call\n"
	"	lea -72(%rbp), %rsp\n"
	"	movzbl %al, %eax\n"
	"	neg %eax\n" /* carry: answered; nothing below changes flags */
	"	pop %rdi\n"
	"	pop %rsi\n"
	"	pop %rdx\n"
	"	pop %r10\n"
	"	pop %r8\n"
	"	pop %r9\n"
	"	pop %rax\n"
	"	pop %rcx\n"
	"	pop %r11\n"
	"	pop %rbp\n"
	"	ret\n"
	".size inside_entry, . - inside_entry\n"
	".section .note.GNU-stack, \"\", @progbits\n"
	".text\n");
