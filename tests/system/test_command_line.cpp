// SPDX-License-Identifier: MIT
// What a person gets for a command line: words and exit codes.
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "catch.hpp"
#include "program.hpp"
#include "temporary_file.hpp"

using Catch::Matchers::ContainsSubstring;

TEST_CASE("bad command lines are one line on stderr and exit code 2", "[command_line]") {
  const std::vector<std::vector<std::string>> wrong = {
      {},
      {"--no-such-option"},
      {"stray"},
      {"--strategy=optimized", "--tasks=-1"},
      {"--strategy=optimized", "--tasks=18446744073709551616"},
      {"--strategy=optimized", "--tasks=ten"},
      {"--strategy=optimized", "--workers=0"},
      {"--strategy=optimized", "--duration=5parsecs"},
      {"--strategy=optimized", "--listen=localhost"},
      {"--strategy=optimized", "--report=xml"},
      {"--strategy=optimized:keep=-1"},
      {"--strategy=optimized:colour=red"},
      {"--strategy=bad:problems=laziness"},
      {"--strategy="},
  };
  for (const auto &arguments : wrong) {
    const outcome ended = run(arguments);
    INFO("standard error: " << ended.err);
    CHECK(ended.status == 2);
    CHECK(ended.out.empty());
    CHECK(ended.err.starts_with("taskworker: "));
    CHECK(ended.err.find('\n') == ended.err.size() - 1);
  }
}

TEST_CASE("strategies that cannot be had are exit code 3", "[command_line]") {
  const temporary_file text("not a library\n");
  const std::string refused = std::getenv("TASKWORKER_TEST_BAD_STRATEGIES");
  const std::vector<std::string> strategies = {
      "nosuch",
      "/no/such.so",
      text.path(),
      refused + "/no_symbol.so",
      refused + "/other_abi_major.so",
      refused + "/init_fails.so",
      refused + "/create_null.so",
      refused + "/create_throws.so",
      refused + "/start_fails.so",
  };
  for (const auto &strategy : strategies) {
    const outcome ended = run({"--strategy=" + strategy, "--listen=none", "--duration=0"});
    INFO("strategy: " << strategy << "\nstandard error: " << ended.err);
    CHECK(ended.status == 3);
    CHECK(ended.out.empty());
    CHECK_THAT(ended.err, ContainsSubstring("taskworker: "));
  }
}

TEST_CASE("files that cannot be had are exit code 4, before the run", "[command_line]") {
  const temporary_folder folder;
  const std::vector<std::string> missing = {
      "--memprofile=" + (folder / "no/heap.out"),
      "--memprofile=" + folder.path(),
      "--token-file=" + (folder / "no-token"),
      "--source=file:" + (folder / "no-tasks"),
      "--timeline=" + (folder / "no/run.csv"),
      "--timeline=" + folder.path(),
      "--source=file:" + folder.path(),
      "--results=" + (folder / "no/results"),
      "--results=" + folder.path(),
      "--expect=" + (folder / "no-results"),
      "--expect=" + folder.path(),
      "--expect=" + folder.write("empty", ""),
  };
  for (const auto &argument : missing) {
    const outcome ended = run({"--strategy=optimized", "--listen=none", "--duration=0", argument});
    INFO("argument: " << argument << "\nstandard error: " << ended.err);
    CHECK(ended.status == 4);
    CHECK(ended.out.empty());
    CHECK(ended.err.find('\n') == ended.err.size() - 1);
  }
}

TEST_CASE("help, version and list succeed and fit a terminal", "[command_line]") {
  const std::vector<std::vector<std::string>> commands = {
      {"--help"}, {"--version"}, {"--list"}, {"--strategy=bad", "--help-strategy"}};
  for (const auto &arguments : commands) {
    const outcome ended = run(arguments);
    CHECK(ended.status == 0);
    CHECK(ended.err.empty());
    CHECK(ended.out.size() > 50);
    if (arguments.front() == "--list") continue;  // it names folders
    std::size_t begin = 0;
    for (std::size_t end; (end = ended.out.find('\n', begin)) != std::string::npos;
         begin = end + 1) {
      CHECK(end - begin <= 80);
    }
  }
}

TEST_CASE("the list names both strategies with what they say of themselves", "[command_line]") {
  const std::string list = run({"--list"}).out;
  CHECK_THAT(list, ContainsSubstring("bad"));
  CHECK_THAT(list, ContainsSubstring("optimized"));
}

TEST_CASE("a strategy is found by name in a folder of the user's, first", "[command_line]") {
  const temporary_folder folder;
  const std::string built = std::getenv("TASKWORKER_TEST_STRATEGIES");
  std::filesystem::copy_file(built + "/template/template_c.so", folder / "mine.so");
  const std::vector<std::string> by_name = {"--strategy=mine", "--listen=none", "--duration=0",
                                            "--verify=all"};
  CHECK(run(by_name).status == 3);

  auto by_option = by_name;
  by_option.push_back("--strategy-dir=" + folder.path());
  CHECK(run(by_option).status == 0);

  CHECK(
      program(by_name, "", {"TASKWORKER_STRATEGY_PATH=/nowhere:" + folder.path()}).wait().status ==
      0);

  // ./strategies of the current folder
  const temporary_folder checkout;
  std::filesystem::create_directory(checkout / "strategies");
  std::filesystem::copy_file(folder / "mine.so", checkout / "strategies/mine.so");
  CHECK(program(by_name, "", {}, checkout.path()).wait().status == 0);
}

TEST_CASE("a configuration file holds the same keys, the command line wins", "[command_line]") {
  const temporary_file config(
      "strategy = optimized\ntasks = 12\nlisten = none\nduration = 0\nreport = json\n");
  CHECK_THAT(run({"--config=" + config.path()}).out, ContainsSubstring("\"processed\":12,"));
  CHECK_THAT(run({"--config=" + config.path(), "--tasks=34"}).out,
             ContainsSubstring("\"processed\":34,"));
}

TEST_CASE("in a pipe there is no progress line and no colour", "[command_line]") {
  const outcome ended =
      run({"--strategy=optimized", "--tasks=0", "--duration=300ms", "--listen=none"});
  CHECK(ended.err.find('\r') == std::string::npos);
  CHECK(ended.err.find('\033') == std::string::npos);
  CHECK(ended.out.find('\033') == std::string::npos);
}

TEST_CASE("a report that cannot be written is exit code 4", "[command_line]") {
  // The shell opens the full device in the place of standard output.
  const temporary_file errors("");
  const std::string taskworker = std::getenv("TASKWORKER");
  for (const std::string arguments : {" --strategy=optimized --duration=0 --listen=none", " --help",
                                      " check optimized --only=descriptor",
                                      " compare optimized optimized --tasks=10 --max-time=1s"}) {
    const int status =
        std::system((taskworker + arguments + " >/dev/full 2>" + errors.path()).c_str());
    CHECK(WEXITSTATUS(status) == 4);
    std::ifstream file(errors.path());
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    CHECK(text == "taskworker: cannot write to standard output: No space left on device\n");
  }
}

TEST_CASE("a report of none prints nothing, quiet runs say nothing", "[command_line]") {
  const outcome ended = run(
      {"--strategy=optimized", "--report=none", "--quiet", "--duration=0", "--listen=127.0.0.1:0"});
  CHECK(ended.status == 0);
  CHECK(ended.out.empty());
  CHECK(ended.err.empty());
}
