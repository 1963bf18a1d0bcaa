#!/bin/sh
# SPDX-License-Identifier: MIT
# install.sh BUILD SOURCE: what is installed works by itself: the program finds its
# strategies, and a strategy is built and dropped in by what pkg-config says.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
DESTDIR=$folder meson install -C "$1" --no-rebuild --quiet
program=$(find "$folder" -path '*/bin/taskworker')
PKG_CONFIG_PATH=$(dirname "$(find "$folder" -name taskworker.pc)")
export PKG_CONFIG_PATH
export PKG_CONFIG_SYSROOT_DIR="$folder"
test -n "$(find "$folder" -name taskworker.1)"

cd "$folder"
cc=${CC:-cc}
# shellcheck disable=SC2046 # flags are words
$cc -O2 -g -shared -fPIC $(pkg-config --cflags taskworker) "$2/strategies/template/template.c" \
  -o "$folder$(pkg-config --variable=strategydir taskworker | sed "s|^$folder||")/mine.so"
for strategy in optimized mine; do
  "$program" --strategy=$strategy --duration=0 --listen=none --report=none --verify=all
done
"$program" --list | tee list
grep -q ' mine ' list
