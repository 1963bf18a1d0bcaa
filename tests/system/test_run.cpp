// SPDX-License-Identifier: MIT
// Whole runs of the built program: figures, verdicts, accounting.
#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "catch.hpp"
#include "program.hpp"
#include "temporary_file.hpp"

using Catch::Matchers::ContainsSubstring;

namespace {

namespace json = boost::json;

/// A run with its JSON report.
json::object report_of(std::vector<std::string> arguments, int status = 0,
                       const std::string &input = "") {
  arguments.insert(arguments.end(), {"--listen=none", "--report=json", "--duration=0"});
  const outcome ended = run(arguments, input);
  INFO("standard error: " << ended.err << "\nstandard output: " << ended.out);
  REQUIRE(ended.status == status);
  return json::parse(ended.out).as_object();
}

std::uint64_t number(const json::value &value) { return value.to_number<std::uint64_t>(); }

void check_accounting(const json::object &report) {
  const auto &tasks = report.at("tasks");
  CHECK(number(tasks.at("generated")) ==
        number(tasks.at("processed")) + number(tasks.at("failed")) + number(tasks.at("drained")) +
            number(tasks.at("abandoned")));
}

std::string bad_strategy(const std::string &name) {
  return std::string(std::getenv("TASKWORKER_TEST_BAD_STRATEGIES")) + "/" + name + ".so";
}

bool has_jemalloc() {
#ifdef TASKWORKER_HAVE_JEMALLOC
  return true;
#else
  return false;
#endif
}

bool records_threads() {
#ifdef TASKWORKER_IS_SANITIZED
  return false;
#else
  return true;
#endif
}

}  // namespace

TEST_CASE("optimized leaves nothing behind and allocates nothing per task", "[run]") {
  const auto report = report_of({"--strategy=optimized", "--tasks=20000", "--verify=all"});
  CHECK(number(report.at("tasks").at("processed")) == 20000);
  CHECK(number(report.at("tasks").at("processed_by_operation").at("sum")) == 5000);
  CHECK(number(report.at("leaked").at("threads")) == 0);
  CHECK(number(report.at("leaked").at("jobs")) == 0);
  CHECK(report.at("verdict").as_string() == "clean: 0 threads, 0 jobs left");
  CHECK(report.at("tasks_per_second").to_number<double>() > 0);
  CHECK(report.at("processing_seconds").at("p50").to_number<double>() > 0);
  if (has_jemalloc()) {
    CHECK(report.at("bytes_per_task").to_number<double>() == 0);
    CHECK(report.at("allocations_per_task").to_number<double>() == 0);
  }
  check_accounting(report);
}

TEST_CASE("bad leaks a job per task and a thread per fourth, and the lines are named", "[run]") {
  const auto report = report_of({"--strategy=bad", "--tasks=1000"});
  const auto &leaked = report.at("leaked");
  CHECK(number(leaked.at("jobs")) == 1000);
  CHECK(number(report.at("resources").at("peak").at("jobs")) == 1000);
  CHECK(number(report.at("resources").at("start").at("jobs")) == 0);
  if (records_threads()) {
    CHECK(number(leaked.at("threads")) == 251);  // and the monitor
    for (const auto &place : leaked.at("places").as_array()) {
      CHECK_THAT(std::string(place.at("place").as_string()), ContainsSubstring("bad.cpp:"));
    }
  }
  CHECK(number(report.at("resources").at("end").at("threads")) >=
        number(report.at("resources").at("start").at("threads")) + 251);
  if (has_jemalloc()) {
    CHECK(report.at("bytes_per_task").to_number<double>() > 1000);
    CHECK(report.at("allocations_per_task").to_number<double>() > 10);
  }
  check_accounting(report);
}

TEST_CASE("bad stays within its limits, counts the rest, and goes on", "[run]") {
  const auto report =
      report_of({"--strategy=bad:leak-limit-jobs=50:leak-limit-threads=7", "--tasks=1000"});
  CHECK(number(report.at("leaked").at("jobs")) == 50);
  if (records_threads()) CHECK(number(report.at("leaked").at("threads")) <= 8);
  CHECK(number(report.at("tasks").at("processed")) == 1000);
}

TEST_CASE("each fault of bad can be switched off", "[run]") {
  for (const std::string problems : {"none", "capacity", "alloc"}) {
    const auto report = report_of({"--strategy=bad:problems=" + problems, "--tasks=2000"});
    CHECK(report.at("verdict").as_string() == "clean: 0 threads, 0 jobs left");
    if (has_jemalloc()) {
      CHECK((report.at("bytes_per_task").to_number<double>() == 0) == (problems == "none"));
    }
  }
}

