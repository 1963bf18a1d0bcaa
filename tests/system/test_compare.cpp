// SPDX-License-Identifier: MIT
// taskworker compare, as a person runs it.
#include <sys/wait.h>

#include <algorithm>
#include <boost/json.hpp>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "program.hpp"
#include "temporary_file.hpp"

namespace json = boost::json;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;
using strings = std::vector<std::string>;

namespace {

std::string bad_strategy(const std::string &name) {
  return std::string(std::getenv("TASKWORKER_TEST_BAD_STRATEGIES")) + "/" + name + ".so";
}

std::string read_file(const std::string &path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

/// Small samples; the primary metric is counted, so that seven rounds are enough.
strings compare_words(const strings &more) {
  strings words{"compare"};
  words.insert(words.end(), more.begin(), more.end());
  for (const char *each : {"--tasks=500", "--workers=2", "--primary=jobs_left"}) {
    words.emplace_back(each);
  }
  return words;
}

outcome compare(const strings &more, const strings &environment = {}) {
  program running(compare_words(more), "", environment);
  return running.wait();
}

/// The words of a text, whatever width it was wrapped to.
std::string unwrapped(const std::string &text) {
  std::istringstream words(text);
  std::string line;
  for (std::string word; words >> word;) line += word + " ";
  return line;
}

const json::object &finding_of(const json::value &report, const char *candidate,
                               const char *metric) {
  for (const auto &each : report.at("comparisons").as_array()) {
    if (each.at("candidate").as_string() == candidate) {
      return each.at("findings").at(metric).as_object();
    }
  }
  FAIL("no candidate " << candidate);
  throw std::logic_error("unreachable");
}

}  // namespace

TEST_CASE("the cure is better than the faults, and the report tells why", "[compare]") {
  const temporary_folder folder;
  const std::string path = folder / "out.json";
  const std::string markdown = folder / "out.md";
  const outcome ended = compare({"bad", "optimized", "--json=" + path, "--markdown=" + markdown});
  CHECK(ended.status == 0);
  CHECK(ended.err.empty());
  CHECK_THAT(unwrapped(ended.out), ContainsSubstring("optimized is better"));
  CHECK_THAT(read_file(markdown), ContainsSubstring("jobs left** (decides)"));

  const auto report = json::parse(read_file(path));
  CHECK(report.at("schema").as_string() == "taskworker.comparison/1");
  CHECK_FALSE(report.at("is_partial").as_bool());
  const auto &samples = report.at("series").at(0).at("samples").as_object();
  CHECK(samples.at("cpu_ns_per_task").as_array().size() == 7);
  const auto &jobs = finding_of(report, "optimized", "jobs_left");
  CHECK(jobs.at("verdict").as_string() == "better");
  CHECK(jobs.at("baseline").to_number<double>() == 500);
  CHECK(jobs.at("candidate").to_number<double>() == 0);
}

TEST_CASE("a gate ends with 7 and says which one holds", "[compare]") {
  const outcome worse = compare({"optimized", "bad", "--fail-if=jobs_left>0",
                                 "--fail-if=threads_left>100000", "--fail-if=jobs_left>+5%"});
  CHECK(worse.status == 7);
  CHECK(worse.err ==
        "taskworker: --fail-if 'jobs_left>0' holds for bad\n"
        "taskworker: --fail-if 'jobs_left>+5%' holds for bad\n");
  CHECK_THAT(unwrapped(worse.out), ContainsSubstring("bad is worse"));
  CHECK(compare({"bad", "optimized", "--fail-if=jobs_left>0"}).status == 0);
}

TEST_CASE("each fault has its line in one table", "[compare]") {
  const outcome ended = compare({"bad:problems=none", "bad:problems=leak", "bad:problems=alloc"});
  CHECK(ended.status == 0);
  CHECK_THAT(unwrapped(ended.out),
             ContainsSubstring("bad:problems=leak") && ContainsSubstring("bad:problems=alloc"));
}

TEST_CASE("strategies that do not do the same are not compared", "[compare]") {
  const outcome wrong = compare({"optimized", bad_strategy("wrong_results")});
  CHECK(wrong.status == 5);
  CHECK(wrong.out.empty());
  CHECK_THAT(wrong.err, StartsWith("taskworker: '" + bad_strategy("wrong_results") + "'"));

  const outcome other =
      compare({bad_strategy("unchecked_results"), bad_strategy("other_unchecked_results")});
  CHECK(other.status == 5);
  CHECK_THAT(other.err, ContainsSubstring("give different results for the same tasks"));
  CHECK(compare({bad_strategy("unchecked_results"), bad_strategy("unchecked_results")}).status ==
        0);

  const outcome workload = compare({"optimized", bad_strategy("unchecked_results")});
  CHECK(workload.status == 5);
  CHECK_THAT(workload.err, ContainsSubstring("bring different workloads"));
}

TEST_CASE("a workload's own equality tells which results are the same", "[compare]") {
  const temporary_folder folder;
  const strings there{"TMPDIR=" + folder.path()};
  const auto pair = [](const std::string &candidate) {
    return strings{bad_strategy("unordered_results"), bad_strategy(candidate)};
  };
  CHECK(compare(pair("unordered_results"), there).status == 0);
  CHECK(compare(pair("reversed_unordered_results"), there).status == 0);

  const outcome other = compare(pair("other_unordered_results"), there);
  CHECK(other.status == 5);
  CHECK(other.out.empty());
  CHECK_THAT(other.err, StartsWith("taskworker: '" + bad_strategy("unordered_results") + "' and '" +
                                   bad_strategy("other_unordered_results") +
                                   "' give different results for the same tasks; "));
  CHECK(std::filesystem::is_empty(folder.path()));

  // The candidate says what is equal, also where the baseline has no rule for it yet.
  const std::string bytewise = bad_strategy("bytewise_unordered_results");
  const std::string reversed = bad_strategy("reversed_unordered_results");
  CHECK(compare({bytewise, reversed}, there).status == 0);
  CHECK(compare({bytewise, bad_strategy("other_unordered_results")}, there).status == 5);
  CHECK(compare({reversed, bytewise}, there).status == 5);

  const outcome workload =
      compare({bad_strategy("unordered_results"), bad_strategy("unchecked_results")}, there);
  CHECK(workload.status == 5);
  CHECK_THAT(workload.err, ContainsSubstring("bring different workloads"));

  const outcome nowhere = compare(pair("unordered_results"), {"TMPDIR=" + (folder / "none")});
  CHECK(nowhere.status == 4);
  CHECK_THAT(nowhere.err, ContainsSubstring("no folder for temporary files"));
}

TEST_CASE("a strategy that cannot run ends the comparison, with its own words", "[compare]") {
  const outcome unknown = compare({"optimized", "nosuch"});
  CHECK(unknown.status == 3);
  CHECK_THAT(unknown.err, StartsWith("taskworker: no strategy 'nosuch' found"));

  const outcome crashes = compare({"optimized", bad_strategy("crashes_in_process")});
  CHECK(crashes.status == 3);
  CHECK_THAT(crashes.err, ContainsSubstring("was killed by SIGABRT"));

  const outcome option = compare({"optimized", "bad:nosuch=1"});
  CHECK(option.status == 2);
  CHECK_THAT(option.err, ContainsSubstring("has no option 'nosuch'"));
}

TEST_CASE("a strategy that crashes in each second run is compared by the samples that lived",
          "[compare]") {
  const temporary_folder folder;
  const std::string path = folder / "out.json";
  // Both do the same, so that nothing but noise in the times keeps the rounds going.
  program running({"compare", bad_strategy("sound"), bad_strategy("crashes_in_turn"), "--tasks=500",
                   "--workers=2", "--primary=p99_9", "--threshold=0.1", "--json=" + path},
                  "", {"TASKWORKER_TEST_RUNS=" + folder / "runs", "TASKWORKER_TEST_CRASHES=1"});
  const outcome ended = running.wait();
  CHECK(ended.status == 3);
  const auto report = json::parse(read_file(path));
  const auto &series = report.at("series").at(1);
  // Ten in the rounds, and those before them.
  CHECK(series.at("failed_runs").to_number<int>() > 10);
  CHECK(series.at("busy_seconds").as_array().size() >= 5);
  CHECK_THAT(unwrapped(ended.out), ContainsSubstring("failed in") && ContainsSubstring("SIGABRT"));
  CHECK_THAT(unwrapped(ended.out), !ContainsSubstring("the stack"));
  CHECK_THAT(unwrapped(ended.out), ContainsSubstring("CPU per task"));
}

TEST_CASE("where few samples lived a narrow interval is not enough", "[compare]") {
  const temporary_folder folder;
  const std::string path = folder / "out.json";
  program running({"compare", "optimized", bad_strategy("crashes_in_turn"), "--tasks=500",
                   "--workers=2", "--threshold=100", "--json=" + path},
                  "", {"TASKWORKER_TEST_RUNS=" + folder / "runs", "TASKWORKER_TEST_CRASHES=1"});
  CHECK(running.wait().status == 3);
  const auto report = json::parse(read_file(path));
  CHECK(report.at("series").at(1).at("busy_seconds").as_array().size() >= 5);
}

TEST_CASE("a strategy that hangs ends the comparison, with where it does", "[compare]") {
  const outcome in_start =
      compare({"optimized", bad_strategy("hangs_in_start"), "--start-timeout=2s"});
  CHECK(in_start.status == 3);
  CHECK_THAT(in_start.err, ContainsSubstring("ended with status 6: stuck: the strategy did not "
                                             "start within --start-timeout\n"));
  const outcome in_init = compare({"optimized", bad_strategy("init_hangs"), "--start-timeout=2s"});
  CHECK(in_init.status == 3);
  CHECK_THAT(in_init.err, ContainsSubstring("is not open after --start-timeout, 2.00 s: a static "
                                            "constructor or init() does not return\n"));
}

TEST_CASE("a trial that was disturbed does not choose the number of tasks", "[compare]") {
  const temporary_folder folder;
  const std::string path = folder / "out.json";
  const std::string mine = bad_strategy("slow_at_first");
  program running(
      {"compare", mine, "optimized", "--workers=2", "--max-time=1s", "--quiet", "--json=" + path},
      "", {"TASKWORKER_TEST_RUNS=" + folder / "runs"});
  CHECK(running.wait().status == 0);
  const auto report = json::parse(read_file(path));
  CHECK(report.at("warm_up_rounds").to_number<int>() > 1);
  // As slow as at first, 2 s would be over with 800.
  CHECK(report.at("tasks_per_sample").to_number<int>() > 1600);
}

TEST_CASE("a source with fewer lines than tasks is refused", "[compare]") {
  const temporary_folder folder;
  const std::string lines =
      folder.write("tasks.jsonl", "{\"operation\": \"sum\", \"data\": [1, 2]}\n");
  const outcome ended = compare({"bad", "optimized", "--source=file:" + lines});
  CHECK(ended.status == 2);
  CHECK_THAT(ended.err, ContainsSubstring("'bad' had 1 of 500 tasks to do"));
}

TEST_CASE("what cannot be written takes nothing else along", "[compare]") {
  const temporary_folder folder;
  const std::string markdown = folder / "out.md";
  const outcome full = compare({"bad", "optimized", "--json=/dev/full", "--markdown=" + markdown});
  CHECK(full.status == 4);
  CHECK_THAT(full.err, ContainsSubstring("cannot write all of /dev/full"));
  CHECK_THAT(full.out, ContainsSubstring("CPU per task"));
  CHECK_THAT(read_file(markdown), ContainsSubstring("CPU per task"));

  // Nor does a full standard output, or one that nobody reads.
  for (const auto &[where, status] : {std::pair(">/dev/full", 4), std::pair("| true", 0)}) {
    const std::string kept = folder / "kept.json";
    const std::string command =
        "\"$TASKWORKER\" compare optimized optimized --tasks=20 --primary=jobs_left --json='" +
        kept + "' 2>/dev/null " + where;
    const int ended = std::system(command.c_str());
    CHECK(WEXITSTATUS(ended) == status);
    CHECK(json::parse(read_file(kept)).at("series").as_array().size() == 2);
    std::filesystem::remove(kept);
  }

  // Before anything runs.
  const std::string runs = folder / "runs";
  program running(compare_words({"optimized", bad_strategy("crashes_in_turn"),
                                 "--html=" + folder / "out.html"}),
                  "", {"TMPDIR=/nosuch", "TASKWORKER_TEST_RUNS=" + runs});
  const outcome ended = running.wait();
  CHECK(ended.status == 4);
  CHECK_FALSE(std::filesystem::exists(runs));
  CHECK_THAT(ended.err, ContainsSubstring("no folder for temporary files"));
}

TEST_CASE("Ctrl-C leaves a report that says it is partial", "[compare]") {
  const temporary_folder folder;
  const std::string path = folder / "out.json";
  const std::string runs = folder / "runs";
  // The second strategy counts its runs; noise in the times keeps the rounds going.
  program running(
      {"compare", "optimized", bad_strategy("crashes_in_turn"), "--tasks=500", "--workers=2",
       "--primary=p99_9", "--threshold=0.1", "--max-time=1h", "--json=" + path},
      "", {"TASKWORKER_TEST_RUNS=" + runs});
  std::error_code none_yet;
  while (std::filesystem::file_size(runs, none_yet) < 6 || none_yet) {
  }
  running.send(SIGINT);
  const outcome ended = running.wait();
  CHECK(ended.status == 130);
  CHECK(json::parse(read_file(path)).at("is_partial").as_bool());
}

TEST_CASE("an output that cannot be written is refused before anything runs", "[compare]") {
  for (const std::string option : {"json", "markdown", "html", "profiles"}) {
    const outcome ended = compare({"bad", "optimized", "--" + option + "=/nosuch/folder/out"});
    CHECK(ended.status == 4);
    CHECK_THAT(ended.err, StartsWith("taskworker: --" + option + ": cannot write"));
    CHECK_THAT(ended.err, ContainsSubstring("/nosuch/folder"));
  }
}

namespace {

/// The data that the page draws.
json::value data_of_page(const std::string &page) {
  const std::string mark = "id=\"report\">";
  const auto begin = page.find(mark) + mark.size();
  return json::parse(page.substr(begin, page.find("</script>", begin) - begin));
}

/// Names of the files in a folder, sorted.
strings files_in(const std::string &folder) {
  strings names;
  for (const auto &each : std::filesystem::directory_iterator(folder)) {
    names.push_back(each.path().filename());
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

TEST_CASE("a page tells where the strategies differ, and the profiles stay where asked",
          "[compare]") {
  const temporary_folder folder;
  const std::string page_path = folder / "out.html";
  const std::string profiles_path = folder / "profiles";
  const outcome ended =
      compare({"bad", "optimized", "--html=" + page_path, "--profiles=" + profiles_path});
  CHECK(ended.status == 0);
  const auto data = data_of_page(read_file(page_path));
  CHECK(data.at("names") == json::value({"bad", "optimized"}));

  // Each was given the same tasks, and of those of bad a job is left.
  const auto &timelines = data.at("timelines").at("series").as_array();
  REQUIRE(timelines.size() == 2);
  CHECK(timelines[0].at("tasks").as_array().back().to_number<double>() == 500);
  CHECK(timelines[1].at("tasks").as_array().back().to_number<double>() == 500);
  CHECK(timelines[0].at("jobs").as_array().back().to_number<double>() > 400);

  const auto &profiles = data.at("profiles");
  CHECK(profiles.at("kinds").as_array().size() == 4);
  for (const auto &each : profiles.at("strategies").as_array()) {
    CHECK(each.at("tasks").at(0).to_number<double>() >= 500);
  }
  const auto names = files_in(profiles_path);
  CHECK(std::count(names.begin(), names.end(), "1-bad.cpu.1.pb.gz") == 1);
  CHECK(std::count(names.begin(), names.end(), "2-optimized.timeline.csv") == 1);
#ifdef TASKWORKER_HAVE_JEMALLOC
  CHECK(std::count(names.begin(), names.end(), "1-bad.heap.pb.gz") == 1);
  const auto &strings_of_tree = profiles.at("strings").as_array();
  CHECK(std::any_of(strings_of_tree.begin(), strings_of_tree.end(), [](const auto &each) {
    return each.as_string().find("keep_result") != json::string::npos;
  }));
#endif
}

TEST_CASE("an earlier run is a baseline", "[compare]") {
  const temporary_folder folder;
  const std::string before = folder / "before.json";
  REQUIRE(compare({"bad", "optimized", "--json=" + before}).status == 0);

  const outcome same = compare({"optimized", "--baseline=" + before});
  CHECK(same.status == 0);
  CHECK_THAT(unwrapped(same.out), ContainsSubstring("optimized and optimized of " + before +
                                                    " make no difference in jobs left"));
  CHECK_THAT(unwrapped(same.out), ContainsSubstring("the baseline is of 2"));
  CHECK_THAT(unwrapped(same.out), !ContainsSubstring("differs"));

  // Of a strategy that it has not, its first one is taken.
  const outcome worse =
      compare({"bad:problems=leak", "--baseline=" + before, "--fail-if=jobs_left>+5%"});
  CHECK(worse.status == 0);
  CHECK_THAT(unwrapped(worse.out), ContainsSubstring("against bad of " + before));
}

TEST_CASE("a baseline that does not go with the runs is refused", "[compare]") {
  const temporary_folder folder;
  const std::string before = folder / "before.json";
  REQUIRE(compare({"bad", "optimized", "--json=" + before}).status == 0);

  const outcome other = compare({"optimized", "--baseline=" + before, "--data-size=7"});
  CHECK(other.status == 2);
  CHECK_THAT(other.err, ContainsSubstring("were made with --workers=2: give the same"));
  const outcome missing = compare({"optimized", "--baseline=/nosuch.json"});
  CHECK(missing.status == 4);
  CHECK_THAT(missing.err, ContainsSubstring("cannot read '/nosuch.json'"));
  const outcome none = compare({"optimized", "--baseline=" + folder.write("x", "{}")});
  CHECK(none.status == 4);
  CHECK_THAT(none.err, ContainsSubstring("is no comparison to go by"));
  const outcome workload = compare({bad_strategy("unchecked_results"), "--baseline=" + before});
  CHECK(workload.status == 5);
  CHECK_THAT(workload.err, ContainsSubstring("bring different workloads"));
}
