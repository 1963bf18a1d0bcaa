// SPDX-License-Identifier: MIT
#include "cli/shortage.hpp"

#include "catch.hpp"

using taskworker::cli::describe_shortage;

TEST_CASE("what has run out is named, with where its limit is", "[cli_shortage]") {
  CHECK(describe_shortage(std::make_error_code(std::errc::resource_unavailable_try_again), "why") ==
        "no more threads can be had: why; raise the limit (ulimit -u, ulimit -v, pids.max of the "
        "control group), or take fewer --workers");
  for (const auto code :
       {std::errc::too_many_files_open, std::errc::too_many_files_open_in_system}) {
    CHECK(describe_shortage(std::make_error_code(code), "why") ==
          "no more files can be opened: why; raise the limit (ulimit -n)");
  }
}

TEST_CASE("another error of the system is told as it is, in one line", "[cli_shortage]") {
  CHECK(describe_shortage(std::make_error_code(std::errc::io_error), "cannot\nread") ==
        "cannot read");
}
