// SPDX-License-Identifier: MIT
#include <atomic>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "catch.hpp"
#include "metrics/allocator.hpp"
#include "metrics/host_allocator.hpp"
#include "profiling/running_task.hpp"
#include "worker/job_loop.hpp"

using namespace std::chrono_literals;
using taskworker::worker::job_loop;

namespace {

constexpr std::uint64_t millisecond = 1'000'000;
constexpr std::uint64_t hour = 3'600'000'000'000;

/// What one job has seen.
struct probe {
  std::atomic<int> runs{0};
  std::atomic<int> releases{0};
  std::promise<void> third_run;

  static void run(void *context) {
    auto &self = *static_cast<probe *>(context);
    if (++self.runs == 3) self.third_run.set_value();
  }
  static void release(void *context) { ++static_cast<probe *>(context)->releases; }
};

void ignore(void *) {}
void no_misbehaviour(const std::string &) { FAIL("no job misbehaves here"); }

}  // namespace

TEST_CASE("a job runs again and again until it is cancelled, then is released once",
          "[worker_job_loop]") {
  job_loop loop(no_misbehaviour);
  probe job;
  const auto id = loop.start(millisecond, probe::run, &job, probe::release);
  REQUIRE(id != 0);
  job.third_run.get_future().wait();
  CHECK(loop.active() == 1);
  CHECK(job.releases == 0);

  loop.cancel(id);
  loop.cancel(id);
  CHECK(loop.active() == 0);
  CHECK(loop.close(10s));
  CHECK(job.releases == 1);
}

TEST_CASE("jobs that are left are released by close()", "[worker_job_loop]") {
  job_loop loop(no_misbehaviour);
  std::vector<probe> jobs(1000);
  for (auto &job : jobs) REQUIRE(loop.start(hour, probe::run, &job, probe::release) != 0);
  CHECK(loop.active() == 1000);
  CHECK(loop.list().size() == 1000);
  CHECK(loop.close(10s));
  CHECK(loop.active() == 0);
  for (const auto &job : jobs) {
    CHECK(job.releases == 1);
    CHECK(job.runs == 0);
  }
}

TEST_CASE("a closed loop takes no job and keeps nothing of it", "[worker_job_loop]") {
  job_loop loop(no_misbehaviour);
  REQUIRE(loop.close(10s));
  probe job;
  CHECK(loop.start(millisecond, probe::run, &job, probe::release) == 0);
  CHECK(job.releases == 0);
}

TEST_CASE("a job without a callback is refused", "[worker_job_loop]") {
  job_loop loop(no_misbehaviour);
  CHECK(loop.start(millisecond, nullptr, nullptr, nullptr) == 0);
}

TEST_CASE("unknown ids are ignored", "[worker_job_loop]") {
  job_loop loop(no_misbehaviour);
  loop.cancel(0);
  loop.cancel(12345);
  CHECK(loop.active() == 0);
}

TEST_CASE("a job may cancel itself from its callback", "[worker_job_loop]") {
  job_loop loop(no_misbehaviour);
  struct self_ending {
    job_loop &loop;
    std::promise<taskworker_job_id> id;
    std::promise<void> released;
  } job{loop, {}, {}};
  const auto run = [](void *context) {
    auto &self = *static_cast<self_ending *>(context);
    self.loop.cancel(self.id.get_future().get());
  };
  const auto release = [](void *context) {
    static_cast<self_ending *>(context)->released.set_value();
  };
  job.id.set_value(loop.start(millisecond, run, &job, release));
  job.released.get_future().wait();
  CHECK(loop.active() == 0);
}

TEST_CASE("callbacks of one loop never run beside one another", "[worker_job_loop]") {
  job_loop loop(no_misbehaviour);
  struct shared {
    int inside = 0;  // a race here is one that the thread sanitizer sees too
    bool overlapped = false;
    int runs = 0;
    std::promise<void> enough;
  } state;
  const auto run = [](void *context) {
    auto &seen = *static_cast<shared *>(context);
    seen.overlapped = seen.overlapped || ++seen.inside != 1;
    std::this_thread::yield();
    --seen.inside;
    if (++seen.runs == 100) seen.enough.set_value();
  };
  for (int i = 0; i < 10; ++i) loop.start(millisecond, run, &state, nullptr);
  state.enough.get_future().wait();
  REQUIRE(loop.close(10s));
  CHECK_FALSE(state.overlapped);
}

