#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# go_pprof.sh TASKWORKER: `go tool pprof`, pointed at a running bad and a running optimized,
# names the line of each fault: -top, -list, -diff_base.
set -euo pipefail
taskworker=$(realpath "$1")
root=$(cd "$(dirname "$0")/../.." && pwd)
for tool in go curl; do
  command -v "$tool" >/dev/null || {
    echo "$tool is not installed; Debian's packages are golang-go and curl"
    exit 77
  }
done
folder=$(mktemp -d)
export PPROF_TMPDIR=$folder HOME=$folder
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; wait; rm -rf "$folder"' EXIT

# NAME [OPTION]...: starts a strategy; its port goes to `port`.
start() {
  local name=$1
  shift
  "$taskworker" --strategy="$name" --listen=127.0.0.1:0 --tasks=30000 --workers=2 \
    --duration=10m --heap-sample=4096 --report=none "$@" 2>"$folder/$name.err" &
  pids+=($!)
  until grep -q 'tasks done' "$folder/$name.err"; do
    kill -0 "${pids[-1]}" || { cat "$folder/$name.err" && exit 1; }
  done
  port=$(sed -n 's|.*http://127.0.0.1:\([0-9]*\)/metrics.*|\1|p' "$folder/$name.err")
}

# PROFILE ARGUMENT...: what pprof says of it.
pprof() {
  local profile=$1
  shift
  go tool pprof "$@" "http://127.0.0.1:$port/debug/pprof/$profile" 2>"$folder/pprof.err" || {
    cat "$folder/pprof.err"
    exit 1
  }
}

# TEXT PATTERN: the text has a line like that.
expect() {
  grep -Eq "$2" <<<"$1" || {
    printf 'no line with %s in\n%s\n' "$2" "$1"
    exit 1
  }
}

# TEXT FUNCTION FILE:LINES: -list shows the function's file, and a figure beside a line with
# this text in it.
expect_listed() {
  expect "$1" "ROUTINE =+ .*$2.* in strategies/bad/bad.cpp"
  expect "$1" "[0-9.]+(kB|MB|GB|ms|s)? +[0-9]+:.*$3"
}

start bad
echo "== the three faults of bad, by -top"
top=$(pprof goroutine -top)
expect "$top" 'start_helper_job'
expect "$top" 'run_helper_thread'
top=$(pprof heap -top -inuse_space)
expect "$top" 'copy_by_append'
top=$(pprof allocs -top -alloc_objects)
expect "$top" 'join_words'
expect "$top" 'make_log_entry'

echo "== their lines, by -list"
source_is=(-source_path="$root" -list)
expect_listed "$(pprof goroutine "${source_is[@]}" start_helper_job)" \
  start_helper_job 'host.jobs\(\)->start'
expect_listed "$(pprof heap "${source_is[@]}" copy_by_append)" copy_by_append 'push_back'
expect_listed "$(pprof allocs "${source_is[@]}" make_log_entry)" make_log_entry 'build_metadata'

echo "== what is left behind"
# Kept for later: asking over and over allocates, too.
curl -sS -o "$folder/bad.pb.gz" "http://127.0.0.1:$port/debug/pprof/allocs"
until top=$(pprof 'goroutine?leaked=1' -top) && grep -q start_helper_thread <<<"$top"; do :; done
expect "$top" 'start_helper_job'
expect "$(pprof threadcreate -top)" 'start_helper_thread'

echo "== CPU, wall clock, contention, tags"
expect "$(pprof 'profile?seconds=1' -top)" '^ *flat +flat%'
expect "$(pprof 'wall?seconds=1' -top)" 'clock_nanosleep'
expect "$(pprof goroutine -tags)" 'strategy: .*'
expect "$(pprof block -top -contentions)" '^ *flat +flat%'

echo "== the cure, by -diff_base"
start optimized
top=$(pprof allocs -top -nodefraction=0 -diff_base="$folder/bad.pb.gz")
expect "$top" '^ *-[0-9.]+(kB|MB) .*copy_by_append|^ *0 .*-[0-9.]+(kB|MB) .*copy_by_append'
top=$(pprof goroutine -top)
if grep -q 'start_helper_thread\|run_helper_thread' <<<"$top"; then
  echo "optimized has bad's threads: $top"
  exit 1
fi
[[ $(curl -sS "http://127.0.0.1:$port/debug/pprof/goroutine?leaked=1&debug=1" | head -n 1) == \
  'goroutine profile: total 0' ]]
echo "all found"
