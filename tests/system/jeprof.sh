#!/bin/sh
# SPDX-License-Identifier: MIT
# jeprof.sh TASKWORKER: jeprof names functions of bad.so in a dump of --memprofile.
set -eu
command -v jeprof >/dev/null || {
  echo "jeprof is not installed; Debian's package libjemalloc-dev has it"
  exit 77
}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$1" --strategy=bad --tasks=5000 --duration=0 --listen=none --report=none \
  --heap-sample=4096 --memprofile="$folder/heap.out"
jeprof --text "$1" "$folder/heap.out" >"$folder/top" 2>"$folder/err" || { cat "$folder/err"; exit 1; }
cat "$folder/top"
grep -q 'keep_result' "$folder/top"
