// SPDX-License-Identifier: MIT
#include "compare/saved_run.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <cstddef>

#include "strategy/text.hpp"

namespace taskworker::compare {
namespace {

namespace json = boost::json;
using strategy::one_line;

std::string text_of(const json::value &value) {
  if (value.is_string()) return std::string(value.as_string());
  return value.is_null() ? "" : json::serialize(value);
}

const json::value &series_named(const json::array &all, std::string_view word) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const json::value &each) {
    return each.at("strategy").as_string() == word;
  });
  return found != all.end() ? *found : all.at(0);
}

// Metrics that this program does not know are passed over; those that the file does not have are
// not told.
std::vector<sample> samples_of(const json::value &series) {
  const auto &busy = series.at("busy_seconds").as_array();
  std::vector<sample> samples(busy.size());
  for (std::size_t i = 0; i < samples.size(); ++i) {
    samples[i].busy_seconds = busy[i].to_number<double>();
    samples[i].values.resize(metrics().size());
  }
  for (std::size_t number = 0; number < metrics().size(); ++number) {
    const auto *values = series.at("samples").as_object().if_contains(metrics()[number].name);
    if (values == nullptr) continue;
    for (std::size_t i = 0; i < samples.size(); ++i) {
      const auto &value = values->as_array().at(i);
      if (!value.is_null()) samples[i].values[number] = value.to_number<double>();
    }
  }
  return samples;
}

saved_run read(const json::value &report, std::string_view word) {
  if (report.at("schema").as_string() != "taskworker.comparison/1") {
    throw saved_run_error("its schema is '" + text_of(report.at("schema")) +
                          "', not 'taskworker.comparison/1'");
  }
  const auto &series = series_named(report.at("series").as_array(), word);
  saved_run saved;
  saved.series.word = text_of(series.at("strategy"));
  if (series.at("is_saved").as_bool()) {
    throw saved_run_error("its '" + saved.series.word + "' is of an earlier run itself: name that");
  }
  saved.is_partial = report.at("is_partial").as_bool();
  saved.series.failed_runs = series.at("failed_runs").to_number<std::uint64_t>();
  saved.series.last_failure = text_of(series.at("last_failure"));
  saved.series.workload = text_of(series.at("workload"));
  saved.series.results_digest = text_of(series.at("results_digest"));
  saved.series.samples = samples_of(series);
  saved.series.is_saved = true;
  saved.tasks = report.at("tasks_per_sample").to_number<std::uint64_t>();
  saved.when = text_of(report.at("taken_at"));
  for (const auto &each : report.at("run_arguments").as_array()) {
    saved.run_arguments.push_back(text_of(each));
  }
  const auto &then = report.at("environment").as_object();
  for (const auto &[title, ignored] : environment().facts()) {
    saved.facts.emplace_back(title, text_of(then.at(title)));
  }
  return saved;
}

}  // namespace

saved_run read_saved_run(std::string_view text, std::string_view word) {
  boost::system::error_code error;
  const auto report = json::parse(text, error);
  if (error) throw saved_run_error("it is no JSON: " + error.message());
  saved_run saved;
  try {
    saved = read(report, word);
  } catch (const boost::system::system_error &) {
    throw saved_run_error("it lacks what --json of taskworker compare writes");
  } catch (const std::out_of_range &) {
    throw saved_run_error("it lacks what --json of taskworker compare writes");
  }
  if (saved.series.samples.size() < least_samples) {
    throw saved_run_error("it has " + std::to_string(saved.series.samples.size()) +
                          " samples, of " + std::to_string(least_samples) + " that are needed");
  }
  return saved;
}

std::vector<std::string> differences(const saved_run &then, const environment &now) {
  std::vector<std::string> all{"the baseline is of " + one_line(then.when) +
                               ": what has changed on the machine since then looks like a "
                               "difference, and is in no interval"};
  if (then.is_partial) all.emplace_back("the saved run was ended before all was measured");
  const auto told = [](const std::string &text) {
    return text.empty() ? std::string("not known") : "'" + one_line(text) + "'";
  };
  for (const auto &fact : now.facts()) {
    const auto found = std::find_if(then.facts.begin(), then.facts.end(),
                                    [&](const auto &each) { return each.first == fact.first; });
    if (found == then.facts.end() || found->second == fact.second) continue;
    all.push_back("the " + fact.first + " differs: " + told(found->second) + " then, " +
                  told(fact.second) + " now; only counted figures can be relied on");
  }
  return all;
}

}  // namespace taskworker::compare
