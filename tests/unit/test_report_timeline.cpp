// SPDX-License-Identifier: MIT
#include "report/timeline.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "catch.hpp"
#include "profiling/descriptor.hpp"
#include "temporary_file.hpp"

using namespace taskworker;
using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;
using report::timeline;

namespace {

/// Notes what it is told.
class listener final : public worker::session_observer {
 public:
  void started() override { told.emplace_back("started"); }
  void tick(const worker::session_view &view) override {
    told.push_back("tick " + std::to_string(view.now.jobs));
  }
  void lingering(std::chrono::nanoseconds left) override {
    told.push_back("lingering " + std::to_string(left.count()));
  }
  void stopping() override { told.emplace_back("stopping"); }
  void message(taskworker_log_severity severity, const std::string &text,
               bool strategy_speaks) override {
    told.push_back(std::to_string(severity) + text + (strategy_speaks ? "!" : ""));
  }

  std::vector<std::string> told;
};

constexpr auto header = "seconds,tasks,threads,jobs,resident_bytes\n";

worker::session_view view_of(std::chrono::nanoseconds elapsed, std::uint64_t tasks,
                             std::uint64_t threads, std::uint64_t jobs,
                             std::uint64_t resident_bytes = 0) {
  worker::session_view view;
  view.totals = metrics::task_totals(2);
  view.totals.operations[0].processed = tasks / 2;
  view.totals.operations[1].processed = tasks - tasks / 2;
  view.now.threads = threads;
  view.now.jobs = jobs;
  view.now.resident_bytes = resident_bytes;
  view.elapsed = elapsed;
  return view;
}

std::string read_file(const std::string &path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string make_pipe(const temporary_folder &folder) {
  const std::string path = folder / "pipe";
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  return path;
}

/// The other end of a pipe, so that it can be opened for writing.
profiling::descriptor open_reader(const std::string &path) {
  profiling::descriptor reader(::open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
  REQUIRE(reader.is_open());
  return reader;
}

}  // namespace

TEST_CASE("a look is a line of figures", "[report_timeline]") {
  CHECK(report::timeline_line(view_of(0ns, 0, 0, 0)) == "0.000,0,0,0,0\n");
  CHECK(report::timeline_line(view_of(100'499'999ns, 1234567, 21, 1000, 18'874'368)) ==
        "0.100,1234567,21,1000,18874368\n");
  CHECK(report::timeline_line(view_of(240h + 1500us, 1, 2, 3, 4)) == "864000.002,1,2,3,4\n");
}

TEST_CASE("failed tasks are not done", "[report_timeline]") {
  auto view = view_of(1s, 5, 1, 0, 7);
  view.totals.errors[0] = 3;
  CHECK(report::timeline_line(view) == "1.000,5,1,0,7\n");
}

TEST_CASE("each look is in the file at once, in place of what was there", "[report_timeline]") {
  const temporary_file file(std::string(1000, 'x'));
  listener next;
  timeline observer(next);
  observer.open(file.path());
  CHECK(read_file(file.path()) == header);
  observer.tick(view_of(100ms, 10, 12, 10));
  CHECK_THAT(read_file(file.path()), StartsWith(std::string(header) + "0.100,10,12,10,"));
  observer.tick(view_of(200ms, 20, 14, 20));
  CHECK_THAT(read_file(file.path()), ContainsSubstring("\n0.200,20,14,20,"));
  CHECK(observer.error().empty());
}

TEST_CASE("what is told goes on, with a timeline and without", "[report_timeline]") {
  const temporary_file file("");
  for (const bool has_file : {false, true}) {
    listener next;
    timeline observer(next);
    if (has_file) observer.open(file.path());
    observer.started();
    observer.tick(view_of(100ms, 1, 2, 3));
    observer.lingering(5ns);
    observer.stopping();
    observer.message(TASKWORKER_LOG_WARNING, "text", true);
    CHECK(next.told ==
          std::vector<std::string>{"started", "tick 3", "lingering 5", "stopping", "2text!"});
    CHECK(observer.error().empty());
  }
}

TEST_CASE("a timeline that cannot be opened is refused", "[report_timeline]") {
  listener next;
  timeline observer(next);
  CHECK_THROWS_WITH(
      observer.open("/nonexistent/run.csv"),
      "cannot write the timeline to '/nonexistent/run.csv': No such file or directory");
}

TEST_CASE("a full disk ends the timeline and is said once", "[report_timeline]") {
  // A link, so that the device is safe from a mistake here.
  const temporary_folder folder;
  const std::string full = folder / "full";
  std::filesystem::create_symlink("/dev/full", full);
  listener next;
  timeline observer(next);
  observer.open(full);
  const std::string error = "cannot write the timeline to '" + full + "': No space left on device";
  CHECK(observer.error() == error);
  observer.tick(view_of(100ms, 1, 2, 3));
  CHECK(observer.error() == error);
  CHECK(next.told == std::vector<std::string>{"tick 3"});
  CHECK(std::filesystem::is_symlink(full));
}

TEST_CASE("a reader that goes ends the timeline, not the process", "[report_timeline]") {
  const temporary_folder folder;
  const std::string pipe = make_pipe(folder);
  auto reader = open_reader(pipe);
  listener next;
  timeline observer(next);
  observer.open(pipe);
  CHECK(observer.error().empty());
  reader = profiling::descriptor();
  observer.tick(view_of(100ms, 1, 2, 3));
  CHECK_THAT(observer.error(), ContainsSubstring("Broken pipe"));
  CHECK(next.told == std::vector<std::string>{"tick 3"});
}

TEST_CASE("a reader that does not read holds nothing up", "[report_timeline]") {
  const temporary_folder folder;
  const std::string pipe = make_pipe(folder);
  const auto reader = open_reader(pipe);
  REQUIRE(profiling::write_all(reader.number(), std::string(1 << 24, 'x')) == EAGAIN);
  listener next;
  timeline observer(next);
  observer.open(pipe);
  observer.tick(view_of(100ms, 1, 2, 3));
  CHECK_THAT(observer.error(), ContainsSubstring("Resource temporarily unavailable"));
  CHECK(next.told == std::vector<std::string>{"tick 3"});
}
