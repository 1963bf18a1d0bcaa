// SPDX-License-Identifier: MIT
#include "profiling/descriptor.hpp"

#include <poll.h>
#include <pthread.h>

#include <cerrno>
#include <csignal>
#include <ctime>

namespace taskworker::profiling {
namespace {

/// Keeps SIGPIPE from this thread while it lives, and takes one that came. Not for the whole
/// process: what strategies do with the signal is theirs.
class broken_pipe_guard {
 public:
  broken_pipe_guard() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~broken_pipe_guard() {
    const timespec no_time{};
    sigtimedwait(&pipe_, nullptr, &no_time);
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  broken_pipe_guard(const broken_pipe_guard &) = delete;
  broken_pipe_guard &operator=(const broken_pipe_guard &) = delete;

 private:
  sigset_t pipe_;
  sigset_t before_;
};

/// May take a signal for room, and leaves errno as it is.
bool has_room_before(std::chrono::steady_clock::time_point end, int to) {
  using std::chrono::milliseconds;
  const auto left =
      std::chrono::duration_cast<milliseconds>(end - std::chrono::steady_clock::now());
  if (left <= milliseconds::zero()) return false;
  const int error = std::exchange(errno, 0);
  pollfd asked{.fd = to, .events = POLLOUT, .revents = 0};
  const bool may_go_on = ::poll(&asked, 1, static_cast<int>(left.count())) != 0;
  errno = error;
  return may_go_on;
}

}  // namespace

int write_all(int to, std::string_view bytes, std::chrono::milliseconds patience) {
  const broken_pipe_guard guard;
  const auto end = std::chrono::steady_clock::now() + patience;
  while (!bytes.empty()) {
    const ssize_t written = ::write(to, bytes.data(), bytes.size());
    if (written < 0 && (errno == EINTR || (errno == EAGAIN && has_room_before(end, to)))) continue;
    if (written < 0) return errno;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

}  // namespace taskworker::profiling
