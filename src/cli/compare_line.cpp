// SPDX-License-Identifier: MIT
#include "cli/compare_line.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

#include "cli/error.hpp"
#include "cli/help.hpp"
#include "cli/option_table.hpp"
#include "cli/output_file.hpp"
#include "cli/words.hpp"
#include "profiling/format/profile_file.hpp"
#include "strategy/text.hpp"
#include "strategy/word.hpp"

namespace taskworker::cli {
namespace {

constexpr auto any_number = std::numeric_limits<std::uint64_t>::max();

// Below this the noise of a second is no less than what it is to find.
constexpr double least_threshold_percent = 0.1;
constexpr double most_threshold_percent = 100;

option_group comparison_group() {
  return {
      "Comparison",
      {
          {"primary", "METRIC",
           "What decides which one is better; default cpu_ns_per_task. Metrics: " +
               compare::all_metric_names()},
          {"threshold", "PERCENT", "A change up to this is no difference; default 1"},
          {"max-time", "TIME",
           "Take no more samples after this, however unsure (7 of each are taken anyway); "
           "default 60s"},
          {"seed", "N", "Of the intervals' random draws; default 1"},
          {"baseline", "PATH",
           "Compare against an earlier comparison, as --json wrote it: its strategy of the first "
           "name given here, else its first one"},
          {"fail-if", "GATE",
           "End with 7 where a candidate is past this for sure, as 'p99>+5%' or "
           "'allocations_per_task>0' (p50, p99, p99_9 in seconds); may be repeated",
           true},
      },
  };
}

option_group output_group() {
  return {
      "Output",
      {
          {"json", "PATH", "Write all samples and findings as JSON"},
          {"markdown", "PATH", "Write the tables for a pull request"},
          {"html", "PATH",
           "Write one page with all of it: samples drawn, threads, jobs and memory over time, "
           "flame graphs of the difference. Takes some seconds a strategy more"},
          {"profiles", "DIR",
           "Keep the CPU and heap profiles and the timelines that explain the difference in this "
           "folder, which is new or empty"},
          {"quiet", "", "No progress on standard error"},
          {"help", "", "Show this text"},
      },
  };
}

// Those options of a run that make sense for one of many short ones.
option_group run_group() {
  option_group group{"Each run", {}};
  for (const char *name : {"tasks", "source", "workers", "data-size", "worker-nice",
                           "start-timeout", "strategy-dir", "heap-sample", "contention"}) {
    group.options.push_back(*find_option(option_groups(), name));
  }
  group.options[0].help = "How many tasks; default: as many as the fastest does in 0.2 s";
  group.options[1].value_name = "file:PATH";
  group.options[1].help = "Read tasks from a file, as many as --tasks says; default: generate them";
  return group;
}

const std::vector<option_group> &compare_option_groups() {
  static const std::vector<option_group> groups{comparison_group(), run_group(), output_group()};
  return groups;
}

double read_percent(const given_value &given) {
  double value = 0;
  const char *const end = given.text.data() + given.text.size();
  const auto read = std::from_chars(given.text.data(), end, value, std::chars_format::fixed);
  const bool is_good = read.ec == std::errc() && read.ptr == end &&
                       value >= least_threshold_percent && value <= most_threshold_percent;
  if (!is_good) refuse(given, "a number of percent, 0.1 to 100");
  return value / 100;
}

const compare::metric *read_metric(const given_value &given) {
  const auto *found = compare::find_metric(given.text);
  if (found == nullptr) refuse(given, "one of " + compare::all_metric_names());
  return found;
}

// Then the same runs are to be made now.
void read_baseline(compare_command &asked, const given_value &given) {
  const std::string path = read_text(given, "a path");
  try {
    asked.baseline = compare::read_saved_run(profiling::read_whole_file(path), asked.words.front());
  } catch (const profiling::profile_file_error &error) {
    throw file_error(given.where + ": " + error.what());
  } catch (const compare::saved_run_error &error) {
    throw file_error(given.where + ": " + path + " is no comparison to go by: " + error.what());
  }
  auto &saved = *asked.baseline;
  saved.series.word += " of " + path;
  const auto arguments_of = [](std::vector<std::string> words) {
    std::erase_if(words, [](const auto &each) { return each.starts_with("--strategy-dir="); });
    std::sort(words.begin(), words.end());
    return words;
  };
  const auto then = arguments_of(saved.run_arguments);
  if (then != arguments_of(asked.run_arguments)) {
    throw usage_error(given.where + ": the runs of " + path + " were made with " +
                      (then.empty() ? "no options" : strategy::join(then, " ")) +
                      ": give the same, or measure both now");
  }
  if (asked.tasks != 0 && asked.tasks != saved.tasks) {
    throw usage_error(given.where + ": the runs of " + path + " have " +
                      std::to_string(saved.tasks) + " tasks: leave --tasks out");
  }
}

compare::gate read_gate(const given_value &given) {
  try {
    return compare::parse_gate(given.text);
  } catch (const compare::gate_error &error) {
    throw usage_error(given.where + ": " + error.what());
  }
}

std::string read_output_file(const given_value &given) {
  auto path = read_output(given, "a path");
  check_writable(given.where, path);
  return path;
}

std::string read_output_folder(const given_value &given) {
  auto path = read_output(given, "a folder");
  check_new_folder(given.where, path);
  return path;
}

void read_comparison(compare_command &asked, const std::vector<setting> &settings) {
  asked.primary = &compare::metrics().front();
  for (const auto &[name, value] : settings) {
    if (name == "primary") asked.primary = read_metric(value);
    if (name == "threshold") asked.threshold = read_percent(value);
    if (name == "max-time") asked.max_time = read_duration(value, std::chrono::seconds(1));
    if (name == "seed") asked.seed = read_number(value, 0, any_number);
    if (name == "fail-if") asked.gates.push_back(read_gate(value));
    if (name == "json") asked.json = read_output_file(value);
    if (name == "markdown") asked.markdown = read_output_file(value);
    if (name == "html") asked.html = read_output_file(value);
    if (name == "profiles") asked.profiles = read_output_folder(value);
    if (name == "quiet") asked.quiet = true;
  }
  check_distinct({asked.json, asked.markdown, asked.html});
}

// Read as for a run, so that what is wrong is told here and not by each of the runs.
void read_run(compare_command &asked, const std::vector<setting> &settings) {
  run_config checked;
  for (const auto &given : settings) {
    const auto *option = find_option(option_groups(), given.name);
    if (option == nullptr || option->apply == nullptr || given.name == "quiet") continue;
    if (given.name == "source" && given.value.text == "-") {
      refuse(given.value, "file:PATH: each of the runs reads it from the beginning");
    }
    option->apply(checked, given.value);
    if (given.name == "tasks") continue;
    asked.run_arguments.push_back("--" + given.name + "=" + given.value.text);
  }
  asked.tasks = checked.tasks.value_or(0);
  asked.workers = checked.workers;
  asked.strategy_dirs = checked.strategy_dirs;
  if (find(settings, "tasks") != nullptr && asked.tasks == 0) {
    refuse(find(settings, "tasks")->value, "1 or more: a sample has an end");
  }
  if (!checked.source.empty() && asked.tasks == 0) {
    throw usage_error("--source needs --tasks: say how many of the lines are a sample");
  }
}

}  // namespace

std::string compare_help_text() {
  return "Compares strategies: which one is better, by how much, and how sure that is.\n"
         "\n"
         "  taskworker compare BASELINE CANDIDATE... [options]\n"
         "  taskworker compare bad optimized\n"
         "  taskworker compare old.so new.so --fail-if='cpu_ns_per_task>+5%'\n"
         "\n"
         "A strategy is a word as for --strategy, its options in it. Each sample is a\n"
         "process of its own; they take turns, so that what slows the machine slows all.\n" +
         describe_groups(compare_option_groups()) +
         "\n"
         "Exit status: 0; 3 a strategy cannot be had, or a run failed; 5 results differ;\n"
         "7 a --fail-if holds; 130 ended by Ctrl-C. man taskworker tells more.\n";
}

command parse_compare(int argc, const char *const *argv) {
  const auto line = split_words(argc, argv, compare_option_groups(), "taskworker compare --help");
  if (find(line.settings, "help") != nullptr) return print_command{compare_help_text()};
  compare_command asked;
  read_comparison(asked, line.settings);
  read_run(asked, line.settings);
  const auto *baseline = find(line.settings, "baseline");
  if (line.words.size() < (baseline != nullptr ? 1 : 2)) {
    throw usage_error(
        "compare got " +
        (line.words.empty() ? std::string("no strategy") : "'" + line.words.front() + "' only") +
        ": expected " +
        (baseline != nullptr
             ? "a candidate, as in taskworker compare optimized --baseline=before.json"
             : "a baseline and a candidate, as in taskworker compare bad optimized"));
  }
  for (const auto &word : line.words) {
    asked.strategies.push_back(strategy::parse_word(word));
    asked.words.push_back(word);
  }
  if (baseline != nullptr) read_baseline(asked, baseline->value);
  const auto first_candidate = asked.words.begin() + (baseline != nullptr ? 0 : 1);
  for (auto each = first_candidate; each != asked.words.end(); ++each) {
    if (std::find(first_candidate, each, *each) != each) {
      throw usage_error("'" + *each + "' is given twice as a candidate; give it once");
    }
  }
  return asked;
}

}  // namespace taskworker::cli
