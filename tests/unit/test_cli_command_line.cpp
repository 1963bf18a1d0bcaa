// SPDX-License-Identifier: MIT
#include "cli/command_line.hpp"

#include <sys/stat.h>

#include "catch.hpp"
#include "cli/help.hpp"
#include "temporary_file.hpp"

using namespace taskworker::cli;
using namespace std::chrono_literals;
using strings = std::vector<std::string>;
using options = std::vector<taskworker::strategy::given_option>;

namespace {

command parse_words(strings words) {
  words.insert(words.begin(), "taskworker");
  std::vector<const char *> argv;
  for (const auto &word : words) argv.push_back(word.c_str());
  return parse(static_cast<int>(argv.size()), argv.data());
}

run_config run_of(strings words) {
  words.insert(words.begin(), "--strategy=bad");
  return std::get<run_config>(parse_words(std::move(words)));
}

std::string refusal_of(const strings &words) {
  try {
    (void)parse_words(words);
    return "nothing was thrown";
  } catch (const usage_error &error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("a run has defaults for all but the strategy", "[cli_command_line]") {
  const run_config config = run_of({});
  CHECK(config.strategy.target == "bad");
  CHECK(config.strategy.options.empty());
  CHECK(config.strategy_dirs.empty());
  CHECK(!config.tasks);
  CHECK(config.workers == 10);
  CHECK(config.data_size == 100);
  CHECK(config.duration == 30s);
  CHECK(config.rate == 0);
  CHECK(config.grace == 5s);
  CHECK(config.worker_nice == 0);
  CHECK(config.source.empty());
  CHECK(config.verify == verify_mode::sample);
  CHECK(config.results.empty());
  CHECK(config.expect.empty());
  REQUIRE(config.listen);
  CHECK(config.listen->host == "127.0.0.1");
  CHECK(config.listen->port == 9090);
  CHECK(config.access.allowed_hosts.empty());
  CHECK(!config.access.token);
  CHECK(!config.access.insecure_debug);
  CHECK(config.report == report_format::text);
  CHECK(config.timeline.empty());
  CHECK(config.memprofile.empty());
  CHECK(config.heap_sample == 512 * 1024);
  CHECK(!config.quiet);
}

TEST_CASE("every option reaches its place", "[cli_command_line]") {
  const temporary_file token("0123456789abcdef\n");
  REQUIRE(::chmod(token.path().c_str(), 0600) == 0);
  const run_config config = run_of({"--strategy-opt=keep=1",
                                    "--strategy-opt",
                                    "at=1:2",
                                    "--strategy-dir=one",
                                    "--strategy-dir",
                                    "two",
                                    "--tasks=0",
                                    "--workers",
                                    "1024",
                                    "--data-size=16777216",
                                    "--duration=0",
                                    "--rate=1000000000",
                                    "--grace=500ms",
                                    "--worker-nice=19",
                                    "--source=-",
                                    "--verify=all",
                                    "--results=new",
                                    "--expect=" + token.path(),
                                    "--listen=[::1]:0",
                                    "--allow-host=a",
                                    "--allow-host=b",
                                    "--token-file=" + token.path(),
                                    "--insecure-debug",
                                    "--report=json",
                                    "--timeline=run.csv",
                                    "--memprofile=--odd=path",
                                    "--heap-sample=4K",
                                    "--quiet"});
  CHECK(config.strategy.options == options{{"keep", "1"}, {"at", "1:2"}});
  CHECK(config.strategy_dirs == strings{"one", "two"});
  CHECK(config.tasks == 0);
  CHECK(config.workers == 1024);
  CHECK(config.data_size == 16777216);
  CHECK(config.duration == 0s);
  CHECK(config.rate == 1'000'000'000);
  CHECK(config.grace == 500ms);
  CHECK(config.worker_nice == 19);
  CHECK(config.source == "-");
  CHECK(config.verify == verify_mode::all);
  CHECK(config.results == "new");
  CHECK(config.expect == token.path());
  REQUIRE(config.listen);
  CHECK(config.listen->host == "::1");
  CHECK(config.listen->port == 0);
  CHECK(config.access.allowed_hosts == strings{"a", "b"});
  CHECK(config.access.token == "0123456789abcdef");
  CHECK(config.access.insecure_debug);
  CHECK(config.report == report_format::json);
  CHECK(config.timeline == "run.csv");
  CHECK(config.memprofile == "--odd=path");
  CHECK(config.heap_sample == 4096);
  CHECK(config.quiet);
}

TEST_CASE("the outputs of a run go to files of their own", "[cli_command_line]") {
  const strings outputs{"--cpuprofile=", "--memprofile=", "--timeline=", "--results="};
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      CHECK(refusal_of({"--strategy=bad", outputs[i] + "same", outputs[j] + "same"}) ==
            "two outputs go to 'same'; name another for one of them");
    }
  }
}

TEST_CASE("no output goes to a file named '-' by mistake", "[cli_command_line]") {
  for (const std::string option : {"--cpuprofile", "--memprofile", "--timeline", "--results"}) {
    CHECK(refusal_of({"--strategy=bad", option + "=-"}) ==
          option + " got '-': expected a path, ./- for one of that name");
  }
  CHECK(run_of({"--timeline=./-"}).timeline == "./-");
}

TEST_CASE("the options of --strategy come before those of --strategy-opt", "[cli_command_line]") {
  const auto config = std::get<run_config>(
      parse_words({"--strategy-opt=a=2", "--strategy=./x.so:a=1:b=1", "--strategy-opt=b=2"}));
  CHECK(config.strategy.target == "./x.so");
  CHECK(config.strategy.options == options{{"a", "1"}, {"b", "1"}, {"a", "2"}, {"b", "2"}});
}

TEST_CASE("a wrong command line is refused in one line", "[cli_command_line]") {
  const auto [words, message] = GENERATE(table<strings, std::string>({
      {strings(),
       "no strategy given: expected --strategy=NAME, and bad or optimized is a start; --help shows "
       "all options"},
      {{"--tasks=5"},
       "no strategy given: expected --strategy=NAME, and bad or optimized is a start; --help shows "
       "all options"},
      {{"--help-strategy"},
       "no strategy given: expected --strategy=NAME, and bad or optimized is a start; --help shows "
       "all options"},

      {{"--strategy=bad", "--task=5"},
       "unknown option --task (did you mean --tasks?); --help shows all"},
      {{"--strategy=bad", "--task", "5"},
       "unknown option --task (did you mean --tasks?); --help shows all"},
      {{"--strat=bad"}, "unknown option --strat (did you mean --strategy?); --help shows all"},
      {{"--Tasks=5"}, "unknown option --Tasks (did you mean --tasks?); --help shows all"},
      {{"--elephants"}, "unknown option --elephants; --help shows all"},
      {{"--task="}, "unknown option --task (did you mean --tasks?); --help shows all"},
      {{"--="}, "unknown option --; --help shows all"},
      {{"-h"}, "unknown option -h; --help shows all"},
      {{"-tasks=5"}, "unknown option -tasks (did you mean --tasks?); --help shows all"},
      {{"-help"}, "unknown option -help (did you mean --help?); --help shows all"},

      {{"bad"},
       "unexpected word 'bad'; options begin with --, a strategy is named by --strategy=NAME"},
      {{"comapre", "bad", "optimized", "--threshold=2"},
       "unexpected word 'comapre' (did you mean compare?); options begin with --, a strategy is "
       "named by --strategy=NAME"},
      {{"--quiet", "chek"},
       "unexpected word 'chek' (did you mean check?); options begin with --, a strategy is named "
       "by --strategy=NAME"},
      {{"--quiet", "compare", "bad", "optimized"},
       "'compare' comes first, its options after it: taskworker compare bad optimized"},
      {{"--strategy=bad", "--", "--tasks=5"},
       "unexpected word '--tasks=5'; options begin with --, a strategy is named by "
       "--strategy=NAME"},
      {{"--strategy=bad", "-"},
       "unexpected word '-'; options begin with --, a strategy is named by --strategy=NAME"},
      {{"--strategy=bad", ""},
       "unexpected word ''; options begin with --, a strategy is named by --strategy=NAME"},

      {{"--strategy=bad", "--tasks"}, "--tasks needs a value: --tasks=N"},
      {{"--strategy=bad", "--tasks="}, "--tasks needs a value: --tasks=N"},
      {{"--strategy=bad", "--memprofile", "--quiet"},
       "--memprofile needs a value: --memprofile=PATH"},
      {{"--strategy"}, "--strategy needs a value: --strategy=NAME|PATH[:K=V...]"},
      {{"--strategy=bad", "--quiet=yes"}, "--quiet is a switch and takes no value"},
      {{"--strategy=bad", "--tasks=1", "--tasks=2"}, "--tasks is given twice; give it once"},
      {{"--strategy=bad", "--strategy=bad"}, "--strategy is given twice; give it once"},
      {{"--strategy=bad", "--quiet", "--quiet"}, "--quiet is given twice; give it once"},

      {{"--strategy=bad", "--tasks=-1"},
       "--tasks got '-1': expected a whole number, 0 to 18446744073709551615"},
      {{"--strategy=bad", "--tasks", "-1"},
       "--tasks got '-1': expected a whole number, 0 to 18446744073709551615"},
      {{"--strategy=bad", "--workers=0"}, "--workers got '0': expected a whole number, 1 to 1024"},
      {{"--strategy=bad", "--workers=1025"},
       "--workers got '1025': expected a whole number, 1 to 1024"},
      {{"--strategy=bad", "--data-size=16777217"},
       "--data-size got '16777217': expected a whole number, 0 to 16777216"},
      {{"--strategy=bad", "--rate=1000000001"},
       "--rate got '1000000001': expected a whole number, 0 to 1000000000"},
      {{"--strategy=bad", "--worker-nice=20"},
       "--worker-nice got '20': expected a whole number, 0 to 19"},
      {{"--strategy=bad", "--duration=5"},
       "--duration got '5': expected a time such as 500ms, 30s, 5m or 2h, at most 10 years, or 0"},
      {{"--strategy=bad", "--duration=1\n\x1b[2J"},
       "--duration got '1  [2J': expected a time such as 500ms, 30s, 5m or 2h, at most 10 years, "
       "or "
       "0"},
      {{"--strategy=bad", "--grace=0"},
       "--grace got '0': expected a time such as 500ms, 30s, 5m or 2h, 1ms to 10 years"},
      {{"--strategy=bad", "--heap-sample=2G"},
       "--heap-sample got '2G': expected a number of bytes such as 4096, 512K or 1M, 1 to 1G"},
      {{"--strategy=bad", "--verify=some"},
       "--verify got 'some': expected one of none, sample, all"},
      {{"--strategy=bad", "--verify=none", "--results=x"},
       "--results and --expect are about results that are checked, and --verify=none checks none; "
       "--verify=all checks all"},
      {{"--strategy=bad", "--verify=none", "--expect=/dev/null"},
       "--results and --expect are about results that are checked, and --verify=none checks none; "
       "--verify=all checks all"},
      {{"--strategy=bad", "--report=xml"}, "--report got 'xml': expected one of text, json, none"},
      {{"--strategy=bad", "--source=x"},
       "--source got 'x': expected file:PATH, or - for standard input"},
      {{"--strategy=bad", "--strategy-dir", ""}, "--strategy-dir got '': expected a folder"},
      {{"--strategy=bad", "--memprofile", ""}, "--memprofile got '': expected a path"},
      {{"--strategy=a b"},
       "--strategy: strategy name 'a b' may have letters, digits, '_' and '-' only; a path has a "
       "'/' or ends in .so"},
      {{"--strategy=bad", "--strategy-opt=keep"},
       "--strategy-opt: strategy option 'keep' has no '=': expected k=v"},
      {{"--list", "--workers=x"}, "--workers got 'x': expected a whole number, 1 to 1024"},
  }));
  CAPTURE(words);
  CHECK(refusal_of(words) == message);
}

TEST_CASE("help and version come before all else that is well written", "[cli_command_line]") {
  CHECK(std::get<print_command>(parse_words({"--help"})).text == help_text());
  CHECK(std::get<print_command>(parse_words({"--workers=x", "--help"})).text == help_text());
  CHECK(std::get<print_command>(parse_words({"--version"})).text == version_text());
}

TEST_CASE("the list needs no strategy", "[cli_command_line]") {
  const auto list = std::get<list_command>(parse_words({"--list", "--strategy-dir=one"}));
  CHECK(list.strategy_dirs == strings{"one"});
}

TEST_CASE("the help of a strategy knows which one and where", "[cli_command_line]") {
  const auto help = std::get<help_strategy_command>(
      parse_words({"--strategy=bad", "--help-strategy", "--strategy-dir=one"}));
  CHECK(help.strategy.target == "bad");
  CHECK(help.strategy_dirs == strings{"one"});
}

TEST_CASE("the doctor needs no strategy, and knows the one that is named", "[cli_command_line]") {
  const auto plain = std::get<doctor_command>(parse_words({"--doctor"}));
  CHECK(plain.strategy.target.empty());
  CHECK(plain.workers == run_config{}.workers);
  const auto full = std::get<doctor_command>(parse_words(
      {"--doctor", "--strategy=bad:problems=leak", "--strategy-dir=one", "--workers=3"}));
  CHECK(full.strategy.target == "bad");
  CHECK(full.strategy.options == options{{"problems", "leak"}});
  CHECK(full.strategy_dirs == strings{"one"});
  CHECK(full.workers == 3);
}

TEST_CASE("a file can set what the command line can", "[cli_command_line]") {
  const temporary_file file(
      "strategy = optimized:keep=5\n"
      "strategy-opt = a=1\n"
      "strategy-opt = b=1\n"
      "tasks = 7\n"
      "quiet = true\n"
      "insecure-debug = false\n");
  const auto config = std::get<run_config>(parse_words({"--config=" + file.path()}));
  CHECK(config.strategy.target == "optimized");
  CHECK(config.strategy.options == options{{"keep", "5"}, {"a", "1"}, {"b", "1"}});
  CHECK(config.tasks == 7);
  CHECK(config.quiet);
  CHECK(!config.access.insecure_debug);
}

TEST_CASE("the command line holds over the file, option by option", "[cli_command_line]") {
  const temporary_file file(
      "strategy = optimized\n"
      "strategy-opt = keep=1\n"
      "strategy-dir = one\n"
      "tasks = 7\n"
      "workers = 7\n");
  const std::string config_word = "--config=" + file.path();

  const auto other_tasks = std::get<run_config>(
      parse_words({config_word, "--tasks=8", "--strategy-dir=two", "--strategy-opt=keep=2"}));
  CHECK(other_tasks.strategy.target == "optimized");
  CHECK(other_tasks.strategy.options == options{{"keep", "2"}});
  CHECK(other_tasks.strategy_dirs == strings{"two"});
  CHECK(other_tasks.tasks == 8);
  CHECK(other_tasks.workers == 7);

  const auto other_strategy = std::get<run_config>(parse_words({config_word, "--strategy=bad"}));
  CHECK(other_strategy.strategy.target == "bad");
  CHECK(other_strategy.strategy.options.empty());
}

TEST_CASE("a wrong line of the file is refused with its number", "[cli_command_line]") {
  const auto [text, message] = GENERATE(table<std::string, std::string>({
      {"\ntask = 5\n", ":2: unknown option 'task' (did you mean tasks?); --help shows all"},
      {"--tasks = 5\n", ":1: unknown option '--tasks' (did you mean tasks?); --help shows all"},
      {"= 5\n", ":1: unknown option ''; --help shows all"},
      {"config = other\n", ":1: 'config' can be given on the command line only"},
      {"help = true\n", ":1: 'help' can be given on the command line only"},
      {"doctor = true\n", ":1: 'doctor' can be given on the command line only"},
      {"list = true\n", ":1: 'list' can be given on the command line only"},
      {"tasks = 5\ntasks = 6\n", ":2: tasks is given twice; give it once"},
      {"workers = 0\n", ":1: workers got '0': expected a whole number, 1 to 1024"},
      {"tasks =\n", ":1: tasks got '': expected a whole number, 0 to 18446744073709551615"},
      {"quiet = yes\n", ":1: quiet got 'yes': expected one of true, false"},
      {"strategy = a b\n",
       ":1: strategy: strategy name 'a b' may have letters, digits, '_' and '-' only; a path has a "
       "'/' or ends in .so"},
  }));
  const temporary_file file(text);
  CHECK(refusal_of({"--strategy-dir=x", "--config=" + file.path()}) == file.path() + message);
}

TEST_CASE("files that cannot be read are no wrong usage", "[cli_command_line]") {
  CHECK_THROWS_MATCHES(parse_words({"--config=/does/not/exist"}), file_error,
                       Catch::Matchers::Message(
                           "--config: /does/not/exist cannot be read: No such file or directory"));
  CHECK_THROWS_MATCHES(
      parse_words({"--strategy=bad", "--token-file=/does/not/exist"}), file_error,
      Catch::Matchers::Message(
          "--token-file: /does/not/exist cannot be read: No such file or directory"));
  CHECK_THROWS_MATCHES(
      parse_words({"--strategy=bad", "--source=file:/does/not/exist"}), file_error,
      Catch::Matchers::Message("--source: cannot read /does/not/exist: No such file or directory"));
  CHECK_THROWS_MATCHES(
      parse_words({"--strategy=bad", "--expect=/does/not/exist"}), file_error,
      Catch::Matchers::Message("--expect: cannot read /does/not/exist: No such file or directory"));
}
