// SPDX-License-Identifier: MIT
#include "report/timeline.hpp"

#include <fcntl.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <system_error>

namespace taskworker::report {
namespace {

constexpr std::string_view header = "seconds,tasks,threads,jobs,resident_bytes\n";

std::string failure_of(const std::string &path) {
  return "cannot write the timeline to '" + path + "'";
}

// Not by printf, whose decimal point is that of the locale, which a strategy may set.
std::string in_seconds(std::chrono::nanoseconds time) {
  std::array<char, 32> text{};
  const double seconds = std::chrono::duration<double>(time).count();
  const auto written =
      std::to_chars(text.data(), text.data() + text.size(), seconds, std::chars_format::fixed, 3);
  return {text.data(), written.ptr};
}

}  // namespace

std::string timeline_line(const worker::session_view &view) {
  std::string line = in_seconds(view.elapsed);
  for (const std::uint64_t figure :
       {view.totals.processed(), view.now.threads, view.now.jobs, view.now.resident_bytes}) {
    line += "," + std::to_string(figure);
  }
  return line + "\n";
}

void timeline::open(const std::string &path) {
  path_ = path;
  file_ =
      profiling::descriptor(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (!file_.is_open()) {
    const int error = errno;
    throw std::system_error(error, std::generic_category(), failure_of(path));
  }
  // Only now: without a reader, a named pipe would not be opened at all.
  ::fcntl(file_.number(), F_SETFL, O_NONBLOCK);
  write(header);
}

void timeline::tick(const worker::session_view &view) {
  if (file_.is_open()) write(timeline_line(view));
  next_.tick(view);
}

void timeline::write(std::string_view text) {
  const int error = profiling::write_all(file_.number(), text);
  if (error == 0) return;
  file_ = profiling::descriptor();
  error_ = failure_of(path_) + ": " + std::generic_category().message(error);
}

}  // namespace taskworker::report
