// SPDX-License-Identifier: MIT
#include "worker/results_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <system_error>
#include <thread>
#include <utility>

namespace taskworker::worker {
namespace {

constexpr std::string_view magic = "taskworker.results/1\n";
constexpr std::uint32_t end_mark = 0xffffffff;

constexpr std::size_t block_size = 64;
constexpr std::size_t blocks_in_buffer = 4096;

// When the run is cut off.
using clock = std::chrono::steady_clock;
constexpr std::chrono::seconds patience{1};
constexpr std::chrono::milliseconds pause{1};

/// A record as it stands in the file.
struct record_head {
  std::uint64_t id = 0;
  std::int64_t scalar = 0;
  std::uint64_t data_size = 0;
  std::uint32_t operation = 0;
  std::uint32_t kind = 0;
};
static_assert(sizeof(record_head) == 32);

std::size_t blocks_of(std::size_t size) { return (size + block_size - 1) / block_size; }

record_head head_in(const std::array<unsigned char, block_size> &bytes) {
  record_head head;
  std::memcpy(&head, bytes.data(), sizeof head);
  return head;
}

std::string words_of(int error) { return std::generic_category().message(error); }

results_file_error cannot_write(const std::string &path, int error) {
  return results_file_error("cannot write the results to '" + path + "': " + words_of(error));
}

// As many bytes as there are, at most `size`; -1 with an errno.
ssize_t read_all(int file, char *bytes, std::size_t size) noexcept {
  std::size_t held = 0;
  while (held < size) {
    const ssize_t got = ::read(file, bytes + held, size - held);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return -1;
    if (got == 0) break;
    held += static_cast<std::size_t>(got);
  }
  return static_cast<ssize_t>(held);
}

}  // namespace

// ---- results_writer ---------------------------------------------------------------

results_writer::results_writer(std::string path, std::string_view workload)
    : path_(std::move(path)),
      waiting_(blocks_in_buffer * block_size),
      file_(::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644)) {
  if (!file_.is_open()) throw cannot_write(path_, errno);
  put(magic.data(), magic.size());
  put(workload.data(), workload.size());
  put("\n", 1);
  put_zeros();
}

void results_writer::add(const taskworker_task &task, const taskworker_result &result) noexcept {
  const record_head head{task.id, result.scalar, result.data_size, task.operation, result.kind};
  const std::lock_guard lock(mutex_);
  if (is_cut_off_) return;
  put(&head, sizeof head);
  put_zeros();
  put(result.data, static_cast<std::size_t>(result.data_size));
  put_zeros();
  ++count_;
}

void results_writer::finish() {
  const std::lock_guard lock(mutex_);
  if (is_cut_off_) return;
  const record_head end{.id = count_, .operation = end_mark};
  put(&end, sizeof end);
  put_zeros();
  flush();
  struct stat status = {};
  const bool is_regular = ::fstat(file_.number(), &status) == 0 && S_ISREG(status.st_mode);
  if (::close(file_.release()) != 0 && error_ == 0) error_ = errno;
  if (error_ == 0) return;
  if (is_regular) ::unlink(path_.c_str());
  throw cannot_write(path_, error_);
}

std::uint64_t results_writer::cut_off() noexcept {
  // Not by a timed_mutex, whose lock the thread sanitizer does not see (GCC 12).
  std::unique_lock lock(mutex_, std::try_to_lock);
  for (const auto end = clock::now() + patience; !lock && clock::now() < end;) {
    std::this_thread::sleep_for(pause);
    (void)lock.try_lock();
  }
  if (!lock) return 0;  // its holder hangs in a write, or crashed in the middle of a result
  ::fcntl(file_.number(), F_SETFL, O_NONBLOCK);
  flush();
  is_cut_off_ = true;  // what comes later would end in the middle of a result
  return error_ == 0 ? count_ : 0;
}

void results_writer::put(const void *bytes, std::size_t size) noexcept {
  const char *from = static_cast<const char *>(bytes);
  while (size > 0) {
    const std::size_t part = std::min(size, waiting_.size() - used_);
    std::memcpy(waiting_.data() + used_, from, part);
    used_ += part;
    from += part;
    size -= part;
    if (used_ == waiting_.size()) flush();
  }
}

void results_writer::put_zeros() noexcept {
  static constexpr std::array<char, block_size> zeros{};
  put(zeros.data(), blocks_of(used_) * block_size - used_);
}

void results_writer::flush() noexcept {
  if (error_ == 0)
    error_ = profiling::write_all(file_.number(), {waiting_.data(), used_}, patience);
  used_ = 0;
}

// ---- expected_results -------------------------------------------------------------

expected_results::expected_results(const std::string &path, const workload &tasks)
    : path_(strategy::one_line(path)), tasks_(tasks) {
  static_assert(sizeof(block) == block_size);
  read(path);
  check_end(find_records(check_head()));
  sort_places();
}

