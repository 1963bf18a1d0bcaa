// SPDX-License-Identifier: MIT
#include "profiling/threads/thread_stacks.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstddef>
#include <ctime>
#include <list>
#include <memory>
#include <mutex>
#include <set>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <utility>

#include "metrics/procfs.hpp"
#include "profiling/threads/stack_request.hpp"

namespace taskworker::profiling {
namespace {

using clock = std::chrono::steady_clock;

// After so long without any answer, threads that were asked may have ended instead; and one
// that blocks signals does not do it for a moment only.
constexpr auto patience = std::chrono::milliseconds(5);

// For threads that did not answer the last time: some turns of a busy processor.
constexpr auto patience_with_silent = std::chrono::milliseconds(20);

std::string read_file(const std::string &path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return {};
  std::string text;
  std::array<char, 4096> part;
  for (ssize_t size = 0; (size = read(file, part.data(), part.size())) > 0;) {
    text.append(part.data(), static_cast<std::size_t>(size));
  }
  close(file);
  return text;
}

std::optional<metrics::thread_status> read_status(pid_t tid) {
  return metrics::parse_thread_status(
      read_file("/proc/self/task/" + std::to_string(tid) + "/status"));
}

bool is_alive(pid_t tid) { return tgkill(getpid(), tid, 0) == 0 || errno != ESRCH; }

// As the kernel's MAKE_THREAD_CPUCLOCK: pthread_getcpuclockid() wants a pthread_t.
std::uint64_t read_cpu_time(pid_t tid) {
  timespec used{};
  clock_gettime(static_cast<clockid_t>(~static_cast<unsigned>(tid) << 3 | 6), &used);
  return static_cast<std::uint64_t>(used.tv_sec) * 1'000'000'000 +
         static_cast<std::uint64_t>(used.tv_nsec);
}

bool holds_our_signal(std::uint64_t signals) {
  const int signal = stack_request::signal_number();
  return signal > 0 && (signals >> (signal - 1) & 1) != 0;
}

/// One look at a number of threads: as many at once as there is place to ask.
class survey {
 public:
  /// `silent`: the threads that did not answer the last time they were asked; kept up to date.
  survey(std::chrono::milliseconds limit, std::set<pid_t> &silent)
      : silent_(silent), deadline_(clock::now() + limit) {}

  void look_at(pid_t tid) {
    auto status = read_status(tid);
    if (!status) return;
    found_.push_back({.tid = tid,
                      .name = std::move(status->name),
                      .state = status->state,
                      .cpu_ns = read_cpu_time(tid)});
    ask_if_it_listens(found_.size() - 1, *status);
  }

  std::vector<thread_snapshot> finish() {
    all_asked_ = clock::now();
    while (is_worth_waiting()) wait();
    ask_deaf();
    while (is_worth_waiting()) wait();
    take_answers();
    for (const auto &late : asked_) {
      found_[late.index].silence = "did not answer";
      silent_.insert(found_[late.index].tid);
    }
    asked_.clear();
    std::erase_if(silent_, [](pid_t tid) { return !is_alive(tid); });  // its number may come again
    std::erase_if(found_, [](const auto &each) { return each.tid == ended; });
    return std::move(found_);
  }

 private:
  static constexpr pid_t ended = 0;
  struct asked_thread {
    asked_thread(std::size_t which, pid_t tid) : index(which), request(tid) {}
    std::size_t index;  ///< in found_
    stack_request request;
  };

  [[nodiscard]] bool is_late() const { return clock::now() >= deadline_; }

  [[nodiscard]] bool is_worth_waiting() const {
    const auto now = clock::now();
    if (now >= deadline_) return false;
    if (now < all_asked_ + patience_with_silent) return !asked_.empty();
    return std::any_of(asked_.begin(), asked_.end(), [this](const auto &each) {
      return !silent_.contains(found_[each.index].tid);
    });
  }

  void ask_if_it_listens(std::size_t index, const metrics::thread_status &status) {
    thread_snapshot &seen = found_[index];
    if (status.state == 'Z' || status.state == 'X') {
      seen.silence = "has ended";
    } else if (holds_our_signal(status.blocked_signals)) {
      deaf_.push_back(index);
    } else if (holds_our_signal(status.pending_signals)) {
      // More signals would pile up, and the system queues only so many.
      seen.silence = "did not answer";
    } else {
      ask(index);
    }
  }

