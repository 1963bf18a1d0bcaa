// SPDX-License-Identifier: MIT
#include "compare/course.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <csignal>
#include <ctime>
#include <optional>
#include <utility>

#include "compare/temporary_folder.hpp"

namespace taskworker::compare {
namespace {

using namespace std::chrono_literals;
using steady_clock = std::chrono::steady_clock;

// Enough that results which differ do so, in well under a second.
constexpr std::uint64_t checked_tasks = 10'000;

// What a run ends with when it has wrong results.
constexpr int tasks_failed_status = 5;

constexpr int usage_status = 2;
constexpr int first_signal_status = 129;
constexpr int killed_status = 128 + SIGKILL;  // also of a run that was late

// The runs that find how many tasks a sample has grow until one is long enough to tell. One that
// was disturbed tells too much: so the warm-up is asked again.
constexpr std::uint64_t first_trial_tasks = 64;
constexpr std::uint64_t most_trial_tasks = 20'000;
constexpr std::uint64_t trial_growth = 16;
constexpr double telling_seconds = 0.01;
constexpr std::uint64_t fewest_tasks = 20;
constexpr int most_warm_ups = 3;
constexpr double wrong_by = 2;  // so many times more, or less, than what the warm-up asks for
constexpr double fastest_sample_seconds = 0.2;
constexpr double slowest_sample_seconds = 2;

// Seven samples wholly apart from seven others give p = 2 / 3432, which stays below 0.05 when it
// is adjusted for all metrics.
constexpr std::uint64_t fewest_rounds = 7;
constexpr std::uint64_t most_rounds = 1'000;
constexpr std::uint64_t most_failed_runs = 10;

// Of a run before the rounds that crashes.
constexpr int most_tries = 5;

// Of a candidate, for each of a saved baseline: the interval is then an eighth wider than with any
// number, as 1/n + 1/4n is to 1/n.
constexpr std::uint64_t most_for_each_saved = 4;

// A run that hangs ends here: many times what one may take.
constexpr auto patience = 5min;

// 123,456 tasks are no better than 120,000, which can be read and typed.
std::uint64_t two_digits(double value) {
  const double scale = std::pow(10, std::floor(std::log10(value)) - 1);
  return static_cast<std::uint64_t>(std::floor(value / scale) * scale);
}

std::string now_as_text() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  std::array<char, 32> text;
  const auto size = std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S UTC", &parts);
  return {text.data(), size};
}

class course {
 public:
  course(const comparison_plan &plan, const progress_listener &tell, bool (*is_cancelled)())
      : plan_(plan), tell_(tell), is_cancelled_(is_cancelled) {
    result_.rules = plan.rules;
    result_.where = read_environment();
    result_.command = plan.command;
    result_.run_arguments = plan.run_arguments;
    result_.workers = plan.workers;
    result_.tasks = plan.tasks;
    result_.taken_at = now_as_text();
    if (plan.baseline) {
      result_.tasks = plan.baseline->tasks;
      result_.differences = differences(*plan.baseline, result_.where);
      result_.series.push_back(plan.baseline->series);
    }
    first_ = result_.series.size();
    for (const auto &word : plan.words) result_.series.push_back({.word = word});
    result_.findings.resize(result_.series.size() - 1);
  }

  comparison_result run() {
    const bool is_whole = find_tasks() && check_results() && warm_up() && take_rounds();
    result_.is_partial = !is_whole;
    compare_all();
    result_.elapsed = elapsed();
    return std::move(result_);
  }

 private:
  // Each returns false when the comparison was cancelled.

  bool check_results() {
    const std::uint64_t tasks =
        result_.tasks == 0 ? checked_tasks : std::min(result_.tasks, checked_tasks);
    bool has_own_equality = false;
    for (std::size_t i = first_; i < result_.series.size(); ++i) {
      sample_series &series = result_.series[i];
      say("checks the results of " + series.word);
      const auto taken = take(i, tasks, {"--verify=all"});
      if (!taken) return false;
      series.workload = taken->workload;
      series.results_digest = taken->results_digest;
      has_own_equality = has_own_equality || taken->results_digest.empty();
      if (i > 0) compare_results(i);
    }
    return !has_own_equality || compare_by_own_equality(tasks);
  }

  // All results are right by themselves by now, so that a run with wrong ones has others than the
  // baseline.
  bool compare_by_own_equality(std::uint64_t tasks) {
    if (first_ > 0) {
      result_.differences.emplace_back(
          "the workload brings an equality of its own, so that the results could not be held "
          "against those of the saved run");
      return true;
    }
    const temporary_folder folder;
    const std::string kept = folder / "results";
    if (!take(0, tasks, {"--verify=all", "--results=" + kept})) return false;
    for (std::size_t i = 1; i < result_.series.size(); ++i) {
      say("compares the results of " + result_.series[i].word);
      try {
        if (!take(i, tasks, {"--verify=all", "--expect=" + kept})) return false;
      } catch (const sample_error &error) {
        if (error.exit_status() != tasks_failed_status) throw;
        refuse_results(i);
      }
    }
    return true;
  }

