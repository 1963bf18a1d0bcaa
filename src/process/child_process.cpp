// SPDX-License-Identifier: MIT
#include "process/child_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <system_error>
#include <utility>

namespace taskworker::process {
namespace {

using namespace std::chrono_literals;

constexpr int not_executed = 127;  // as a shell tells it
constexpr std::size_t kept_err = 4096;
constexpr auto poll_interval = 100ms;

[[noreturn]] void throw_errno(const char *call) {
  throw std::system_error(errno, std::generic_category(), call);
}

// How it began, and how it ended: one of them tells what went wrong.
void keep_ends(std::string &text) {
  if (text.size() > 2 * kept_err) text.erase(kept_err, text.size() - 2 * kept_err);
}

class pipe_ends {
 public:
  pipe_ends() {
    if (::pipe2(ends_.data(), O_CLOEXEC) != 0) throw_errno("pipe2");
  }
  ~pipe_ends() {
    close_reading();
    close_writing();
  }
  pipe_ends(const pipe_ends &) = delete;
  pipe_ends &operator=(const pipe_ends &) = delete;

  [[nodiscard]] int reading() const { return ends_[0]; }
  [[nodiscard]] int writing() const { return ends_[1]; }
  void close_reading() { close(ends_[0]); }
  void close_writing() { close(ends_[1]); }

 private:
  static void close(int &end) {
    if (end >= 0) ::close(std::exchange(end, -1));
  }

  std::array<int, 2> ends_{-1, -1};
};

// Between fork and exec, in a process that may have had other threads: only what a signal
// handler may call.
[[noreturn]] void become(const char *program, char *const *argv, int out, int err,
                         pid_t parent) noexcept {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(not_executed);  // it ended before the line above
  struct sigaction usual{};
  usual.sa_handler = SIG_DFL;
  for (const int number : {SIGINT, SIGTERM, SIGPIPE}) ::sigaction(number, &usual, nullptr);
  const int null = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  ::dup2(null, STDIN_FILENO);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(err, STDERR_FILENO);
  ::execv(program, argv);
  ::_exit(not_executed);
}

class child {
 public:
  child(const std::string &program, const std::vector<std::string> &arguments) {
    std::vector<char *> argv{const_cast<char *>(program.c_str())};
    for (const auto &each : arguments) argv.push_back(const_cast<char *>(each.c_str()));
    argv.push_back(nullptr);
    const pid_t parent = ::getpid();
    ::signal(SIGCHLD, SIG_DFL);
    pid_ = ::fork();
    if (pid_ == 0) become(program.c_str(), argv.data(), out_.writing(), err_.writing(), parent);
    if (pid_ < 0) throw_errno("fork");
    ::setpgid(pid_, pid_);  // also here: whoever is first
    out_.close_writing();
    err_.close_writing();
    process_ = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
    if (process_ < 0) {
      const int reason = errno;
      end();
      throw std::system_error(reason, std::generic_category(), "pidfd_open");
    }
  }
  ~child() {
    end();
    ::close(process_);
  }
  child(const child &) = delete;
  child &operator=(const child &) = delete;

  /// Takes what comes until it has ended. False when `until` says so before.
  template <typename F>
  bool read(child_outcome &into, F until) {
    while (!until()) {
      std::array<pollfd, 3> waited{pollfd{out_.reading(), POLLIN, 0},
                                   pollfd{err_.reading(), POLLIN, 0}, pollfd{process_, POLLIN, 0}};
      if (::poll(waited.data(), waited.size(), poll_interval / 1ms) < 0) {
        if (errno != EINTR) throw_errno("poll");
        continue;
      }
      // The end of the pipes is not its end: it may close them before, and what it started may
      // hold them open, and write without pause. What it wrote itself is there once it has ended.
      const bool has_ended = waited[2].revents != 0;
      if (has_ended) {
        take_held(out_.reading(), into.out);
        take_held(err_.reading(), into.err);
      } else {
        if (waited[0].revents != 0 && !take(out_.reading(), into.out)) out_.close_reading();
        if (waited[1].revents != 0 && !take(err_.reading(), into.err)) err_.close_reading();
      }
      keep_ends(into.err);
      if (has_ended) return true;
    }
    return false;
  }

  /// Kills what is left of its group, and reaps it. Returns the status of waitpid(2).
  int end() {
    if (pid_ <= 0) return status_;
    ::kill(-pid_, SIGKILL);
    reap();
    return status_;
  }

 private:
  static bool take(int from, std::string &into) {
    std::array<char, 16384> bytes;
    const ssize_t size = ::read(from, bytes.data(), bytes.size());
    if (size > 0) into.append(bytes.data(), static_cast<std::size_t>(size));
    return size > 0 || (size < 0 && errno == EINTR);
  }

  /// What the pipe holds now. `from` may be closed.
  static void take_held(int from, std::string &into) {
    int held = 0;
    if (::ioctl(from, FIONREAD, &held) != 0) return;
    const std::size_t end = into.size() + static_cast<std::size_t>(held);
    while (into.size() < end && take(from, into)) {
    }
  }

  void reap() {
    while (pid_ > 0 && ::waitpid(pid_, &status_, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
  }

  pipe_ends out_;
  pipe_ends err_;
  pid_t pid_ = -1;
  int process_ = -1;  ///< pidfd_open(2): readable from its end on
  int status_ = 0;
};

}  // namespace

std::optional<child_outcome> run_child(const std::string &program,
                                       const std::vector<std::string> &arguments,
                                       std::chrono::nanoseconds patience, bool (*is_cancelled)()) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  child_outcome outcome;
  child running(program, arguments);
  const bool has_ended = running.read(outcome, [&] {
    outcome.is_late = std::chrono::steady_clock::now() >= deadline;
    return outcome.is_late || is_cancelled();
  });
  const int status = running.end();
  if (!has_ended && !outcome.is_late) return std::nullopt;
  if (WIFEXITED(status)) outcome.status = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) outcome.signal = WTERMSIG(status);
  return outcome;
}

}  // namespace taskworker::process
