#!/bin/sh
# SPDX-License-Identifier: MIT
# promtool.sh TASKWORKER: Prometheus's own checker finds no fault in /metrics.
set -eu
command -v promtool >/dev/null || {
  echo "promtool is not installed; Debian's package prometheus has it"
  exit 77
}
folder=$(mktemp -d)
trap 'kill "$worker" 2>/dev/null || true; rm -rf "$folder"' EXIT
"$1" --strategy=bad --tasks=100 --duration=1h --listen=127.0.0.1:0 >/dev/null 2>"$folder/err" &
worker=$!
until grep -q 'tasks done' "$folder/err"; do
  kill -0 "$worker" || { cat "$folder/err"; exit 1; }
done
url=$(sed -n 's/^.*\(http:[^ ]*\)$/\1/p' "$folder/err" | head -n 1)
# python3 is there wherever Meson is.
python3 -c 'import sys, urllib.request
sys.stdout.buffer.write(urllib.request.urlopen(sys.argv[1]).read())' "$url" >"$folder/metrics"
grep -q '^worker_tasks_processed_total' "$folder/metrics"
promtool check metrics <"$folder/metrics"
