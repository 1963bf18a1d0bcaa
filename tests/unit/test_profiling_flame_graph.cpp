// SPDX-License-Identifier: MIT
#include <string>
#include <string_view>

#include "catch.hpp"
#include "profiling/format/flame_graph.hpp"
#include "profiling/synthetic_frame.hpp"

using Catch::Matchers::ContainsSubstring;
using namespace taskworker::profiling;

namespace {

profile cpu_profile() {
  profile made;
  made.sample_types = {{"samples", "count"}, {"cpu", "nanoseconds"}};
  made.default_sample_type = "cpu";
  made.duration_ns = 1'000;
  made.time_ns = 5'000'000;
  made.comments = {"one </script> note"};
  return made;
}

/// What stands in the element that has the profile.
std::string data_of(const std::string &page) {
  constexpr std::string_view mark = R"(id="profile">)";
  const std::size_t begin = page.find(mark) + mark.size();
  return page.substr(begin, page.find("</script>", begin) - begin);
}

std::size_t count_of(std::string_view part, std::string_view text) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++count;
  return count;
}

}  // namespace

TEST_CASE("the page has the call tree in few characters", "[profiling_flame_graph]") {
  call_tree tree;
  tree.functions = {{"main", "main.cpp", "/bin/p", code_owner::program},
                    {"sum", "sum.cpp", "/bin/p", code_owner::strategy}};
  tree.nodes = {{.function = 0, .line = 3},
                {.parent = 0, .function = 1, .line = 8, .is_inlined = true}};
  tree.label_sets = {{{"worker", "3"}}};
  tree.leaves = {{1, 0, {2, 20}}};
  const std::string data = data_of(flame_graph_page("title", cpu_profile(), tree));
  CHECK(data.starts_with(R"({"types":[["samples","count"],["cpu","nanoseconds"]],"chosen":"cpu",)"
                         R"("duration":1000,"time":5,)"));
  CHECK_THAT(data, ContainsSubstring(R"("functions":[0,1,2,1,3,4,2,0],)"
                                     R"("nodes":[-1,0,3,0,0,1,8,1],)"
                                     R"("labels":[[5,6]],"leaves":[1,0,2,20],)"
                                     R"("strings":["main","main.cpp","/bin/p","sum","sum.cpp",)"
                                     R"("worker","3"]})"));
}

TEST_CASE("no text of a profile can become part of the page", "[profiling_flame_graph]") {
  const std::string hostile = "</script><script>alert(1)</script><!--{{PROFILE}}";
  call_tree tree;
  tree.functions = {{hostile, hostile, hostile, code_owner::unknown}};
  tree.nodes = {{}};
  tree.label_sets = {{{hostile, hostile}}};
  tree.leaves = {{0, 0, {1, 1}}};
  profile source = cpu_profile();
  source.comments = {hostile};
  const std::string page = flame_graph_page(hostile, source, tree);
  const std::string plain = flame_graph_page("", cpu_profile(), {});
  for (const char *mark : {"<script", "</script", "<!--"}) {
    CHECK(count_of(mark, page) == count_of(mark, plain));
  }
  CHECK_THAT(page, ContainsSubstring("<title>&lt;/script&gt;"));
}

TEST_CASE("the page refers to nothing outside itself", "[profiling_flame_graph]") {
  const std::string page = flame_graph_page("title", cpu_profile(), {});
  CHECK_THAT(page, ContainsSubstring("content=\"default-src 'none'; style-src 'sha256-"));
  for (const char *outside : {"http:", "https:", "src=", "@import", "url(", "{{", "unsafe"}) {
    INFO(outside);
    CHECK_THAT(page, !ContainsSubstring(outside));
  }
}

TEST_CASE("names are found for a profile's frames", "[profiling_flame_graph]") {
  symbols names;
  profile source = cpu_profile();
  source.samples = {{{address_of(synthetic_frame::lost_samples)}, {1, 1}, {}}};
  CHECK_THAT(data_of(flame_graph_page("title", source, names)),
             ContainsSubstring(R"("[lost samples]")"));
}
