// SPDX-License-Identifier: MIT
#include <unistd.h>

#include <array>
#include <future>
#include <string>
#include <system_error>
#include <vector>

#include "catch.hpp"
#include "temporary_file.hpp"
#include "worker/task_source.hpp"

using namespace taskworker::worker;

namespace {

/// Everything that a source gives until it ends.
struct given {
  std::vector<std::uint64_t> ids;
  std::uint64_t bad_inputs = 0;
  std::vector<std::string> complaints;
};

given read_all(const std::string &text, std::uint64_t count = 0) {
  const temporary_file file(text);
  const auto tasks = make_builtin_workload(1);
  given seen;
  const auto source = make_file_source(
      file.path(), *tasks, count, [&](std::uint64_t line, const std::string &reason) {
        seen.complaints.push_back(std::to_string(line) + ": " + reason.substr(0, reason.find(';')));
      });
  std::array<task_slot, 3> slots;
  for (bool ended = false; !ended;) {
    const auto result = source->fill(slots);
    for (std::size_t i = 0; i < result.filled; ++i) seen.ids.push_back(slots.at(i).task.id);
    seen.bad_inputs += result.bad_inputs;
    ended = result.ended;
  }
  return seen;
}

const std::string line = R"({"operation": "sum", "data": [1, 2]})"
                         "\n";

}  // namespace

TEST_CASE("each line of a file is a task", "[worker_file_source]") {
  const auto seen = read_all(line + line + line + line + line);
  CHECK(seen.ids == std::vector<std::uint64_t>{0, 1, 2, 3, 4});
  CHECK(seen.bad_inputs == 0);
}

TEST_CASE("the last line needs no end, empty lines are none", "[worker_file_source]") {
  CHECK(read_all(line + "\n  \r\n" + line.substr(0, line.size() - 1)).ids.size() == 2);
  CHECK(read_all("").ids.empty());
  CHECK(read_all("\n\n").ids.empty());
}

TEST_CASE("a broken line takes an id and is told with its number", "[worker_file_source]") {
  const auto seen = read_all(line + "nonsense\n\n" + line + "[]\n");
  CHECK(seen.ids == std::vector<std::uint64_t>{0, 2});
  CHECK(seen.bad_inputs == 2);
  REQUIRE(seen.complaints.size() == 2);
  CHECK_THAT(seen.complaints[0], Catch::Matchers::StartsWith("2: not JSON: "));
  CHECK(seen.complaints[1] == "5: not a JSON object");
}

TEST_CASE("no more than the tasks that were asked for are taken", "[worker_file_source]") {
  CHECK(read_all(line + line + line + line, 2).ids.size() == 2);
  const auto seen = read_all("x\n" + line + line, 2);
  CHECK(seen.ids.size() == 1);
  CHECK(seen.bad_inputs == 1);
}

TEST_CASE("a line over 64 MiB is bad input, what follows is read", "[worker_file_source]") {
  const auto seen = read_all(std::string(65u << 20, 'x') + "\n" + line);
  CHECK(seen.bad_inputs == 1);
  CHECK(seen.complaints == std::vector<std::string>{"1: longer than 64 MiB"});
  CHECK(seen.ids == std::vector<std::uint64_t>{1});
}

TEST_CASE("a file that is not there is an error that names it", "[worker_file_source]") {
  const auto tasks = make_builtin_workload(1);
  CHECK_THROWS_WITH(make_file_source("/nowhere/tasks", *tasks, 0, {}),
                    "/nowhere/tasks: No such file or directory");
}

TEST_CASE("a wait for input ends by interrupt()", "[worker_file_source]") {
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  const auto tasks = make_builtin_workload(1);
  const auto source = make_file_source("/proc/self/fd/" + std::to_string(ends[0]), *tasks, 0, {});
  std::array<task_slot, 4> slots;

  // A task that has come is given at once, though the pipe stays open.
  REQUIRE(::write(ends[1], line.data(), line.size()) == static_cast<ssize_t>(line.size()));
  CHECK(source->fill(slots).filled == 1);

  auto waiting = std::async(std::launch::async, [&] { return source->fill(slots); });
  source->interrupt();
  const auto result = waiting.get();
  CHECK(result.filled == 0);
  CHECK_FALSE(result.ended);
  ::close(ends[0]);
  ::close(ends[1]);
}
