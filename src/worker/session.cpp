// SPDX-License-Identifier: MIT
#include "worker/session.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <exception>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "metrics/control_group.hpp"
#include "metrics/tick_clock.hpp"
#include "profiling/format/profile_file.hpp"
#include "profiling/threads/threads.hpp"
#include "strategy/host.hpp"
#include "strategy/instance.hpp"
#include "worker/heap_dump_signal.hpp"
#include "worker/ignored_signal.hpp"
#include "worker/lifecycle.hpp"
#include "worker/live_stack.hpp"
#include "worker/memory_watch.hpp"
#include "worker/pool.hpp"
#include "worker/posted_thread.hpp"
#include "worker/repeated_warning.hpp"
#include "worker/resource_record.hpp"
#include "worker/results_file.hpp"
#include "worker/watchdog.hpp"

namespace taskworker::worker {
namespace {

namespace asio = boost::asio;

constexpr auto tick_period = std::chrono::milliseconds(100);

/// Tables of symbols, some ten MiB, are kept for the next request so long.
constexpr auto symbol_tables_idle = std::chrono::seconds(30);

/// Warnings of one kind that are shown.
constexpr std::uint64_t shown_messages = 5;
constexpr std::uint64_t shown_overdue = 50;  // a stack of each worker, where all of them hang

std::unique_ptr<workload> make_workload(const strategy::library &opened, std::uint64_t data_size) {
  if (opened.workload() != nullptr) return make_strategy_workload(*opened.workload(), data_size);
  return make_builtin_workload(data_size);
}

std::uint64_t last_thread_number() {
  const auto threads = profiling::live_threads();
  return threads.empty() ? 0 : threads.back().number;
}

}  // namespace

class session::course final : private strategy::host_services {
 public:
  course(const strategy::library &opened, session_config config, session_observer &observer,
         profiling::symbols &names)
      : library_(opened),
        config_(std::move(config)),
        observer_(observer),
        names_(names),
        tasks_(make_workload(opened, config_.data_size)),
        expected_(read_expected()),
        source_(make_source()),
        host_(*this),
        jobs_([this](const std::string &text) {
          observer_.message(TASKWORKER_LOG_STRATEGY_MISBEHAVING, text, false);
        }),
        watchdog_(
            config_.task_timeout, [this] { return busy_workers(); },
            [this](std::vector<stuck_task> late) { report_overdue(std::move(late)); }),
        lifecycle_(config_.duration.count() > 0),
        control_("tw-control") {}

  session_outcome run() {
    asio::signal_set signals(io_, SIGINT, SIGTERM);
    if (!is_ignored(SIGHUP)) signals.add(SIGHUP);
    wait_for_signal(signals);
    heap_dump_signal dump(io_, names_, [this](const std::string &text, bool is_written) {
      observer_.message(is_written ? TASKWORKER_LOG_INFO : TASKWORKER_LOG_ERROR, text, false);
    });
    resources_.begin();
    first_strategy_thread_.store(last_thread_number() + 1);
    wait_for_start();
    control_.post([this] { start_strategy(); });
    io_.run();
    // A strategy that did not start or stop is still at work on what an exception would take away.
    if (start_failure_ && !was_given_up_) std::rethrow_exception(start_failure_);
    return take_outcome();
  }

