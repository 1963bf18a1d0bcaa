#!/bin/bash
# SPDX-License-Identifier: MIT
# systemd_unit.sh TASKWORKER UNIT: systemd's own checker finds no fault in the unit as it is
# installed, and little that the service could do to the machine; the program takes the example
# of its configuration. Each check is shown to fail on a unit that is broken for it.
set -euo pipefail
command -v systemd-analyze >/dev/null || {
  echo "systemd-analyze is not installed; Debian's package systemd has it"
  exit 77
}
# Version 250 was the first to look at a unit that no running systemd has loaded.
if (($(systemd-analyze --version | sed -n 's/^systemd \([0-9]*\).*/\1/p') < 250)); then
  echo "systemd-analyze is older than version 250"
  exit 77
fi
program=$1 unit=$2
conf=$(cd "$(dirname "$0")/../.." && pwd)/deploy/systemd/taskworker.conf
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

fail() {
  echo "$*" >&2
  exit 1
}

# UNIT: verified on a root of its own, so that other units of this machine say nothing. The
# targets that a unit needs are empty there, and the program is one that does nothing.
verify() {
  local root=$folder/root units=$folder/root/usr/lib/systemd/system start target
  rm -rf "$root"
  start=$(sed -n 's/^ExecStart=\([^ ]*\).*/\1/p' "$1")
  mkdir -p "$units" "$root$(dirname "$start")"
  printf '#!/bin/true\n' >"$root$start"
  chmod +x "$root$start"
  for target in basic default multi-user shutdown sysinit; do
    printf '[Unit]\nDescription=%s\n' "$target" >"$units/$target.target"
  done
  cp "$1" "$units/taskworker.service"
  # It says what it does not know, and ends well.
  systemd-analyze verify --man=no --root="$root" taskworker.service >"$folder/out" 2>&1 &&
    [[ ! -s $folder/out ]]
}

# UNIT: at most 2.0 of 10.
is_confined() {
  systemd-analyze security --offline=true --threshold=20 --no-pager "$1" >"$folder/out" 2>&1
}

# NAME SED-EXPRESSION: prints the path of a copy that is not the same.
copy() {
  mkdir -p "$folder/$1"
  sed "$2" "$unit" >"$folder/$1/taskworker.service"
  ! cmp -s "$unit" "$folder/$1/taskworker.service" || fail "$1: the copy is the same"
  echo "$folder/$1/taskworker.service"
}

mkdir "$folder/sound"
cp "$unit" "$folder/sound/taskworker.service"
verify "$folder/sound/taskworker.service" || fail "$(cat "$folder/out")"
! grep -q '@' <(sed '/^SystemCallFilter=/d; /^#/d' "$unit") || fail "not all is configured"
is_confined "$folder/sound/taskworker.service" || fail "$(cat "$folder/out")"
grep -F 'Overall exposure level' "$folder/out"

broken=$(copy unknown 's/^WatchdogSec=/WatchdogSecs=/')
! verify "$broken" || fail "an option that does not exist was not found"
grep -F "Unknown key 'WatchdogSecs'" "$folder/out"
broken=$(copy value 's/^TimeoutStopSec=.*/TimeoutStopSec=long/')
! verify "$broken" || fail "a value that is none was not found"
grep -F "Failed to parse" "$folder/out"
broken=$(copy open '/^# ---- What it cannot do/,/^\[Install\]/d')
! is_confined "$broken" || fail "a unit without the limits passed the threshold"
grep -F 'Overall exposure level' "$folder/out"

# What the unit promises by the options of the program.
option() { sed -n "s/^$1 *= *//p" "$2"; }
sec() { [[ $1 =~ ^[0-9]+s$ ]] || fail "'$1' is no number of seconds"; echo "${1%s}"; }
grace=$(sec "$(option grace "$conf")")
is_patient() {
  (($(sec "$(option TimeoutStopSec "$1")") >= grace + 5)) &&
    (($(sec "$(option WatchdogSec "$1")") >= grace + 5))
}
is_patient "$unit" || fail "the unit stops the program before its drain is over"
broken=$(copy hasty "s/^TimeoutStopSec=.*/TimeoutStopSec=${grace}s/")
! is_patient "$broken" || fail "a unit that stops too early was not found"
[[ $(option ExecStart "$unit") == */taskworker\ --config=/etc/taskworker/taskworker.conf ]] ||
  fail "the unit does not start the program with its configuration"

# The configuration, also with the lines for other machines: as it is, but for a port that is
# free and an end after ten tasks.
printf '0123456789abcdef\n' >"$folder/token"
chmod 600 "$folder/token"
sed "s|^#\\(listen\\|token-file\\) |\\1 |; s|/run/credentials/[^ ]*/token|$folder/token|
  s|/etc/taskworker/strategies|$folder|" "$conf" >"$folder/open.conf"
[[ $(grep -c "$folder" "$folder/open.conf") == 2 ]] || fail "the example has changed"
sed -i '0,/^listen /{/^listen /d}' "$folder/open.conf"
for each in "$conf" "$folder/open.conf"; do
  timeout 60 "$program" --config="$each" --listen=127.0.0.1:0 --tasks=10 --report=none
done
