// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <unistd.h>

#include <boost/system/system_error.hpp>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <exception>
#include <future>
#include <new>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <variant>

#include "cli/check_run.hpp"
#include "cli/command_line.hpp"
#include "cli/compare_run.hpp"
#include "cli/exit_code.hpp"
#include "cli/output_file.hpp"
#include "cli/shortage.hpp"
#include "endpoints/routes.hpp"
#include "http/probe.hpp"
#include "http/server.hpp"
#include "metrics/allocator.hpp"
#include "profiling/contention/contention.hpp"
#include "profiling/cpu/cpu_profiler.hpp"
#include "profiling/format/profile_file.hpp"
#include "profiling/heap/heap.hpp"
#include "profiling/probes/probes.hpp"
#include "profiling/symbols/symbols.hpp"
#include "report/console.hpp"
#include "report/doctor.hpp"
#include "report/service_manager.hpp"
#include "report/summary.hpp"
#include "report/timeline.hpp"
#include "strategy/catalog.hpp"
#include "strategy/finder.hpp"
#include "strategy/library.hpp"
#include "strategy/options.hpp"
#include "strategy/process_address.hpp"
#include "strategy/version.hpp"
#include "worker/crash_report.hpp"
#include "worker/opening_watch.hpp"
#include "worker/results_file.hpp"
#include "worker/session.hpp"

namespace taskworker {
namespace {

using cli::exit_code;

/// Prints to standard output. False, and told on standard error, when it could not.
bool print(const std::string &text) {
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  if (written && std::fflush(stdout) == 0) return true;
  std::fprintf(stderr, "taskworker: cannot write to standard output: %s\n", std::strerror(errno));
  return false;
}

/// The exit status of a command that only prints.
int print_and_end(const std::string &text) {
  return static_cast<int>(print(text) ? exit_code::done : exit_code::resource_missing);
}

worker::session_config session_config_of(const cli::run_config &config,
                                         const strategy::library &opened) {
  return {
      .options = strategy::resolve_options(opened.options(), config.strategy.options,
                                           opened.descriptor().name),
      .workers = config.workers,
      .tasks = config.tasks.value_or(config.source.empty() ? cli::run_config::default_tasks : 0),
      .data_size = config.data_size,
      .source = config.source,
      .rate = config.rate,
      .verify_every = config.verify == cli::verify_mode::none     ? 0u
                      : config.verify == cli::verify_mode::sample ? 1024u
                                                                  : 1u,
      .nice = config.worker_nice,
      .duration = config.duration,
      .grace = config.grace,
      .start_timeout = config.start_timeout,
      .task_timeout = config.task_timeout,
      .memprofile = config.memprofile,
      .results = config.results,
      .expect = config.expect,
  };
}

/// Within the time that the strategy has for it.
strategy::library open_strategy(const strategy::word &target,
                                const std::vector<std::string> &strategy_dirs,
                                std::chrono::nanoseconds limit = cli::run_config{}.start_timeout) {
  const auto path = strategy::find(target, strategy::search_folders(strategy_dirs));
  const worker::opening_watch watch(target.target, limit, static_cast<int>(exit_code::timed_out));
  return strategy::library(path);
}

// ---- The endpoints --------------------------------------------------------------

std::string url_of(const http::server &server, const std::string &host) {
  const bool is_v6 = host.find(':') != std::string::npos;
  return "http://" + (is_v6 ? "[" + host + "]" : host) + ":" + std::to_string(server.port());
}

void announce(report::console &console, const http::server &server, const cli::run_config &config) {
  const std::string url = url_of(server, config.listen->host);
  console.notice("metrics at " + url + "/metrics");
  console.notice("profiles at " + url + "/debug/pprof/");
  if (server.loopback()) return;
  if (config.access.insecure_debug) {
    console.notice("warning: --insecure-debug opens everything to whoever can reach this port");
  } else if (!config.access.token) {
    console.notice(
        "only /metrics, /healthz and /readyz are served off this machine; "
        "--token-file opens the rest");
  }
}

// ---- One run --------------------------------------------------------------------

exit_code exit_code_of(const worker::session_outcome &outcome, bool source_is_strategy) {
  if (outcome.is_stuck()) return exit_code::timed_out;
  if (!outcome.source_error.empty()) {
    return source_is_strategy ? exit_code::strategy_refused : exit_code::resource_missing;
  }
  if (!outcome.memprofile_error.empty() || !outcome.results_error.empty()) {
    return exit_code::resource_missing;
  }
  return outcome.totals.failed() > 0 ? exit_code::tasks_failed : exit_code::done;
}

int status_of(const worker::session_outcome &outcome, const cli::run_config &config) {
  if (outcome.end == worker::session_end::second_signal) return 128 + outcome.signal;
  if (outcome.end == worker::session_end::crash) {
    return outcome.signal == 0 ? static_cast<int>(exit_code::strategy_refused)
                               : 128 + outcome.signal;
  }
  return static_cast<int>(exit_code_of(outcome, config.source.empty()));
}

bool print_report(const report::run_summary &summary, cli::report_format format) {
  switch (format) {
    case cli::report_format::text:
      return print(report::as_text(summary));
    case cli::report_format::json:
      return print(report::as_json(summary));
    case cli::report_format::none:
      break;
  }
  return true;
}

void print_failures(report::console &console, const worker::session_outcome &outcome,
                    const std::string &timeline_error) {
  for (const auto *error : {&outcome.source_error, &outcome.memprofile_error,
                            &outcome.results_error, &timeline_error}) {
    if (!error->empty()) console.message(TASKWORKER_LOG_ERROR, *error, false);
  }
}

/// Profiles CPU time while it lives: for the endpoints, and for --cpuprofile.
class run_profiler {
 public:
  run_profiler(const cli::run_config &config, const profiling::sample_labels &labels)
      : path_(config.cpuprofile), cpu_(labels, {.keeps_history = config.listen.has_value()}) {
    if (!path_.empty()) whole_run_.emplace(cpu_.open(profiling::cpu_profiler::default_hz));
  }

