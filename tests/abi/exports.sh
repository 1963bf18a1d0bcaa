#!/bin/sh
# SPDX-License-Identifier: MIT
# exports.sh STRATEGY.so: it exports the entry and nothing else.
set -u
if ! command -v nm >/dev/null; then
  echo "skipped: nm is not installed (package binutils)"
  exit 77
fi
expected=taskworker_strategy_entry
if ! listing=$(nm -D --defined-only -- "$1"); then
  exit 1
fi
exported=$(printf '%s\n' "$listing" | awk '{ print $NF }')
[ "$exported" = "$expected" ] && exit 0
printf '%s exports:\n%s\nexpected: %s\n' "$1" "$exported" "$expected"
exit 1
