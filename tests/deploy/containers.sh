#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# containers.sh: the stack without Grafana, on whatever Docker engine answers. Builds the
# image, starts it by tools/stack, and looks at it as a person does: health, Prometheus's
# targets, profiles by go tool pprof, a strategy that is dropped in, death and return, a clean
# stop, and what containers say of wrong input.
set -euo pipefail
cd "$(dirname "$0")/../.."
export COMPOSE_PROJECT_NAME=taskworker-test
dropped=strategies/container_test.so

skip() {
  echo "$1"
  exit 77
}
command -v docker >/dev/null || skip "docker is not installed; Debian's package is docker.io"
docker info >/dev/null 2>&1 || skip "no Docker engine answers: docker info fails"
command -v curl >/dev/null || skip "curl is not installed; Debian's package is curl"
if docker compose version >/dev/null 2>&1; then
  compose=(docker compose)
elif command -v docker-compose >/dev/null; then
  compose=(docker-compose)
else
  skip "Docker Compose is not installed; Debian's package is docker-compose"
fi
prometheus=$(sed -n 's/^ *image: \(prom\/prometheus:.*\)/\1/p' deploy/compose.yaml)
docker image inspect "$prometheus" >/dev/null 2>&1 || timeout 300 docker pull -q "$prometheus" ||
  skip "the image $prometheus cannot be had"
for port in 9090 9091 9092 9094; do
  if (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then skip "port $port is taken"; fi
done

folder=$(mktemp -d)
compose+=(--profile custom)
clean_up() {
  "${compose[@]}" down --volumes --timeout 20 >/dev/null 2>&1 || true
  docker volume rm taskworker-test-data >/dev/null 2>&1 || true
  rm -rf "$folder" "$dropped"
}
trap clean_up EXIT

fail() {
  echo "FAILED: $1"
  "${compose[@]}" ps || true
  "${compose[@]}" logs --tail=20 || true
  exit 1
}
step() { printf '== %s\n' "$*"; }

# TEXT PATTERN...
expect() {
  local text=$1 pattern
  shift
  for pattern in "$@"; do
    grep -Eq -- "$pattern" <<<"$text" || fail "no line with '$pattern' in: $text"
  done
}

# SECONDS COMMAND...: until the command succeeds; what is waited for has no event to wait on.
within() {
  local limit=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < limit)) || fail "not within the time: $*"
    sleep 0.5
  done
}

container_of() { "${compose[@]}" ps -q "$1"; }
inspect() { docker inspect --format "$2" "$(container_of "$1")"; }
is_healthy() { [[ $(inspect "$1" '{{.State.Health.Status}}') == healthy ]]; }
is_running() { [[ $(inspect "$1" '{{.State.Status}}') == running ]]; }
ask() { curl -s --max-time 60 "$@"; }

# STATUS PATTERN ARGUMENT...: a container of the image with these arguments for docker run.
expect_end() {
  local status=0 expected=$1 pattern=$2 said
  shift 2
  said=$(docker run --rm "$@" 2>&1) || status=$?
  ((status == expected)) || fail "status $status, expected $expected, of $*: $said"
  expect "$said" "$pattern"
}

step "start"
tools/stack up worker-bad worker-optimized prometheus
"${compose[@]}" ps
for service in worker-bad worker-optimized prometheus; do
  is_healthy "$service" || fail "$service is not healthy"
done

step "the image: confined, described, small"
expect "$(docker run --rm taskworker:local)" '^Runs background tasks through a strategy'
expect "$(docker run --rm taskworker:local --list)" '^ *bad ' '^ *optimized '
[[ $(docker inspect --format '{{.Config.User}}' taskworker:local) == 65532:65532 ]] ||
  fail "the image runs as root"
expect "$(docker inspect --format '{{json .Config.Labels}}' taskworker:local)" \
  '"org.opencontainers.image.licenses":"MIT"' \
  "\"org.opencontainers.image.revision\":\"$(git describe --always --dirty --tags)\""
for service in worker-bad worker-optimized; do
  [[ $(inspect "$service" '{{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}}') == "true [ALL]" ]] ||
    fail "$service is not confined"
  if docker exec "$(container_of "$service")" touch /etc/x 2>/dev/null; then
    fail "$service can write to its root"
  fi
done
for port in $("${compose[@]}" ps -q | xargs docker inspect --format \
  '{{range .HostConfig.PortBindings}}{{range .}}{{.HostIp}} {{end}}{{end}}'); do
  [[ $port == 127.0.0.1 ]] || fail "a port is published on '$port'"
done
docker image inspect debian:trixie-slim >/dev/null 2>&1 || docker pull -q debian:trixie-slim ||
  fail "the base image cannot be had"
base=$(docker image inspect --format '{{.Size}}' debian:trixie-slim)
size=$(docker image inspect --format '{{.Size}}' taskworker:local)
echo "image: $((size / 1000000)) MB, of which the base is $((base / 1000000)) MB"
((size - base < 60000000)) || fail "the image adds more than 60 MB to its base"

