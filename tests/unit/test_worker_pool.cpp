// SPDX-License-Identifier: MIT
#include <algorithm>
#include <atomic>
#include <future>
#include <mutex>
#include <semaphore>
#include <set>
#include <stdexcept>

#include "catch.hpp"
#include "fake_strategy.hpp"
#include "metrics/allocator.hpp"
#include "temporary_file.hpp"
#include "worker/pool.hpp"

using namespace taskworker;
using namespace taskworker::worker;

namespace {

/// Answers every task rightly.
taskworker_status answer(std::uint32_t, const taskworker_task &task, taskworker_result &result) {
  const auto *in = static_cast<const std::int64_t *>(task.payload);
  auto *out = static_cast<std::int64_t *>(result.data);
  const std::size_t count = task.payload_size / sizeof(std::int64_t);
  std::uint64_t scalar = task.operation == TASKWORKER_MULTIPLY ? 1 : 0;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto value = static_cast<std::uint64_t>(in[i]);
    if (task.operation == TASKWORKER_SUM) scalar += value;
    if (task.operation == TASKWORKER_MULTIPLY) scalar *= value;
    if (task.operation == TASKWORKER_SQUARE) out[kept++] = static_cast<std::int64_t>(value * value);
    if (task.operation == TASKWORKER_FILTER && value % 2 == 0) out[kept++] = in[i];
  }
  const bool is_array = task.operation == TASKWORKER_SQUARE || task.operation == TASKWORKER_FILTER;
  result.kind = is_array ? TASKWORKER_ARRAY : TASKWORKER_SCALAR;
  result.scalar = static_cast<std::int64_t>(scalar);
  result.data_size = kept * sizeof(std::int64_t);
  return TASKWORKER_OK;
}

/// A pool over the fake strategy and generated tasks, with all it needs.
class fixture {
 public:
  explicit fixture(std::uint64_t task_count, pool_config config = {},
                   std::unique_ptr<task_source> source = nullptr)
      : tasks_(make_builtin_workload(10)),
        host_(services_),
        instance_(fake::entry, "fake", host_, {}) {
    config.result_capacity = std::max<std::size_t>(config.result_capacity, 80);
    instance_.start();
    pool_.emplace(
        config, instance_, *tasks_,
        source ? std::move(source) : make_generator(*tasks_, task_count),
        pool_events{
            .all_done = [this] { done_.set_value(); },
            .source_failed = [this](const std::string &) { source_failed_ = true; },
            .wrong_result =
                [this, expected = config.expected](const taskworker_task &task,
                                                   const taskworker_result &result, checked_by by) {
                  const std::lock_guard lock(mutex_);
                  wrong_.push_back(std::to_string(task.id) + ": " +
                                   (by == checked_by::workload
                                        ? tasks_->describe_mismatch(task, result)
                                        : expected->describe_mismatch(task, result)));
                },
        });
  }

  metrics::task_totals run() {
    start();
    return wait();
  }
  void start() { pool_->start(); }
  metrics::task_totals wait() {
    done_.get_future().wait();
    pool_->join();
    return pool_->totals();
  }

  pool &operator*() { return *pool_; }
  pool *operator->() { return &*pool_; }
  bool source_failed() const { return source_failed_; }
  std::vector<std::string> wrong() const { return wrong_; }
  std::vector<std::string> messages() { return services_.messages(); }

 private:
  std::unique_ptr<workload> tasks_;
  fake::services services_;
  strategy::host host_;
  strategy::instance instance_;
  std::promise<void> done_;
  std::atomic<bool> source_failed_{false};
  std::mutex mutex_;
  std::vector<std::string> wrong_;
  std::optional<pool> pool_;
};

void check_accounting(const metrics::task_totals &totals) {
  CHECK(totals.generated == totals.processed() + totals.failed() + totals.drained + totals.queued);
}

}  // namespace

TEST_CASE("every task is processed once, by workers that never run twice at once",
          "[worker_pool]") {
  for (const std::size_t capacity : {1u, 3u, 256u}) {
    std::mutex mutex;
    std::set<std::uint64_t> seen;
    std::vector<std::atomic<int>> inside(3);
    std::atomic<bool> overlapped{false};
    fake::process = [&](std::uint32_t worker, const taskworker_task &task,
                        taskworker_result &result) {
      if (++inside.at(worker) != 1) overlapped = true;
      {
        const std::lock_guard lock(mutex);
        seen.insert(task.id);
      }
      const auto status = answer(worker, task, result);
      --inside.at(worker);
      return status;
    };
    fixture pool(5000, {.workers = 3, .queue_capacity = capacity, .verify_every = 1});
    const auto totals = pool.run();
    CHECK(seen.size() == 5000);
    CHECK_FALSE(overlapped);
    CHECK(totals.generated == 5000);
    CHECK(totals.processed() == 5000);
    CHECK(totals.durations().count == 5000);
    CHECK(totals.waits.count == 5000);
    for (const auto &operation : totals.operations) CHECK(operation.processed == 1250);
    CHECK(pool->busy_seconds() > 0);
    check_accounting(totals);
  }
}

