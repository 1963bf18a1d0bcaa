// SPDX-License-Identifier: MIT
#include "peers/reach.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "peers/peer.hpp"
#include "peers/sections.hpp"

namespace bench::peers {
namespace {

using values_of_way = std::vector<double> (*)(const way &);

/// Finds figures in the sections; nothing where section or way were left out.
class figures {
 public:
  explicit figures(const std::vector<section> &sections) : sections_(sections) {}

  [[nodiscard]] std::optional<spread> of_way(const std::string &section_name, std::string_view name,
                                             values_of_way values) const {
    const way *found = find(section_name, name);
    if (found == nullptr) return std::nullopt;
    return spread_of(values(*found));
  }

  /// `way_name` in relation to `base`, round by round.
  [[nodiscard]] std::optional<spread> relation(const std::string &section_name,
                                               std::string_view base, std::string_view way_name,
                                               values_of_way values) const {
    const way *from = find(section_name, base);
    const way *to = find(section_name, way_name);
    if (from == nullptr || to == nullptr) return std::nullopt;
    return ratio(values(*from), values(*to));
  }

  [[nodiscard]] std::optional<spread> allocations() const {
    const section *found = find(harness_name);
    if (found == nullptr || !found->allocations_per_task) return std::nullopt;
    // A thread that the process has beside its tasks may allocate once: that is none a task.
    const double count = std::max(0.0, std::round(*found->allocations_per_task * 1e6));
    return spread{count, count, count};
  }

 private:
  [[nodiscard]] const section *find(const std::string &name) const {
    const auto found = std::find_if(sections_.begin(), sections_.end(),
                                    [&](const section &each) { return each.name == name; });
    return found != sections_.end() ? &*found : nullptr;
  }

  [[nodiscard]] const way *find(const std::string &section_name, std::string_view name) const {
    const section *found = find(section_name);
    return found != nullptr ? found->find(name) : nullptr;
  }

  const std::vector<section> &sections_;
};

goal faster_than(const figures &all, const std::string &section_name, std::string_view peer_name,
                 double times) {
  return {section_name + ": wall time of " + std::string(peer_name), goal::bound::at_least, times,
          "times", all.relation(section_name, own_name, peer_name, wall_of)};
}

void add_harness(std::vector<goal> &goals, const figures &all) {
  goals.push_back({"Harness, one chained clock read", goal::bound::at_most, 25, "CPU ns a task",
                   all.of_way(harness_name, own_name, cpu_of)});
  goals.push_back(
      {"Allocations, once warm", goal::bound::at_most, 0, "in a million tasks", all.allocations()});
}

void add_dispatch(std::vector<goal> &goals, const figures &all) {
  goals.push_back(faster_than(all, dispatch_name, asio_name, 10));
  goals.push_back(faster_than(all, dispatch_name, tbb_name, 5));
  goals.push_back(faster_than(all, dispatch_name, moodycamel_name, 3));
}

void add_end_to_end(std::vector<goal> &goals, const figures &all) {
  struct limits {
    std::uint64_t data_size;
    double wall_ns;
    double times_of_asio;
  };
  constexpr limits list[] = {{10, 60, 7}, {100, 100, 5}, {1000, 600, 1.5}};
  for (const auto &each : list) {
    const std::string name = end_to_end_name(each.data_size);
    goals.push_back({name, goal::bound::at_most, each.wall_ns, "wall ns a task",
                     all.of_way(name, own_name, wall_of)});
  }
  for (const auto &each : list) {
    goals.push_back(
        faster_than(all, end_to_end_name(each.data_size), asio_name, each.times_of_asio));
  }
  const std::string name = end_to_end_name(1000);
  goals.push_back({name + ": wall time", goal::bound::at_most, 1.6, "times that of the bare loop",
                   all.relation(name, bare_loop_name, own_name, wall_of)});
}

void add_strategies(std::vector<goal> &goals, const figures &all) {
  // Within 10 %: neither may be more than that above the other.
  const auto times = all.relation(strategies_name, optimized_name, faultless_name, cpu_of);
  goals.push_back(
      {"bad:problems=none, CPU time", goal::bound::at_most, 1.1, "times that of optimized", times});
  goals.push_back({"bad:problems=none, CPU time", goal::bound::at_least, 0.9,
                   "times that of optimized", times});
}

std::string sentence_of(const goal &wanted) {
  if (!wanted.figure) return "not measured";
  std::array<char, 96> text;
  std::snprintf(text.data(), text.size(), "%9.3f [%.3f - %.3f]  %s", wanted.figure->median,
                wanted.figure->least, wanted.figure->most,
                wanted.is_reached() ? "reached" : "NOT REACHED");
  return text.data();
}

}  // namespace

bool goal::is_reached() const {
  if (!figure) return false;
  // Digits that are not printed do not decide.
  const double seen = std::round(figure->median * 1000) / 1000;
  return side == bound::at_most ? seen <= limit : seen >= limit;
}

std::vector<goal> find_reach(const std::vector<section> &sections) {
  const figures all(sections);
  std::vector<goal> goals;
  add_harness(goals, all);
  add_dispatch(goals, all);
  add_end_to_end(goals, all);
  add_strategies(goals, all);
  return goals;
}

void print(const std::vector<goal> &goals) {
  std::printf("\nReach\n\n");
  for (const goal &each : goals) {
    std::printf("%-66s %s %4g %-28s %s\n", each.what.c_str(),
                each.side == goal::bound::at_most ? "<=" : ">=", each.limit, each.unit.c_str(),
                sentence_of(each).c_str());
  }
}

}  // namespace bench::peers