  [[nodiscard]] profiling::cpu_profiler &cpu() { return cpu_; }

  /// False, and told, when there is a file to write and it cannot be.
  bool write(profiling::symbols &names, report::console &console) {
    if (!whole_run_) return true;
    try {
      profiling::write_cpu_file(path_, whole_run_->finish(), names);
      return true;
    } catch (const profiling::profile_file_error &error) {
      console.message(TASKWORKER_LOG_ERROR, error.what(), false);
      return false;
    }
  }

 private:
  std::string path_;
  profiling::cpu_profiler cpu_;
  std::optional<profiling::cpu_profiler::window> whole_run_;
};

bool is_profiled(const cli::run_config &config) {
  return config.listen || !config.cpuprofile.empty();
}

/// Ends the process without unwinding: threads that the strategy has left behind, or
/// that hang, may still be at work.
[[noreturn]] void leave(int status) {
  static constexpr std::chrono::seconds patience{1};
  std::promise<void> flushed;
  const std::future<void> is_flushed = flushed.get_future();
  try {
    // One of those threads may sleep in a read of a stream, whose lock it has.
    std::thread([&flushed] {
      std::fflush(nullptr);
      flushed.set_value();
    }).detach();
    is_flushed.wait_for(patience);
  } catch (const std::system_error &) {
    // No thread can be had for what the strategy may have left unwritten.
  }
  ::_exit(status);
}

/// Closed ones would be the next files that are opened: a symbol table would be read as tasks. As
/// before, they cannot be used.
void occupy_standard_descriptors() {
  for (const int number : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(number, F_GETFD) != -1) continue;
    // The lowest number that is free.
    (void)::open("/dev/null", number == STDIN_FILENO ? O_WRONLY : O_RDONLY);
  }
}

/// What is told when a run has ended, however that came.
class run_end {
 public:
  /// The references must outlive it. `summary` without an outcome.
  run_end(const cli::run_config &config, report::run_summary summary, report::console &console,
          profiling::symbols &names, std::optional<run_profiler> &profiler)
      : config_(config),
        summary_(std::move(summary)),
        console_(console),
        names_(names),
        profiler_(profiler) {}