  [[nodiscard]] metrics::task_totals totals() const {
    const pool *running = ready_pool_.load(std::memory_order_acquire);
    return running != nullptr ? running->totals()
                              : metrics::task_totals(tasks_->operation_names().size());
  }
  [[nodiscard]] metrics::task_counts counts() const noexcept {
    const pool *running = ready_pool_.load(std::memory_order_acquire);
    return running != nullptr ? running->counts() : metrics::task_counts{};
  }
  [[nodiscard]] std::uint64_t active_jobs() const { return jobs_.active(); }
  [[nodiscard]] std::vector<job_info> jobs() const { return jobs_.list(); }
  [[nodiscard]] const profiling::peak_heap &peak_heap() const { return peak_heap_; }
  [[nodiscard]] left_behind find_left_behind() const {
    if (is_stopped_.load()) return {strategy_threads(), jobs_.list(), true};
    const pool *running = ready_pool_.load(std::memory_order_acquire);
    if (running == nullptr) return {};
    auto threads = strategy_threads();
    auto jobs = jobs_.list();
    const auto workers = running->tasks_by_worker();
    return find_suspects(std::move(threads), std::move(jobs), workers,
                         metrics::tick_clock::monotonic_ns());
  }
  [[nodiscard]] bool is_ready() const noexcept {
    return ready_pool_.load(std::memory_order_acquire) != nullptr && !host_.is_stopping();
  }
  [[nodiscard]] const workload &tasks() const { return *tasks_; }
  [[nodiscard]] std::vector<stuck_task> overdue_tasks() { return watchdog_.overdue(); }
  [[nodiscard]] std::uint64_t task_timeouts() { return watchdog_.timeouts(); }

  session_outcome cut_off(const crash &by) {
    session_outcome outcome = so_far(session_end::crash);
    outcome.signal = by.signal;
    outcome.crash = describe(by, tasks_->operation_names());
    return outcome;
  }

 private:
  // ---- host_services: any thread ----

  void log(taskworker_log_severity severity, const char *message) noexcept override {
    try {
      observer_.message(severity, message, true);
    } catch (const std::exception &) {
      // Without memory for a message there is nobody left to tell.
    }
  }
  taskworker_job_id start_job(std::uint64_t period_ns, taskworker_job_callback callback,
                              void *context, taskworker_job_release release) noexcept override {
    return jobs_.start(period_ns, callback, context, release);
  }
  void cancel_job(taskworker_job_id job) noexcept override { jobs_.cancel(job); }

  // ---- the control thread: everything that calls the strategy but process() ----

  void start_strategy() {
    try {
      instance_.emplace(library_, host_,
                        strategy::instance_config{config_.options, config_.workers, config_.tasks,
                                                  config_.data_size});
      const std::uint32_t wanted = instance_->queue_capacity();
      instance_->start();
      results_ = make_results();
      ready_results_.store(results_.get(), std::memory_order_release);
      pool_ = std::make_unique<pool>(make_pool_config(wanted), *instance_, *tasks_,
                                     std::move(source_), make_pool_events());
      ready_pool_.store(pool_.get(), std::memory_order_release);
      post_event(run_event::started);
    } catch (...) {
      if (jobs_.close(config_.grace)) {
        instance_.reset();
      } else if (instance_) {
        instance_->abandon();
      }
      asio::post(io_, [this, failure = std::current_exception()] {
        start_failure_ = failure;
        io_.stop();
      });
    }
  }

  /// Whatever hangs in here, the grace time ends it.
  void stop_strategy() {
    if (fed_) pool_->join();
    finish_results();
    take_memprofile();
    instance_->stop();
    is_stopped_.store(true);
    resources_.end(outcome_);  // before names are looked up, which takes memory
    const left_behind left = find_left_behind();
    outcome_.leaks = group_leaks(left.threads, left.jobs, &library_.entry(), names_);
    if (!jobs_.close(config_.grace)) return;
    instance_->destroy();
    post_event(run_event::stopped);
  }

  void finish_results() {
    if (!results_) return;
    ready_results_.store(nullptr);
    try {
      results_->finish();
    } catch (const results_file_error &error) {
      outcome_.results_error = error.what();
    }
  }

  void take_memprofile() {
    is_heap_due_.store(false);
    if (config_.memprofile.empty()) return;
    try {
      profiling::write_heap_file(config_.memprofile, names_);
    } catch (const std::runtime_error &error) {
      outcome_.memprofile_error = error.what();
    }
  }

  // ---- threads of the pool ----

  pool_events make_pool_events() {
    return {
        .all_done = [this] { post_event(run_event::tasks_done); },
        .source_failed =
            [this](const std::string &reason) {
              asio::post(io_, [this, reason] { outcome_.source_error = reason; });
            },
        .wrong_result =
            [this](const taskworker_task &task, const taskworker_result &result, checked_by by) {
              wrong_results_.tell([&] {
                return "task " + std::to_string(task.id) + " (" +
                       tasks_->operation_names()[task.operation] + "): wrong result: " +
                       (by == checked_by::workload ? tasks_->describe_mismatch(task, result)
                                                   : expected_->describe_mismatch(task, result));
              });
            },
    };
  }

