#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# profile_tools.sh TASKWORKER CRASHES_IN_PROCESS: tools/profile-cpu and tools/profile-mem
# write profiles that name the lines of bad, end cleanly when they are interrupted, and tell
# what is wrong.
set -euo pipefail
TASKWORKER=$(realpath "$1")
crashing=$(realpath "$2")
export TASKWORKER
tools=$(cd "$(dirname "$0")/../../tools" && pwd)
command -v curl >/dev/null || {
  echo "curl is not installed; Debian's package is curl"
  exit 77
}
checks=$(cd "$(dirname "$0")" && pwd)/script_checks
folder=$(mktemp -d)
export HOME=$folder PPROF_TMPDIR=$folder
trap 'rm -rf "$folder"' EXIT
cd "$folder"

# shellcheck source=tests/system/script_checks
. "$checks"

# FILE PATTERN...: each .pb.gz is gzip, and go tool pprof names the pattern where go is there.
expect_profile() {
  local file=$1 pattern
  shift
  gzip -t "$file" || fail "$file is not gzip"
  command -v go >/dev/null || return 0
  go tool pprof -top "$file" >top 2>err || fail "go tool pprof cannot read $file"
  for pattern in "$@"; do expect_lines top "$pattern"; done
}

# FOLDER NAME...: these files and no others are there, and none is empty.
expect_files() {
  local where=$1
  shift
  diff <(printf '%s\n' "$@" | sort) <(find "$where" -type f -size +0 -printf '%P\n' | sort) ||
    fail "other files in $where than expected"
}

no_worker_is_left() {
  local comm
  for comm in /proc/[0-9]*/comm; do
    [[ $(cat "$comm" 2>/dev/null) == taskworker ]] || continue
    [[ $(readlink "${comm%comm}cwd") != "$folder" ]] || fail "a taskworker still runs: $comm"
  done
}

cpu_files=(cpu.html cpu.pb.gz cpu.txt report.txt worker.log)
mem_files=({heap,allocs}.{html,pb.gz,txt} heap.raw {goroutine,leaked}.{pb.gz,txt}
  report.txt worker.log)

echo "#### CPU"
expect_status 0 "$tools/profile-cpu" bad 2s -- --workers=2
written=$(sed -n 's/^Written to //p' out)
[[ $written == profiles/bad-cpu-* ]] || fail "written to '$written'"
expect_files "$written" "${cpu_files[@]}"
# Which of bad's lines are hot depends on how busy the machine is.
expect_lines out '^cpu: [0-9.]+ m?s in 2' 'bad.cpp:[0-9]+ +taskworker::bad::' \
  "go tool pprof -http=: $written/cpu.pb.gz"
expect_lines "$written/cpu.txt" 'bad.cpp:[0-9]+ +taskworker::bad::'
expect_lines "$written/cpu.html" 'taskworker::bad::'
expect_profile "$written/cpu.pb.gz" 'taskworker::bad::'
expect_lines "$written/report.txt" '^leaked: '
expect_status 0 "$tools/profile-cpu" optimized:keep=10 2s -- --workers=2
written=$(sed -n 's/^Written to //p' out)
[[ $written == profiles/optimized-keep=10-cpu-* ]] || fail "written to '$written'"
expect_lines "$written/cpu.txt" 'arithmetic.cpp:[0-9]+'
expect_profile "$written/cpu.pb.gz" 'calculate'

echo "#### memory"
expect_status 0 "$tools/profile-mem" bad 2s --out "mem of bad"
expect_files "mem of bad" "${mem_files[@]}"
expect_lines out 'copy_by_append' 'A run of more than 10 s would tell' '^Written to mem of bad$'
expect_lines "mem of bad/heap.txt" 'copy_by_append'
expect_lines "mem of bad/allocs.txt" 'copy_by_append' 'join_words'
expect_lines "mem of bad/heap.html" 'copy_by_append'
expect_lines "mem of bad/heap.raw" '^heap_v2/' '^MAPPED_LIBRARIES:'
expect_lines "mem of bad/goroutine.txt" 'start_helper_job.*bad.cpp:[0-9]+'
expect_profile "mem of bad/heap.pb.gz" 'copy_by_append'
expect_profile "mem of bad/allocs.pb.gz" 'copy_by_append'
expect_profile "mem of bad/goroutine.pb.gz" 'start_helper_job'
expect_profile "mem of bad/leaked.pb.gz"
# Kept results of much more than the distance of samples, so that they are seen for sure.
expect_status 0 "$tools/profile-mem" optimized:keep=100000 2s --out=mem
expect_files mem "${mem_files[@]}"
expect_lines mem/heap.txt 'kept_results.hpp:[0-9]+'
if grep -q 'start_helper_job\|start_helper_thread' mem/goroutine.txt; then
  fail "optimized has bad's helpers"