TEST_CASE("a callback that hangs keeps close() from waiting for ever", "[worker_job_loop]") {
  job_loop loop(no_misbehaviour);
  struct hanging {
    std::promise<void> began;
    std::promise<void> may_end;
  } job;
  const auto run = [](void *context) {
    auto &self = *static_cast<hanging *>(context);
    self.began.set_value();
    self.may_end.get_future().wait();
  };
  loop.start(millisecond, run, &job, nullptr);
  job.began.get_future().wait();
  CHECK_FALSE(loop.close(1ms));
  job.may_end.set_value();
  CHECK(loop.close(10s));
}

TEST_CASE("an exception out of a callback is told, and the job goes on", "[worker_job_loop]") {
  std::promise<std::string> told;
  std::atomic<int> times{0};
  job_loop loop([&](const std::string &text) {
    if (++times == 2) told.set_value(text);
  });
  loop.start(millisecond, [](void *) { throw std::runtime_error("on purpose"); }, nullptr, nullptr);
  CHECK(told.get_future().get() == "an exception came out of a job's callback: on purpose");
  CHECK(loop.close(10s));
}

TEST_CASE("a job's info tells its period, age and runs", "[worker_job_loop]") {
  job_loop loop(no_misbehaviour);
  probe job;
  loop.start(millisecond, probe::run, &job, probe::release);
  const auto slow = loop.start(hour, ignore, nullptr, nullptr);
  job.third_run.get_future().wait();
  for (const auto &info : loop.list()) {
    CHECK(info.started_by.depth > 0);
    CHECK(info.started_ns > 0);
    if (info.id == slow) {
      CHECK(info.period_ns == hour);
      CHECK(info.runs == 0);
      CHECK(info.last_run_ns == 0);
    } else {
      CHECK(info.period_ns == millisecond);
      CHECK(info.runs >= 3);
      CHECK(info.last_run_ns > info.started_ns);
    }
  }
  REQUIRE(loop.close(10s));
}

TEST_CASE("a job remembers whom its starter worked for", "[worker_job_loop]") {
  using taskworker::profiling::set_running_task;
  job_loop loop(no_misbehaviour);
  taskworker::profiling::running_task_slot slot(5);
  set_running_task(&slot);
  slot.begin(41, 2);
  const auto in_task = loop.start(hour, ignore, nullptr, nullptr);
  slot.end();
  const auto between_tasks = loop.start(hour, ignore, nullptr, nullptr);
  set_running_task(nullptr);
  loop.start(hour, ignore, nullptr, nullptr);
  for (const auto &info : loop.list()) {
    CHECK(info.started_in.is_in_task() == (info.id == in_task));
    if (info.id == in_task) {
      CHECK(info.started_in.worker == 5);
      CHECK(info.started_in.operation == 2);
      CHECK(info.started_in.task == 41);
    } else {
      const std::uint32_t none = taskworker::profiling::task_mark::none;
      CHECK(info.started_in.worker == (info.id == between_tasks ? 5 : none));
    }
  }
  REQUIRE(loop.close(10s));
}

TEST_CASE("the memory of a job is the host's, not the caller's", "[worker_job_loop]") {
  if (!taskworker::metrics::read_allocator()) return;  // nothing to count with
  using taskworker::metrics::host_allocation_scope;
  job_loop loop(no_misbehaviour);
  const auto before = host_allocation_scope::strategy_bytes_on_this_thread();
  for (int i = 0; i < 1000; ++i) loop.start(hour, ignore, nullptr, nullptr);
  CHECK(host_allocation_scope::strategy_bytes_on_this_thread() == before);
  REQUIRE(loop.close(10s));
}
