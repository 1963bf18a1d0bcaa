#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# man_page.sh PROGRAM: every option of PROGRAM --help, PROGRAM compare --help and PROGRAM check
# --help has an entry in the section of that command in the man page, and the section has no other.
# The task line of the page is one, as mandoc and groff show it, where they are there.
set -euo pipefail

program=$1
page=$(cd "$(dirname "$0")/../.." && pwd)/src/cli/taskworker.1
is_good=true

entries_of() { # section: with an item each, or named as those of a run
  sed -n "/^\.Sh $1\$/,/^\.Sh /p" "$page" |
    sed -n 's/^\.It .*Fl -\([a-z][a-z-]*\).*/\1/p; s/^\.Fl -\(.* , .*\) \./\1/p' |
    sed 's/ , -/\n/g' | sort -u
}

compare_options() { # section command...
  local documented offered option
  documented=$(entries_of "$1")
  offered=$("$program" "${@:2}" --help | sed -n 's/^  --\([a-z][a-z-]*\).*/\1/p' | sort -u)
  if [[ -z $documented || -z $offered ]]; then
    echo "no options found in $1 of $page or in the help of $program ${*:2}"
    is_good=false
  fi
  for option in $(comm -13 <(echo "$documented") <(echo "$offered")); do
    echo "$page: --$option of the help of '$program ${*:2}' has no entry in $1"
    is_good=false
  done
  for option in $(comm -23 <(echo "$documented") <(echo "$offered")); do
    echo "$page: --$option has an entry in $1 but is not in the help of '$program ${*:2}'"
    is_good=false
  done
}

try_task_line() { # renderer...
  local line
  line=$("$@" "$page" 2>/dev/null | grep '^ *{.*}$') || line=
  [[ -n $line ]] &&
    echo "$line" | "$program" --strategy=optimized --source=- --verify=all --duration=0 \
      --listen=none --report=none && return
  echo "$page: the task line is none as $1 shows it: $line"
  is_good=false
}

compare_options OPTIONS
compare_options COMPARING compare
compare_options CHECKING check
if command -v mandoc >/dev/null; then try_task_line mandoc -T ascii; fi
if command -v groff >/dev/null; then try_task_line groff -mdoc -T ascii -P -cbou; fi
$is_good
