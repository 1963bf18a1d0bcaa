// SPDX-License-Identifier: MIT
/*
 * The strategy `bad`: right results, and three classic faults around them. Each place is
 * marked FAULT, with the CURE beside it; process() is the place to begin.
 *
 *  1. leak      helpers that nobody ends: a job per task, a thread now and then, a monitor.
 *  2. capacity  results kept for ever, in containers that were never reserved.
 *  3. alloc     new objects and strings for each task, copied from hand to hand.
 *
 * `--strategy-opt problems=...` chooses among them; with `none` it does what `optimized`
 * does. The leak-limit options let the machine survive.
 */
#include <taskworker/ext/options.h>
#include <taskworker/ext/queue.h>

#include <atomic>
#include <chrono>
#include <cstring>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "common/calculation.hpp"
#include "common/helper_job.hpp"
#include "common/host_link.hpp"
#include "common/instance_of.hpp"
#include "common/monitor.hpp"
#include "common/option_values.hpp"
#include "common/worker_state.hpp"

namespace taskworker::bad {
namespace {

using namespace strategies;
using std::chrono::nanoseconds;

// ---- Options -------------------------------------------------------------------

constexpr const char *problem_names[] = {"leak", "capacity", "alloc", nullptr};

constexpr taskworker_option option_list[] = {
    {"problems", "Faults that are on", "leak,capacity,alloc", problem_names, 0, 0,
     TASKWORKER_OPTION_SET, 0},
    {"leak-limit-jobs", "Jobs that may leak, in all", "100000", nullptr, 0, 10'000'000,
     TASKWORKER_OPTION_INTEGER, 0},
    {"leak-limit-threads", "Threads that may leak, in all", "1000", nullptr, 0, 1'000'000,
     TASKWORKER_OPTION_INTEGER, 0},
    {"leak-limit-mib", "MiB of results that may be kept, in all", "256", nullptr, 0, 1'048'576,
     TASKWORKER_OPTION_INTEGER, 0},
    {"thread-every", "One of this many tasks starts a thread", "4", nullptr, 1, 1'000'000,
     TASKWORKER_OPTION_INTEGER, 0},
    {"keep", "Results that each worker keeps, the last ones, without the fault 'capacity'", "1000",
     nullptr, 1, 1'000'000, TASKWORKER_OPTION_INTEGER, 0},
};
constexpr taskworker_options options = {option_list, std::size(option_list)};

struct settings {
  bool leak = false;
  bool capacity = false;
  bool alloc = false;
  std::uint64_t limit_jobs = 0;
  std::uint64_t limit_threads = 0;
  std::uint64_t limit_mib = 0;
  std::uint64_t thread_every = 1;
  std::size_t keep = 1;
};

settings read_settings(const taskworker_config &config) {
  return {.leak = has_member(config, "problems", "leak"),
          .capacity = has_member(config, "problems", "capacity"),
          .alloc = has_member(config, "problems", "alloc"),
          .limit_jobs = number_of(config, "leak-limit-jobs"),
          .limit_threads = number_of(config, "leak-limit-threads"),
          .limit_mib = number_of(config, "leak-limit-mib"),
          .thread_every = number_of(config, "thread-every"),
          .keep = number_of(config, "keep")};
}

// ---- 1. leak -------------------------------------------------------------------

/// Counts what was leaked, up to a limit.
class leak_counter {
 public:
  /// False, and counted as missed, when the limit is reached.
  bool take(std::uint64_t limit) noexcept {
    if (leaked_.fetch_add(1, std::memory_order_relaxed) < limit) return true;
    give_back();
    return false;
  }
  /// What was taken could not be leaked after all.
  void give_back() noexcept {
    leaked_.fetch_sub(1, std::memory_order_relaxed);
    missed_.fetch_add(1, std::memory_order_relaxed);
  }
  [[nodiscard]] std::uint64_t missed() const noexcept {
    return missed_.load(std::memory_order_relaxed);
  }

