// SPDX-License-Identifier: MIT
//
// A strategy runs code while it is opened, so each one is opened by a forked
// child. The child sends an answer of zero-ended texts through a pipe:
//
//     "sound" version summary workload      or      "refused" problem
//
// and leaves at once. No exec: the child needs nothing but this library, and the
// parent has one thread, so nothing can be locked in the child.
#include "strategy/catalog.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>
#include <string_view>
#include <system_error>

#include "strategy/library.hpp"
#include "strategy/signal_name.hpp"
#include "strategy/text.hpp"

namespace taskworker::strategy {
namespace {

using steady_clock = std::chrono::steady_clock;
using answer = std::vector<std::string>;

constexpr char sound[] = "sound";
constexpr char refused[] = "refused";
constexpr std::size_t sound_texts = 4;
constexpr std::size_t refused_texts = 2;

// Descriptor texts are a line or two; more comes from a strategy gone wild.
constexpr std::size_t max_answer_bytes = 64 * 1024;

[[noreturn]] void throw_errno(const char *call) {
  throw std::system_error(errno, std::generic_category(), call);
}

// ---- In the child --------------------------------------------------------------

answer open_strategy(const std::string &path) {
  try {
    // Kept for the rest of the child's life: what deinit() does is no part of
    // the question.
    const auto &opened = *new library(path);
    const auto *workload = opened.workload();
    return {sound, opened.descriptor().version, opened.descriptor().summary,
            workload != nullptr ? workload->name : ""};
  } catch (const std::exception &error) {
    return {refused, error.what()};
  }
}

// Also undoes what the parent may have set up for its own crashes.
void prepare_child() {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  for (const int signal : {SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGINT, SIGSEGV, SIGTERM}) {
    std::signal(signal, SIG_DFL);
  }
  const int null = open("/dev/null", O_RDWR);
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) dup2(null, fd);
}

void write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

[[noreturn]] void run_child(const std::string &path, int fd) {
  prepare_child();
  std::string bytes;
  for (const auto &text : open_strategy(path)) bytes.append(text.c_str(), text.size() + 1);
  write_all(fd, bytes);
  _exit(0);
}

// ---- In the parent -------------------------------------------------------------

std::optional<answer> parse_answer(std::string_view bytes) {
  answer texts;
  while (!bytes.empty()) {
    const auto end = bytes.find('\0');
    if (end == std::string_view::npos) return std::nullopt;
    texts.emplace_back(bytes.substr(0, end));
    bytes.remove_prefix(end + 1);
  }
  const bool is_sound = texts.size() == sound_texts && texts[0] == sound;
  const bool is_refused = texts.size() == refused_texts && texts[0] == refused;
  if (!is_sound && !is_refused) return std::nullopt;
  return texts;
}

class child {
 public:
  explicit child(const std::string &path);
  ~child();
  child(const child &) = delete;
  child &operator=(const child &) = delete;

  // The whole answer, or nothing at the end of the pipe or of the time.
  std::optional<answer> read(steady_clock::time_point deadline);

  // Kills what is left of it and returns the status of waitpid().
  int end();

 private:
  // False at the end of the pipe or of the time.
  bool read_more(steady_clock::time_point deadline);

  pid_t pid_ = -1;
  int fd_ = -1;
  std::string bytes_;
};

child::child(const std::string &path) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw_errno("pipe2");
  pid_ = fork();
  if (pid_ == 0) run_child(path, ends[1]);
  const int fork_errno = errno;
  close(ends[1]);
  fd_ = ends[0];
  if (pid_ < 0) {
    close(fd_);
    errno = fork_errno;
    throw_errno("fork");
  }
  setpgid(pid_, pid_);
}

child::~child() {
  if (pid_ > 0) end();
  close(fd_);
}

