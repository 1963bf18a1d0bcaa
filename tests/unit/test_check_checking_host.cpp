// SPDX-License-Identifier: MIT
#include "check/checking_host.hpp"

#include <taskworker/ext/jobs.h>
#include <taskworker/ext/log.h>
#include <taskworker/ext/stop.h>
#include <taskworker/ext/thread_check.h>

#include <string>

#include "catch.hpp"
#include "check/call.hpp"
#include "check/verdict.hpp"

using namespace taskworker::check;

namespace {

template <typename Extension>
const Extension &extension_of(const taskworker_host *host, const char *id) {
  return *static_cast<const Extension *>(host->get_extension(host, id));
}

/// What was noted since the last question, as "RULE: DETAIL".
std::string noted() {
  const verdict found = take_violation();
  return found.what == outcome::passed ? "nothing" : found.rule + ": " + found.detail;
}

}  // namespace

TEST_CASE("a host that is used by the rules notes nothing", "[check_checking_host]") {
  checking_host host(true);
  host.enter(life_state::running);
  const auto *abi = host.abi();
  CHECK(std::string(abi->name) == "taskworker");
  const auto &jobs = extension_of<taskworker_host_jobs>(abi, TASKWORKER_EXT_JOBS);
  const auto job = jobs.start(abi, 1'000'000'000, [](void *) {}, nullptr, nullptr);
  CHECK(job != 0);
  jobs.cancel(abi, job);
  extension_of<taskworker_host_log>(abi, TASKWORKER_EXT_LOG).log(abi, TASKWORKER_LOG_INFO, "hi");
  const auto &stop = extension_of<taskworker_host_stop>(abi, TASKWORKER_EXT_STOP);
  CHECK(stop.is_stopping(abi) == 0);
  host.request_stop();
  CHECK(stop.is_stopping(abi) == 1);
  CHECK(abi->get_extension(abi, "taskworker.other/1") == nullptr);
  CHECK(noted() == "nothing");
}

TEST_CASE("thread_check answers for the call that is made", "[check_checking_host]") {
  checking_host host(false);
  host.enter(life_state::running);
  const auto &check =
      extension_of<taskworker_host_thread_check>(host.abi(), TASKWORKER_EXT_THREAD_CHECK);
  CHECK(check.is_control_thread(host.abi()) == 0);
  {
    const call_scope scope(call::stop);
    CHECK(check.is_control_thread(host.abi()) == 1);
  }
  {
    const call_scope scope(call::process, 3);
    CHECK(check.is_worker_thread(host.abi(), 3) == 1);
    CHECK(check.is_worker_thread(host.abi(), 2) == 0);
  }
  CHECK(check.is_job_thread(host.abi()) == 0);
}

TEST_CASE("a call of the host in create() is noted with the call", "[check_checking_host]") {
  checking_host host(false);
  const call_scope scope(call::create);
  static_cast<void>(host.abi()->get_extension(host.abi(), TASKWORKER_EXT_LOG));
  CHECK(noted() ==
        "strategy.h, create(): get_extension() of the host was called in create(); create() must "
        "not call the host yet; init() is the first that may");
}

TEST_CASE("a job cannot be started before the instance is idle", "[check_checking_host]") {
  checking_host host(false);
  const auto &jobs = extension_of<taskworker_host_jobs>(host.abi(), TASKWORKER_EXT_JOBS);
  static_cast<void>(take_violation());
  host.enter(life_state::created);
  const call_scope scope(call::init);
  static_cast<void>(jobs.start(host.abi(), 1, [](void *) {}, nullptr, nullptr));
  CHECK(noted() ==
        "ext/jobs.h, start: a job's start() was called in init(); it is legal while idle or "
        "running, which start() is the first call of");
}

TEST_CASE("a host that is gone, or none, is noted and not touched", "[check_checking_host]") {
  const taskworker_host_stop *stop = nullptr;
  const taskworker_host *gone = nullptr;
  {
    checking_host host(false);
    host.enter(life_state::idle);
    gone = host.abi();
    stop = &extension_of<taskworker_host_stop>(gone, TASKWORKER_EXT_STOP);
  }
  CHECK(stop->is_stopping(gone) == 0);
  CHECK(noted() ==
        "strategy.h, taskworker_host: is_stopping() was called in a thread or job of the "
        "strategy's own with what is no host, or one whose instance is destroyed; expected the "
        "host that create() was given");
  CHECK(stop->is_stopping(nullptr) == 0);
  CHECK(noted() ==
        "strategy.h, taskworker_host: is_stopping() was called in a thread or job of the "
        "strategy's own with a null host; expected the host that create() was given");
}

TEST_CASE("the first violation is kept", "[check_checking_host]") {
  note_violation("a", "first");
  note_violation("b", "second");
  CHECK(noted() == "a: first");
  CHECK(noted() == "nothing");
}

TEST_CASE("a strategy that finds the host misbehaving has found something",
          "[check_checking_host]") {
  checking_host host(false);
  host.enter(life_state::idle);
  const auto &log = extension_of<taskworker_host_log>(host.abi(), TASKWORKER_EXT_LOG);
  log.log(host.abi(), TASKWORKER_LOG_HOST_MISBEHAVING, "wrong thread");
  CHECK(noted() == "strategy.h (7): the strategy finds the host misbehaving: \"wrong thread\"");
  log.log(host.abi(), TASKWORKER_LOG_ERROR, "no room");
  CHECK(host.last_error() == " (\"no room\")");
  log.log(host.abi(), 77, "x");
  CHECK(noted() ==
        "ext/log.h, severity: log() with severity 77 was called in a thread or job of the "
        "strategy's own; 0 to 5 can be");
  log.log(host.abi(), TASKWORKER_LOG_INFO, nullptr);
  CHECK(noted() ==
        "strategy.h (6): log() with a null message was called in a thread or job of the "
        "strategy's own; a pointer is mandatory unless it says otherwise");
}