  /// Returns the exit status. To be called once.
  int tell(worker::session_outcome outcome, const std::string &timeline_error) {
    summary_.outcome = std::move(outcome);
    console_.finish();
    print_failures(console_, summary_.outcome, timeline_error);
    // A process that is about to die may not come to more than its report.
    const bool is_dying = summary_.outcome.end == worker::session_end::crash;
    const bool are_files_written = (is_dying || write_profile()) && timeline_error.empty();
    summary_.exit_code = status_with(are_files_written, status_of(summary_.outcome, config_));
    const bool is_reported = print_report(summary_, config_.report);
    if (is_dying) write_profile();
    return status_with(is_reported, summary_.exit_code);
  }

  /// Nothing of the strategy is left that may still be at work.
  [[nodiscard]] bool is_quiet() const {
    return summary_.outcome.leaks.empty() && !summary_.outcome.was_cut_off();
  }

 private:
  bool write_profile() { return !profiler_ || profiler_->write(names_, console_); }

  /// Of what could not be told in whole, where nothing worse happened.
  static int status_with(bool is_told, int status) {
    return is_told || status != 0 ? status : static_cast<int>(exit_code::resource_missing);
  }

  const cli::run_config &config_;
  report::run_summary summary_;
  report::console &console_;
  profiling::symbols &names_;
  std::optional<run_profiler> &profiler_;
};

int run(const cli::run_config &config, const std::string &program) {
  if (!config.memprofile.empty()) cli::check_writable("--memprofile", config.memprofile);
  if (!config.cpuprofile.empty()) cli::check_writable("--cpuprofile", config.cpuprofile);
  if (!config.timeline.empty()) cli::check_writable("--timeline", config.timeline);
  if (!config.results.empty()) cli::check_writable("--results", config.results);
  worker::install_crash_handlers(config.strategy.target,
                                 static_cast<int>(exit_code::strategy_refused));
  const strategy::library opened =
      open_strategy(config.strategy, config.strategy_dirs, config.start_timeout);
  const worker::session_config plan = session_config_of(config, opened);
  if (config.heap_sample != cli::run_config{}.heap_sample) {
    profiling::set_heap_sample(config.heap_sample);
  }
  profiling::set_contention_recording(config.contention);
  profiling::symbols names;
  names.hold_modules();

  report::console console(opened.descriptor().name, plan.tasks, config.listen.has_value(),
                          config.quiet);
  report::service_manager manager(console, plan.tasks);
  report::timeline observer(manager);
  worker::session session(opened, plan, observer, names);
  const profiling::sample_labels labels(opened.descriptor().name, session.operation_names());
  std::optional<run_profiler> profiler;
  if (is_profiled(config)) profiler.emplace(config, labels);
  std::optional<http::server> server;
  if (config.listen) {
    server.emplace(config.listen->host, config.listen->port,
                   endpoints::make_router({opened, session, names, profiler->cpu(), labels}),
                   config.access);
    server->start();
    announce(console, *server, config);
  }
  if (!config.timeline.empty()) observer.open(config.timeline);

  run_end end(config,
              {
                  .program = program,
                  .strategy = opened.descriptor().name,
                  .strategy_version = opened.descriptor().version,
                  .strategy_path = opened.path(),
                  .strategy_target = config.strategy.target,
                  .operations = session.operation_names(),
                  .workload = std::string(session.tasks().name()),
                  .are_bytes_equal = !session.tasks().has_own_equality(),
                  .config = plan,
                  .has_jemalloc = metrics::read_allocator().has_value(),
              },
              console, names, profiler);
  worker::session_outcome outcome;
  {
    const worker::crash_report watch(
        opened.descriptor().name, session.operation_names(), names,
        [&session] { return session.counts(); },
        [&](const worker::crash &what) { end.tell(session.cut_off(what), ""); });
    outcome = session.run();
  }
  if (server) server->stop();
  const int status = end.tell(std::move(outcome), observer.error());
  if (!end.is_quiet()) leave(status);
  return status;
}

// ---- The other commands -----------------------------------------------------------

int list(const std::vector<std::string> &strategy_dirs) {
  const auto folders = strategy::search_folders(strategy_dirs);
  return print_and_end(
      strategy::format_catalog(strategy::read_catalog(strategy::find_all(folders)), folders));
}

int help_strategy(const strategy::word &target, const std::vector<std::string> &strategy_dirs) {
  const strategy::library opened = open_strategy(target, strategy_dirs);
  return print_and_end(strategy::describe(opened));
}

int tell_probes(const profiling::probed_run &run) {
  profiling::symbols names;
  const auto results = profiling::run_probes(run, names);
  const int status = print_and_end(report::describe_probes(results));
  const bool is_well = status != 0 || report::all_needed_hold(results);
  return is_well ? status : static_cast<int>(exit_code::gate_not_met);
}

int doctor(const cli::doctor_command &command) {
  profiling::probed_run run{.workers = command.workers, .process = {}};
  if (command.strategy.target.empty()) return tell_probes(run);
  const strategy::library opened = open_strategy(command.strategy, command.strategy_dirs);
  run.process = strategy::find_process(opened, command.strategy.options);
  return tell_probes(run);
}

int probe(const cli::probe_command &command) {
  constexpr auto patience = std::chrono::seconds(5);
  try {
    const http::probe_answer answer = http::probe(command.target, patience);
    if (answer.status == 200) return print_and_end(answer.body);
    std::fprintf(stderr, "taskworker: %s answers %u: %s", command.url.c_str(), answer.status,
                 answer.body.c_str());
  } catch (const http::probe_error &error) {
    std::fprintf(stderr, "taskworker: %s: %s\n", command.url.c_str(), error.what());
  }
  return static_cast<int>(exit_code::gate_not_met);
}

int fail(exit_code code, const std::string &reason) {
  std::fprintf(stderr, "taskworker: %s\n", reason.c_str());
  return static_cast<int>(code);
}

}  // namespace
}  // namespace taskworker