 private:
  std::atomic<std::uint64_t> leaked_{0};
  std::atomic<std::uint64_t> missed_{0};
};

// The threads outlive the instance that started them: they count for the whole process,
// and touch nothing but static data.
constinit leak_counter leaked_threads;
constinit std::atomic<std::uint64_t> wake_ups{0};

[[noreturn]] void sleep_for_ever(nanoseconds period) {
  for (;;) {
    std::this_thread::sleep_for(period);
    wake_ups.fetch_add(1, std::memory_order_relaxed);
  }
}

[[noreturn, gnu::noinline]] void run_helper_thread() { sleep_for_ever(std::chrono::seconds(1)); }

[[noreturn, gnu::noinline]] void run_monitor_thread() {
  sleep_for_ever(std::chrono::milliseconds(100));
}

// FAULT leak: the thread has no way to end, and once detached nobody can wait for it.
// CURE: std::jthread with a stop token, joined in stop() (common/monitor.cpp).
[[gnu::noinline]] void start_helper_thread(std::uint64_t limit) {
  if (!leaked_threads.take(limit)) return;
  try {
    std::thread(run_helper_thread).detach();
  } catch (const std::system_error &) {  // no thread to be had: EAGAIN
    leaked_threads.give_back();
  }
}

// FAULT leak: as above.
[[gnu::noinline]] void start_monitor_thread(std::uint64_t limit) {
  if (!leaked_threads.take(limit)) return;
  try {
    std::thread(run_monitor_thread).detach();
  } catch (const std::system_error &) {  // no thread to be had: EAGAIN
    leaked_threads.give_back();
  }
}

/// What a leaked job looks at.
struct helper_context {
  std::shared_ptr<worker_state> worker;
};

void look_at_worker(void *context) { static_cast<helper_context *>(context)->worker->look(); }
void free_context(void *context) { delete static_cast<helper_context *>(context); }

// FAULT leak: the id of the job is thrown away, so nobody can ever cancel it.
// CURE: one job per worker, whose owner cancels it (common/helper_job.cpp).
[[gnu::noinline]] void start_helper_job(const host_link &host,
                                        const std::shared_ptr<worker_state> &worker,
                                        leak_counter &leaked, std::uint64_t limit) {
  if (!leaked.take(limit)) return;
  constexpr nanoseconds period = std::chrono::seconds(1);
  auto context = std::make_unique<helper_context>(helper_context{worker});
  const taskworker_job_id job =
      host.jobs() == nullptr
          ? 0
          : host.jobs()->start(host.host(), static_cast<std::uint64_t>(period.count()),
                               look_at_worker, context.get(), free_context);
  if (job == 0) {
    leaked.give_back();
    return;
  }
  static_cast<void>(context.release());  // the job's, until free_context()
}

// ---- 2. capacity ---------------------------------------------------------------

/// A full copy of a result.
struct result_copy {
  std::uint64_t task = 0;
  std::vector<std::int64_t> values;
  std::string info;
};

/// What the results of one worker grow into.
struct result_store {
  // FAULT capacity: neither is ever reserved or emptied. Each time the vector is full, all
  // results move to a larger one; each time the map is, all its keys are hashed again.
  // CURE: a ring of the last results, had in start() (common/kept_results.hpp).
  std::vector<result_copy> results;
  std::unordered_map<std::uint64_t, std::string> metadata;
  std::uint64_t copied_bytes = 0;
  std::uint64_t missed = 0;  ///< results that the limit did not let in