  // ---- the thread that called run() ----

  void post_event(run_event event) {
    asio::post(io_, [this, event] { on(event); });
  }

  void on(run_event event) {
    switch (lifecycle_.on(event)) {
      case run_action::nothing:
        break;
      case run_action::feed:
        feed();
        break;
      case run_action::linger:
        observer_.lingering(config_.duration - elapsed());
        break;
      case run_action::drain:
        host_.request_stop();
        if (fed_) pool_->drain();
        begin_grace();
        break;
      case run_action::stop:
        host_.request_stop();
        begin_grace();
        (void)tick();
        tick_timer_.cancel();
        control_.post([this] { stop_strategy(); });
        break;
      case run_action::finish:
        finish(lifecycle_.was_signalled() ? session_end::stop_signal : ended_normally());
        break;
      case run_action::give_up:
        finish(event == run_event::start_overdue ? session_end::start_overdue
                                                 : session_end::grace_over);
        break;
      case run_action::die:
        finish(session_end::second_signal);
        break;
    }
  }

  void feed() {
    fed_ = true;
    began_ = std::chrono::steady_clock::now();
    if (config_.duration.count() > 0) {
      duration_timer_.expires_after(config_.duration);
      duration_timer_.async_wait([this](const boost::system::error_code &error) {
        if (!error) on(run_event::duration_over);
      });
    }
    try {
      pool_->start();
    } catch (const std::system_error &) {
      start_failure_ = std::current_exception();
      end_without_tasks();
      return;
    }
    wait_for_tick();
    observer_.started();
    (void)resources_.look();  // also of a run that is over before the first tick
  }

  /// The strategy has started, and is to stop again.
  void end_without_tasks() {
    host_.request_stop();
    begin_grace();
    control_.post([this] { stop_strategy(); });
  }

  void begin_grace() {
    if (std::exchange(grace_began_, true)) return;
    observer_.stopping();
    grace_timer_.expires_after(config_.grace);
    grace_timer_.async_wait([this](const boost::system::error_code &error) {
      if (!error) on(run_event::grace_over);
    });
  }

  void wait_for_signal(asio::signal_set &signals) {
    signals.async_wait([this, &signals](const boost::system::error_code &error, int number) {
      if (error) return;
      outcome_.signal = number;
      on(run_event::stop_signal);
      wait_for_signal(signals);
    });
  }

  void wait_for_start() {
    if (config_.start_timeout.count() == 0) return;
    start_timer_.expires_after(config_.start_timeout);
    start_timer_.async_wait([this](const boost::system::error_code &error) {
      if (!error) on(run_event::start_overdue);
    });
  }

  void wait_for_tick() {
    tick_timer_.expires_after(tick_period);
    tick_timer_.async_wait([this](const boost::system::error_code &error) {
      if (error) return;
      watch_memory(tick().resident_bytes);
      wait_for_tick();
    });
  }

  // A run that is over before the first tick need not wait for its limit to be read.
  void watch_memory(std::uint64_t resident) {
    if (!memory_) memory_.emplace(metrics::read_control_group().most_memory);
    if (const auto warning = memory_->look(resident)) {
      observer_.message(TASKWORKER_LOG_WARNING, *warning, false);
    }
  }

  resource_sample tick() {
    const resource_sample now = resources_.look();
    watchdog_.look();
    peak_heap_.look(now.memory.allocated);
    names_.release_idle_tables(symbol_tables_idle);
    observer_.tick({totals(), now, elapsed()});
    return now;
  }

  [[nodiscard]] session_end ended_normally() const {
    return config_.duration.count() > 0 ? session_end::duration_over : session_end::tasks_done;
  }

  void finish(session_end end) {
    outcome_.end = end;
    // The control thread is still at work on the outcome, or stuck: leave its part.
    was_given_up_ = outcome_.was_cut_off();
    io_.stop();
  }

