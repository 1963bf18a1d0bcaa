// SPDX-License-Identifier: MIT
#include "compare/sentences.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <utility>

#include "compare/wording.hpp"
#include "metrics/units.hpp"
#include "strategy/text.hpp"

namespace taskworker::compare {
using metrics::counted;
using metrics::in_time;
using metrics::rounded;
using metrics::with_commas;
using strategy::one_line;

namespace {

// Below this a factor the other way round is told too: "-98.2 %" does not show that it is 1/56.
constexpr double told_as_fraction = 0.5;

// A comparison that would take longer is not proposed.
constexpr double most_seconds = 86'400;

double seconds_of(std::chrono::nanoseconds duration) {
  return std::chrono::duration<double>(duration).count();
}

// "113 ns against 6.32 us, -98.2 % [-98.4 to -98.1 %]"
std::string difference_of(const finding &found) {
  std::string values =
      in_unit(*found.of, found.candidate) + " against " + in_unit(*found.of, found.baseline);
  if (!found.ratio) return values;
  const std::string between = interval_of(found);
  return values + ", " + change_of(found) + (between.empty() ? "" : " [" + between + "]");
}

std::string decided(const std::string &candidate, const std::string &baseline,
                    const finding &found) {
  std::string text = candidate + " is " + name_of(found.is) + " than " + baseline + " in " +
                     std::string(found.of->title) + ": " + difference_of(found);
  if (found.ratio && *found.ratio > 0 && *found.ratio < told_as_fraction) {
    text += "; " + baseline + " has " + rounded(1 / *found.ratio) + " times as much";
  }
  return text + ".";
}

// ": --max-time=110s."
std::string duration_for(const comparison_result &result, double samples, const finding &found) {
  const auto more = static_cast<double>(found.more_samples);
  const double seconds = std::ceil(seconds_of(result.elapsed) * (samples + more) / samples);
  if (seconds > most_seconds) return ", and take more than a day.";
  return ": --max-time=" + std::to_string(static_cast<std::uint64_t>(seconds)) + "s.";
}

std::string undecided(const comparison_result &result, std::size_t candidate,
                      const finding &found) {
  const auto samples = static_cast<double>(result.series[candidate].samples.size());
  std::string text = one_line(result.series[candidate].word) + " against " +
                     one_line(result.series[0].word) + " is inconclusive in " +
                     std::string(found.of->title) + ": " + difference_of(found) + "; ";
  if (found.is_coarse) {
    return text +
           "such times come in steps too wide to tell, however many the samples: let "
           "--primary=cpu_ns_per_task decide, or give tasks more work, by --data-size.";
  }
  if (found.more_samples == 0) {
    return text +
           "the interval and the test do not agree; take more samples by a smaller "
           "--threshold, and a longer --max-time.";
  }
  text += "about " + counted(found.more_samples, "more sample") + " of each would decide";
  if (result.is_time_up) return text + duration_for(result, samples, found);
  if (result.series[0].is_saved) {
    return text + ", which the " + counted(result.series[0].samples.size(), "saved sample") +
           " do not allow: measure both now, or save more of them, by a smaller --threshold.";
  }
  if (!result.is_narrow) return text + ".";
  return text + "; it is known as closely as --threshold asks: a smaller one takes more.";
}

std::string failures_of(const sample_series &series) {
  return one_line(series.word) + " failed in " + with_commas(series.failed_runs) + " of " +
         counted(series.samples.size() + series.failed_runs, "run") + ": " +
         one_line(series.last_failure);
}

// What starts a run takes a millisecond or two.
constexpr double shortest_sample_seconds = 0.05;

double mean_seconds(const sample_series &series) {
  double seconds = 0;
  for (const auto &each : series.samples) seconds += each.busy_seconds;
  return seconds / static_cast<double>(series.samples.size());
}

bool is_short(const sample_series &series) {
  return !series.samples.empty() && mean_seconds(series) < shortest_sample_seconds;
}

std::string shortness_of(const sample_series &series) {
  return "a sample of " + one_line(series.word) + " lasts " + in_time(mean_seconds(series)) +
         ", and what starts a run is a part of its figures: for longer ones say how many "
         "tasks, by --tasks";
}

std::string samples_of(const comparison_result &result) {
  const auto fewer = [](const sample_series &a, const sample_series &b) {
    return a.samples.size() < b.samples.size();
  };
  const auto [least, most] = std::minmax_element(result.series.begin(), result.series.end(), fewer);
  if (least->samples.size() == most->samples.size()) {
    return counted(most->samples.size(), "sample") + " of each";
  }
  return with_commas(least->samples.size()) + " to " + counted(most->samples.size(), "sample") +
         " of each";
}

}  // namespace

std::string headline(const comparison_result &result) {
  std::vector<std::string> candidates;
  for (const auto &each : result.series) candidates.push_back(one_line(each.word));
  candidates.erase(candidates.begin());
  std::string text = strategy::join(candidates) + " against " + one_line(result.series[0].word) +
                     ": " + samples_of(result);
  if (result.warm_up > 0) text += " after " + counted(result.warm_up, "round") + " to warm up";
  return text + ", " + counted(result.tasks, "task") + " a sample, " +
         counted(result.workers, "worker") + "; " + in_time(seconds_of(result.elapsed)) +
         " in all.";
}

std::string place_of(const environment &where) {
  std::string text = where.cpu.empty() ? "" : one_line(where.cpu) + ", ";
  text += counted(where.machine.cpus, "CPU");
  if (where.machine.usable_cpus() < static_cast<double>(where.machine.cpus)) {
    text += " (time of " + rounded(where.machine.usable_cpus()) + ")";
  }
  if (!where.kernel.empty()) text += ", Linux " + where.kernel;
  return text + "; taskworker " + where.program_version + ", " + where.build_type +
         (where.sanitizers.empty() ? "" : " with sanitizers (" + where.sanitizers + ")") + ", " +
         where.compiler + ", " + where.allocator;
}

std::string partial_notice(const comparison_result &result) {
  return "Partial: ended after " + in_time(seconds_of(result.elapsed)) +
         ", before all was measured.";
}

std::string told_of_gate(const comparison_result &result, const gate_finding &found) {
  std::string text = "--fail-if '" + found.text + "' ";
  switch (found.is) {
    case gate_outcome::broken:
      text += "holds for ";
      break;
    case gate_outcome::untold:
      text += "cannot be told of ";
      break;
    case gate_outcome::kept:
      text += "does not hold for ";
  }
  return text + one_line(result.series[found.candidate].word);
}

std::vector<std::string> cautions(const comparison_result &result) {
  std::vector<std::string> all;
  for (const auto &each : result.series) {
    if (each.failed_runs > 0) all.push_back(failures_of(each));
  }
  all.insert(all.end(), result.differences.begin(), result.differences.end());
  for (const auto &each : result.series) {
    if (is_short(each)) all.push_back(shortness_of(each));
  }
  for (auto &each : result.where.warnings(result.workers)) all.push_back(std::move(each));
  return all;
}

std::string conclusion(const comparison_result &result, std::size_t candidate) {
  const std::string word = one_line(result.series[candidate].word);
  const std::string baseline = one_line(result.series[0].word);
  if (result.findings[candidate - 1].empty()) {
    return word + " is not compared: it has " +
           counted(result.series[candidate].samples.size(), "sample") + " and " + baseline +
           " has " + with_commas(result.series[0].samples.size()) + ", of " +
           std::to_string(least_samples) + " that each needs.";
  }
  const finding *found = primary_of(result, candidate);
  if (found == nullptr) {
    return "The runs of " + word + " or " + baseline + " do not tell " +
           std::string(result.rules.primary->title) + ": nothing decides. Take another --primary.";
  }
  switch (found->is) {
    case verdict::better:
    case verdict::worse:
      return decided(word, baseline, *found);
    case verdict::no_difference:
      return word + " and " + baseline + " make no difference in " + std::string(found->of->title) +
             ": " + difference_of(*found) +
             (found->between ? ", within " + number(result.rules.threshold * 100) + " %." : ".");
    case verdict::inconclusive:
      break;
  }
  return undecided(result, candidate, *found);
}

}  // namespace taskworker::compare
