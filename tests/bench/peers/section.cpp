// SPDX-License-Identifier: MIT
#include "peers/section.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "peers/idle_machine.hpp"

namespace bench::peers {
namespace {

void print_heading(const section &measured, const effort &spent) {
  std::printf("\n%s\n%s\n%llu tasks a round, %d rounds in turn\n\n", measured.name.c_str(),
              measured.explanation.c_str(), static_cast<unsigned long long>(measured.tasks),
              spent.rounds);
}

void print_load(const section &measured) {
  const auto &loads = measured.foreign_cpus;
  const auto disturbed =
      std::count_if(loads.begin(), loads.end(), [](double cpus) { return cpus > idle_cpus; });
  if (disturbed == 0) return;
  std::printf("NOT IDLE: in %td of %zu rounds others kept CPUs busy, up to %.2f\n", disturbed,
              loads.size(), *std::max_element(loads.begin(), loads.end()));
}

/// Keeps what others did meanwhile: that of a round ends where the next begins to wait.
void measure_rounds(section &measured, const effort &spent) {
  idle_wait wait_for_idle(spent.patience);
  std::optional<foreign_load> load;
  const auto end_round = [&] {
    if (load) measured.foreign_cpus.push_back(load->cpus());
  };
  run_rounds(measured.ways, measured.tasks, spent.rounds, [&] {
    end_round();
    wait_for_idle();
    load.emplace();
  });
  end_round();
}

std::string text_of(const spread &times) {
  std::array<char, 64> text;
  std::snprintf(text.data(), text.size(), "%.2f [%.2f - %.2f]", times.median, times.least,
                times.most);
  return text.data();
}

void print_ratios(const std::vector<way> &ways) {
  std::printf("\n%-44s %24s %24s\n", ("times that of " + ways[0].name + ", by round").c_str(),
              "CPU", "wall");
  for (std::size_t i = 1; i < ways.size(); ++i) {
    std::printf("%-44s %24s %24s\n", ways[i].name.c_str(),
                text_of(ratio(cpu_of(ways[0]), cpu_of(ways[i]))).c_str(),
                text_of(ratio(wall_of(ways[0]), wall_of(ways[i]))).c_str());
  }
}

}  // namespace

const way *section::find(std::string_view wanted) const {
  const auto found =
      std::find_if(ways.begin(), ways.end(), [&](const way &each) { return each.name == wanted; });
  return found != ways.end() ? &*found : nullptr;
}

void run(section &measured, const effort &spent) {
  print_heading(measured, spent);
  std::fflush(stdout);
  measure_rounds(measured, spent);
  for (way &each : measured.ways) each.run = nullptr;  // what it refers to ends before the section
  print(measured.ways);
  print_ratios(measured.ways);
  print_load(measured);
}

}  // namespace bench::peers
