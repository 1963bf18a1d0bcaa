// SPDX-License-Identifier: MIT
// jeprof_speed BAD.so: the time from a request for the heap profile to the answer (dump,
// figures, names, encoding), with no name known yet and with all known, beside
// `jeprof --text` on a dump of the same heap: that of `bad` with its faults.
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string>

#include "profiling/format/pprof_encoder.hpp"
#include "profiling/format/profile_file.hpp"
#include "profiling/heap/heap.hpp"
#include "profiling/symbols/symbols.hpp"
#include "rounds.hpp"
#include "strategy_run.hpp"

namespace {

using namespace taskworker;

constexpr int rounds = 11;
constexpr std::uint64_t task_count = 200'000;
constexpr std::uint64_t runs = 1;  // of each way in a round

std::string make_dump_path() {
  std::string path = "/tmp/jeprof_speed.XXXXXX";
  const int file = ::mkstemp(path.data());
  if (file < 0) std::abort();
  ::close(file);
  return path;
}

void answer(profiling::symbols &names) {
  if (profiling::encode_pprof(profiling::read_heap_profile(), names).empty()) std::abort();
}

/// The process's peak of resident memory, or 0.
std::uint64_t peak_kib() {
  rusage usage{};
  return ::getrusage(RUSAGE_SELF, &usage) == 0 ? static_cast<std::uint64_t>(usage.ru_maxrss) : 0;
}

void run_jeprof(const std::string &dump) {
  std::array<std::string, 4> words{"jeprof", "--text",
                                   "/proc/" + std::to_string(::getpid()) + "/exe", dump};
  std::array<char *, 5> args{};
  for (std::size_t i = 0; i < words.size(); ++i) args[i] = words[i].data();
  posix_spawn_file_actions_t quiet{};
  posix_spawn_file_actions_init(&quiet);
  for (const int stream : {STDOUT_FILENO, STDERR_FILENO}) {
    posix_spawn_file_actions_addopen(&quiet, stream, "/dev/null", O_WRONLY, 0);
  }
  pid_t child = 0;
  int status = 1;
  if (::posix_spawnp(&child, "jeprof", &quiet, nullptr, args.data(), environ) == 0) {
    ::waitpid(child, &status, 0);
  }
  posix_spawn_file_actions_destroy(&quiet);
  if (status == 0) return;
  std::fprintf(stderr, "jeprof_speed: jeprof failed; is libjemalloc-dev installed?\n");
  std::exit(1);
}

double milliseconds(double nanoseconds) { return nanoseconds * 1e-6; }

void print(const bench::way &way) {
  const auto wall = bench::spread_of(bench::wall_of(way));
  const auto cpu = bench::spread_of(bench::cpu_of(way));
  std::printf("%-44s %8.1f [%6.1f - %7.1f] ms wall, %8.1f ms CPU\n", way.name.c_str(),
              milliseconds(wall.median), milliseconds(wall.least), milliseconds(wall.most),
              milliseconds(cpu.median));
}

void print_ratio(const bench::way &ours, const bench::way &jeprof) {
  const auto ratios = bench::ratios(bench::wall_of(ours), bench::wall_of(jeprof));
  const auto likely = bench::interval_of_median(ratios);
  std::printf("jeprof --text takes %.0f times as long as '%s', 95 %% interval [%.0f - %.0f]\n",
              bench::spread_of(ratios).median, ours.name.c_str(), likely.low, likely.high);
}

void compare() {
  const std::string dump = make_dump_path();
  profiling::write_whole_file(dump, profiling::dump_heap(), "heap profile");
  std::printf("%zu stacks, a dump of %zu bytes\n\n", profiling::read_heap_profile().samples.size(),
              profiling::dump_heap().size());
  profiling::symbols known;
  std::vector<bench::way> ways = {
      {"answered, no name known yet",
       [](std::uint64_t) {
         profiling::symbols none;
         answer(none);
       }},
      {"answered, all names known", [&](std::uint64_t) { answer(known); }},
      {"jeprof --text on the dump", [&](std::uint64_t) { run_jeprof(dump); }},
  };
  const std::uint64_t before = peak_kib();
  ways[0].run(runs);
  std::printf("peak memory grew by %.1f MiB for the first answer\n\n",
              static_cast<double>(peak_kib() - before) / 1024);
  bench::run_rounds(ways, runs, rounds);
  ::unlink(dump.c_str());
  for (const auto &way : ways) print(way);
  std::printf("\n");
  print_ratio(ways[0], ways[2]);
  print_ratio(ways[1], ways[2]);
}

}  // namespace

int main(int argc, char **argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: jeprof_speed BAD.so\n");
    return 2;
  }
  const strategy::library bad(argv[1]);
  bench::run_strategy(bad, {}, {.tasks = task_count}, compare);
}