  /// What is held once one more result came, at most: both containers grow by doubling.
  [[nodiscard]] std::uint64_t bytes_with_one_more() const {
    return copied_bytes + 2 * (results.size() + 1) * (sizeof(result_copy) + sizeof(void *));
  }
};

std::span<const std::int64_t> values_of(const taskworker_result &result) {
  if (result.kind == TASKWORKER_SCALAR) return {&result.scalar, 1};
  return {static_cast<const std::int64_t *>(result.data), result.data_size / sizeof(std::int64_t)};
}

// FAULT capacity: grows step by step, though the size is known.
// CURE: copy.reserve(values.size()), or assign() it in one.
[[gnu::noinline]] std::vector<std::int64_t> copy_by_append(std::span<const std::int64_t> values) {
  std::vector<std::int64_t> copy;
  for (const auto value : values) copy.push_back(value);  // NOLINT: the fault
  return copy;
}

// FAULT and CURE: the same for a text.
[[gnu::noinline]] std::string copy_by_append(std::string_view text) {
  std::string copy;
  for (const char letter : text) copy.push_back(letter);
  return copy;
}

[[gnu::noinline]] void keep_result(result_store &store, std::uint64_t limit_bytes,
                                   const taskworker_task &task, const taskworker_result &result,
                                   std::string_view metadata) {
  result_copy copy{task.id, copy_by_append(values_of(result)),
                   copy_by_append(std::string_view(result.info, result.info_size))};
  std::string text = copy_by_append(metadata);
  const std::uint64_t bytes = copy.values.capacity() * sizeof(std::int64_t) + copy.info.capacity() +
                              text.capacity() + sizeof(decltype(store.metadata)::value_type) +
                              sizeof(void *);
  if (store.bytes_with_one_more() + bytes > limit_bytes) {
    ++store.missed;
    return;
  }
  store.copied_bytes += bytes;
  store.results.push_back(std::move(copy));
  store.metadata.emplace(task.id, std::move(text));
}

// ---- 3. alloc ------------------------------------------------------------------

/// What is noted of one task.
struct log_entry {
  std::string line;
  std::string metadata;
  std::vector<std::int64_t> values;
};

// FAULT alloc: a string for each word, copied in the loop, and a result that grows by +=.
// CURE: std::to_chars into memory that is used again (common/text_writer.hpp).
[[gnu::noinline]] std::string join_words(std::initializer_list<std::string> words) {
  std::string text;
  for (const std::string &each : words) {
    const std::string word = each;  // NOLINT: the fault
    text += word;
  }
  return text;
}

[[gnu::noinline]] std::string build_info(const taskworker_task &task,
                                         const taskworker_result &result) {
  const std::string elements = std::to_string(task.payload_size / sizeof(std::int64_t));
  switch (task.operation) {
    case TASKWORKER_SUM:
      return join_words({"Sum of ", elements, " numbers"});
    case TASKWORKER_MULTIPLY:
      return join_words({"Product of ", elements, " numbers"});
    case TASKWORKER_SQUARE:
      return join_words({"Squared ", elements, " numbers"});
    default:
      return join_words({"Filtered ", std::to_string(result.data_size / sizeof(std::int64_t)),
                         " even numbers from ", elements});
  }
}

[[gnu::noinline]] std::string build_log_line(std::uint32_t worker, const taskworker_task &task,
                                             const std::string &info) {
  return join_words(
      {"worker ", std::to_string(worker), " processed task ", std::to_string(task.id), ": ", info});
}

[[gnu::noinline]] std::string build_metadata(std::uint32_t worker, const taskworker_task &task,
                                             std::uint64_t processed) {
  return join_words({"worker=", std::to_string(worker), " task=", std::to_string(task.id),
                     " processed=", std::to_string(processed)});
}

// FAULT alloc: a fresh object on the heap for each task.
// CURE: one per worker, written over (common/worker_state.hpp).
[[gnu::noinline]] std::unique_ptr<log_entry> make_log_entry(std::uint32_t worker,
                                                            std::uint64_t processed,
                                                            const taskworker_task &task,
                                                            const taskworker_result &result) {
  auto entry = std::make_unique<log_entry>();
  entry->line = build_log_line(worker, task, std::string(result.info, result.info_size));
  entry->metadata = build_metadata(worker, task, processed);
  const auto values = values_of(result);
  entry->values.assign(values.begin(), values.end());
  return entry;
}

// FAULT alloc: the entry comes by value, and is copied once more to stay.
// CURE: a const reference, and a move of what is not needed any more.
[[gnu::noinline]] void publish_log_entry(log_entry &last, log_entry entry) {
  last = entry;  // NOLINT: the fault
}

// ---- The strategy --------------------------------------------------------------

/// What one worker holds.
struct alignas(cache_line) bad_worker {
  std::shared_ptr<worker_state> state;
  result_store store;  ///< used by the fault 'capacity'
  log_entry last;      ///< used by the fault 'alloc'
};

/// All that lives from start() on. A leaked job shares the state of its worker.
struct run {
  std::vector<bad_worker> workers;
  leak_counter leaked_jobs;
  // Without the fault 'leak', as in `optimized`.
  std::vector<std::unique_ptr<helper_job>> helpers;
  std::unique_ptr<monitor> watch;
};

class strategy {
 public:
  strategy(const host_link &host, const taskworker_config &config) : host_(host), config_(config) {}

  taskworker_status init() {
    settings_ = read_settings(config_);
    return TASKWORKER_OK;
  }

  taskworker_status start(std::uint32_t workers) {
    auto started = std::make_unique<run>();
    started->workers = std::vector<bad_worker>(workers);
    for (std::uint32_t index = 0; index < workers; ++index) {
      started->workers[index].state = std::make_shared<worker_state>(index, settings_.keep);
    }
    if (settings_.leak) {
      start_monitor_thread(settings_.limit_threads);
    } else {
      start_helpers(*started);
    }
    run_ = std::move(started);
    return TASKWORKER_OK;
  }

  taskworker_status process(std::uint32_t worker, const taskworker_task &task,
                            taskworker_result &result) {
    const taskworker_status status = calculate(task, result, host_);
    bool info_fits = false;
    if (status == TASKWORKER_OK || status == TASKWORKER_NO_CAPACITY) {
      info_fits = settings_.alloc ? copy_info(task, result) : write_info_in_place(task, result);
    }
    if (status != TASKWORKER_OK) return status;
    if (!info_fits) return TASKWORKER_NO_CAPACITY;
    bad_worker &self = run_->workers[worker];
    log_task(self, task, result);
    keep(self, task, result);
    if (settings_.leak) start_helpers_of(self, task);
    self.state->hand_over_status();
    return TASKWORKER_OK;
  }

  void stop() {
    run_->helpers.clear();
    run_->watch.reset();
    report_missed_leaks();
  }

