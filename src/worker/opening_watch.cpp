// SPDX-License-Identifier: MIT
#include "worker/opening_watch.hpp"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <utility>

#include "metrics/units.hpp"
#include "profiling/symbols/symbols.hpp"
#include "profiling/threads/thread_stacks.hpp"
#include "worker/live_stack.hpp"

namespace taskworker::worker {
namespace {

std::string stack_of(pid_t thread) {
  const std::array threads = {thread};
  profiling::symbols names;
  std::string text;
  for (const auto &seen : profiling::look_at_threads(threads, std::chrono::seconds(1))) {
    for (const std::string &line : describe_stack(seen.frames, names)) text += "\n  " + line;
  }
  return text.empty() ? "" : "; the stack, innermost first:" + text;
}

/// Ends the process, whoever holds the locks that a look-up of names needs.
void end_soon() noexcept {
  constexpr unsigned seconds = 5;
  ::signal(SIGALRM, SIG_DFL);
  ::alarm(seconds);
}

}  // namespace

opening_watch::opening_watch(std::string strategy, std::chrono::nanoseconds limit, int status)
    : strategy_(std::move(strategy)), limit_(limit), status_(status) {
  if (limit.count() > 0) thread_ = std::thread([this, opener = ::gettid()] { watch(opener); });
}

opening_watch::~opening_watch() {
  is_open_.set(1);
  if (thread_.joinable()) thread_.join();
}

void opening_watch::watch(pid_t opener) const {
  ::pthread_setname_np(::pthread_self(), "tw-opening");
  if (is_open_.wait_while(0, limit_)) return;
  end_soon();
  std::fprintf(stderr,
               "taskworker: %s is not open after --start-timeout, %s: a static constructor or "
               "init() does not return",
               strategy_.c_str(),
               metrics::in_time(std::chrono::duration<double>(limit_).count()).c_str());
  std::fprintf(stderr, "%s\n", stack_of(opener).c_str());
  ::_exit(status_);
}

}  // namespace taskworker::worker
