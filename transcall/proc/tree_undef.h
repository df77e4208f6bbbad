/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ends one expansion of tree.def. */
#undef DIR
#undef DIR_OF
#undef DIR_ATTR
#undef TOP_IF
#undef TOP_OF
#undef FILE_
#undef LINES
#undef FILE_IF
#undef FILE_ATTR
#undef SYMLINK
#undef MAGIC
#undef MAGIC_IF
#undef DEVICE
#undef BRANCH
#undef BRANCH_OF
#undef UNAVAILABLE