TEST_CASE("a failed task is an error, the next one is tried", "[worker_pool]") {
  fake::process = [](std::uint32_t worker, const taskworker_task &task,
                     taskworker_result &result) -> taskworker_status {
    if (task.id % 3 == 0) return TASKWORKER_FAILED;
    if (task.id % 3 == 1) return TASKWORKER_UNSUPPORTED;
    return answer(worker, task, result);
  };
  fixture pool(300, {.workers = 2});
  const auto totals = pool.run();
  CHECK(totals.processed() == 100);
  CHECK(totals.errors[static_cast<std::size_t>(metrics::task_error::failed)] == 200);
  check_accounting(totals);
}

TEST_CASE("a task that fails after the time it may take has timed out", "[worker_pool]") {
  using namespace std::chrono_literals;
  fake::process = [](std::uint32_t worker, const taskworker_task &task,
                     taskworker_result &result) -> taskworker_status {
    const auto begin = std::chrono::steady_clock::now();
    while (task.id < 2 && std::chrono::steady_clock::now() - begin < 20ms) {
    }
    return task.id != 0 ? answer(worker, task, result) : TASKWORKER_FAILED;
  };
  fixture pool(10, {.task_timeout = 10ms});
  const auto totals = pool.run();
  CHECK(totals.errors[static_cast<std::size_t>(metrics::task_error::timed_out)] == 1);
  CHECK(totals.failed() == 1);
  CHECK(totals.processed() == 9);  // with the one that was late, and right
  check_accounting(totals);
}

TEST_CASE("an exception out of process() is a failed task and told once", "[worker_pool]") {
  fake::process = [](std::uint32_t, const taskworker_task &,
                     taskworker_result &) -> taskworker_status {
    throw std::runtime_error("on purpose");
  };
  fixture pool(100);
  const auto totals = pool.run();
  CHECK(totals.failed() == 100);
  CHECK(pool.messages().size() == 1);
}

TEST_CASE("wrong results are found, in the sample and in all", "[worker_pool]") {
  fake::process = [](std::uint32_t worker, const taskworker_task &task, taskworker_result &result) {
    const auto status = answer(worker, task, result);
    result.scalar += 1;
    return status;
  };
  fixture all(100, {.verify_every = 1});
  auto totals = all.run();
  const auto wrong = static_cast<std::size_t>(metrics::task_error::wrong_result);
  CHECK(totals.errors[wrong] == 50);  // sums and products
  CHECK(all.wrong().front() == "0: got 316, expected 315");

  fixture sample(100, {.verify_every = 40});
  totals = sample.run();
  CHECK(totals.errors[wrong] == 3);  // 0, 40, 80
  CHECK(totals.processed() == 97);
  check_accounting(totals);

  fixture none(100);
  CHECK(none.run().failed() == 0);
}

TEST_CASE("results that are checked are kept, and must equal those that were", "[worker_pool]") {
  const auto tasks = make_builtin_workload(10);
  const temporary_folder folder;
  fake::process = answer;
  results_writer kept(folder / "kept", tasks->name());
  fixture first(100, {.workers = 2, .verify_every = 10, .results = &kept});
  CHECK(first.run().processed() == 100);
  CHECK(first->allocated_bytes() == 0);
  kept.finish();

  const expected_results expected(folder / "kept", *tasks);
  fixture same(100, {.workers = 2, .verify_every = 10, .expected = &expected});
  CHECK(same.run().processed() == 100);
  CHECK(same->allocated_bytes() == 0);

  // Of all tasks nine in ten are not in it.
  fixture more(100, {.verify_every = 1, .expected = &expected});
  const auto totals = more.run();
  CHECK(totals.errors[static_cast<std::size_t>(metrics::task_error::wrong_result)] == 90);
  CHECK(totals.processed() == 10);
  CHECK(more.wrong().front() == "1: " + folder.path() + "/kept has none of this task");
  check_accounting(totals);
}

TEST_CASE("a result that is wrong by itself is told so, and kept as it is", "[worker_pool]") {
  const auto tasks = make_builtin_workload(10);
  const temporary_folder folder;
  fake::process = [](std::uint32_t worker, const taskworker_task &task, taskworker_result &result) {
    const auto status = answer(worker, task, result);
    if (task.id == 0) result.scalar += 1;
    return status;
  };
  results_writer kept(folder / "kept", tasks->name());
  fixture wrong(4, {.verify_every = 1, .results = &kept});
  CHECK(wrong.run().failed() == 1);
  kept.finish();

  const expected_results expected(folder / "kept", *tasks);
  fixture still_wrong(4, {.verify_every = 1, .expected = &expected});
  CHECK(still_wrong.run().failed() == 1);
  CHECK(still_wrong.wrong() == std::vector<std::string>{"0: got 316, expected 315"});

  fake::process = answer;
  fixture right(4, {.verify_every = 1, .expected = &expected});
  CHECK(right.run().failed() == 1);
  CHECK(right.wrong() ==
        std::vector<std::string>{"0: got 315, " + folder.path() + "/kept has 316"});
}

