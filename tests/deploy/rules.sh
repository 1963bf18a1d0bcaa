#!/bin/sh
# SPDX-License-Identifier: MIT
# rules.sh: Prometheus's own checker finds no fault in its configuration and in the rules, and
# each rule does what taskworker-rules.test.yml expects.
set -eu
command -v promtool >/dev/null || {
  echo "promtool is not installed; Debian's package prometheus has it"
  exit 77
}
cd "$(dirname "$0")/../.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

checked() {
  status=0
  promtool "$@" >"$folder/out" 2>&1 || status=$?
  cat "$folder/out"
  return "$status"
}

checked check config deploy/prometheus/prometheus.yml
# Without this line its pattern found nothing, and nothing was checked.
grep -q '1 rule files found' "$folder/out"
checked check rules --lint=all --lint-fatal deploy/prometheus/*rules*.yml
grep -Eq 'SUCCESS: [1-9][0-9]* rules found' "$folder/out"
checked test rules tests/deploy/taskworker-rules.test.yml

# Every rule is named in the tests, and every runbook_url points to a heading of the guide.
sed -n 's/^ *- \(alert\|record\): //p' deploy/prometheus/*rules*.yml >"$folder/names"
test -s "$folder/names"
while read -r name; do
  grep -q "$name" tests/deploy/taskworker-rules.test.yml || {
    echo "taskworker-rules.test.yml: $name is not tested"
    exit 1
  }
done <"$folder/names"
sed -n 's/^##* //p' deploy/README.md | tr '[:upper:] ' '[:lower:]-' | tr -cd 'a-z0-9\n-' \
  >"$folder/anchors"
sed -n 's/^ *runbook_url: .*README.md#//p' deploy/prometheus/*rules*.yml >"$folder/wanted"
test "$(wc -l <"$folder/wanted")" = "$(grep -c -h '^ *- alert:' deploy/prometheus/*rules*.yml)"
while read -r anchor; do
  grep -qx "$anchor" "$folder/anchors" || {
    echo "deploy/README.md: no heading for the runbook_url #$anchor"
    exit 1
  }
done <"$folder/wanted"