int main(int argc, char **argv) {
  using namespace taskworker;
  try {
    occupy_standard_descriptors();
    const cli::command command = cli::parse(argc, argv);
    if (const auto *text = std::get_if<cli::print_command>(&command)) {
      return print_and_end(text->text);
    }
    if (const auto *listing = std::get_if<cli::list_command>(&command)) {
      return list(listing->strategy_dirs);
    }
    if (const auto *help = std::get_if<cli::help_strategy_command>(&command)) {
      return help_strategy(help->strategy, help->strategy_dirs);
    }
    if (const auto *asked = std::get_if<cli::doctor_command>(&command)) return doctor(*asked);
    if (const auto *asked = std::get_if<cli::probe_command>(&command)) return probe(*asked);
    if (const auto *asked = std::get_if<cli::compare_command>(&command)) {
      return cli::run_compare(*asked, "/proc/self/exe", {argv, argv + argc});
    }
    if (const auto *asked = std::get_if<cli::check_command>(&command)) {
      return cli::run_check(*asked, "/proc/self/exe");
    }
    return run(std::get<cli::run_config>(command), argv[0]);
  } catch (const cli::usage_error &error) {
    return fail(exit_code::usage, error.what());
  } catch (const strategy::word_error &error) {
    return fail(exit_code::usage, error.what());
  } catch (const strategy::load_error &error) {
    return fail(exit_code::strategy_refused, error.what());
  } catch (const worker::workload_error &error) {
    return fail(exit_code::strategy_refused, error.what());
  } catch (const cli::file_error &error) {
    return fail(exit_code::resource_missing, error.what());
  } catch (const worker::results_file_error &error) {
    return fail(exit_code::resource_missing, error.what());
  } catch (const http::listen_error &error) {
    return fail(exit_code::resource_missing, error.what());
  } catch (const profiling::heap_error &error) {
    return fail(exit_code::resource_missing, error.what());
  } catch (const std::system_error &error) {
    return fail(exit_code::resource_missing, cli::describe_shortage(error.code(), error.what()));
  } catch (const boost::system::system_error &error) {
    return fail(exit_code::resource_missing, cli::describe_shortage(error.code(), error.what()));
  } catch (const std::bad_alloc &) {
    return fail(exit_code::resource_missing, "out of memory");
  } catch (const std::exception &error) {
    return fail(exit_code::internal, std::string("internal error: ") + error.what());
  }
}