  void compare_results(std::size_t number) const {
    const sample_series &first = result_.series[0];
    const sample_series &other = result_.series[number];
    if (first.workload != other.workload) {
      throw results_differ(both(number) + " bring different workloads, '" + first.workload +
                           "' and '" + other.workload + "', so there is nothing to compare");
    }
    const bool are_known = !first.results_digest.empty() && !other.results_digest.empty();
    if (are_known && first.results_digest != other.results_digest) refuse_results(number);
  }

  [[nodiscard]] std::string both(std::size_t number) const {
    return "'" + result_.series[0].word + "' and '" + result_.series[number].word + "'";
  }

  [[noreturn]] void refuse_results(std::size_t number) const {
    throw results_differ(both(number) +
                         " give different results for the same tasks; to see which, run the "
                         "first with --verify=all --results=FILE, the second with --verify=all "
                         "--expect=FILE");
  }

  /// Seconds, with all workers at work; nothing when the comparison was cancelled.
  std::optional<double> time_of_task(std::size_t number) {
    for (std::uint64_t tasks = first_trial_tasks;;
         tasks = std::min(tasks * trial_growth, most_trial_tasks)) {
      const auto taken = take(number, tasks, {});
      if (!taken) return std::nullopt;
      if (taken->busy_seconds < telling_seconds && tasks < most_trial_tasks) continue;
      return taken->busy_seconds / static_cast<double>(tasks);
    }
  }

  bool find_tasks() {
    if (result_.tasks != 0) return true;
    are_tasks_found_ = true;
    std::vector<double> times;
    for (std::size_t i = first_; i < result_.series.size(); ++i) {
      say("finds how many tasks a sample needs");
      const auto each = time_of_task(i);
      if (!each) return false;
      times.push_back(*each);
    }
    result_.tasks = tasks_for(times);
    return true;
  }

  /// As many as the fastest strategy does in its time, and the slowest in its. `times`: seconds
  /// that a task takes each.
  static std::uint64_t tasks_for(const std::vector<double> &times) {
    const auto [fastest, slowest] = std::minmax_element(times.begin(), times.end());
    const double wanted = std::min(fastest_sample_seconds / std::max(*fastest, 1e-9),
                                   slowest_sample_seconds / std::max(*slowest, 1e-9));
    return std::max(two_digits(wanted), fewest_tasks);
  }

  bool warm_up() {
    for (int round = 0; round < most_warm_ups; ++round) {
      std::vector<double> times;
      for (std::size_t i = first_; i < result_.series.size(); ++i) {
        say("warms up");
        const auto taken = take(i, result_.tasks, {});
        if (!taken) return false;
        times.push_back(taken->busy_seconds / static_cast<double>(result_.tasks));
      }
      ++result_.warm_up;
      const auto found = static_cast<double>(result_.tasks);
      const std::uint64_t wanted = tasks_for(times);
      const auto ratio = static_cast<double>(wanted) / found;
      if (!are_tasks_found_ || (ratio < wrong_by && ratio > 1 / wrong_by)) break;
      result_.tasks = wanted;
    }
    return true;
  }

  bool take_rounds() {
    rounds_began_ = steady_clock::now();
    for (const auto &each : result_.series) failed_before_.push_back(each.failed_runs);
    for (std::uint64_t round = 0; round < most_rounds; ++round) {
      say("compares");
      if (!take_round(round)) return false;
      if (is_enough(round + 1)) break;
    }
    return true;
  }

  bool take_round(std::uint64_t round) {
    const bool is_backwards = round % 2 != 0;
    for (std::size_t i = first_; i < result_.series.size(); ++i) {
      const std::size_t number = is_backwards ? result_.series.size() - 1 + first_ - i : i;
      sample_series &series = result_.series[number];
      try {
        auto taken = take_once(number, result_.tasks, {});
        if (!taken) return false;
        taken->round = round;
        series.samples.push_back(std::move(*taken));
      } catch (const sample_error &error) {
        ++series.failed_runs;
        series.last_failure = error.what();
      }
    }
    return true;
  }

  void compare_all() {
    const sample_series &baseline = result_.series[0];
    for (std::size_t i = 1; i < result_.series.size(); ++i) {
      const sample_series &candidate = result_.series[i];
      const std::size_t fewest = std::min(baseline.samples.size(), candidate.samples.size());
      if (fewest < least_samples) continue;
      result_.findings[i - 1] = compare(baseline, candidate, plan_.rules);
    }
    for (std::size_t i = 1; i < result_.series.size(); ++i) {
      for (const gate &each : plan_.gates) {
        const auto outcome = judge(each, result_.findings[i - 1], result_.series[i]);
        result_.gates.push_back({each.text, i, outcome});
      }
    }
  }

