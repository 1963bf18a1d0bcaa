// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "check/check_case.hpp"
#include "check/result_page.hpp"
#include "check/verdict.hpp"
#include "strategy/word.hpp"

namespace taskworker::check {

/// The options of the command line do not fit the strategy. what() is one line.
class options_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// One case that was run.
struct case_result {
  const check_case *what = nullptr;
  verdict found;
  std::string output;  ///< of the case's process, its begin and its end
  std::chrono::nanoseconds took{0};
};

struct check_result {
  std::string strategy_name;     ///< empty where it could not be read
  std::string strategy_version;  ///< likewise
  std::vector<case_result> cases;
  bool is_partial = false;  ///< it was cancelled

  [[nodiscard]] std::size_t count(outcome what) const;
  [[nodiscard]] bool has_findings() const;
};

/// Told of each case before and after it was run; `done` is null before.
using case_listener = std::function<void(const check_case &what, const case_result *done)>;

struct check_plan {
  std::filesystem::path library;
  std::vector<strategy::given_option> options;
  std::vector<const check_case *> cases;
  std::chrono::nanoseconds time_limit{0};    ///< of a case
  std::string program;                       ///< of this program, for child processes
  std::vector<std::string> child_arguments;  ///< what makes it run one case of the strategy;
                                             ///< --only and --result-fd are added
};

/// Runs each case in a child process, which is killed with what it started once it is late.
/// Where the first case, that of loading, does not pass, the others are skipped. Nothing of
/// the strategy is opened here. Throws options_error, std::system_error.
[[nodiscard]] check_result run_in_children(const check_plan &plan, const case_listener &tell,
                                           bool (*is_cancelled)());

/// Runs the cases one after the other in this process, without limit.
[[nodiscard]] check_result run_in_process(const check_plan &plan, const case_listener &tell);

/// Runs the first case of the plan in this process, leaves what it came to on `page`, and ends
/// the process.
[[noreturn]] void run_as_child(const check_plan &plan, result_page &page);

}  // namespace taskworker::check
