// SPDX-License-Identifier: MIT
#include "worker/job_loop.hpp"

#include <pthread.h>

#include <algorithm>
#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <set>
#include <thread>
#include <unordered_map>

#include "metrics/host_allocator.hpp"
#include "metrics/tick_clock.hpp"
#include "strategy/host.hpp"

namespace taskworker::worker {
namespace {

constexpr std::uint64_t shortest_period_ns = 1'000'000;

template <typename T>
using host_vector = std::vector<T, metrics::host_allocator<T>>;

struct stack_order {
  bool operator()(const profiling::stack &a, const profiling::stack &b) const {
    const auto x = a.addresses();
    const auto y = b.addresses();
    return std::lexicographical_compare(x.begin(), x.end(), y.begin(), y.end());
  }
};

}  // namespace

class job_loop::state {
 public:
  explicit state(std::function<void(const std::string &)> misbehaviour)
      : misbehaviour_(std::move(misbehaviour)), thread_([this] { run(); }) {}

  ~state() {
    {
      const std::lock_guard lock(mutex_);
      ending_ = true;
    }
    context_.stop();
    thread_.join();
  }

  taskworker_job_id start(std::uint64_t period_ns, taskworker_job_callback callback, void *context,
                          taskworker_job_release release) {
    const profiling::stack started_by = profiling::capture_stack();
    const profiling::task_mark started_in = profiling::current_task_mark();
    const std::uint64_t now = metrics::tick_clock::monotonic_ns();
    const std::lock_guard lock(mutex_);
    if (closed_ || callback == nullptr) return 0;
    // In this order, memory that runs out on the way leaves nothing but an id that
    // names no job.
    const taskworker_job_id id = ++last_id_;
    const std::uint64_t period = std::max(period_ns, shortest_period_ns);
    push_due(now + period, id);
    const profiling::stack *stack = &*stacks_.insert(started_by).first;
    jobs_.emplace(id, job{callback, context, release, stack, started_in, period, now, 0, 0, true});
    ++active_;
    if (due_.front().id == id) wake();
    return id;
  }

  void cancel(taskworker_job_id id) {
    const std::lock_guard lock(mutex_);
    cancel_locked(id);
  }

  std::uint64_t active() const {
    const std::lock_guard lock(mutex_);
    return active_;
  }

  std::vector<job_info> list() const {
    const std::lock_guard lock(mutex_);
    std::vector<job_info> infos;
    infos.reserve(active_);
    for (const auto &[id, each] : jobs_) {
      if (!each.wanted) continue;
      infos.push_back({id, *each.started_by, each.started_in, each.period_ns, each.started_ns,
                       each.last_run_ns, each.runs});
    }
    return infos;
  }

  bool close(std::chrono::nanoseconds limit) {
    std::unique_lock lock(mutex_);
    closed_ = true;
    for (auto &[id, each] : jobs_) {
      if (each.wanted) unwant(id, each);
    }
    return all_released_.wait_for(lock, limit, [this] { return jobs_.empty(); });
  }

 private:
  struct job {
    taskworker_job_callback callback;
    void *context;
    taskworker_job_release release;
    const profiling::stack *started_by;
    profiling::task_mark started_in;
    std::uint64_t period_ns;
    std::uint64_t started_ns;
    std::uint64_t last_run_ns;
    std::uint64_t runs;
    bool wanted;  ///< false once it was cancelled
  };
  struct due_run {
    std::uint64_t at_ns;
    taskworker_job_id id;
    friend bool operator<(const due_run &a, const due_run &b) {
      return a.at_ns > b.at_ns;  // the earliest on top of the heap
    }
  };
  using stack_set =
      std::set<profiling::stack, stack_order, metrics::host_allocator<profiling::stack>>;
  using job_map =
      std::unordered_map<taskworker_job_id, job, std::hash<taskworker_job_id>, std::equal_to<>,
                         metrics::host_allocator<std::pair<const taskworker_job_id, job>>>;

  void run() {
    ::pthread_setname_np(::pthread_self(), "tw-jobs");
    const strategy::scoped_thread_role role(strategy::thread_role::job);
    context_.run();
  }

  // ---- with mutex_ held ----

  void push_due(std::uint64_t at_ns, taskworker_job_id id) {
    due_.push_back({at_ns, id});
    std::push_heap(due_.begin(), due_.end());
  }

  void cancel_locked(taskworker_job_id id) {
    const auto found = jobs_.find(id);
    if (found != jobs_.end() && found->second.wanted) unwant(id, found->second);
  }