step "Prometheus sees both workers"
# NUMBER of workers.
are_up() {
  local up
  up=$(ask 'http://localhost:9092/api/v1/query?query=up%7Bjob%3D%22taskworker%22%7D')
  [[ $(grep -o '"value":\[[0-9.]*,"1"\]' <<<"$up" | wc -l) == "$1" ]]
}
within 60 are_up 2
for worker in bad optimized; do
  has_data() {
    [[ $(ask "http://localhost:9092/api/v1/query?query=worker_tasks_processed_total%7Bworker_type%3D%22$worker%22%7D") == *'"operation":"sum"'* ]]
  }
  within 60 has_data
done
expect "$(ask http://localhost:9092/api/v1/rules)" '"name":"TaskworkerJobLeak"'

step "profiles from the host, by the commands of the README"
if command -v go >/dev/null; then
  export PPROF_TMPDIR=$folder
  expect "$(go tool pprof -top http://localhost:9090/debug/pprof/goroutine 2>&1)" start_helper_job
  expect "$(go tool pprof -top http://localhost:9090/debug/pprof/heap 2>&1)" 'inuse_space'
  expect "$(go tool pprof -top 'http://localhost:9091/debug/pprof/profile?seconds=5' 2>&1)" \
    'Type: cpu' 'Duration: 5'
else
  echo "go is not installed: profiles are only fetched"
fi
for port in 9090 9091; do
  for kind in goroutine heap allocs mutex block 'profile?seconds=1'; do
    ask "http://localhost:$port/debug/pprof/$kind" | gzip -t || fail "$port $kind is no profile"
  done
done
[[ $(ask -o /dev/null -w '%{http_code}' -H 'Host: evil.example' http://localhost:9090/debug/pprof/) == 421 ]] ||
  fail "a foreign Host is served"

step "a strategy that is dropped in"
cc -O2 -g -shared -fPIC -Iinclude strategies/template/template.c -o "$dropped"
tools/stack up --custom=container_test worker-custom
runs_custom() {
  ask http://localhost:9094/metrics | grep -Eq '^worker_tasks_processed_total.* [1-9][0-9]*$'
}
within 30 runs_custom

step "death and return"
# A crash brings it back by itself, docker kill counts as a wish of the user.
before=$(inspect worker-custom '{{.RestartCount}}')
# shellcheck disable=SC2016
docker exec "$(container_of worker-custom)" sh -c \
  'for p in /proc/[0-9]*; do [ "$(cat $p/comm)" != taskworker ] || kill -9 "${p#/proc/}"; done'
has_restarted() { (($(inspect worker-custom '{{.RestartCount}}') > before)); }
within 30 has_restarted
within 60 is_healthy worker-custom
docker kill "$(container_of worker-bad)" >/dev/null
if is_running worker-bad; then fail "worker-bad survived docker kill"; fi
tools/stack up worker-bad >/dev/null
is_healthy worker-bad || fail "worker-bad did not come back"
within 60 are_up 3

step "the heap of a container, for jeprof"
docker kill -s USR2 "$(container_of worker-bad)" >/dev/null
has_heap() {
  docker cp "$(container_of worker-bad)":/var/lib/taskworker - 2>/dev/null | tar t | grep -q '\.heap$'
}
within 30 has_heap

step "a clean stop"
for service in worker-bad worker-optimized worker-custom; do
  docker stop --time 15 "$(container_of "$service")" >/dev/null
  [[ $(inspect "$service" '{{.State.ExitCode}}') == 0 ]] || fail "$service did not end with 0"
  expect "$(docker logs "$(container_of "$service")" 2>&1)" ' generated = ' '0 abandoned'
done

step "wrong input"
expect_end 3 "no strategy 'nosuch' found" taskworker:local --strategy=nosuch
expect_end 2 "unknown option --task" taskworker:local --strategy=bad --task=5
docker volume create taskworker-test-data >/dev/null
expect_end 4 "cannot write /data/heap: (Permission denied|Read-only file system)" \
  -v taskworker-test-data:/data:ro taskworker:local --strategy=bad --memprofile=/data/heap
docker start "$(container_of worker-optimized)" >/dev/null
within 30 is_healthy worker-optimized
expect_end 4 "9090.*[Aa]ddress already in use" \
  --network "container:$(container_of worker-optimized)" taskworker:local --strategy=bad
# Compose shows what the container says, and its status.
STRATEGY=nosuch "${compose[@]}" up -d worker-custom >/dev/null 2>&1
has_failed() { [[ $(inspect worker-custom '{{.State.ExitCode}}') == 3 ]]; }
within 30 has_failed
expect "$("${compose[@]}" logs --tail=3 worker-custom 2>&1)" "no strategy 'nosuch' found"
status=0
said=$(tools/stack up --custom=nosuch 2>&1) || status=$?
((status == 4)) || fail "tools/stack has status $status for a strategy that is not there"
expect "$said" 'there is no strategies/nosuch.so'
echo "all found"