  session_outcome take_outcome() {
    if (was_given_up_) {
      session_outcome outcome = so_far(outcome_.end);
      outcome.signal = outcome_.signal;
      outcome.source_error = outcome_.source_error;
      if (outcome.is_stuck()) find_where_stuck(outcome);
      return outcome;
    }
    session_outcome outcome = std::move(outcome_);
    outcome.allocated_bytes = pool_->allocated_bytes();
    outcome.allocations = pool_->allocations();
    outcome.totals = totals();
    outcome.seconds = fed_ ? pool_->busy_seconds() : 0;
    resources_.finish(outcome);
    return outcome;
  }

  void find_where_stuck(session_outcome &outcome) {
    static constexpr std::array threads = {"tw-control", "tw-jobs"};
    if (outcome.stuck.empty()) {
      outcome.stuck_threads = read_stacks(threads, names_);
    } else {
      read_stacks(outcome.stuck, names_);
    }
  }

  // ---- any thread ----

  /// What has come of a run that ends before its tasks do. Workers may still be at work: what
  /// they had not counted when they were looked at is abandoned.
  session_outcome so_far(session_end end) {
    session_outcome outcome;
    outcome.end = end;
    outcome.stuck = watchdog_.running();
    outcome.totals = totals();
    auto &totals = outcome.totals;
    totals.queued = totals.generated - totals.processed() - totals.failed() - totals.drained;
    const pool *running = ready_pool_.load(std::memory_order_acquire);
    outcome.seconds = running != nullptr ? running->busy_seconds() : 0;
    resources_.end(outcome);
    resources_.finish(outcome);
    if (results_writer *results = ready_results_.load(std::memory_order_acquire)) {
      outcome.results_error = "the results in '" + config_.results + "' are cut off after " +
                              std::to_string(results->cut_off());
    }
    if (is_heap_due_.load()) {
      outcome.memprofile_error = "no heap was written to '" + config_.memprofile + "'";
    }
    return outcome;
  }

  [[nodiscard]] std::vector<busy_worker> busy_workers() const {
    const pool *running = ready_pool_.load(std::memory_order_acquire);
    return running != nullptr ? running->running_tasks() : std::vector<busy_worker>{};
  }

  void report_overdue(std::vector<stuck_task> late) {
    if (overdue_.is_silent()) return;
    read_stacks(late, names_);
    for (const stuck_task &each : late) {
      std::string text = describe(each, tasks_->operation_names()) + ", longer than --task-timeout";
      if (!each.stack.empty()) text += "; its stack, innermost first:";
      for (const std::string &line : each.stack) text += "\n  " + line;
      overdue_.tell([&] { return text; });
    }
  }

  [[nodiscard]] std::vector<profiling::thread_info> strategy_threads() const {
    auto threads = profiling::live_threads();
    const std::uint64_t first = first_strategy_thread_.load();
    std::erase_if(threads, [first](const auto &thread) { return thread.number < first; });
    return threads;
  }

  [[nodiscard]] std::unique_ptr<task_source> make_source() {
    if (config_.source.empty()) return make_generator(*tasks_, config_.tasks);
    return make_file_source(config_.source, *tasks_, config_.tasks,
                            [this](std::uint64_t line, const std::string &reason) {
                              bad_lines_.tell([&] {
                                return "line " + std::to_string(line) + " is no task: " + reason;
                              });
                            });
  }

  [[nodiscard]] std::unique_ptr<const expected_results> read_expected() const {
    if (config_.expect.empty()) return nullptr;
    return std::make_unique<const expected_results>(config_.expect, *tasks_);
  }

  [[nodiscard]] std::unique_ptr<results_writer> make_results() const {
    if (config_.results.empty()) return nullptr;
    return std::make_unique<results_writer>(config_.results, tasks_->name());
  }

