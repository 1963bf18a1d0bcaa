// SPDX-License-Identifier: MIT
#include <map>
#include <string>
#include <utility>

#include "catch.hpp"
#include "compare/joint_profile.hpp"

using namespace taskworker;
using compare::joint_profile;
using compare::profile_kinds;

namespace {

constexpr std::size_t cpu = 0, space = 1, objects = 2, live = 3;

/// Two frames, 1 in "work" of the strategy and 2 in "main" of the program, under other numbers
/// than in another run.
profiling::named_profile named(profiling::profile content, std::uintptr_t work,
                               std::uintptr_t main) {
  return {
      std::move(content),
      {{work, {{.function = "work", .file = "mine.c", .line = 7, .module = "/x/mine.so"}}},
       {main, {{.function = "main", .file = "main.cpp", .line = 9, .module = "/x/taskworker"}}}}};
}

profiling::profile cpu_profile(std::vector<std::uintptr_t> frames, std::int64_t samples) {
  profiling::profile made;
  made.sample_types = {{"samples", "count"}, {"cpu", "nanoseconds"}};
  made.period_type = {"cpu", "nanoseconds"};
  made.period = 10'000'000;
  made.samples = {{std::move(frames), {samples, samples * 10'000'000}, {{"worker", "1"}}}};
  return made;
}

profiling::profile heap_profile(std::vector<std::uintptr_t> frames) {
  profiling::profile made;
  made.sample_types = {{"alloc_objects", "count"},
                       {"alloc_space", "bytes"},
                       {"inuse_objects", "count"},
                       {"inuse_space", "bytes"}};
  made.period_type = {"space", "bytes"};
  made.period = 32'768;
  made.samples = {{std::move(frames), {1000, 64'000, 10, 640}, {}}};
  return made;
}

/// The values of leaves by strategy and innermost function.
std::map<std::pair<std::string, std::string>, std::vector<std::int64_t>> values_of(
    const profiling::call_tree &tree) {
  std::map<std::pair<std::string, std::string>, std::vector<std::int64_t>> all;
  for (const auto &leaf : tree.leaves) {
    const auto &label = tree.label_sets[leaf.labels].at(0);
    CHECK(label.key == "strategy");
    all[{label.value, tree.functions[tree.nodes[leaf.node].function].name}] = leaf.values;
  }
  return all;
}

}  // namespace

TEST_CASE("profiles of strategies and of runs lie over one another", "[compare_joint_profile]") {
  joint_profile joint(2, "/x/taskworker");
  joint.add(0, named(cpu_profile({11, 12}, 3), 11, 12), 5000);
  joint.add(0, named(cpu_profile({21, 22}, 4), 21, 22), 5000);
  joint.add(1, named(cpu_profile({32}, 2), 31, 32), 5000);
  joint.add(1, named(heap_profile({41, 42}), 41, 42), 6000);

  CHECK(joint.known()[0][cpu].tasks == 10'000);
  CHECK(joint.known()[0][space].tasks == 0);
  CHECK(joint.known()[1][cpu].tasks == 5000);
  CHECK(joint.known()[1][objects].tasks == 6000);
  CHECK(joint.known()[1][live].total == 640);
  CHECK(joint.known()[0][cpu].period == 10'000'000);
  CHECK(joint.known()[1][space].period == 32'768);
  CHECK(joint.known()[1][live].period == 32'768);
  CHECK(joint.known()[1][objects].period == 512);  // 32 KiB of 64 bytes each

  const auto tree = joint.take_tree();
  CHECK(tree.nodes.size() == 2);
  CHECK(tree.functions[tree.nodes[0].function].owner == profiling::code_owner::program);
  CHECK(tree.functions[tree.nodes[1].function].owner == profiling::code_owner::strategy);
  const auto values = values_of(tree);
  CHECK(values.size() == 3);
  CHECK(values.at({"0", "work"}) == std::vector<std::int64_t>{70'000'000, 0, 0, 0});
  CHECK(values.at({"1", "main"}) == std::vector<std::int64_t>{20'000'000, 0, 0, 0});
  CHECK(values.at({"1", "work"}) == std::vector<std::int64_t>{0, 64'000, 1000, 640});
}

TEST_CASE("what is no code counts as the measurement's", "[compare_joint_profile]") {
  joint_profile joint(1, "/x/taskworker");
  joint.add(0, {cpu_profile({5}, 1), {{5, {{.function = "[lost samples]"}}}}}, 100);
  const auto tree = joint.take_tree();
  CHECK(tree.functions.at(0).name == "[lost samples]");
  CHECK(tree.functions.at(0).owner == profiling::code_owner::measurement);
}

TEST_CASE("a function of a strategy is found again in another by the last part of its name",
          "[compare_joint_profile]") {
  using enum profiling::code_owner;
  const auto keys_of = [](std::vector<profiling::call_tree::function> functions) {
    return compare::keys_of_functions({std::move(functions), {}, {}, {}});
  };
  CHECK(keys_of({{"bad::strategy::process", "bad.cpp", "bad.so", strategy},
                 {"optimized::strategy::process", "o.cpp", "optimized.so", strategy},
                 {"instance_of<bad::strategy>::start", "i.hpp", "bad.so", strategy},
                 {"guarded<a::b<c>(int)::<lambda(d&)> >", "i.hpp", "bad.so", strategy},
                 {"text::operator<<", "t.hpp", "bad.so", strategy},
                 {"operator()", "t.hpp", "bad.so", strategy},
                 {"worker::loop::run", "w.cpp", "taskworker", program}}) ==
        std::vector<std::string>{"process", "process", "start", "guarded", "operator<<",
                                 "operator()", "worker::loop::run"});
  CHECK(keys_of({{"keeper::add", "bad.cpp", "bad.so", strategy},
                 {"helper::add", "bad.cpp", "bad.so", strategy},
                 {"keeper::add", "o.cpp", "optimized.so", strategy}}) ==
        std::vector<std::string>{"keeper::add", "helper::add", "keeper::add"});
}

TEST_CASE("a profile without samples tells that there was nothing", "[compare_joint_profile]") {
  joint_profile joint(1, "/x/taskworker");
  auto heap = heap_profile({});
  heap.samples.clear();
  joint.add(0, {std::move(heap), {}}, 100);
  CHECK(joint.known()[0][space].tasks == 100);
  CHECK(joint.known()[0][objects].period == 0);
  CHECK(joint.take_tree().leaves.empty());
}