bool child::read_more(steady_clock::time_point deadline) {
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(deadline - steady_clock::now()).count();
  pollfd waiting{fd_, POLLIN, 0};
  const int ready = poll(&waiting, 1, static_cast<int>(std::max<std::int64_t>(left, 0)));
  if (ready < 0 && errno == EINTR) return true;
  if (ready <= 0) return false;
  std::array<char, 4096> buffer;
  const ssize_t got = ::read(fd_, buffer.data(), buffer.size());
  if (got <= 0) return false;
  bytes_.append(buffer.data(), static_cast<std::size_t>(got));
  return bytes_.size() <= max_answer_bytes;
}

std::optional<answer> child::read(steady_clock::time_point deadline) {
  while (read_more(deadline)) {
    if (auto whole = parse_answer(bytes_)) return whole;
  }
  return std::nullopt;
}

int child::end() {
  // A child that is already dying of something else keeps that as its status.
  kill(-pid_, SIGKILL);
  kill(pid_, SIGKILL);
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  return status;
}

std::string describe_limit(std::chrono::milliseconds limit) {
  const auto count = limit.count();
  return count % 1000 == 0 ? std::to_string(count / 1000) + " s" : std::to_string(count) + " ms";
}

std::string describe_silence(int status, bool in_time, std::chrono::milliseconds limit) {
  if (WIFEXITED(status)) {
    return "ended the process while it was opened (exit code " +
           std::to_string(WEXITSTATUS(status)) + ")";
  }
  if (WTERMSIG(status) != SIGKILL) {
    return "crashed while it was opened (" + std::string(signal_name(WTERMSIG(status)).view()) +
           ")";
  }
  return in_time ? "was killed while it was opened"
                 : "did not answer within " + describe_limit(limit);
}

catalog_entry read_entry(const candidate &file, std::chrono::milliseconds limit) {
  catalog_entry entry;
  entry.file = file;
  const auto deadline = steady_clock::now() + limit;
  child opener(file.path);
  const auto texts = opener.read(deadline);
  const bool in_time = steady_clock::now() < deadline;
  const int status = opener.end();
  if (!texts) {
    entry.problem = describe_silence(status, in_time, limit);
  } else if (texts->front() == refused) {
    entry.problem = (*texts)[1];
  } else {
    entry.version = (*texts)[1];
    entry.summary = (*texts)[2];
    entry.workload = (*texts)[3];
  }
  return entry;
}

// ---- For a person --------------------------------------------------------------

// The words of load_error begin with the path, which the table shows already.
std::string without_path(const catalog_entry &entry) {
  const std::string path = entry.file.path.string() + " ";
  return entry.problem.starts_with(path) ? entry.problem.substr(path.size()) : entry.problem;
}

std::string format_entry(const catalog_entry &entry, std::size_t name_width) {
  const std::size_t indent = name_width + 4;
  const bool is_usable = entry.problem.empty();
  std::string text =
      row("  " + entry.file.name,
          is_usable ? entry.version + ": " + entry.summary : "unusable: it " + without_path(entry),
          indent);
  if (!entry.workload.empty()) {
    text += row("", "brings its own workload, '" + entry.workload + "'", indent);
  }
  if (entry.file.shadowed) {
    text += row("", "shadowed by the one above: open it by its path", indent);
  }
  return text;
}

}  // namespace

std::vector<catalog_entry> read_catalog(const std::vector<candidate> &candidates,
                                        std::chrono::milliseconds limit) {
  std::vector<catalog_entry> entries;
  for (const auto &file : candidates) entries.push_back(read_entry(file, limit));
  return entries;
}

std::string format_catalog(const std::vector<catalog_entry> &entries,
                           const std::vector<search_folder> &folders) {
  std::size_t name_width = 0;
  for (const auto &entry : entries) name_width = std::max(name_width, entry.file.name.size());

  std::string text = "Strategies, in the order in which a name is looked for:\n";
  for (const auto &folder : folders) {
    text += "\n" + folder.path.string() + " (" + folder.origin + ")\n";
    bool is_empty = true;
    for (const auto &entry : entries) {
      if (entry.file.folder != folder.path) continue;
      text += format_entry(entry, name_width);
      is_empty = false;
    }
    if (is_empty) text += exists(folder) ? "  none\n" : "  no such folder\n";
  }
  return text;
}

}  // namespace taskworker::strategy
