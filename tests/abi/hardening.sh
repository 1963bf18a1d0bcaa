#!/bin/sh
# SPDX-License-Identifier: MIT
# hardening.sh program|strategy FILE [fortified]: the file has the protections that its build
# asks for. A strategy needs no canaries or checked functions where it has no such code.
set -u
if ! command -v readelf >/dev/null; then
  echo "skipped: readelf is not installed (package binutils)"
  exit 77
fi
kind=$1 file=$2 fortified=${3:-}
header=$(readelf -hW -- "$file") || exit 1
segments=$(readelf -lW -- "$file") || exit 1
dynamic=$(readelf -dW -- "$file") || exit 1
symbols=$(readelf --dyn-syms -W -- "$file") || exit 1
status=0

# NAME YES|NO TEXT PATTERN: whether the pattern must be there.
expect() {
  found=no
  if printf '%s\n' "$3" | grep -Eq -- "$4"; then found=yes; fi
  if [ "$found" != "$2" ]; then
    echo "$file: $1: '$4' found: $found, expected: $2"
    status=1
  fi
}

expect 'position independent' yes "$header" 'Type: +DYN'
expect 'RELRO' yes "$segments" 'GNU_RELRO'
expect 'all symbols bound at once' yes "$dynamic" 'BIND_NOW|FLAGS_1.* NOW'
expect 'no executable stack' yes "$segments" 'GNU_STACK.* RW '
expect 'no segment to write and run' no "$segments" ' RWE '
expect 'no relocations in code' no "$dynamic" 'TEXTREL'
expect 'no search path for libraries' no "$dynamic" 'R(UN)?PATH'
expect 'can be opened by dlopen()' no "$dynamic" 'FLAGS_1.* NOOPEN'
if [ "$kind" = program ]; then
  expect 'a program' yes "$segments" 'INTERP'
  expect 'stack canaries' yes "$symbols" '__stack_chk_fail'
  if [ "$fortified" = fortified ]; then
    expect 'checked functions of the C library' yes "$symbols" '__(mem|str|s?n?printf|v|f|read|fd)[a-z]*_chk'
  fi
fi
exit $status
