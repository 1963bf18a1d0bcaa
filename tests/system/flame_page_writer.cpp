// SPDX-License-Identifier: MIT
// flame_page_writer example|large|empty: prints a flame graph page with known content, for
// flame_page.py.
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "profiling/format/call_tree.hpp"
#include "profiling/format/flame_graph.hpp"

namespace {

using namespace taskworker::profiling;

struct step {
  std::string function;
  std::uint32_t line = 0;
  std::string file;
  std::string module;
  code_owner owner = code_owner::strategy;
  bool is_inlined = false;
};

class tree_writer {
 public:
  void add(const std::vector<step> &path, std::uint32_t labels, std::vector<std::int64_t> values) {
    std::uint32_t at = call_tree::none;
    for (const auto &next : path) at = node_of(at, next);
    tree_.leaves.push_back({at, labels, std::move(values)});
  }

  call_tree take(std::vector<std::vector<label>> label_sets) {
    tree_.label_sets = std::move(label_sets);
    return std::move(tree_);
  }

 private:
  std::uint32_t node_of(std::uint32_t parent, const step &next) {
    const auto function =
        functions_.try_emplace(next.function, static_cast<std::uint32_t>(tree_.functions.size()));
    if (function.second) {
      tree_.functions.push_back({next.function, next.file, next.module, next.owner});
    }
    const call_tree::node node{parent, function.first->second, next.line, next.is_inlined};
    const auto found = nodes_.try_emplace(node, static_cast<std::uint32_t>(tree_.nodes.size()));
    if (found.second) tree_.nodes.push_back(node);
    return found.first->second;
  }

  call_tree tree_;
  std::map<std::string, std::uint32_t> functions_;
  std::map<call_tree::node, std::uint32_t> nodes_;
};

step in_bad(const std::string &function, std::uint32_t line) {
  return {function, line, "strategies/bad/bad.cpp", "/opt/strategies/bad.so"};
}

step in_program(const std::string &function, std::uint32_t line) {
  return {function, line, "src/worker/worker_thread.cpp", "/usr/bin/taskworker",
          code_owner::program};
}

step in_library(const std::string &function, const std::string &file = "", std::uint32_t line = 0) {
  return {function,     line, file, "/lib/x86_64-linux-gnu/libc.so.6", code_owner::library,
          !file.empty()};
}

profile heap_profile() {
  profile head;
  head.sample_types = {{"alloc_objects", "count"},
                       {"alloc_space", "bytes"},
                       {"inuse_objects", "count"},
                       {"inuse_space", "bytes"}};
  head.time_ns = 1'795'444'382'000'000'000;
  head.period = 524'288;
  head.comments = {"One allocation about every 512 KiB is looked at.",
                   "What was allocated while sampling was off is not seen. </script><b>&amp;"};
  return head;
}

std::string example_page() {
  const std::vector<step> task{in_library("start_thread"), in_program("worker_thread::run", 88),
                               in_bad("(anonymous namespace)::process", 210)};
  const auto below = [&](std::vector<step> more) {
    std::vector<step> path = task;
    path.insert(path.end(), more.begin(), more.end());
    return path;
  };
  const step append = in_library("std::vector<long, std::allocator<long>>::push_back",
                                 "/usr/include/c++/12/bits/stl_vector.h", 1287);
  const step hostile = in_bad("</script><script>document.title='broken'</script>\u2028<!--\xff", 7);
  tree_writer tree;
  tree.add(below({in_bad("keep_result", 123), append}), 0, {600, 60'000'000, 300, 40'000'000});
  tree.add(below({in_bad("keep_result", 130), append}), 1, {200, 10'000'000, 100, 6'000'000});
  tree.add(below({in_bad("keep_result", 123)}), 1, {100, 5'000'000, 50, 2'500'000});
  tree.add(below({in_bad("make_log_line", 151), in_library("operator new")}), 0,
           {9'000, 20'000'000, 10, 1'000'000});
  tree.add(below({in_bad("walk", 170), in_bad("walk", 172), in_bad("walk", 172)}), 1,
           {50, 4'000'000, 10, 500'000});
  tree.add(below({hostile}), 1, {20, 1'000'000, 5, 250'000});
  tree.add({{"[lost samples]", 0, "", "", code_owner::measurement}}, 2, {8, 800'000, 4, 400'000});
  return flame_graph_page(
      "heap, bad <now>", heap_profile(),
      tree.take({{{"strategy", "bad"}, {"thread", "tw-worker-0"}, {"worker", "0"}},
                 {{"strategy", "bad"}, {"thread", "tw-worker-1"}, {"worker", "1"}},
                 {}}));
}

/// Some 20,000 nodes: a number has its digits as its path.
std::string large_page() {
  profile head;
  head.sample_types = {{"samples", "count"}, {"cpu", "nanoseconds"}};
  head.duration_ns = 30'000'000'000;
  tree_writer tree;
  for (std::uint32_t number = 0; number < 16'384; ++number) {
    std::vector<step> path;
    for (std::uint32_t rest = number, depth = 0; depth < 7; ++depth, rest /= 4) {
      path.push_back(
          in_bad("f" + std::to_string(depth) + '_' + std::to_string(rest % 4), depth + 1));
    }
    tree.add(path, 0, {1 + number % 3, 10'000'000 * std::int64_t{1 + number % 3}});
  }
  return flame_graph_page("large", head, tree.take({{}}));
}

std::string empty_page() {
  profile head;
  head.sample_types = {{"samples", "count"}, {"cpu", "nanoseconds"}};
  head.duration_ns = 30'000'000'000;
  return flame_graph_page("cpu, optimized", head, call_tree{});
}

}  // namespace

int main(int count, char **words) {
  const std::map<std::string_view, std::string (*)()> pages{
      {"example", example_page}, {"large", large_page}, {"empty", empty_page}};
  const auto page = pages.find(count == 2 ? words[1] : "");
  if (page == pages.end()) {
    std::cerr << "flame_page_writer: expected one of example, large, empty\n";
    return EXIT_FAILURE;
  }
  std::cout << page->second();
}