TEST_CASE("bad and optimized give the same results", "[run]") {
  for (const std::string strategy : {"bad", "optimized"}) {
    for (const std::string size : {"0", "1", "10", "1000"}) {
      const auto report = report_of({"--strategy=" + strategy, "--strategy-opt=keep=10",
                                     "--tasks=400", "--verify=all", "--data-size=" + size});
      CHECK(number(report.at("tasks").at("processed")) == 400);
    }
  }
}

TEST_CASE("tasks come from standard input, broken lines are counted with their number", "[run]") {
  const std::string input =
      "{\"operation\": \"sum\", \"data\": [9223372036854775807, 1]}\n"
      "this is no task\n"
      "{\"operation\": \"filter\", \"data\": [1, 2, 3, 4]}\n";
  const outcome ended = run({"--strategy=optimized", "--source=-", "--listen=none", "--duration=0",
                             "--report=json", "--verify=all"},
                            input);
  CHECK(ended.status == 5);
  CHECK_THAT(ended.err, ContainsSubstring("line 2 is no task: not JSON: "));
  const auto report = json::parse(ended.out).as_object();
  CHECK(number(report.at("tasks").at("generated")) == 3);
  CHECK(number(report.at("tasks").at("processed")) == 2);
  CHECK(number(report.at("tasks").at("errors").at("bad_input")) == 1);
  check_accounting(report);
}

TEST_CASE("standard input that is closed is not another file", "[run]") {
  const std::string command =
      std::string(std::getenv("TASKWORKER")) +
      " --strategy=optimized --source=- --duration=0 --listen=none --report=none <&- 2>&1";
  CHECK(std::system((command + " | grep -q 'reading tasks: Bad file descriptor'").c_str()) == 0);
}

TEST_CASE("tasks come from a file, all of them or as many as are asked for", "[run]") {
  std::string lines;
  for (int i = 0; i < 5000; ++i) lines += "{\"operation\": \"square\", \"data\": [1, 2, 3]}\n";
  const temporary_file file(lines);
  const std::vector<std::string> all = {"--strategy=optimized", "--source=file:" + file.path()};
  CHECK(number(report_of(all).at("tasks").at("processed")) == 5000);
  auto some = all;
  some.push_back("--tasks=7");
  CHECK(number(report_of(some).at("tasks").at("processed")) == 7);
}

TEST_CASE("wrong results are task errors and the exit code tells", "[run]") {
  const auto report =
      report_of({"--strategy=" + bad_strategy("wrong_results"), "--tasks=100", "--verify=all"}, 5);
  CHECK(number(report.at("tasks").at("errors").at("wrong_result")) == 100);
  // The text of the warnings is the host's.
  if (has_jemalloc()) CHECK(report.at("allocations_per_task").to_number<double>() == 0);
  check_accounting(report);
}

TEST_CASE("a run holds its results against those of another", "[run]") {
  const temporary_folder folder;
  const std::string kept = folder / "kept";
  const std::vector<std::string> all{"--strategy=optimized", "--tasks=3000", "--verify=all"};
  const auto with = [](std::vector<std::string> words, const std::string &more) {
    words.push_back(more);
    return words;
  };
  report_of(with(all, "--results=" + kept));
  report_of(with(all, "--expect=" + kept));
  report_of(with(with(all, "--expect=" + kept), "--results=" + kept));  // read before written
  report_of({"--strategy=bad", "--tasks=3000", "--expect=" + kept});    // of the default sample

  const auto other = report_of({"--strategy=optimized", "--tasks=3000", "--verify=all",
                                "--data-size=99", "--expect=" + kept},
                               5);
  CHECK(number(other.at("tasks").at("errors").at("wrong_result")) > 1000);
  check_accounting(other);

  report_of({"--strategy=optimized", "--tasks=3000", "--results=" + kept});
  report_of({"--strategy=optimized", "--tasks=3000", "--expect=" + kept});
  const auto unknown = report_of(with(all, "--expect=" + kept), 5);
  CHECK(number(unknown.at("tasks").at("errors").at("wrong_result")) == 2997);  // but 0, 1024, 2048
}

TEST_CASE("results of another kind or workload are refused before the run", "[run]") {
  const temporary_folder folder;
  const std::string kept = folder / "kept";
  const std::string unchecked = "--strategy=" + bad_strategy("unchecked_results");
  report_of({unchecked, "--tasks=100", "--verify=all", "--results=" + kept});
  const outcome other = run({"--strategy=optimized", "--listen=none", "--expect=" + kept});
  CHECK(other.status == 4);
  CHECK(other.out.empty());
  CHECK(other.err ==
        "taskworker: cannot use the results in '" + kept +
            "': it is of the workload 'unchecked', and the strategy's is 'built-in'\n");
  std::filesystem::resize_file(kept, 640);
  const outcome cut = run({unchecked, "--listen=none", "--expect=" + kept});
  CHECK(cut.status == 4);
  CHECK(cut.err ==
        "taskworker: cannot use the results in '" + kept + "': it is cut off after 9 results\n");
}

