#!/bin/sh
# SPDX-License-Identifier: MIT
# plain_line.sh SOURCE: the build line at the head of a template works as it stands there,
# and what it makes exports the entry and nothing else.
set -u
source=$1
root=$(cd "$(dirname "$0")/../.." && pwd)
case $source in
  *.cpp) compiler=c++ mine=mine.cpp ;;
  *) compiler=cc mine=mine.c ;;
esac
if ! command -v "$compiler" >/dev/null; then
  echo "skipped: $compiler is not installed (package build-essential)"
  exit 77
fi
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
line=$(sed -n "s/^[ /*]*\\($compiler .* -o strategies\\/mine\\.so\\)\$/\\1/p" "$source")
if [ -z "$line" ]; then
  echo "$source has no line '$compiler ... -o strategies/mine.so'"
  exit 1
fi
cp "$source" "$folder/$mine" && mkdir "$folder/strategies" && ln -s "$root/include" "$folder/include"
echo "$line"
(cd "$folder" && eval "$line") || exit 1
"$(dirname "$0")/exports.sh" "$folder/strategies/mine.so"
