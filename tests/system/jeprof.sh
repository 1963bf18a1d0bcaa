#!/bin/sh
# SPDX-License-Identifier: MIT
# jeprof.sh TASKWORKER: jeprof names functions of bad.so, in a dump of --memprofile and from
# a running program.
set -eu
taskworker=$1
for tool in jeprof curl; do
  command -v "$tool" >/dev/null || {
    echo "$tool is not installed; Debian's packages are libjemalloc-dev and curl"
    exit 77
  }
done
folder=$(mktemp -d)
pid=
trap '[ -z "$pid" ] || kill "$pid"; wait; rm -rf "$folder"' EXIT
# Where jeprof keeps what it fetches.
export JEPROF_TMPDIR="$folder" HOME="$folder"

# WHAT PATTERN ARGUMENT...: a line of `jeprof --text ARGUMENT...` matches.
expect() {
  what=$1 pattern=$2
  shift 2
  jeprof --text "$@" >"$folder/top" 2>"$folder/err" || { cat "$folder/err"; exit 1; }
  grep -q "$pattern" "$folder/top" || {
    echo "$what: no line matches $pattern in"
    cat "$folder/top" "$folder/err"
    exit 1
  }
  echo "$what:"
  head -n 5 "$folder/top"
}

"$taskworker" --strategy=bad --tasks=5000 --duration=0 --listen=none --report=none \
  --heap-sample=4096 --memprofile="$folder/heap.out"
expect 'a dump in a file' 'keep_result' "$taskworker" "$folder/heap.out"

"$taskworker" --strategy=bad --tasks=0 --rate=20000 --duration=10m --listen=127.0.0.1:0 \
  --report=none --heap-sample=4096 2>"$folder/said" &
pid=$!
until port=$(sed -n 's|.*http://127.0.0.1:\([0-9]*\)/metrics.*|\1|p' "$folder/said") && [ "$port" ]; do
  kill -0 "$pid"
done
# Names come from /pprof/symbol alone: no program is given.
expect 'the heap, live' 'keep_result' "http://127.0.0.1:$port/pprof/heap"
expect 'CPU time, live' 'worker_thread::loop::process\|job_loop' --seconds=2 \
  "http://127.0.0.1:$port/pprof/profile"