  /// FAULT leak: room for one task that waits, so that the source of the tasks is held up
  /// again and again. CURE: let the host choose, which 0 means.
  [[nodiscard]] std::uint32_t wanted_capacity() const noexcept { return settings_.leak ? 1 : 0; }

  static const void *get_extension(const char *id) noexcept;

 private:
  void start_helpers(run &started) const {
    std::vector<std::shared_ptr<worker_state>> watched;
    watched.reserve(started.workers.size());
    started.helpers.reserve(started.workers.size());
    for (const auto &worker : started.workers) {
      watched.push_back(worker.state);
      started.helpers.push_back(std::make_unique<helper_job>(host_, worker.state));
    }
    started.watch = std::make_unique<monitor>(std::move(watched));
  }

  // FAULT alloc: a text is built elsewhere and copied to where it belongs.
  // CURE: write_info_in_place().
  static bool copy_info(const taskworker_task &task, taskworker_result &result) {
    const std::string info = build_info(task, result);
    result.info_size = info.size();
    if (info.size() > result.info_capacity) return false;
    std::memcpy(result.info, info.data(), info.size());
    return true;
  }

  static bool write_info_in_place(const taskworker_task &task, taskworker_result &result) {
    text_writer info(result.info, result.info_capacity);
    write_info(info, task, result);
    result.info_size = info.size();
    return info.fits();
  }

  void log_task(bad_worker &self, const taskworker_task &task, const taskworker_result &result) {
    if (!settings_.alloc) return self.state->write_texts(task, result);
    const auto entry =
        make_log_entry(self.state->index(), self.state->processed() + 1, task, result);
    publish_log_entry(self.last, *entry);
  }

  void keep(bad_worker &self, const taskworker_task &task, const taskworker_result &result) {
    if (!settings_.capacity) return self.state->keep_result(task, result);
    // A share for each worker: nobody has to ask what the others hold.
    const std::uint64_t limit_bytes = (settings_.limit_mib << 20) / run_->workers.size();
    keep_result(self.store, limit_bytes, task, result,
                settings_.alloc ? std::string_view(self.last.metadata) : self.state->metadata());
  }

  // FAULT leak: helpers for a single task, which go on after it.
  // CURE: helpers that are started once, in start(), and are handed a status.
  void start_helpers_of(const bad_worker &self, const taskworker_task &task) {
    start_helper_job(host_, self.state, run_->leaked_jobs, settings_.limit_jobs);
    // One task of each group, each time at another place in it: no operation is slower than
    // the others only because its tasks start the threads.
    const std::uint64_t group = task.id / settings_.thread_every;
    if ((task.id + group) % settings_.thread_every == 0) {
      start_helper_thread(settings_.limit_threads);
    }
  }

  void report_missed_leaks() const {
    const std::uint64_t jobs = run_->leaked_jobs.missed();
    const std::uint64_t threads = settings_.leak ? leaked_threads.missed() : 0;
    std::uint64_t results = 0;
    for (const auto &worker : run_->workers) results += worker.store.missed;
    std::string text;
    const auto add = [&text](std::uint64_t count, const char *what, std::uint64_t limit) {
      if (count == 0) return;
      text += (text.empty() ? "could not leak " : ", ") + std::to_string(count) + what +
              std::to_string(limit) + ")";
    };
    add(jobs, " jobs (leak-limit-jobs=", settings_.limit_jobs);
    add(threads, " threads (leak-limit-threads=", settings_.limit_threads);
    add(results, " results (leak-limit-mib=", settings_.limit_mib);
    if (text.empty()) return;
    host_.log(TASKWORKER_LOG_INFO, text.c_str());
  }

  const host_link &host_;
  const taskworker_config &config_;
  settings settings_;
  std::unique_ptr<run> run_;  ///< null before the first start()
};

// ---- The interface -------------------------------------------------------------

using instance = instance_of<strategy>;

std::uint32_t wanted_capacity(taskworker_instance *abi) noexcept {
  return instance::strategy_of(abi).wanted_capacity();
}
static_assert(noexcept(wanted_capacity(nullptr)));

constexpr taskworker_queue queue = {wanted_capacity};

const void *strategy::get_extension(const char *id) noexcept {
  return std::string_view(id) == TASKWORKER_EXT_QUEUE ? &queue : nullptr;
}

const void *get_extension(const char *id) noexcept {
  return std::string_view(id) == TASKWORKER_EXT_OPTIONS ? &options : nullptr;
}
static_assert(noexcept(get_extension(nullptr)));

}  // namespace
}  // namespace taskworker::bad

const taskworker_entry taskworker_strategy_entry = {
    TASKWORKER_ABI_VERSION,
    {"bad", "1.0.0", "Right results with three faults: leak, capacity, alloc", "MIT",
     "the taskworker authors"},
    nullptr,
    nullptr,
    taskworker::bad::instance::create,
    taskworker::bad::get_extension,
};