fi
expect_lines mem/leaked.txt '^goroutine profile: total 0$'

echo "#### what is left behind"
expect_status 0 "$tools/profile-mem" bad:problems=leak 12s --out=left -- --rate=1000
expect_lines out 'left behind by tasks that ended 10 s ago or more: [1-9]' \
  '^ *[1-9][0-9]*  .*start_helper_job  .*bad.cpp:[0-9]+$' \
  '^ *[1-9][0-9]*  .*start_helper_thread  .*bad.cpp:[0-9]+$'
expect_lines left/leaked.txt 'start_helper_job.*bad.cpp:[0-9]+'
expect_profile left/leaked.pb.gz 'start_helper_job'

# TOOL FOLDER: Ctrl-C, once the profile has begun.
interrupt() {
  local pid status=0
  echo "== $1, interrupted"
  set -m # or the signal would be ignored in the background
  "$tools/$1" bad 10m --out="$2" >out 2>err &
  pid=$!
  set +m
  until grep -q 'profiling for' err; do kill -0 "$pid" || fail "$1 has ended"; done
  kill -INT "$pid"
  wait "$pid" 2>/dev/null || status=$?
  ((status == 130)) || fail "status $status, expected 130"
}

echo "#### interrupted"
interrupt profile-cpu cut-cpu
expect_files cut-cpu "${cpu_files[@]}"
expect_profile cut-cpu/cpu.pb.gz
interrupt profile-mem cut-mem
expect_files cut-mem "${mem_files[@]}"
no_worker_is_left

# STATUS PATTERN ARGUMENT...: both refuse that, in a line like this, and leave nothing.
expect_refusal() {
  local status=$1 pattern=$2 before tool
  shift 2
  before=$(find . -mindepth 1 -type d | sort)
  for tool in profile-cpu profile-mem; do
    expect_status "$status" "$tools/$tool" "$@"
    expect_lines err "$pattern"
  done
  [[ $before == "$(find . -mindepth 1 -type d | sort)" ]] || fail "a folder was left"
}

echo "#### refused"
expect_refusal 2 'no strategy is given'
expect_refusal 2 "'500ms' is less than 1s" bad 500ms
expect_refusal 2 "'1500ms' has parts of a second" bad 1500ms
expect_refusal 2 "'61m' is more than 1h" bad 61m
expect_refusal 2 "'30' cannot be read" bad 30
expect_refusal 2 "'more' is one word too many" bad 2s more
expect_refusal 2 "'--seconds=3' is no option" bad --seconds=3
expect_refusal 2 'has no folder' bad --out
expect_refusal 2 "has no option 'nosuch'" bad:nosuch=1 2s
expect_refusal 3 "no strategy 'nosuch' found" nosuch 2s
expect_refusal 3 'ended early, with status 1[0-9]*. It said:' "$crashing" 2s
expect_lines err 'SIG[A-Z]* with the strategy crashes_in_process'
expect_refusal 4 "'mem' is not empty" bad 2s --out=mem
expect_refusal 4 "cannot write to the folder 'err/x': Not a directory" bad 2s --out=err/x
TASKWORKER=$folder/nosuch expect_refusal 4 "which is no program" bad 2s
TASKWORKER=true expect_refusal 4 'ended early, with status 0' bad 2s
if [[ $(id -u) != 0 ]]; then
  mkdir locked && chmod a-w locked
  expect_refusal 4 'Permission denied' bad 2s --out=locked/x
fi
MALLOC_CONF=prof:false expect_status 4 "$tools/profile-mem" bad 1s
expect_lines err 'taskworker refused to give .*heap profiling is off'
no_worker_is_left

"$tools/profile-cpu" --help | grep -q '^Usage: tools/profile-cpu STRATEGY'
"$tools/profile-mem" --help | grep -q '^Usage: tools/profile-mem STRATEGY'
for tool in profile-cpu profile-mem; do
  if "$tools/$tool" --help | grep -E '.{81}'; then fail "--help of $tool is wider than 80 columns"; fi
done
echo "all found"