  /// A thread blocks signals for a moment while it returns from a handler (the one of the
  /// last look, too) or starts a thread: only one that still does is left alone.
  void ask_deaf() {
    if (!deaf_.empty()) std::this_thread::sleep_for(patience);
    for (const std::size_t index : std::exchange(deaf_, {})) {
      const auto status = read_status(found_[index].tid);
      if (!status) {
        found_[index].tid = ended;
        continue;
      }
      found_[index].name = status->name;  // of a thread that has just begun
      if (holds_our_signal(status->blocked_signals)) {
        found_[index].silence = "blocks signals";
      } else {
        ask_if_it_listens(index, *status);
      }
    }
  }

  void ask(std::size_t index) {
    for (;;) {
      const auto sent = asked_.emplace_back(index, found_[index].tid).request.sent();
      if (sent == stack_request::result::asked) return;
      asked_.pop_back();
      if (sent == stack_request::result::thread_ended) {
        found_[index].tid = ended;
        return;
      }
      if (is_late()) {
        found_[index].silence = "did not answer";
        return;
      }
      wait();
    }
  }

  /// For an answer, the end of a thread or, at most, the deadline.
  void wait() {
    const std::uint32_t seen = stack_request::count_answers();
    if (take_answers()) return;
    const auto left = std::max<clock::duration>(deadline_ - clock::now(), clock::duration::zero());
    if (!stack_request::wait_for_answer(seen, std::min<clock::duration>(left, patience))) {
      drop_ended();
    }
  }

  bool take_answers() {
    return asked_.remove_if([this](const asked_thread &each) {
      const auto answer = each.request.answer();
      if (!answer) return false;
      thread_snapshot &seen = found_[each.index];
      seen.frames.assign(answer->frames.begin(), answer->frames.end());
      seen.mark = answer->mark;
      silent_.erase(seen.tid);
      return true;
    }) > 0;
  }

  void drop_ended() {
    asked_.remove_if([this](const asked_thread &each) {
      if (is_alive(found_[each.index].tid)) return false;
      silent_.erase(found_[each.index].tid);
      found_[each.index].tid = ended;
      return true;
    });
  }

  std::set<pid_t> &silent_;
  const clock::time_point deadline_;
  clock::time_point all_asked_;
  std::vector<thread_snapshot> found_;
  std::vector<std::size_t> deaf_;  ///< in found_: block the signal
  std::list<asked_thread> asked_;  ///< without an answer; a list, since requests stay in place
};

void add_starts(std::vector<thread_snapshot> &threads) {
  std::unordered_map<pid_t, thread_info> starts;
  for (auto &each : live_threads()) starts.emplace(each.tid, each);
  for (auto &thread : threads) {
    const auto found = starts.find(thread.tid);
    if (found != starts.end()) thread.start = found->second;
  }
}

}  // namespace

std::vector<thread_snapshot> read_thread_stacks(std::chrono::milliseconds limit) {
  auto threads = look_at_threads(list_threads(), limit);
  add_starts(threads);
  return threads;
}

std::vector<thread_snapshot> look_at_threads(std::span<const pid_t> tids,
                                             std::chrono::milliseconds limit) {
  // One at a time: a signal that waits at a thread then tells of a look that has ended.
  static std::mutex looking_mutex;
  static std::set<pid_t> silent;
  const std::lock_guard lock(looking_mutex);
  survey looking(limit, silent);
  for (const pid_t tid : tids) looking.look_at(tid);
  return looking.finish();
}

std::vector<pid_t> list_threads() {
  const std::unique_ptr<DIR, int (*)(DIR *)> directory{opendir("/proc/self/task"), &closedir};
  std::vector<pid_t> tids;
  if (directory == nullptr) return tids;
  while (const dirent *const entry = readdir(directory.get())) {
    const std::string_view name = entry->d_name;
    pid_t tid = 0;
    const auto parsed = std::from_chars(name.data(), name.data() + name.size(), tid);
    if (parsed.ec == std::errc{}) tids.push_back(tid);
  }
  return tids;
}

}  // namespace taskworker::profiling
