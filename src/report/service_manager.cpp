// SPDX-License-Identifier: MIT
#include "report/service_manager.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace taskworker::report {
namespace {

using namespace std::chrono_literals;

constexpr auto status_interval = 1s;

std::string_view read_environment(const char *name) {
  const char *value = std::getenv(name);
  return value != nullptr ? value : "";
}

// A path, or @NAME in the abstract namespace (unix(7)).
int connect_to_manager() {
  const auto address = read_environment("NOTIFY_SOCKET");
  sockaddr_un to{};
  if (address.size() < 2 || address.size() > sizeof to.sun_path) return -1;
  if (address[0] != '/' && address[0] != '@') return -1;
  const int opened = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (opened < 0) return -1;
  to.sun_family = AF_UNIX;
  address.copy(to.sun_path, address.size());
  if (address[0] == '@') to.sun_path[0] = '\0';
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address.size());
  if (::connect(opened, reinterpret_cast<const sockaddr *>(&to), size) == 0) return opened;
  ::close(opened);
  return -1;
}

std::uint64_t read_number(const char *name) {
  const auto text = read_environment(name);
  std::uint64_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  return read.ec == std::errc() && read.ptr == text.data() + text.size() ? value : 0;
}

std::chrono::nanoseconds read_life_interval() {
  const bool is_for_another = !read_environment("WATCHDOG_PID").empty() &&
                              read_number("WATCHDOG_PID") != static_cast<std::uint64_t>(::getpid());
  if (is_for_another) return 0ns;
  return std::chrono::microseconds(read_number("WATCHDOG_USEC")) / 2;
}

}  // namespace

service_manager::service_manager(worker::session_observer &next, std::uint64_t tasks)
    : next_(next),
      tasks_(tasks),
      socket_(connect_to_manager()),
      life_interval_(read_life_interval()) {}

service_manager::~service_manager() {
  if (socket_ >= 0) ::close(socket_);
}

void service_manager::started() {
  tell("READY=1\nSTATUS=takes tasks");
  next_.started();
}

void service_manager::tick(const worker::session_view &view) {
  if (life_interval_ > 0ns && view.elapsed - last_sign_ >= life_interval_) {
    last_sign_ = view.elapsed;
    tell("WATCHDOG=1");
  }
  if (!lingers_ && view.elapsed - last_status_ >= status_interval) {
    last_status_ = view.elapsed;
    tell("STATUS=" + progress_line(view, tasks_, rate_.next(view)));
  }
  next_.tick(view);
}

void service_manager::lingering(std::chrono::nanoseconds left) {
  lingers_ = true;
  tell("STATUS=all tasks are done");
  next_.lingering(left);
}

void service_manager::stopping() {
  tell("STOPPING=1\nSTATUS=drains: running tasks finish");
  next_.stopping();
}

void service_manager::message(taskworker_log_severity severity, const std::string &text,
                              bool strategy_speaks) {
  next_.message(severity, text, strategy_speaks);
}

void service_manager::tell(const std::string &state) const {
  if (socket_ < 0) return;
  [[maybe_unused]] const auto sent =
      ::send(socket_, state.data(), state.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
}

}  // namespace taskworker::report
