/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ends one reading of msg.def. Included many times on purpose. */
#undef MESSAGE
#undef U32
#undef U64
#undef FIXED
#undef TEXT
#undef BLOB
#undef END
