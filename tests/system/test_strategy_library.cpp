// SPDX-License-Identifier: MIT
#include "strategy/library.hpp"

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "catch.hpp"
#include "strategy/instance.hpp"
#include "temporary_file.hpp"

namespace fs = std::filesystem;
using namespace taskworker::strategy;

namespace {

std::string folder_of(const char *variable) {
  const char *folder = std::getenv(variable);
  REQUIRE(folder != nullptr);
  return folder;
}

std::string bad_path(const std::string &name) {
  return folder_of("TASKWORKER_TEST_BAD_STRATEGIES") + "/" + name + ".so";
}

std::string optimized_path() {
  return folder_of("TASKWORKER_TEST_STRATEGIES") + "/optimized/optimized.so";
}

std::string refusal_of(const std::string &path) {
  try {
    const library opened(path);
    return "";
  } catch (const load_error &error) {
    return error.what();
  }
}

class silent_services final : public host_services {
 public:
  void log(taskworker_log_severity, const char *) noexcept override { ++messages; }
  taskworker_job_id start_job(std::uint64_t, taskworker_job_callback, void *,
                              taskworker_job_release) noexcept override {
    return 0;
  }
  void cancel_job(taskworker_job_id) noexcept override {}
  int messages = 0;
};

/// What making and starting an instance throws.
std::string failure_of(const std::string &path) {
  const library opened(path);
  silent_services services;
  host owner(services);
  try {
    instance made(opened, owner, {.workers = 2});
    made.start();
    return "";
  } catch (const load_error &error) {
    return error.what();
  }
}

std::string read_file(const std::string &path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("a strategy is opened by a path of any form", "[strategy_library]") {
  const auto path = GENERATE_COPY(optimized_path(), fs::relative(optimized_path()).string());
  const library opened(path);
  CHECK(opened.path() == fs::absolute(optimized_path()).lexically_normal());
  CHECK(std::string(opened.descriptor().name) == "optimized");
  CHECK(opened.entry().abi.major == TASKWORKER_ABI_MAJOR);
  CHECK(opened.options().count > 0);
  CHECK(opened.workload() == nullptr);
  CHECK(describe(opened).starts_with("optimized "));
}

TEST_CASE("a strategy can be opened again after it was let go", "[strategy_library]") {
  CHECK(refusal_of(optimized_path()).empty());
  CHECK(refusal_of(optimized_path()).empty());
}

TEST_CASE("what is no shared library is refused before it is loaded", "[strategy_library]") {
  const temporary_folder folder;
  const std::string sound = read_file(optimized_path());
  REQUIRE(sound.size() > 1000);
  const std::string path = folder / "x.so";

  SECTION("absent") {
    CHECK(refusal_of(path) ==
          path + " does not exist; --list shows the strategies that can be named");
  }
  SECTION("below a file") {
    (void)folder.write("x.so", "");
    CHECK(refusal_of(path + "/y.so") ==
          path + "/y.so does not exist; --list shows the strategies that can be named");
  }
  SECTION("a folder") {
    fs::create_directory(path);
    CHECK(refusal_of(path) == path + " is a folder; name the .so file in it");
  }
  SECTION("a pipe, which would block") {
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    CHECK(refusal_of(path) == path + " is not a regular file; name the .so file of a strategy");
  }
  SECTION("empty or a text") {
    for (const std::string &text : {std::string(), std::string("text\n"), std::string(5000, 'x')}) {
      (void)folder.write("x.so", text);
      CHECK(refusal_of(path) ==
            path + " is not a shared library (no ELF header); build one with cc -shared -fPIC");
    }
  }
  SECTION("for another processor") {
    std::string other = sound;
    other[18] = static_cast<char>(other[18] + 1);  // e_machine
    (void)folder.write("x.so", other);
    CHECK(refusal_of(path) ==
          path + " was built for another kind of processor; rebuild it for this one");
  }
  SECTION("an object file") {
    std::string object = sound;
    object[16] = 1;  // e_type: ET_REL
    (void)folder.write("x.so", object);
    CHECK(refusal_of(path) ==
          path + " is an object file or a program, not a shared library; link it with cc -shared");
  }
  SECTION("cut off, which would crash the loader") {
    // In the program headers, and behind them in what they name.
    for (const std::size_t size : {std::size_t{100}, std::size_t{1000}}) {
      (void)folder.write("x.so", sound.substr(0, size));
      CHECK(refusal_of(path) == path + " is cut off; build or copy it again");
    }
  }
}

TEST_CASE("a library that is no sound strategy is refused", "[strategy_library]") {
  const auto [name, message] = GENERATE(table<std::string, std::string>({
      {"no_symbol",
       "exports no symbol taskworker_strategy_entry; define it as include/taskworker/strategy.h "
       "tells"},
      {"other_abi_major",
       "was built for strategy interface 7.0, this taskworker speaks 0.1; rebuild it against "
       "include/taskworker/strategy.h"},
      {"init_fails", "is refused: its entry's init() returned FAILED"},
      {"bad_option_default",
       "is refused: option 'keep' has the default '0', but allows integer, 1 to 100"},
      {"too_many_operations", "is refused: its workload has 17 operations, 1 to 16 can be"},
  }));
  CHECK(refusal_of(bad_path(name)) == bad_path(name) + " " + message);
}

TEST_CASE("a strategy that cannot be brought to run says in which call", "[strategy_library]") {
  const auto [name, message] = GENERATE(table<std::string, std::string>({
      {"create_null", "cannot be used: create() returned no instance"},
      {"create_throws",
       "threw an exception out of create() (thrown on purpose); none may cross the strategy "
       "interface"},
      {"null_function", "cannot be used: its instance has no process()"},
      {"instance_init_fails", "cannot be used: init() returned FAILED"},
      {"start_fails", "cannot be used: start() for 2 workers returned FAILED"},
  }));
  CHECK(failure_of(bad_path(name)) == bad_path(name) + " " + message);
}

TEST_CASE("an exception out of a library's process() fails the task", "[strategy_library]") {
  const library opened(bad_path("process_throws"));
  silent_services services;
  host owner(services);
  instance made(opened, owner, {});
  made.start();
  taskworker_result result{};
  CHECK(made.process(0, {}, result) == TASKWORKER_FAILED);
  CHECK(made.process(0, {}, result) == TASKWORKER_FAILED);
  CHECK(services.messages == 1);
}