bool expected_results::check(const taskworker_task &task, const taskworker_result &result) const {
  const auto kept = find(task.id);
  return kept && kept->operation == task.operation && tasks_.equal(task, kept->result, result);
}

std::string expected_results::describe_mismatch(const taskworker_task &task,
                                                const taskworker_result &result) const {
  const auto kept = find(task.id);
  if (!kept) return path_ + " has none of this task";
  if (kept->operation != task.operation) {
    return path_ + " has operation " + std::to_string(kept->operation) + " of this task, not " +
           std::to_string(task.operation);
  }
  const bool are_scalars =
      result.kind == TASKWORKER_SCALAR && kept->result.kind == TASKWORKER_SCALAR;
  if (are_scalars && result.scalar != kept->result.scalar) {
    return "got " + std::to_string(result.scalar) + ", " + path_ + " has " +
           std::to_string(kept->result.scalar);
  }
  return "not equal to that of " + path_;
}

void expected_results::read(const std::string &path) {
  const profiling::descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status = {};
  if (!file.is_open() || ::fstat(file.number(), &status) != 0) refuse(words_of(errno));
  if (!S_ISREG(status.st_mode)) refuse("it is not a regular file");
  const auto size = static_cast<std::size_t>(status.st_size);
  blocks_.resize(blocks_of(size));
  const ssize_t got = read_all(file.number(), reinterpret_cast<char *>(blocks_.data()), size);
  if (got < 0) refuse(words_of(errno));
  if (!text().starts_with(magic)) refuse("it is not what --results of this version writes");
  if (static_cast<std::size_t>(got) != blocks_.size() * block_size) refuse("it is cut off");
}

std::string_view expected_results::text() const {
  return {reinterpret_cast<const char *>(blocks_.data()), blocks_.size() * block_size};
}

/// The number of its blocks.
std::size_t expected_results::check_head() const {
  const std::size_t end = text().find('\n', magic.size());
  if (end == std::string_view::npos) refuse("it is cut off");
  const std::string name(text().substr(magic.size(), end - magic.size()));
  if (name != tasks_.name()) {
    refuse("it is of the workload '" + name + "', and the strategy's is '" +
           std::string(tasks_.name()) + "'");
  }
  return blocks_of(end + 1);
}

/// From block `at` on; returns that of the end.
std::size_t expected_results::find_records(std::size_t at) {
  while (at < blocks_.size()) {
    const record_head head = head_in(blocks_[at].bytes);
    if (head.operation == end_mark) return at;
    places_.push_back({head.id, at});
    at += 1 + data_blocks(at);
  }
  refuse("it is cut off after " + std::to_string(places_.size()) + " results");
}

std::size_t expected_results::data_blocks(std::size_t at) const {
  const record_head head = head_in(blocks_[at].bytes);
  if (head.operation >= TASKWORKER_MAX_OPERATIONS) {
    refuse("it is damaged: task " + std::to_string(head.id) + " has operation " +
           std::to_string(head.operation));
  }
  if (head.data_size > (blocks_.size() - at - 1) * block_size) {
    refuse("it is cut off or damaged: of task " + std::to_string(head.id) + " it should have " +
           std::to_string(head.data_size) + " bytes");
  }
  return blocks_of(static_cast<std::size_t>(head.data_size));
}

void expected_results::check_end(std::size_t at) const {
  const std::uint64_t count = head_in(blocks_[at].bytes).id;
  if (count != places_.size()) {
    refuse("it is damaged: it has " + std::to_string(places_.size()) + " results and should have " +
           std::to_string(count));
  }
  if (at + 1 != blocks_.size()) refuse("it is damaged: it goes on after its end");
}

void expected_results::sort_places() {
  std::sort(places_.begin(), places_.end(),
            [](const place &a, const place &b) { return a.id < b.id; });
  const auto twice = std::adjacent_find(
      places_.begin(), places_.end(), [](const place &a, const place &b) { return a.id == b.id; });
  if (twice != places_.end()) {
    refuse("it is damaged: it has task " + std::to_string(twice->id) + " twice");
  }
}

std::optional<expected_results::kept_result> expected_results::find(std::uint64_t id) const {
  const auto found =
      std::lower_bound(places_.begin(), places_.end(), id,
                       [](const place &each, std::uint64_t wanted) { return each.id < wanted; });
  if (found == places_.end() || found->id != id) return std::nullopt;
  const record_head head = head_in(blocks_[found->block].bytes);
  kept_result kept{.operation = head.operation};
  kept.result.kind = head.kind;
  kept.result.scalar = head.scalar;
  kept.result.data_size = kept.result.data_capacity = head.data_size;
  // The interface has no result of const data; equal() does not write it.
  kept.result.data = const_cast<block *>(blocks_.data() + found->block + 1);
  return kept;
}

void expected_results::refuse(const std::string &reason) const {
  throw results_file_error("cannot use the results in '" + path_ + "': " + reason);
}

}  // namespace taskworker::worker
