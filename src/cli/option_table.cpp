// SPDX-License-Identifier: MIT
#include "cli/option_table.hpp"

#include <iterator>
#include <limits>

#include "cli/error.hpp"
#include "cli/input_file.hpp"
#include "cli/token_file.hpp"
#include "strategy/text.hpp"
#include "strategy/word.hpp"

namespace taskworker::cli {
namespace {

// A thread and some queue memory each; a machine with more cores than this runs
// several processes better.
constexpr std::uint64_t max_workers = 1024;

// A payload and a result buffer of 128 MiB for each worker.
constexpr std::uint64_t max_data_size = std::uint64_t{1} << 24;

// One task per nanosecond, the resolution of the clock.
constexpr std::uint64_t max_rate = 1'000'000'000;

// nice(2): 19 is the lowest priority; raising it (below 0) takes privileges.
constexpr std::uint64_t max_nice = 19;

// The resolution of a time as it is given; a drain of no time would abandon every
// running task.
constexpr std::chrono::milliseconds min_grace{1};

// Fewer than one sample in a GiB tells nothing.
constexpr std::uint64_t max_heap_sample = std::uint64_t{1} << 30;

constexpr auto no_limit = std::numeric_limits<std::uint64_t>::max();

// ---- How each option reads its value ---------------------------------------------

// What the strategy's own parser refuses, with the option's name before it.
template <typename Parse>
auto parse_for(const given_value &given, Parse parse) {
  try {
    return parse(given.text);
  } catch (const strategy::word_error &error) {
    throw usage_error(given.where + ": " + error.what());
  }
}

void apply_strategy(run_config &config, const given_value &given) {
  strategy::word word = parse_for(given, strategy::parse_word);
  config.strategy.target = std::move(word.target);
  // Before those of --strategy-opt, wherever they stand: of two, the last one holds.
  config.strategy.options.insert(config.strategy.options.begin(),
                                 std::make_move_iterator(word.options.begin()),
                                 std::make_move_iterator(word.options.end()));
}

void apply_verify(run_config &config, const given_value &given) {
  config.verify = read_choice<verify_mode>(
      given,
      {{"none", verify_mode::none}, {"sample", verify_mode::sample}, {"all", verify_mode::all}});
}

void apply_report(run_config &config, const given_value &given) {
  config.report = read_choice<report_format>(given, {{"text", report_format::text},
                                                     {"json", report_format::json},
                                                     {"none", report_format::none}});
}

// ---- The table --------------------------------------------------------------------

std::string in_seconds(std::chrono::nanoseconds time) {
  return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(time).count()) + "s";
}

option_group strategy_group() {
  return {
      "Strategy",
      {
          {"strategy", "NAME|PATH[:K=V...]",
           "The strategy to run: a name that --list shows, or the path of a .so file, with options "
           "of its own behind it",
           false, apply_strategy},
          {"strategy-opt", "K=V", "An option of the strategy; may be repeated, the last one holds",
           true,
           [](run_config &config, const given_value &given) {
             config.strategy.options.push_back(parse_for(given, strategy::parse_option));
           }},
          {"strategy-dir", "DIR", "Look for strategies here first; may be repeated", true,
           [](run_config &config, const given_value &given) {
             config.strategy_dirs.push_back(read_text(given, "a folder"));
           }},
          {"list", "", "Show the strategies that can be named"},
          {"help-strategy", "", "Show what the strategy is and its options"},
      },
  };
}

option_group run_group(const run_config &defaults) {
  return {
      "Run",
      {
          {"tasks", "N",
           "How many tasks; 0 = without end, until --duration; default " +
               std::to_string(run_config::default_tasks) + ", with --source all lines",
           false,
           [](run_config &config, const given_value &given) {
             config.tasks = read_number(given, 0, no_limit);
           }},
          {"workers", "N",
           "How many worker threads, at most " + std::to_string(max_workers) + "; default " +
               std::to_string(defaults.workers),
           false,
           [](run_config &config, const given_value &given) {
             config.workers = static_cast<std::uint32_t>(read_number(given, 1, max_workers));
           }},
          {"data-size", "N",
           "Integers in a generated task, at most " + std::to_string(max_data_size) + "; default " +
               std::to_string(defaults.data_size),
           false,
           [](run_config &config, const given_value &given) {
             config.data_size = read_number(given, 0, max_data_size);
           }},
          {"duration", "TIME",
           "How long to stay up (ms, s, m, h); 0 = until the tasks are done; default " +
               in_seconds(defaults.duration),
           false,
           [](run_config &config, const given_value &given) {
             config.duration = read_duration(given);
           }},
          {"rate", "N", "At most N tasks per second; default 0 = as fast as it goes", false,
           [](run_config &config, const given_value &given) {
             config.rate = read_number(given, 0, max_rate);
           }},
          {"grace", "TIME",
           "How long running tasks may take to finish when the run is stopped, 1ms or more; "
           "default " +
               in_seconds(defaults.grace),
           false,
           [](run_config &config, const given_value &given) {
             config.grace = read_duration(given, min_grace);
           }},
          {"start-timeout", "TIME",
           "How long the strategy may take to open and to start; 0 = as long as it likes; "
           "default " +
               in_seconds(defaults.start_timeout),
           false,
           [](run_config &config, const given_value &given) {
             config.start_timeout = read_duration(given);
           }},
          {"task-timeout", "TIME",
           "Report a task that runs longer, with its stack, and show it on /healthz; default 0 = "
           "none",
           false,
           [](run_config &config, const given_value &given) {
             config.task_timeout = read_duration(given);
           }},
          {"worker-nice", "N",
           "Lower the priority of workers and task source by 0 to " + std::to_string(max_nice) +
               "; default " + std::to_string(defaults.worker_nice),
           false,
           [](run_config &config, const given_value &given) {
             config.worker_nice = static_cast<int>(read_number(given, 0, max_nice));
           }},
          {"source", "file:PATH|-",
           "Read tasks from a file or standard input, one JSON object a line; default: generate "
           "them",
           false,
           [](run_config &config, const given_value &given) {
             config.source = read_source(given);
             if (config.source != "-") check_readable(given.where, config.source);
           }},
          {"verify", "none|sample|all", "Which results are checked; default sample (1 in 1024)",
           false, apply_verify},
          {"results", "PATH",
           "Write the results that are checked to a file; with --verify=all these are all", false,
           [](run_config &config, const given_value &given) {
             config.results = read_output(given, "a path");
           }},
          {"expect", "PATH",
           "The results that are checked must also equal those of a file that --results wrote",
           false,
           [](run_config &config, const given_value &given) {
             config.expect = read_text(given, "a path");
             check_readable(given.where, config.expect);
           }},
      },
  };
}

option_group endpoint_group(const run_config &defaults) {
  return {
      "Endpoints",
      {
          {"listen", "ADDR:PORT|none",
           "Where /metrics and the rest are served; port 0 takes a free one; default " +
               defaults.listen->host + ":" + std::to_string(defaults.listen->port),
           false,
           [](run_config &config, const given_value &given) {
             config.listen = read_listen_address(given);
           }},
          {"allow-host", "NAME", "Take requests for this Host as well; may be repeated", true,
           [](run_config &config, const given_value &given) {
             config.access.allowed_hosts.push_back(read_host_name(given));
           }},
          {"token-file", "PATH",
           "Off loopback, open all endpoints to requests with the token in this file", false,
           [](run_config &config, const given_value &given) {
             config.access.token = read_token_file(given.where, read_text(given, "a path"));
           }},
          {"insecure-debug", "",
           "Off loopback, open all endpoints without a token, to a Host as on loopback", false,
           [](run_config &config, const given_value &given) {
             config.access.insecure_debug = read_switch(given);
           }},
      },
  };
}

option_group output_group() {
  return {
      "Output",
      {
          {"report", "text|json|none", "The report at the end, on standard output; default text",
           false, apply_report},
          {"timeline", "PATH",
           "Write how tasks, threads, jobs and memory went, ten lines a second, as CSV", false,
           [](run_config &config, const given_value &given) {
             config.timeline = read_output(given, "a path");
           }},
          {"quiet", "", "No progress and no notices: errors and the report only", false,
           [](run_config &config, const given_value &given) { config.quiet = read_switch(given); }},
      },
  };
}

option_group profile_group(const run_config &defaults) {
  return {
      "Profiles",
      {
          {"cpuprofile", "PATH", "Write a CPU profile of the whole run, for go tool pprof", false,
           [](run_config &config, const given_value &given) {
             config.cpuprofile = read_output(given, "a path");
           }},
          {"memprofile", "PATH",
           "Write the heap after the last task: for go tool pprof where PATH ends in .pb.gz, else "
           "for jeprof",
           false,
           [](run_config &config, const given_value &given) {
             config.memprofile = read_output(given, "a path");
           }},
          {"heap-sample", "BYTES",
           "Mean bytes between two heap samples (K, M, G), at most 1G; default " +
               std::to_string(defaults.heap_sample / 1024) + "K",
           false,
           [](run_config &config, const given_value &given) {
             config.heap_sample = read_bytes(given, 1, max_heap_sample);
           }},
          {"contention", "on|off", "Record who waits for which lock; default on", false,
           [](run_config &config, const given_value &given) {
             config.contention = read_choice<bool>(given, {{"on", true}, {"off", false}});
           }},
      },
  };
}

option_group other_group() {
  return {
      "Other",
      {
          {"config", "FILE",
           "Read options from a file, one 'option = value' a line; those given here hold over "
           "those of the file"},
          {"doctor", "",
           "Try what profiles need on this machine, for the strategy if one is named, and say what "
           "to do"},
          {"probe", "URL",
           "Ask a running taskworker, as http://127.0.0.1:9090/readyz, and end with 0 where it "
           "answers 200, else with 7"},
          {"help", "", "Show this text"},
          {"version", "", "Show the version and what it was built with"},
      },
  };
}

}  // namespace

const std::vector<option_group> &option_groups() {
  static const run_config defaults;
  static const std::vector<option_group> groups{
      strategy_group(),        run_group(defaults), endpoint_group(defaults),
      profile_group(defaults), output_group(),      other_group(),
  };
  return groups;
}

const option_spec *find_option(const std::vector<option_group> &groups, std::string_view name) {
  for (const auto &group : groups) {
    for (const auto &option : group.options) {
      if (option.name == name) return &option;
    }
  }
  return nullptr;
}

std::string suggest_option(const std::vector<option_group> &groups, std::string_view name,
                           std::string_view prefix) {
  std::vector<std::string> names;
  for (const auto &group : groups) {
    for (const auto &option : group.options) names.push_back(option.name);
  }
  return strategy::did_you_mean(name, names, prefix);
}

}  // namespace taskworker::cli
