// SPDX-License-Identifier: MIT
#include "profiling/format/flame_graph.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <string_view>

#include "profiling/format/flame_graph_page/flame_graph_page.hpp"
#include "profiling/format/html_text.hpp"
#include "profiling/format/json_text.hpp"
#include "profiling/format/profile_text.hpp"

namespace taskworker::profiling {
namespace {

/// Texts by number: the page's data names each once.
class string_table {
 public:
  std::int64_t number_of(const std::string &text) {
    const auto [found, is_new] = numbers_.try_emplace(text, std::ssize(texts_));
    if (is_new) texts_.push_back(&found->first);
    return found->second;
  }

  void write_to(json_text &json) const {
    json.open('[', "strings");
    for (const auto *text : texts_) json.value(*text);
    json.close(']');
  }

 private:
  std::map<std::string, std::int64_t> numbers_;
  std::vector<const std::string *> texts_;
};

void write_head(json_text &json, const profile &source) {
  json.open('[', "types");
  for (const auto &[type, unit] : source.sample_types) {
    json.open('[');
    json.value(type);
    json.value(unit);
    json.close(']');
  }
  json.close(']');
  json.member("chosen", source.default_sample_type);
  json.member("duration", source.duration_ns);
  json.member("time", source.time_ns / 1'000'000);
  json.member("empty", explain_empty(source));
  json.open('[', "comments");
  for (const auto &comment : source.comments) json.value(comment);
  json.close(']');
}

// Each list is flat, so many numbers for each item: the script knows how many.

void write_functions(json_text &json, const call_tree &tree, string_table &strings) {
  json.open('[', "functions");
  for (const auto &function : tree.functions) {
    json.value(strings.number_of(function.name));
    json.value(strings.number_of(function.file));
    json.value(strings.number_of(function.module));
    json.value(static_cast<std::int64_t>(function.owner));
  }
  json.close(']');
}

void write_nodes(json_text &json, const call_tree &tree) {
  json.open('[', "nodes");
  for (const auto &node : tree.nodes) {
    json.value(node.parent == call_tree::none ? -1 : std::int64_t{node.parent});
    json.value(std::int64_t{node.function});
    json.value(std::int64_t{node.line});
    json.value(std::int64_t{node.is_inlined});
  }
  json.close(']');
}

void write_labels(json_text &json, const call_tree &tree, string_table &strings) {
  json.open('[', "labels");
  for (const auto &labels : tree.label_sets) {
    json.open('[');
    for (const auto &[key, value] : labels) {
      json.value(strings.number_of(key));
      json.value(strings.number_of(value));
    }
    json.close(']');
  }
  json.close(']');
}

void write_leaves(json_text &json, const call_tree &tree) {
  json.open('[', "leaves");
  for (const auto &leaf : tree.leaves) {
    json.value(std::int64_t{leaf.node});
    json.value(std::int64_t{leaf.labels});
    for (const auto value : leaf.values) json.value(value);
  }
  json.close(']');
}

std::string data_of(const profile &source, const call_tree &tree) {
  json_text json;
  string_table strings;
  json.open('{');
  write_head(json, source);
  write_functions(json, tree, strings);
  write_nodes(json, tree);
  write_labels(json, tree, strings);
  write_leaves(json, tree);
  strings.write_to(json);
  json.close('}');
  return json.take();
}

}  // namespace

std::string flame_graph_page(const std::string &title, const profile &source,
                             const call_tree &tree) {
  const std::string heading = escape_html(title);
  const std::array<page_slot, 3> slots{
      {{"{{TITLE}}", heading}, {"{{TITLE}}", heading}, {"{{PROFILE}}", data_of(source, tree)}}};
  return fill_page(flame_graph_template, slots);
}

std::string flame_graph_page(const std::string &title, const profile &source, symbols &names) {
  return flame_graph_page(title, source, build_call_tree(source, names));
}

}  // namespace taskworker::profiling