TEST_CASE("what differs is told like any wrong result", "[run]") {
  const temporary_folder folder;
  const std::string kept = folder / "kept";
  report_of({"--strategy=" + bad_strategy("unchecked_results"), "--tasks=100", "--verify=all",
             "--results=" + kept});
  const outcome ended =
      run({"--strategy=" + bad_strategy("other_unchecked_results"), "--tasks=100", "--verify=all",
           "--listen=none", "--duration=0", "--report=none", "--quiet", "--expect=" + kept});
  CHECK(ended.status == 5);
  CHECK_THAT(ended.err,
             ContainsSubstring("task 77 (number): wrong result: got 78, " + kept + " has 77\n"));
}

TEST_CASE("an equality of the workload's own decides what differs", "[run]") {
  const temporary_folder folder;
  const auto words = [&](const std::string &strategy, const std::string &more) {
    return std::vector<std::string>{"--strategy=" + bad_strategy(strategy), "--tasks=100",
                                    "--verify=all", more + (folder / "kept")};
  };
  report_of(words("unordered_results", "--results="));
  const auto reversed = report_of(words("reversed_unordered_results", "--expect="));
  CHECK(number(reversed.at("tasks").at("processed")) == 100);
  const auto other = report_of(words("other_unordered_results", "--expect="), 5);
  CHECK(number(other.at("tasks").at("errors").at("wrong_result")) == 1);
}

TEST_CASE("results that cannot be written are told once, at the end", "[run]") {
  const outcome ended = run({"--strategy=optimized", "--tasks=50000", "--verify=all",
                             "--listen=none", "--duration=0", "--results=/dev/full"});
  CHECK(ended.status == 4);
  const std::string words = "cannot write the results to '/dev/full': No space left on device\n";
  CHECK_THAT(ended.err, ContainsSubstring(words));
  CHECK(ended.err.find(words) == ended.err.rfind(words));
  CHECK_THAT(ended.out, ContainsSubstring("50,000 processed"));
}

TEST_CASE("a file that results cannot go to is refused before the run", "[run]") {
  const temporary_folder folder;
  const outcome ended =
      run({"--strategy=optimized", "--listen=none", "--duration=0", "--results=" + folder.path()});
  CHECK(ended.status == 4);
  CHECK(ended.err == "taskworker: --results: cannot write " + folder.path() +
                         ": it is a folder; name a file in it\n");
}

TEST_CASE("failing and throwing tasks are task errors", "[run]") {
  const auto failing =
      report_of({"--strategy=" + bad_strategy("fails_every_third"), "--tasks=300"}, 5);
  CHECK(number(failing.at("tasks").at("errors").at("failed")) == 100);
  const auto throwing =
      report_of({"--strategy=" + bad_strategy("process_throws"), "--tasks=20"}, 5);
  CHECK(number(throwing.at("tasks").at("failed")) == 20);
}

TEST_CASE("a job or a thread that is left is reported", "[run]") {
  CHECK(report_of({"--strategy=" + bad_strategy("leaves_job"), "--tasks=1"})
            .at("verdict")
            .as_string() == "leaked: 0 threads, 1 job");
  if (!records_threads()) return;
  CHECK(report_of({"--strategy=" + bad_strategy("leaves_thread"), "--tasks=1"})
            .at("verdict")
            .as_string() == "leaked: 1 thread, 0 jobs");
}

TEST_CASE("a paced run keeps its rate", "[run]") {
  const auto report = report_of({"--strategy=optimized", "--tasks=100", "--rate=1000"});
  // The last of 100 tasks is due 99 ms after the first: never sooner.
  CHECK(report.at("busy_seconds").to_number<double>() >= 0.0989);
  CHECK(report.at("tasks_per_second").to_number<double>() <= 1011);
}

TEST_CASE("the heap is dumped for jeprof after the last task", "[run]") {
  if (!has_jemalloc()) return;
  const temporary_folder folder;
  report_of({"--strategy=bad", "--tasks=1000", "--heap-sample=4096",
             "--memprofile=" + (folder / "heap.out")});
  REQUIRE(std::filesystem::exists(folder / "heap.out"));
  std::ifstream dump(folder / "heap.out");
  std::string first;
  std::getline(dump, first);
  CHECK(first == "heap_v2/4096");
}
