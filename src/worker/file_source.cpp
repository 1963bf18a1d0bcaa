// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "worker/task_line.hpp"
#include "worker/task_source.hpp"

namespace taskworker::worker {
namespace {

/// A longer line is bad input: memory for it must not grow without end.
constexpr std::size_t longest_line = 64u << 20;

class descriptor {
 public:
  explicit descriptor(int fd) : fd_(fd) {}
  ~descriptor() {
    if (fd_ > STDERR_FILENO) ::close(fd_);
  }
  descriptor(const descriptor &) = delete;
  descriptor &operator=(const descriptor &) = delete;
  [[nodiscard]] int get() const { return fd_; }

 private:
  const int fd_;
};

int open_input(const std::string &path) {
  if (path == "-") return STDIN_FILENO;
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) throw std::system_error(errno, std::generic_category(), path);
  return fd;
}

/// Lines of a descriptor, as far as they have come.
class line_reader {
 public:
  explicit line_reader(const std::string &path)
      : input_(open_input(path)), wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (wake_.get() < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
  }

  enum class state { line, nothing_yet, too_long, ended };

  /// The next whole line, without its end; valid until the next call.
  state next(std::string_view &line) {
    const std::size_t end = text_.find('\n', searched_);
    if (end != std::string::npos) {
      line = std::string_view(text_).substr(begin_, end - begin_);
      begin_ = searched_ = end + 1;
      return std::exchange(skipping_, false) ? state::too_long : state::line;
    }
    searched_ = text_.size();
    if (text_.size() - begin_ > longest_line) skip_rest();
    if (!at_end_) return state::nothing_yet;
    line = std::string_view(text_).substr(begin_);
    const bool was_skipping = std::exchange(skipping_, false);
    begin_ = searched_ = text_.size();
    if (was_skipping) return state::too_long;
    return line.empty() ? state::ended : state::line;
  }

  /// Waits for input and reads some. False when it was woken instead.
  bool read_more() {
    pollfd waits[] = {{input_.get(), POLLIN, 0}, {wake_.get(), POLLIN, 0}};
    while (::poll(waits, 2, -1) < 0) {
      if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "poll");
    }
    if (waits[1].revents != 0) return false;
    text_.erase(0, begin_);
    searched_ -= begin_;
    begin_ = 0;
    const std::size_t held = text_.size();
    text_.resize(held + read_size);
    const ssize_t got = ::read(input_.get(), text_.data() + held, read_size);
    text_.resize(held + static_cast<std::size_t>(got > 0 ? got : 0));
    if (got < 0 && errno != EINTR && errno != EAGAIN) {
      throw std::system_error(errno, std::generic_category(), "reading tasks");
    }
    at_end_ = got == 0;
    return true;
  }

  void wake() noexcept {
    const std::uint64_t one = 1;
    // It can fail only when the counter is full, and then it is awake already.
    [[maybe_unused]] const ssize_t written = ::write(wake_.get(), &one, sizeof one);
  }

 private:
  static constexpr std::size_t read_size = 256u << 10;

  void skip_rest() {
    text_.clear();
    begin_ = searched_ = 0;
    skipping_ = true;
  }

  descriptor input_;
  descriptor wake_;
  std::string text_;
  std::size_t begin_ = 0;     ///< of the first line that was not returned yet
  std::size_t searched_ = 0;  ///< up to here there is no line end
  bool skipping_ = false;     ///< the line that goes on here was too long
  bool at_end_ = false;
};

class file_source final : public task_source {
 public:
  file_source(const std::string &path, const workload &tasks, std::uint64_t count,
              bad_line_handler bad_line)
      : lines_(path), tasks_(tasks), count_(count), bad_line_(std::move(bad_line)) {}

  fill_result fill(std::span<task_slot> slots) override {
    fill_result result;
    std::string_view line;
    while (result.filled < slots.size() && !result.ended) {
      switch (lines_.next(line)) {
        case line_reader::state::line:
          ++line_number_;
          if (line.find_first_not_of(" \t\r") != std::string_view::npos) {
            take(line, slots[result.filled], result);
          }
          break;
        case line_reader::state::too_long:
          ++line_number_;
          refuse("longer than 64 MiB", result);
          break;
        case line_reader::state::nothing_yet:
          if (result.filled > 0 || result.bad_inputs > 0 || !lines_.read_more()) return result;
          break;
        case line_reader::state::ended:
          result.ended = true;
          break;
      }
      result.ended = result.ended || (count_ != 0 && next_id_ == count_);
    }
    return result;
  }

  void interrupt() noexcept override { lines_.wake(); }

 private:
  void take(std::string_view line, task_slot &slot, fill_result &result) {
    try {
      parse_task_line(line, tasks_.operation_names(), slot.task, slot.buffer);
      slot.task.id = next_id_++;
      ++result.filled;
    } catch (const task_line_error &error) {
      refuse(error.what(), result);
    }
  }

  void refuse(const std::string &reason, fill_result &result) {
    ++next_id_;
    ++result.bad_inputs;
    bad_line_(line_number_, reason);
  }

  line_reader lines_;
  const workload &tasks_;
  const std::uint64_t count_;
  const bad_line_handler bad_line_;
  std::uint64_t next_id_ = 0;
  std::uint64_t line_number_ = 0;
};

}  // namespace

std::unique_ptr<task_source> make_file_source(const std::string &path, const workload &tasks,
                                              std::uint64_t count, bad_line_handler bad_line) {
  return std::make_unique<file_source>(path, tasks, count, std::move(bad_line));
}

}  // namespace taskworker::worker
