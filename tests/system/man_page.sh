#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# man_page.sh PROGRAM: every option of PROGRAM --help, PROGRAM compare --help and PROGRAM check
# --help has an entry in the man page, and the page has no other. The task line of the page is one,
# as mandoc and groff show it, where they are there.
set -euo pipefail

program=$1
page=$(cd "$(dirname "$0")/../.." && pwd)/src/cli/taskworker.1
documented=$(sed -n 's/^\.It .*Fl -\([a-z][a-z-]*\).*/\1/p' "$page" | sort -u)
offered=$({ "$program" --help && "$program" compare --help && "$program" check --help; } |
  sed -n 's/^  --\([a-z][a-z-]*\).*/\1/p' | sort -u)

if [[ -z $documented || -z $offered ]]; then
  echo "no options found in ${page} or in the help of ${program}"
  exit 1
fi
undocumented=$(comm -13 <(echo "$documented") <(echo "$offered"))
unknown=$(comm -23 <(echo "$documented") <(echo "$offered"))
for option in $undocumented; do echo "$page: --$option of the help has no entry"; done
for option in $unknown; do echo "$page: --$option has an entry but is not in the help"; done
is_good=true
[[ -z $undocumented && -z $unknown ]] || is_good=false

try_task_line() { # renderer...
  local line
  line=$("$@" "$page" 2>/dev/null | grep '^ *{.*}$') || line=
  [[ -n $line ]] && echo "$line" | "$program" --strategy=optimized --source=- --verify=all --duration=0 \
    --listen=none --report=none && return
  echo "$page: the task line is none as $1 shows it: $line"
  is_good=false
}

if command -v mandoc >/dev/null; then try_task_line mandoc -T ascii; fi
if command -v groff >/dev/null; then try_task_line groff -mdoc -T ascii -P -cbou; fi
$is_good
