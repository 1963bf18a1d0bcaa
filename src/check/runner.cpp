// SPDX-License-Identifier: MIT
#include "check/runner.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <new>
#include <optional>
#include <utility>

#include "check/call.hpp"
#include "check/fault_report.hpp"
#include "process/child_process.hpp"
#include "strategy/options.hpp"
#include "strategy/signal_name.hpp"

namespace taskworker::check {
namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

constexpr char loading_case[] = "loads-with-all-symbols";

// ---- In the process of a case ------------------------------------------------------

/// Throws word_error where the command line's options do not fit.
void check_options(const opened_strategy &opened, const check_plan &plan) {
  if (opened.refused()) return;
  static_cast<void>(
      strategy::resolve_options(opened.options(), plan.options, opened.entry().descriptor.name));
}

verdict run_body(const check_case &what, case_context &context) {
  try {
    what.run(context);
    return {};
  } catch (const case_ended &ended) {
    context.abandon();
    return ended.found();
  }
}

/// What breaks a rule in a call of the strategy counts in whatever case it is seen.
verdict run_case(const check_case &what, opened_strategy &opened, const check_plan &plan) {
  static_cast<void>(take_violation());
  case_context context(opened, plan.options);
  verdict found = run_body(what, context);
  const verdict violation = take_violation();
  const bool is_worse = violation.what == outcome::failed && found.what != outcome::failed;
  if (is_worse) found = violation;
  if (is_finding(found.what) && found.rule.empty()) found.rule = what.rule;
  return found;
}

verdict close(opened_strategy &opened, verdict found) {
  try {
    opened.close();
  } catch (const case_ended &ended) {
    if (found.what == outcome::passed) return ended.found();
  }
  return found;
}

/// What was printed and is still in the buffer: of standard output alone, as standard error has
/// none. A thread that the strategy left may hold the lock of any stream for good, as it does
/// that of one which it reads.
void flush_output() {
  if (::ftrylockfile(stdout) != 0) return;
  std::fflush(stdout);
  ::funlockfile(stdout);
}

// ---- In the parent -----------------------------------------------------------------

std::string seconds(std::chrono::nanoseconds time) {
  char text[32];
  std::snprintf(text, sizeof text, "%g s", std::chrono::duration<double>(time).count());
  return text;
}

verdict judge(const check_case &what, const process::child_outcome &ended, const result_page &page,
              std::chrono::nanoseconds limit) {
  const std::string last = page.last_call() == call::none
                               ? ", before its first call"
                               : std::string("; its last call was ") + name_of(page.last_call());
  const char *const place = place_of(page.last_call());
  const auto concluded = page.concluded();
  verdict found = concluded.value_or(verdict{});
  // A process that has told what it came to may still die of it, or be late to end.
  if (found.what == outcome::passed) {
    if (ended.is_late) {
      found = {outcome::timed_out, place, "it had not ended after " + seconds(limit) + last};
    } else if (ended.signal != 0) {
      found = {outcome::crashed, place,
               std::string(strategy::signal_name(ended.signal).view()) + last};
    } else if (!concluded) {
      found = {outcome::failed, "strategy.h (10)",
               "the process ended with status " + std::to_string(ended.status) +
                   " in the middle of the case" + last};
    }
  }
  if (is_finding(found.what) && found.rule.empty()) found.rule = what.rule;
  return found;
}

/// Nothing once it is cancelled.
std::optional<case_result> run_child(const check_plan &plan, const check_case &what,
                                     check_result &result, bool (*is_cancelled)()) {
  shared_page shared;
  auto arguments = plan.child_arguments;
  arguments.push_back(std::string("--only=") + what.name);
  arguments.push_back("--result-fd=" + std::to_string(shared.descriptor()));
  const auto start = clock::now();
  const auto ended = process::run_child(plan.program, arguments, plan.time_limit, is_cancelled);
  if (!ended) return std::nullopt;
  const result_page &page = shared.page();
  if (!page.usage_error().empty()) throw options_error(page.usage_error());
  if (!page.strategy_name().empty()) {
    result.strategy_name = page.strategy_name();
    result.strategy_version = page.strategy_version();
  }
  return case_result{&what, judge(what, *ended, page, plan.time_limit), ended->err,
                     clock::now() - start};
}

case_result skipped(const check_case &what) {
  return {&what, {outcome::skipped, "", "the library cannot be opened"}, "", {}};
}

bool ends_all(const case_result &done) {
  return std::strcmp(done.what->name, loading_case) == 0 && is_finding(done.found.what);
}

}  // namespace

std::size_t check_result::count(outcome what) const {
  return static_cast<std::size_t>(std::count_if(
      cases.begin(), cases.end(), [&](const auto &each) { return each.found.what == what; }));
}

bool check_result::has_findings() const {
  return std::any_of(cases.begin(), cases.end(),
                     [](const auto &each) { return is_finding(each.found.what); });
}

check_result run_in_children(const check_plan &plan, const case_listener &tell,
                             bool (*is_cancelled)()) {
  check_result result;
  bool is_loaded = true;
  for (const auto *each : plan.cases) {
    tell(*each, nullptr);
    auto done = is_loaded ? run_child(plan, *each, result, is_cancelled) : skipped(*each);
    result.is_partial = !done.has_value();
    if (result.is_partial) break;
    is_loaded = is_loaded && !ends_all(*done);
    result.cases.push_back(std::move(*done));
    tell(*each, &result.cases.back());
  }
  return result;
}

check_result run_in_process(const check_plan &plan, const case_listener &tell) {
  report_faults(true);
  check_result result;
  opened_strategy opened(plan.library);
  try {
    check_options(opened, plan);
  } catch (const strategy::word_error &error) {
    throw options_error(error.what());
  }
  result.strategy_name = current_page().strategy_name();
  result.strategy_version = current_page().strategy_version();
  for (const auto *each : plan.cases) {
    tell(*each, nullptr);
    const auto start = clock::now();
    verdict found = run_case(*each, opened, plan);
    if (each == plan.cases.back()) found = close(opened, found);
    result.cases.push_back({each, found, "", clock::now() - start});
    tell(*each, &result.cases.back());
  }
  leave_page_alone();
  return result;
}

void run_as_child(const check_plan &plan, result_page &page) {
  set_current_page(page);
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  // Both streams in one, in the order in which they were written.
  ::dup2(STDERR_FILENO, STDOUT_FILENO);
  report_faults(false);
  opened_strategy opened(plan.library);
  try {
    check_options(opened, plan);
  } catch (const strategy::word_error &error) {
    page.set_usage_error(error.what());
    ::_exit(0);
  }
  const verdict found = close(opened, run_case(*plan.cases.front(), opened, plan));
  page.conclude(found.what, found.rule, found.detail);
  flush_output();
  ::_exit(0);
}

}  // namespace taskworker::check