  [[nodiscard]] bool is_enough(std::uint64_t rounds) {
    if (has_failed_too_often()) return true;
    if (rounds < fewest_rounds) return false;
    wanted_ = rounds_wanted(rounds);
    result_.is_narrow = wanted_ == 0;
    if (result_.is_narrow || is_limited_by_saved(rounds)) return true;
    const auto next = (steady_clock::now() - rounds_began_) / static_cast<std::int64_t>(rounds);
    result_.is_time_up = elapsed() + next > plan_.max_time;
    return result_.is_time_up;
  }

  [[nodiscard]] bool has_failed_too_often() const {
    for (std::size_t i = 0; i < result_.series.size(); ++i) {
      if (result_.series[i].failed_runs - failed_before_[i] >= most_failed_runs) return true;
    }
    return false;
  }

  [[nodiscard]] bool is_limited_by_saved(std::uint64_t rounds) const {
    return plan_.baseline && rounds >= most_for_each_saved * plan_.baseline->series.samples.size();
  }

  /// About how many more rounds the widest interval of a primary metric asks for.
  [[nodiscard]] std::uint64_t rounds_wanted(std::uint64_t rounds) const {
    std::uint64_t wanted = 0;
    for (std::size_t i = 1; i < result_.series.size(); ++i) {
      const std::size_t fewest =
          std::min(result_.series[0].samples.size(), result_.series[i].samples.size());
      if (fewest < least_samples) {  // of one that crashes at times
        wanted = std::max(wanted, least_samples - fewest);
        continue;
      }
      const auto found = compare_primary(result_.series[0], result_.series[i], plan_.rules);
      if (!found) continue;
      wanted = std::max(wanted, more_rounds_for(*found, plan_.rules.threshold, rounds));
    }
    return wanted;
  }

  /// One that crashes at times is tried again: it fails only where it does so each time. One that
  /// hangs is not.
  std::optional<sample> take(std::size_t number, std::uint64_t tasks,
                             const std::vector<std::string> &more) {
    sample_series &series = result_.series[number];
    for (int tried = 1;; ++tried) {
      try {
        return take_once(number, tasks, more);
      } catch (const sample_error &error) {
        const bool has_crashed =
            error.exit_status() >= first_signal_status && error.exit_status() != killed_status;
        if (!has_crashed || tried == most_tries) throw;
        ++series.failed_runs;
        series.last_failure = error.what();
      }
    }
  }

  [[nodiscard]] std::optional<sample> take_once(std::size_t number, std::uint64_t tasks,
                                                const std::vector<std::string> &more) const {
    const std::string &word = result_.series[number].word;
    auto taken =
        take_sample(plan_.program, word, plan_.arguments_for(tasks, more), patience, is_cancelled_);
    if (taken && taken->processed < tasks) {
      throw sample_error("'" + word + "' had " + std::to_string(taken->processed) + " of " +
                             std::to_string(tasks) +
                             " tasks to do: --tasks must not be more than --source has",
                         usage_status);
    }
    return taken;
  }

  void say(const std::string &doing) const {
    const std::uint64_t rounds = result_.series.back().samples.size();
    comparison_progress progress{rounds, doing, elapsed(), {}};
    if (rounds > 0) {
      const auto each = (steady_clock::now() - rounds_began_) / static_cast<std::int64_t>(rounds);
      const auto fewest =
          std::chrono::nanoseconds(each) *
          static_cast<std::int64_t>(rounds < fewest_rounds ? fewest_rounds - rounds : 0);
      const auto wanted = std::chrono::nanoseconds(each) * static_cast<std::int64_t>(wanted_);
      progress.left = std::max(fewest, std::min(wanted, std::max(plan_.max_time - elapsed(), 0ns)));
    }
    tell_(progress);
  }

  [[nodiscard]] std::chrono::nanoseconds elapsed() const { return steady_clock::now() - began_; }

  const comparison_plan &plan_;
  const progress_listener &tell_;
  bool (*const is_cancelled_)();
  const steady_clock::time_point began_ = steady_clock::now();
  steady_clock::time_point rounds_began_ = began_;
  bool are_tasks_found_ = false;  ///< by itself: the user named no number
  std::size_t first_ = 0;         ///< of the series that are run: the baseline may be a saved one
  std::vector<std::uint64_t> failed_before_;  ///< runs of each series, before the rounds
  std::uint64_t wanted_ = 0;                  ///< more rounds, when last looked at
  comparison_result result_;
};

}  // namespace

comparison_result run_comparison(const comparison_plan &plan, const progress_listener &tell,
                                 bool (*is_cancelled)()) {
  return course(plan, tell, is_cancelled).run();
}

}  // namespace taskworker::compare
