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
  SECTION("cut off, which would crash the loader") {
    // In the program headers, and behind them in what they name.
    for (const std::size_t size : {std::size_t{100}, std::size_t{1000}}) {
      (void)folder.write("x.so", sound.substr(0, size));
      CHECK(refusal_of(path) == path + " is cut off; build or copy it again");
    }
  }
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
