#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""make_broken_file.py DEFECT LIBRARY FILE: the files that no compiler makes.

Writes to FILE what is left of the sound shared library LIBRARY with the DEFECT in it.
"""

import sys

E_TYPE, E_MACHINE = 16, 18  # places in an ELF header of 64 bits
ET_REL = 1


def replaced(whole, place, byte):
    return whole[:place] + bytes([byte]) + whole[place + 1 :]


BREAK = {
    "cut_off": lambda whole: whole[: len(whole) // 2],
    "empty_file": lambda _: b"",
    "missing_library": lambda whole: whole.replace(b"\0libc.so.6\0", b"\0libq.so.6\0"),
    "not_elf": lambda _: b"int main(void) { return 0; }\n",
    "object_file": lambda whole: replaced(whole, E_TYPE, ET_REL),
    "other_processor": lambda whole: replaced(whole, E_MACHINE, whole[E_MACHINE] ^ 1),
}

defect, library, path = sys.argv[1:]
with open(library, "rb") as sound:
    broken = BREAK[defect](sound.read())
with open(path, "wb") as file:
    file.write(broken)
