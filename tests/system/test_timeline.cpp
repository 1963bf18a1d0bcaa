// SPDX-License-Identifier: MIT
// How a run went, as CSV: --timeline.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "catch.hpp"
#include "program.hpp"
#include "temporary_file.hpp"

using Catch::Matchers::ContainsSubstring;

namespace {

constexpr auto header = "seconds,tasks,threads,jobs,resident_bytes";

std::string bad_strategy(const std::string &name) {
  return std::string(std::getenv("TASKWORKER_TEST_BAD_STRATEGIES")) + "/" + name + ".so";
}

struct look {
  double seconds = 0;
  std::uint64_t tasks = 0;
  std::uint64_t threads = 0;
  std::uint64_t jobs = 0;
  std::uint64_t resident_bytes = 0;
};

look parse_look(const std::string &line) {
  CAPTURE(line);
  look read;
  std::istringstream text(line);
  std::array<char, 4> commas{};
  text >> read.seconds >> commas[0] >> read.tasks >> commas[1] >> read.threads >> commas[2] >>
      read.jobs >> commas[3] >> read.resident_bytes;
  REQUIRE(!text.fail());
  REQUIRE(text.peek() == std::istringstream::traits_type::eof());
  REQUIRE(std::string(commas.data(), commas.size()) == ",,,,");
  return read;
}

/// All looks of a whole timeline.
std::vector<look> parse_timeline(std::istream &text) {
  std::string line;
  std::getline(text, line);
  REQUIRE(line == header);
  std::vector<look> looks;
  while (std::getline(text, line)) looks.push_back(parse_look(line));
  return looks;
}

std::vector<look> read_timeline(const std::string &path) {
  std::ifstream file(path);
  return parse_timeline(file);
}

/// A named pipe, read line by line.
class named_pipe {
 public:
  explicit named_pipe(const std::string &path) {
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    descriptor_ = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    REQUIRE(descriptor_ >= 0);
  }
  ~named_pipe() { close(); }
  named_pipe(const named_pipe &) = delete;
  named_pipe &operator=(const named_pipe &) = delete;

  std::string next_line() {
    while (text_.find('\n') == std::string::npos) read_more();
    const std::size_t size = text_.find('\n');
    const std::string line = text_.substr(0, size);
    text_.erase(0, size + 1);
    return line;
  }

  void close() {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = -1;
  }

 private:
  void read_more() {
    constexpr int patience_ms = 20'000;
    pollfd readable{.fd = descriptor_, .events = POLLIN, .revents = 0};
    std::array<char, 4096> text;
    if (::poll(&readable, 1, patience_ms) != 1) FAIL("nothing was written to the pipe");
    const auto size = ::read(descriptor_, text.data(), text.size());
    if (size <= 0) FAIL("the pipe has ended");
    text_.append(text.data(), static_cast<std::size_t>(size));
  }

  int descriptor_ = -1;
  std::string text_;
};

}  // namespace

TEST_CASE("the timeline of bad shows what it leaks, to the last task", "[timeline]") {
  const temporary_folder folder;
  const std::string path = folder / "run.csv";
  const outcome ended = run({"--strategy=bad", "--tasks=300", "--rate=1000", "--duration=0",
                             "--listen=none", "--timeline=" + path});
  CHECK(ended.status == 0);
  CHECK(ended.err.empty());
  look before;
  for (const look &each : read_timeline(path)) {
    CHECK(each.seconds >= before.seconds);
    CHECK(each.tasks >= before.tasks);
    CHECK(each.jobs >= before.jobs);
    CHECK(each.threads > 0);
    CHECK(each.resident_bytes > 0);
    before = each;
  }
  CHECK(before.tasks == 300);
  CHECK(before.jobs == 300);    // one a task
  CHECK(before.threads >= 75);  // one in four
}

TEST_CASE("jobs are seen to rise while the run goes on, through a pipe", "[timeline]") {
  const temporary_folder folder;
  const std::string path = folder / "pipe";
  named_pipe pipe(path);
  program worker(
      {"--strategy=bad", "--tasks=0", "--rate=100", "--listen=none", "--timeline=" + path});
  CHECK(pipe.next_line() == header);
  const look first = parse_look(pipe.next_line());
  look later = first;
  while (later.jobs == first.jobs) {
    REQUIRE(later.tasks < first.tasks + 100);
    later = parse_look(pipe.next_line());
  }
  CHECK(later.jobs > first.jobs);
  worker.send(SIGTERM);
  CHECK(worker.wait().status == 0);
  CHECK(std::filesystem::is_fifo(path));
}

