// SPDX-License-Identifier: MIT
#include "compare/explanation.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <stdexcept>
#include <system_error>

#include "metrics/units.hpp"
#include "profiling/format/profile_file.hpp"

namespace taskworker::compare {
namespace {

using namespace std::chrono_literals;
using steady_clock = std::chrono::steady_clock;

constexpr double profiled_seconds = 3;
constexpr double shortest_profiled_run = 0.1;
constexpr double lengthened_run = 1;
constexpr std::uint64_t most_profiled_runs = 20;
constexpr double timeline_seconds = 3;
constexpr double room_for_slowest = 1.5;  // so that it keeps up with the rate
constexpr auto patience = 5min;

// The word as part of a file's name.
std::string file_name_of(const std::string &word) {
  std::string name = word.substr(word.rfind('/') + 1);
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == '=';
  };
  std::replace_if(name.begin(), name.end(), [&](char c) { return !is_plain(c); }, '_');
  constexpr std::size_t most = 60;
  return name.substr(0, most);
}

// As the profiles of its runs name it.
std::string path_of_program(const std::string &program) {
  std::error_code ignored;
  return std::filesystem::canonical(program, ignored).string();
}

bool is_given(const std::vector<std::string> &arguments, std::string_view option) {
  return std::any_of(arguments.begin(), arguments.end(),
                     [&](const auto &each) { return each.starts_with(option); });
}

class explainer {
 public:
  explainer(const comparison_plan &plan, const comparison_result &result, const std::string &folder,
            const progress_listener &tell, bool (*is_cancelled)())
      : plan_(plan), result_(result), folder_(folder), tell_(tell), is_cancelled_(is_cancelled) {}

  explanation explain() {
    made_.timelines.resize(result_.series.size());
    made_.notes.resize(result_.series.size());
    made_.rate = rate();
    for (std::size_t i = 0; i < result_.series.size() && !is_cancelled_(); ++i) {
      if (result_.series[i].is_saved) continue;
      try_to("profile its CPU time", i, [&] { profile_cpu(i); });
      try_to("profile its memory", i, [&] { profile_heap(i); });
      try_to("follow it", i, [&] { follow(i); });
    }
    return std::move(made_);
  }

 private:
  template <typename Step>
  void try_to(const std::string &what, std::size_t number, Step &&step) {
    tell_({result_.series.back().samples.size(), "explains " + result_.series[number].word,
           steady_clock::now() - began_, left(number)});
    try {
      step();
    } catch (const std::runtime_error &error) {
      note(number, "could not " + what + ": " + error.what());
    }
  }

  void note(std::size_t number, const std::string &text) {
    std::string &all = made_.notes[number];
    all += (all.empty() ? "" : "; ") + text;
  }

  void profile_cpu(std::size_t number) {
    const std::uint64_t tasks = profiled_tasks(number);
    if (tasks != result_.tasks) {
      note(number, "its CPU profile is of runs with " + metrics::with_commas(tasks) +
                       " tasks, as those of a sample are over too soon");
    }
    double seconds = 0;
    for (std::uint64_t run = 1; run <= most_profiled_runs && seconds < profiled_seconds; ++run) {
      const std::string path = path_of(number, ".cpu." + std::to_string(run) + ".pb.gz");
      const auto taken = take(number, tasks, {"--cpuprofile=" + path});
      if (!taken) return;
      seconds += taken->busy_seconds;
      made_.profiles.add(number, profiling::decode_pprof(profiling::read_whole_file(path)), tasks);
    }
  }

  void profile_heap(std::size_t number) {
    const std::string path = path_of(number, ".heap.pb.gz");
    std::vector<std::string> arguments{"--memprofile=" + path};
    if (!is_given(plan_.run_arguments, "--heap-sample=")) {
      arguments.emplace_back("--heap-sample=32K");
    }
    if (!take(number, result_.tasks, arguments)) return;
    made_.profiles.add(number, profiling::decode_pprof(profiling::read_whole_file(path)),
                       result_.tasks);
  }

  void follow(std::size_t number) {
    const std::string path = path_of(number, ".timeline.csv");
    if (!take(number, result_.tasks,
              {"--timeline=" + path, "--rate=" + std::to_string(made_.rate)}))
      return;
    made_.timelines[number] = read_timeline(profiling::read_whole_file(path));
  }

  /// As many as a sample has, or so many times more that the start is not most of what is seen.
  /// A file has no more.
  [[nodiscard]] std::uint64_t profiled_tasks(std::size_t number) const {
    double seconds = 0;
    for (const auto &each : result_.series[number].samples) seconds += each.busy_seconds;
    const bool is_endless = !is_given(plan_.run_arguments, "--source=");
    if (seconds <= 0 || !is_endless) return result_.tasks;
    seconds /= static_cast<double>(result_.series[number].samples.size());
    if (seconds >= shortest_profiled_run) return result_.tasks;
    return result_.tasks * static_cast<std::uint64_t>(std::ceil(lengthened_run / seconds));
  }

  [[nodiscard]] std::uint64_t rate() const {
    double slowest = 0;
    for (const auto &series : result_.series) {
      for (const auto &each : series.samples) slowest = std::max(slowest, each.busy_seconds);
    }
    const double seconds = std::max(timeline_seconds, room_for_slowest * slowest);
    return std::max<std::uint64_t>(
        1, static_cast<std::uint64_t>(static_cast<double>(result_.tasks) / seconds));
  }

  /// As long as the strategies before took, each.
  [[nodiscard]] std::chrono::nanoseconds left(std::size_t number) const {
    if (number == 0) return 0ns;
    const auto each = (steady_clock::now() - began_) / static_cast<std::int64_t>(number);
    return each * static_cast<std::int64_t>(result_.series.size() - number);
  }

  [[nodiscard]] std::string path_of(std::size_t number, const std::string &ending) const {
    return folder_ + "/" + std::to_string(number + 1) + "-" +
           file_name_of(result_.series[number].word) + ending;
  }

  std::optional<sample> take(std::size_t number, std::uint64_t tasks,
                             const std::vector<std::string> &arguments) const {
    return take_sample(plan_.program, result_.series[number].word,
                       plan_.arguments_for(tasks, arguments), patience, is_cancelled_);
  }

  const comparison_plan &plan_;
  const comparison_result &result_;
  const std::string &folder_;
  const progress_listener &tell_;
  bool (*const is_cancelled_)();
  const steady_clock::time_point began_ = steady_clock::now();
  explanation made_{
      joint_profile(result_.series.size(), path_of_program(plan_.program)), {}, 0, {}};
};

}  // namespace

explanation explain(const comparison_plan &plan, const comparison_result &result,
                    const std::string &folder, const progress_listener &tell,
                    bool (*is_cancelled)()) {
  return explainer(plan, result, folder, tell, is_cancelled).explain();
}

}  // namespace taskworker::compare
