#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# benchmark_tool.sh TASKWORKER CRASHES_IN_TURN: tools/benchmark leaves a whole comparison in a
# folder, also when it is interrupted, and nothing when there is none.
set -euo pipefail
TASKWORKER=$(realpath "$1")
counting=$(realpath "$2")
export TASKWORKER
tool=$(cd "$(dirname "$0")/../../tools" && pwd)/benchmark
checks=$(cd "$(dirname "$0")" && pwd)/script_checks
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

# shellcheck source=tests/system/script_checks
. "$checks"

# FOLDER NAME...: these files are there, and none is empty.
expect_files() {
  local where=$1 name
  shift
  for name in "$@"; do [[ -s $where/$name ]] || fail "$where has no $name"; done
}

quick=(--tasks=500 --primary=jobs_left)

echo "#### All of it"
expect_status 0 "$tool" -- "${quick[@]}"
written=$(sed -n 's/^Written to //p' out)
[[ $written == profiles/benchmark-* ]] || fail "written to '$written'"
expect_files "$written" report.{html,json,md,txt} profiles/{1-bad,2-optimized}.timeline.csv \
  profiles/{1-bad,2-optimized}.cpu.1.pb.gz
expect_lines out 'optimized is better than bad in jobs left' \
  "taskworker compare ... --baseline=$written/report.json"
expect_lines "$written/report.json" "\"--workers=$(nproc)\""
"$TASKWORKER" compare optimized --baseline="$written/report.json" --primary=jobs_left \
  --workers="$(nproc)" --quiet >out 2>err || fail "the JSON is no baseline"
if command -v go >/dev/null; then
  PPROF_TMPDIR=$folder HOME=$folder go tool pprof -top "$written"/profiles/1-bad.cpu.*.pb.gz \
    >top 2>err || fail "go tool pprof cannot read the profiles"
  expect_lines top 'bad::'
fi

echo "#### Others, and a gate"
expect_status 7 "$tool" optimized bad --out here -- "${quick[@]}" --workers=1 \
  --fail-if='jobs_left>0'
expect_files here report.html
expect_lines here/report.json '"--workers=1"'

echo "#### What is wrong"
expect_status 2 "$tool" --fast
expect_lines err "'--fast' is no option"
expect_status 4 "$tool" --out here
expect_lines err 'is not empty'
expect_status 3 "$tool" bad nosuch --out none
expect_lines err "no strategy 'nosuch'"
[[ ! -e none ]] || fail "a folder with nothing in it stayed"

# SIGNAL FOLDER STATUS: it is interrupted in the rounds, and leaves what there is.
interrupt() {
  local tool_process status=0
  # The second strategy counts its runs; noise in the times keeps the rounds going.
  export TASKWORKER_TEST_RUNS=$folder/runs
  : >runs
  set -m
  "$tool" optimized "$counting" --out "$2" -- --tasks=500 --primary=p99_9 --threshold=0.1 \
    --max-time=1h >out 2>err &
  tool_process=$!
  set +m
  while (($(stat -c %s runs) < 6)); do
    kill -0 "$tool_process" || fail "it ended before it was interrupted"
    sleep 0.05
  done
  kill "-$1" -- "$4$tool_process"
  wait "$tool_process" || status=$?
  ((status == $3)) || fail "status $status, expected $3"
  expect_files "$2" report.html report.json
  expect_lines "$2/report.json" '"is_partial":true'
}

echo "#### Ctrl-C, which goes to all, and SIGTERM, which goes to the script"
interrupt INT cut 130 -
interrupt TERM ended 143 ''
