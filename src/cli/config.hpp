// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "http/access.hpp"
#include "strategy/word.hpp"

namespace taskworker::cli {

enum class report_format { text, json, none };

/// How many results are checked against what is right.
enum class verify_mode { none, sample, all };

/// Where --listen wants the endpoints.
struct listen_address {
  std::string host = "127.0.0.1";  ///< an IP literal
  std::uint16_t port = 9090;       ///< 0 = any free one
};

/// A run, as the command line and --config ask for it: every value checked, every
/// field with the default that --help shows.
struct run_config {
  static constexpr std::uint64_t default_tasks = 1000;  ///< of the generator

  strategy::word strategy;                 ///< options of --strategy-opt appended
  std::vector<std::string> strategy_dirs;  ///< --strategy-dir, in order

  std::optional<std::uint64_t> tasks;  ///< --tasks; 0 = without end; not given = default_tasks
                                       ///< for the generator, all lines for a file
  std::uint32_t workers = 10;
  std::uint64_t data_size = 100;                                 ///< elements
  std::chrono::nanoseconds duration = std::chrono::seconds(30);  ///< 0 = ends with the tasks
  std::uint64_t rate = 0;  ///< tasks per second; 0 = as fast as it goes
  std::chrono::nanoseconds grace = std::chrono::seconds(5);
  std::chrono::nanoseconds start_timeout = std::chrono::seconds(30);  ///< 0 = none
  std::chrono::nanoseconds task_timeout{0};                           ///< 0 = none
  int worker_nice = 0;  ///< 0 .. 19, added to the workers' niceness
  std::string source;   ///< empty = generator; a file's path; "-" = standard input
  verify_mode verify = verify_mode::sample;
  std::string results;  ///< path; empty = none
  std::string expect;   ///< path; empty = none

  std::optional<listen_address> listen = listen_address{};  ///< empty = none
  http::access_config access;  ///< --allow-host, the token read from --token-file, --insecure-debug

  report_format report = report_format::text;
  std::string timeline;                    ///< path; empty = none
  std::string cpuprofile;                  ///< path; empty = none
  std::string memprofile;                  ///< path; empty = none
  std::uint64_t heap_sample = 512 * 1024;  ///< bytes
  bool contention = true;                  ///< records who waits for whom
  bool quiet = false;                      ///< no progress, no notices; errors and the report only
};

}  // namespace taskworker::cli