  [[nodiscard]] pool_config make_pool_config(std::uint32_t wanted_capacity) const {
    const bool has_buffers = !config_.source.empty() || library_.workload() != nullptr;
    return {
        .workers = config_.workers,
        .queue_capacity = queue_capacity(config_, wanted_capacity, has_buffers),
        .rate = config_.rate,
        .verify_every = config_.verify_every,
        .nice = config_.nice,
        .result_capacity = tasks_->result_capacity(config_.data_size * sizeof(std::int64_t)),
        .task_timeout = config_.task_timeout,
        .results = results_.get(),
        .expected = expected_.get(),
    };
  }

  [[nodiscard]] std::chrono::nanoseconds elapsed() const {
    if (!fed_) return {};  // stopped before the first task
    return std::chrono::steady_clock::now() - began_;
  }

  // Constant after construction.
  const strategy::library &library_;
  const session_config config_;
  session_observer &observer_;
  profiling::symbols &names_;       // [thread-safe]
  profiling::peak_heap peak_heap_;  // looked at by the thread that called run()
  const std::unique_ptr<workload> tasks_;
  const std::unique_ptr<const expected_results> expected_;  // null where nothing is

  // [thread-safe]; before jobs_ and control_: it counts on threads that start after it.
  resource_record resources_{[this] { return jobs_.active(); }};

  // Made and used by the control thread; pool_ by the others from `started` on.
  std::unique_ptr<task_source> source_;
  strategy::host host_;  // [thread-safe]
  job_loop jobs_;        // [thread-safe]
  std::optional<strategy::instance> instance_;
  std::unique_ptr<results_writer> results_;  // null where nobody wants them
  std::unique_ptr<pool> pool_;

  // [thread-safe]
  std::atomic<std::uint64_t> first_strategy_thread_{0};
  std::atomic<bool> is_heap_due_{!config_.memprofile.empty()};
  std::atomic<bool> is_stopped_{false};  ///< the strategy's stop() has returned
  std::atomic<pool *> ready_pool_{nullptr};
  std::atomic<results_writer *> ready_results_{nullptr};  ///< null once they are finished
  repeated_warning wrong_results_{observer_, shown_messages};
  repeated_warning bad_lines_{observer_, shown_messages};
  repeated_warning overdue_{observer_, shown_overdue};
  watchdog watchdog_;

  // Of the thread that called run(); while the strategy is stopped, outcome_'s leaks,
  // end_sample, memprofile_error and results_error belong to the control thread.
  lifecycle lifecycle_;
  std::optional<memory_watch> memory_;  ///< from the first tick on
  asio::io_context io_{1};
  asio::steady_timer start_timer_{io_};
  asio::steady_timer tick_timer_{io_};
  asio::steady_timer duration_timer_{io_};
  asio::steady_timer grace_timer_{io_};
  std::chrono::steady_clock::time_point began_;
  std::exception_ptr start_failure_;
  session_outcome outcome_;
  std::atomic<bool> fed_{false};
  bool grace_began_ = false;
  bool was_given_up_ = false;

  posted_thread control_;  // last: it uses all of the above
};

session::session(const strategy::library &opened, session_config config, session_observer &observer,
                 profiling::symbols &names)
    : course_(std::make_unique<course>(opened, std::move(config), observer, names)) {}

session::~session() = default;

session_outcome session::run() { return course_->run(); }
metrics::task_totals session::totals() const { return course_->totals(); }
metrics::task_counts session::counts() const noexcept { return course_->counts(); }
std::uint64_t session::active_jobs() const { return course_->active_jobs(); }
std::vector<job_info> session::jobs() const { return course_->jobs(); }
const profiling::peak_heap &session::peak_heap() const { return course_->peak_heap(); }
left_behind session::find_left_behind() const { return course_->find_left_behind(); }
bool session::is_ready() const noexcept { return course_->is_ready(); }
const std::vector<std::string> &session::operation_names() const {
  return course_->tasks().operation_names();
}
const workload &session::tasks() const { return course_->tasks(); }
std::vector<stuck_task> session::overdue_tasks() const { return course_->overdue_tasks(); }
std::uint64_t session::task_timeouts() const { return course_->task_timeouts(); }
session_outcome session::cut_off(const crash &by) { return course_->cut_off(by); }

}  // namespace taskworker::worker
