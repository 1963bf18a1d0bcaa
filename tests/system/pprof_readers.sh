#!/bin/sh
# SPDX-License-Identifier: MIT
# pprof_readers.sh WRITE_PROFILE: `go tool pprof` and protoc read what the encoder writes.
set -eu
command -v go >/dev/null || {
  echo "go is not installed; Debian's package is golang-go"
  exit 77
}
command -v protoc >/dev/null || {
  echo "protoc is not installed; Debian's package is protobuf-compiler"
  exit 77
}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export HOME="$folder" PPROF_TMPDIR="$folder"
"$1" "$folder/cpu.pb.gz"

# WHAT PATTERN FILE
expect() {
  grep -q -- "$2" "$3" || {
    echo "$1: no line matches $2 in"
    cat "$3"
    exit 1
  }
}

go tool pprof -raw "$folder/cpu.pb.gz" >"$folder/raw" 2>"$folder/err" || { cat "$folder/err"; exit 1; }
expect raw '^PeriodType: cpu nanoseconds$' "$folder/raw"
expect raw '^Period: 10000000$' "$folder/raw"
expect raw '^Duration: 30s\{0,1\}$' "$folder/raw"
expect raw '^samples/count cpu/nanoseconds$' "$folder/raw"
expect raw '^ *4   40000000: 1 ' "$folder/raw"
expect raw 'operation:\[sum\]' "$folder/raw"
expect raw 'worker:\[0\]' "$folder/raw"
expect raw 'called_in_line .*tests/system/write_profile.cpp:[1-9]' "$folder/raw"
expect raw '^ *[0-9]*: 0xffff800000001001 \[lost samples\]' "$folder/raw"
expect raw 'libc.so.6 [0-9a-f]* \[FN\]$' "$folder/raw"
expect raw '^1: 0x.*/write_profile [0-9a-f]* \[FN\]\[FL\]\[LN\]\[IN\]$' "$folder/raw"

go tool pprof -top "$folder/cpu.pb.gz" >"$folder/top" 2>"$folder/err" || { cat "$folder/err"; exit 1; }
cat "$folder/top"
expect top 'Total samples = 100ms' "$folder/top"
expect top ' 40ms .* called_in_line (inline)$' "$folder/top"
expect top ' 30ms .* gnu_get_libc_version$' "$folder/top"
expect top ' 20ms .* \[lost samples\]$' "$folder/top"
expect top '::called_function$' "$folder/top"

gzip -t "$folder/cpu.pb.gz"
gzip -dc "$folder/cpu.pb.gz" | protoc --decode_raw >"$folder/fields"
expect fields '^6: ""$' "$folder/fields"
[ "$(grep '^6: ' "$folder/fields" | head -n 1)" = '6: ""' ] || {
  echo 'the first string is not empty'
  exit 1
}