TEST_CASE("a strategy that asks for room gets it for the same task", "[worker_pool]") {
  std::vector<std::uint64_t> calls;
  fake::process = [&](std::uint32_t, const taskworker_task &task,
                      taskworker_result &result) -> taskworker_status {
    calls.push_back(task.id);
    result.data_size = 100'000;
    result.info_size = 1000;
    if (result.data_capacity < 100'000 || result.info_capacity < 1000) {
      return TASKWORKER_NO_CAPACITY;
    }
    return TASKWORKER_OK;
  };
  fixture pool(2);
  CHECK(pool.run().processed() == 2);
  CHECK(calls == std::vector<std::uint64_t>{0, 0, 1});
}

TEST_CASE("a strategy that never has room enough fails the task", "[worker_pool]") {
  fake::process = [](std::uint32_t, const taskworker_task &, taskworker_result &result) {
    result.data_size = result.data_capacity + 1;
    return TASKWORKER_NO_CAPACITY;
  };
  fixture pool(3);
  CHECK(pool.run().failed() == 3);
}

TEST_CASE("a result that claims more than its buffer holds fails the task", "[worker_pool]") {
  fake::process = [](std::uint32_t, const taskworker_task &task, taskworker_result &result) {
    result.kind = TASKWORKER_ARRAY;
    if (task.id == 0) result.data_size = result.data_capacity + 1;
    if (task.id == 1) result.info_size = result.info_capacity + 1;
    return TASKWORKER_OK;
  };
  fixture pool(3);
  const auto totals = pool.run();
  CHECK(totals.failed() == 2);
  CHECK(totals.processed() == 1);
}

TEST_CASE("a drain lets running tasks end and throws out those that wait", "[worker_pool]") {
  std::binary_semaphore inside{0};
  std::binary_semaphore may_end{0};
  fake::process = [&](std::uint32_t, const taskworker_task &, taskworker_result &) {
    inside.release();
    may_end.acquire();
    return TASKWORKER_OK;
  };
  fixture pool(0, {.workers = 1, .queue_capacity = 8});  // without end
  pool.start();
  inside.acquire();
  const auto running = pool->running_tasks();
  REQUIRE(running.size() == 1);
  CHECK(running[0].worker == 0);
  CHECK(running[0].task.id == 0);
  CHECK(running[0].task.thread > 0);
  pool->drain();
  may_end.release();
  const auto totals = pool.wait();
  CHECK(totals.processed() == 1);
  CHECK(totals.drained == totals.generated - 1);
  check_accounting(totals);
}

TEST_CASE("a task that gives up because of the drain counts as drained", "[worker_pool]") {
  std::binary_semaphore inside{0};
  std::binary_semaphore may_end{0};
  fake::process = [&](std::uint32_t, const taskworker_task &, taskworker_result &) {
    inside.release();
    may_end.acquire();
    return TASKWORKER_CANCELLED;
  };
  fixture pool(0, {.workers = 1, .queue_capacity = 1});
  pool.start();
  inside.acquire();
  pool->drain();
  may_end.release();
  const auto totals = pool.wait();
  CHECK(totals.processed() + totals.failed() == 0);
  CHECK(totals.drained == totals.generated);
}

namespace {

/// Gives some tasks, then breaks.
class breaking_source final : public task_source {
 public:
  fill_result fill(std::span<task_slot> slots) override {
    if (given_ == 5) throw std::runtime_error("on purpose");
    slots[0].task = {};
    slots[0].task.id = given_++;
    return {.filled = 1, .bad_inputs = 2};
  }
  void interrupt() noexcept override {}

 private:
  std::uint64_t given_ = 0;
};

}  // namespace

TEST_CASE("what a source gave before it broke is processed and counted", "[worker_pool]") {
  fake::process = answer;
  fixture pool(0, {.workers = 2}, std::make_unique<breaking_source>());
  const auto totals = pool.run();
  CHECK(pool.source_failed());
  CHECK(totals.processed() == 5);
  CHECK(totals.errors[static_cast<std::size_t>(metrics::task_error::bad_input)] == 10);
  CHECK(totals.generated == 15);
  check_accounting(totals);
}

TEST_CASE("a worker that does not allocate is seen to allocate nothing", "[worker_pool]") {
  fake::process = answer;
  fixture pool(100'000, {.workers = 2, .verify_every = 16});
  pool.run();
  CHECK(pool->allocated_bytes() == 0);
  CHECK(pool->allocations() == 0);
}

TEST_CASE("what process() allocates is counted to the byte", "[worker_pool]") {
  if (!metrics::read_allocator()) return;  // nothing to count with
  fake::process = [](std::uint32_t worker, const taskworker_task &task, taskworker_result &result) {
    // Volatile, since the optimizer may leave out a pair of new and delete.
    char *volatile memory = new char[64];
    delete[] memory;
    return answer(worker, task, result);
  };
  fixture pool(10'000, {.workers = 2});
  pool.run();
  CHECK(pool->allocated_bytes() == 640'000);
  CHECK(pool->allocations() == 10'000);
}
