// SPDX-License-Identifier: MIT
#include "catch.hpp"
#include "profiling/format/function_ranking.hpp"

using namespace taskworker::profiling;

namespace {

/// main:10 -> walk:20 -> walk:21 -> walk:22, and main:11 -> put in "libc.so.6".
call_tree example() {
  call_tree tree;
  tree.functions = {{"main", "src/main.cpp", "/opt/program", code_owner::program},
                    {"walk", "src/walk.cpp", "/opt/program", code_owner::program},
                    {"put", "", "/lib/libc.so.6", code_owner::library}};
  tree.nodes = {{.function = 0, .line = 10},
                {.parent = 0, .function = 1, .line = 20},
                {.parent = 1, .function = 1, .line = 21},
                {.parent = 2, .function = 1, .line = 22},
                {.function = 0, .line = 11},
                {.parent = 4, .function = 2}};
  tree.label_sets = {{}};
  return tree;
}

}  // namespace

TEST_CASE("a function that calls itself counts once a stack", "[profiling_function_ranking]") {
  call_tree tree = example();
  tree.leaves = {{3, 0, {8}}, {1, 0, {4}}};
  const auto lines = rank_functions(tree, 0);
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].function == "walk");
  CHECK(lines[0].self == 12);
  CHECK(lines[0].total == 12);
  CHECK(lines[1].function == "main");
  CHECK(lines[1].self == 0);
  CHECK(lines[1].total == 12);
}

TEST_CASE("functions stand by self, then by total", "[profiling_function_ranking]") {
  call_tree tree = example();
  tree.leaves = {{0, 0, {1}}, {3, 0, {5}}, {5, 0, {5}}};
  const auto lines = rank_functions(tree, 0);
  REQUIRE(lines.size() == 3);
  CHECK(lines[0].function == "put");
  CHECK(lines[1].function == "walk");
  CHECK(lines[2].function == "main");
  CHECK(lines[2].total == 11);
}

TEST_CASE("the place is the line with the most in itself", "[profiling_function_ranking]") {
  call_tree tree = example();
  tree.leaves = {{0, 0, {1}}, {1, 0, {3}}, {2, 0, {2}}, {5, 0, {9}}};
  const auto lines = rank_functions(tree, 0);
  REQUIRE(lines.size() == 3);
  CHECK(lines[0].place == "libc.so.6");
  CHECK(lines[1].place == "walk.cpp:20");
  // More is below line 11, but line 10 has something in itself.
  CHECK(lines[2].place == "main.cpp:10");
}

TEST_CASE("a function without a share of the type is left out", "[profiling_function_ranking]") {
  call_tree tree = example();
  tree.leaves = {{3, 0, {0, 7}}, {5, 0, {2, 0}}};
  CHECK(rank_functions(tree, 0).size() == 2);
  CHECK(rank_functions(tree, 1)[0].function == "walk");
}

TEST_CASE("a line of the strategy has what it called outside of it",
          "[profiling_function_ranking]") {
  call_tree tree = example();
  tree.functions[1].owner = code_owner::strategy;
  tree.functions[1].module = "/opt/strategies/walk.so";
  tree.nodes.push_back({.parent = 2, .function = 2});  // walk:21 -> put
  tree.leaves = {{6, 0, {5}}, {3, 0, {3}}, {2, 0, {1}}, {5, 0, {100}}, {0, 0, {100}}};
  const auto lines = rank_own_lines(tree, 0);
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].place == "walk.cpp:21");
  CHECK(lines[0].function == "walk");
  CHECK(lines[0].amount == 6);
  CHECK(lines[1].place == "walk.cpp:22");
  CHECK(lines[1].amount == 3);
}

TEST_CASE("a program without a strategy has no such lines", "[profiling_function_ranking]") {
  call_tree tree = example();
  tree.leaves = {{3, 0, {8}}};
  CHECK(rank_own_lines(tree, 0).empty());
}