  void unwant(taskworker_job_id id, job &cancelled) {
    to_release_.push_back(id);
    cancelled.wanted = false;
    --active_;
    wake();
  }

  void wake() {
    if (awake_) return;
    boost::asio::post(context_, boost::asio::bind_allocator(metrics::host_allocator<char>{},
                                                            [this] { serve(); }));
    awake_ = true;
  }

  // ---- on the loop's thread ----

  /// Releases what was cancelled, runs what is due, sleeps until the next is.
  void serve() {
    std::unique_lock lock(mutex_);
    while (!ending_ && (serve_release(lock) || serve_due(lock))) {
    }
    awake_ = false;
    if (due_.empty()) return;
    const auto next = std::chrono::steady_clock::time_point(
        std::chrono::nanoseconds(static_cast<std::int64_t>(due_.front().at_ns)));
    timer_.expires_at(next);
    timer_.async_wait([this](const boost::system::error_code &error) {
      if (!error) serve();
    });
  }

  bool serve_release(std::unique_lock<std::mutex> &lock) {
    if (to_release_.empty()) return false;
    const taskworker_job_id id = to_release_.back();
    to_release_.pop_back();
    const job released = jobs_.at(id);
    lock.unlock();
    if (released.release != nullptr) {
      call("release", [&] { released.release(released.context); });
    }
    lock.lock();
    jobs_.erase(id);
    if (jobs_.empty()) all_released_.notify_all();
    return true;
  }

  bool serve_due(std::unique_lock<std::mutex> &lock) {
    const std::uint64_t now = metrics::tick_clock::monotonic_ns();
    if (due_.empty() || due_.front().at_ns > now) return false;
    const taskworker_job_id id = due_.front().id;
    std::pop_heap(due_.begin(), due_.end());
    due_.pop_back();
    const auto found = jobs_.find(id);
    if (found == jobs_.end() || !found->second.wanted) return true;
    job &running = found->second;  // stays where it is: only this thread erases
    running.last_run_ns = now;
    ++running.runs;
    const taskworker_job_callback callback = running.callback;
    void *const context = running.context;
    lock.unlock();
    call("callback", [&] { callback(context); });
    lock.lock();
    if (running.wanted) push_due(metrics::tick_clock::monotonic_ns() + running.period_ns, id);
    return true;
  }

  template <typename Call>
  void call(const char *what, Call &&function) {
    try {
      function();
    } catch (const std::exception &error) {
      misbehaviour_(std::string("an exception came out of a job's ") + what + ": " + error.what());
    } catch (...) {
      misbehaviour_(std::string("an exception came out of a job's ") + what);
    }
  }

  const std::function<void(const std::string &)> misbehaviour_;
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
      context_.get_executor()};
  boost::asio::steady_timer timer_{context_};

  mutable std::mutex mutex_;
  // Protected by mutex_.
  std::condition_variable all_released_;
  job_map jobs_;
  stack_set stacks_;          ///< each distinct stack once: many jobs start at one place
  host_vector<due_run> due_;  ///< a heap; holds cancelled jobs until they come up
  host_vector<taskworker_job_id> to_release_;
  taskworker_job_id last_id_ = 0;
  std::uint64_t active_ = 0;
  bool awake_ = false;  ///< serve() runs or is posted
  bool closed_ = false;
  bool ending_ = false;

  std::thread thread_;  // last: it uses all of the above
};

job_loop::job_loop(std::function<void(const std::string &)> misbehaviour)
    : state_(std::make_unique<state>(std::move(misbehaviour))) {}

job_loop::~job_loop() = default;

taskworker_job_id job_loop::start(std::uint64_t period_ns, taskworker_job_callback callback,
                                  void *context, taskworker_job_release release) noexcept {
  const metrics::host_allocation_scope counting;
  try {
    return state_->start(period_ns, callback, context, release);
  } catch (const std::bad_alloc &) {
    return 0;
  }
}

void job_loop::cancel(taskworker_job_id id) noexcept {
  const metrics::host_allocation_scope counting;
  try {
    state_->cancel(id);
  } catch (const std::bad_alloc &) {
    // The job goes on; close() cancels it again.
  }
}

std::uint64_t job_loop::active() const noexcept { return state_->active(); }

std::vector<job_info> job_loop::list() const { return state_->list(); }

bool job_loop::close(std::chrono::nanoseconds limit) { return state_->close(limit); }

}  // namespace taskworker::worker
