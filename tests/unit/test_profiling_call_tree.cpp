// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "catch.hpp"
#include "profiling/format/call_tree.hpp"
#include "profiling/stack.hpp"
#include "profiling/synthetic_frame.hpp"

using namespace taskworker::profiling;

namespace {

struct called {
  std::uintptr_t frame;
  unsigned line;
};

// Not named static: the linker's table of symbols must have it.
[[gnu::noinline]] called capture_here() { return {capture_stack().frames[0], __LINE__}; }

[[gnu::always_inline]] inline called capture_in_line() {
  return {capture_stack().frames[0], __LINE__};
}

[[gnu::noinline]] called capture_through_inline() { return capture_in_line(); }

template <typename Function>
std::uintptr_t call_in(Function *function) {
  return reinterpret_cast<std::uintptr_t>(function) + 1;
}

profile with_samples(std::vector<profile_sample> samples) {
  profile made;
  made.sample_types = {{"samples", "count"}};
  made.samples = std::move(samples);
  return made;
}

}  // namespace

TEST_CASE("stacks with the same calls lie over one another", "[profiling_call_tree]") {
  symbols names;
  const called here = capture_here();
  const std::uintptr_t lost = address_of(synthetic_frame::lost_samples);
  const std::uintptr_t job = address_of(synthetic_frame::job);
  const call_tree tree = build_call_tree(
      with_samples({{{lost, here.frame}, {1}, {}}, {{job, here.frame}, {2}, {}}}), names);

  REQUIRE(tree.nodes.size() == 3);
  CHECK(tree.nodes[0].parent == call_tree::none);
  CHECK(tree.nodes[0].line == here.line);
  CHECK(tree.nodes[1].parent == 0);
  CHECK(tree.nodes[2].parent == 0);
  CHECK(tree.functions[tree.nodes[1].function].name == "[lost samples]");
  CHECK(tree.functions[tree.nodes[2].function].owner == code_owner::measurement);
  const auto &own = tree.functions[tree.nodes[0].function];
  CHECK(own.name.ends_with("capture_here"));
  CHECK(own.owner == code_owner::program);
  CHECK(own.file.ends_with("test_profiling_call_tree.cpp"));
}

TEST_CASE("what the compiler put in line is below its caller, and marked",
          "[profiling_call_tree]") {
  symbols names;
  const called inside = capture_through_inline();
  const call_tree tree = build_call_tree(with_samples({{{inside.frame}, {1}, {}}}), names);
  REQUIRE(tree.nodes.size() == 2);
  CHECK(tree.functions[tree.nodes[0].function].name.ends_with("capture_through_inline"));
  CHECK_FALSE(tree.nodes[0].is_inlined);
  CHECK(tree.functions[tree.nodes[1].function].name.ends_with("capture_in_line"));
  CHECK(tree.nodes[1].is_inlined);
  CHECK(tree.nodes[1].line == inside.line);
  CHECK(tree.leaves.at(0).node == 1);
}

TEST_CASE("samples of one place and the same labels are added", "[profiling_call_tree]") {
  symbols names;
  const std::uintptr_t job = address_of(synthetic_frame::job);
  const std::vector<label> first{{"worker", "0"}};
  const std::vector<label> second{{"worker", "1"}};
  const call_tree tree = build_call_tree(
      with_samples({{{job}, {1}, first}, {{job}, {2}, second}, {{job}, {4}, first}}), names);
  CHECK(tree.nodes.size() == 1);
  REQUIRE(tree.leaves.size() == 2);
  CHECK(tree.leaves[0].values == std::vector<std::int64_t>{5});
  CHECK(tree.label_sets.at(tree.leaves[1].labels) == second);
}

TEST_CASE("what has no name is still shown", "[profiling_call_tree]") {
  symbols names;
  const call_tree tree = build_call_tree(with_samples({{{0x1001}, {1}, {}}, {{}, {2}, {}}}), names);
  REQUIRE(tree.functions.size() == 2);
  CHECK(tree.functions[0].name == "0x1000");
  CHECK(tree.functions[0].owner == code_owner::unknown);
  CHECK(tree.functions[1].name == "[no stack]");
}

TEST_CASE("functions of the C library are a library's", "[profiling_call_tree]") {
  symbols names;
  const call_tree tree = build_call_tree(with_samples({{{call_in(&std::labs)}, {1}, {}}}), names);
  CHECK(tree.functions.at(0).owner == code_owner::library);
}

TEST_CASE("a module's path tells whose it is", "[profiling_call_tree]") {
  const auto owner = [](const char *path) { return owner_of_module(path, "/usr/bin/taskworker"); };
  CHECK(owner("/usr/bin/taskworker") == code_owner::program);
  CHECK(owner("/home/me/strategies/mine/libmine.so") == code_owner::strategy);
  CHECK(owner("/usr/lib/x86_64-linux-gnu/taskworker/strategies/bad.so") == code_owner::strategy);
  CHECK(owner("/home/me/fast.so") == code_owner::strategy);
  CHECK(owner("/usr/lib/x86_64-linux-gnu/libstdc++.so.6.0.30") == code_owner::library);
  CHECK(owner("/lib64/ld-linux-x86-64.so.2") == code_owner::library);
  CHECK(owner("/opt/gcc/lib64/libstdc++.so.6") == code_owner::library);
  CHECK(owner("[vdso: 12]") == code_owner::kernel);
  CHECK(owner("") == code_owner::unknown);
}