TEST_CASE("a run goes on without the reader of its timeline, and says so at the end",
          "[timeline]") {
  const temporary_folder folder;
  const std::string path = folder / "pipe";
  named_pipe pipe(path);
  program worker(
      {"--strategy=optimized", "--tasks=0", "--rate=100", "--listen=none", "--timeline=" + path});
  CHECK(pipe.next_line() == header);
  pipe.next_line();  // signals are heard
  pipe.close();
  worker.send(SIGTERM);  // the last line comes after it
  const outcome ended = worker.wait();
  CHECK(ended.status == 4);
  CHECK(ended.err ==
        "taskworker: error: cannot write the timeline to '" + path + "': Broken pipe\n");
  CHECK_THAT(ended.out, ContainsSubstring("clean: 0 threads, 0 jobs left"));
}

TEST_CASE("a run that is over at once has a line of its end", "[timeline]") {
  const outcome ended = run({"--strategy=optimized", "--tasks=1", "--duration=0", "--listen=none",
                             "--report=none", "--timeline=/dev/stdout"});
  CHECK(ended.status == 0);
  std::istringstream text(ended.out);
  const auto looks = parse_timeline(text);
  REQUIRE(!looks.empty());
  CHECK(looks.back().tasks == 1);
}

TEST_CASE("no time has passed in a run that is stopped before its first task", "[timeline]") {
  const temporary_folder folder;
  const std::string path = folder / "run.csv";
  program worker(
      {"--strategy=" + bad_strategy("starts_when_stopped"), "--listen=none", "--timeline=" + path});
  worker.wait_for_err("waits for the stop");
  worker.send(SIGTERM);
  CHECK(worker.wait().status == 0);
  const auto looks = read_timeline(path);
  REQUIRE(looks.size() == 1);
  CHECK(looks.front().seconds == 0);
  CHECK(looks.front().tasks == 0);
}

TEST_CASE("a full disk is told in a sentence, and is exit code 4 where all else went well",
          "[timeline]") {
  // A link, so that the device is safe from a mistake here.
  const temporary_folder folder;
  const std::string full = folder / "full";
  std::filesystem::create_symlink("/dev/full", full);
  const auto [strategy, status] = GENERATE(table<std::string, int>({
      {"optimized", 4},
      {bad_strategy("fails_every_third"), 5},
  }));
  const outcome ended = run({"--strategy=" + strategy, "--tasks=90", "--duration=0",
                             "--listen=none", "--timeline=" + full});
  CHECK(ended.status == status);
  CHECK(ended.err == "taskworker: error: cannot write the timeline to '" + full +
                         "': No space left on device\n");
  CHECK_THAT(ended.out, ContainsSubstring("90 generated"));
}

TEST_CASE("a timeline that has no folder is refused before the run", "[timeline]") {
  const temporary_folder folder;
  const std::string path = folder / "no/run.csv";
  const outcome ended =
      run({"--strategy=optimized", "--duration=0", "--listen=none", "--timeline=" + path});
  CHECK(ended.status == 4);
  CHECK(ended.out.empty());
  CHECK(ended.err == "taskworker: --timeline: cannot write " + path + ": there is no folder " +
                         (folder / "no") + "\n");
}

TEST_CASE("a run that is refused leaves the timeline of the one before", "[timeline]") {
  const temporary_file file("as it was\n");
  program other({"--strategy=optimized", "--tasks=0", "--rate=1", "--listen=127.0.0.1:0"});
  const int taken = announced_port(other.wait_for_err("/metrics"));
  const outcome ended = run({"--strategy=optimized", "--timeline=" + file.path(),
                             "--listen=127.0.0.1:" + std::to_string(taken)});
  CHECK(ended.status == 4);
  std::ifstream left(file.path());
  std::string text;
  std::getline(left, text);
  CHECK(text == "as it was");
}
