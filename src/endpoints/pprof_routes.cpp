// SPDX-License-Identifier: MIT
#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "endpoints/index_page.hpp"
#include "endpoints/profile_kind.hpp"
#include "endpoints/routes.hpp"
#include "endpoints/switches.hpp"
#include "endpoints/symbol_lookup.hpp"
#include "profiling/contention/contention.hpp"
#include "profiling/format/flame_graph.hpp"
#include "profiling/format/pprof_encoder.hpp"
#include "profiling/format/profile_text.hpp"
#include "profiling/heap/heap.hpp"

namespace taskworker::endpoints {
namespace {

using http::access_class;
using http::method;
using http::pace;
using profiling::profile;

constexpr std::size_t table_lines = 50;
constexpr std::chrono::seconds look_back{60};

/// What the handlers share.
struct pprof_pages {
  run_view run;
  std::vector<profile_kind> kinds = make_profile_kinds(run);

  [[nodiscard]] const profile_kind *find(std::string_view name) const {
    if (name == "cpu") name = "profile";
    const auto found = std::find_if(kinds.begin(), kinds.end(),
                                    [name](const auto &kind) { return kind.name == name; });
    return found == kinds.end() ? nullptr : &*found;
  }
};
using shared_pages = std::shared_ptr<const pprof_pages>;

// ---- A profile becomes a response --------------------------------------------------------

using renderer = std::function<http::response(const profile &)>;

http::response as_proto(const profile &taken, const std::string &name, profiling::symbols &names) {
  // Types and headers as Go's net/http/pprof sends them; Alloy and Parca refuse others.
  return {
      .content_type = "application/octet-stream",
      .body = encode_pprof(taken, names),
      .headers = {{"Content-Disposition", "attachment; filename=\"" + name + "\""}},
  };
}

/// Stacks with counts are read from top to bottom: one for each, not one for each worker and
/// operation that came by. What they are (thread or job, suspect or leaked) stays.
profile merge_labels(const profile &taken) {
  profile empty = taken;
  empty.samples.clear();
  profiling::profile_builder merged(std::move(empty));
  for (auto sample : taken.samples) {
    std::erase_if(sample.labels,
                  [](const auto &label) { return label.key != "kind" && label.key != "leak"; });
    merged.add(std::move(sample));
  }
  return merged.take();
}

http::response as_text(const profile &taken, const profile_kind &kind, profile_form form,
                       profiling::symbols &names) {
  const std::string head = kind.head ? kind.head(taken) : "";
  std::string text;
  if (!kind.head) text = format_top(taken, kind.table_column, table_lines, names);
  if (!kind.head && form == profile_form::detail) text += '\n';
  if (form == profile_form::detail) text += format_stacks(head, taken, names);
  if (form == profile_form::text && kind.head) {
    text += format_stacks(head, merge_labels(taken), names);
  }
  return {.body = std::move(text)};
}

renderer file_renderer(const shared_pages &pages, const profile_kind &kind,
                       const profile_query &query) {
  const bool is_growth = query.seconds && !kind.begin;
  return [pages, &kind, form = query.form,
          name = std::string(kind.name) + (is_growth ? "-delta" : "")](const profile &taken) {
    return form == profile_form::proto ? as_proto(taken, name, pages->run.names)
                                       : as_text(taken, kind, form, pages->run.names);
  };
}

std::string title_of(const profile_kind &kind, const profile_query &query,
                     const std::string &strategy) {
  std::string title = std::string(kind.name == "profile" ? "cpu" : kind.name) + ", " + strategy;
  if (query.last) title += ", the last " + std::to_string(query.last->count()) + " s";
  if (query.seconds) title += ", " + std::to_string(query.seconds->count()) + " s";
  if (query.peak) title += ", at its peak";
  if (query.leaked) title += ", left behind";
  return title;
}

renderer page_renderer(const shared_pages &pages, const profile_kind &kind,
                       const profile_query &query) {
  return [pages, title = title_of(kind, query, pages->run.strategy.descriptor().name)](
             const profile &taken) {
    return http::response{.content_type = "text/html; charset=utf-8",
                          .body = flame_graph_page(title, taken, pages->run.names)};
  };
}

// ---- Taking a profile ---------------------------------------------------------------------

/// What `make` answers, or what says that this process cannot have the profile.
template <typename Make>
auto guarded(Make make) -> decltype(make()) {
  try {
    return make();
  } catch (const profiling::heap_error &error) {
    return refuse_profile(501, error.what());
  }
}

http::reply take(const profile_kind &kind, const profile_query &query, const renderer &render) {
  if (query.last) return render(kind.look_back(*query.last));
  if (kind.begin) {
    return http::deferred{
        .wait = query.seconds.value_or(kind.default_time),
        .finish = [finish = kind.begin(query), render] { return render(finish()); }};
  }
  profile now = kind.read(query);
  if (!query.seconds) return render(now);
  return http::deferred{
      .wait = *query.seconds, .finish = [&kind, query, render, before = std::move(now)] {
        return guarded([&] { return render(subtract(kind.read(query), before)); });
      }};
}

http::reply take_guarded(const profile_kind &kind, const profile_query &query,
                         const renderer &render) {
  return guarded([&] { return take(kind, query, render); });
}

http::reply serve_profile(const shared_pages &pages, const profile_kind &kind,
                          const http::request &incoming) {
  const auto read = read_profile_query(incoming, {kind.parameters, kind.max_hz});
  if (const auto *refusal = std::get_if<http::response>(&read)) return *refusal;
  const auto &query = std::get<profile_query>(read);
  if (query.form == profile_form::detail && kind.detail && !query.seconds && !query.leaked) {
    return http::response{.body = kind.detail()};
  }
  return take_guarded(kind, query, file_renderer(pages, kind, query));
}

std::string names_of(const std::vector<profile_kind> &kinds) {
  std::string text = "cpu";
  for (const auto &kind : kinds) text += ", " + std::string(kind.name);
  return text;
}

/// The parameters of a profile that make sense for its flame graph.
query_rules page_rules(const profile_kind &kind) {
  query_rules rules{kind.parameters, kind.max_hz};
  std::erase(rules.known, "debug");
  rules.known.push_back("profile");
  return rules;
}

http::reply serve_flame_graph(const shared_pages &pages, const http::request &incoming) {
  const auto named = std::find_if(incoming.query.begin(), incoming.query.end(),
                                  [](const auto &given) { return given.key == "profile"; });
  const auto *const kind = pages->find(named == incoming.query.end() ? "cpu" : named->value);
  if (kind == nullptr) {
    return refuse_profile(400, "profile takes one of: " + names_of(pages->kinds));
  }
  const auto read = read_profile_query(incoming, page_rules(*kind));
  if (const auto *refusal = std::get_if<http::response>(&read)) return *refusal;
  auto query = std::get<profile_query>(read);
  // A page should come at once.
  if (kind->look_back && !query.seconds && !query.hz) query.last = query.last.value_or(look_back);
  return take_guarded(*kind, query, page_renderer(pages, *kind, query));
}

http::response redirect_to_index(unsigned status, std::string_view text) {
  auto answer = http::text_response(status, text);
  answer.headers.push_back({"Location", "/debug/pprof/"});
  return answer;
}

/// Serves what a button of the index page, or `curl -d sampling=off`, sends.
http::handler switch_handler(const std::function<void(bool)> &set) {
  return [set](const http::request &incoming) -> http::reply {
    const auto wanted = read_switch(incoming.body);
    if (!wanted) return refuse_profile(400, "the body must be sampling=on or sampling=off");
    return guarded([&] {
      set(*wanted);
      return redirect_to_index(303, *wanted ? "sampling is on" : "sampling is off");
    });
  };
}

}  // namespace

void add_pprof_routes(http::router &routes, const run_view &run) {
  const auto pages = std::make_shared<const pprof_pages>(pprof_pages{run});
  const std::string root = "/debug/pprof/";
  const auto add = [&](method verb, const std::string &name, http::handler serve,
                       pace speed = pace::slow) {
    routes.add({verb, root + name, access_class::debug, std::move(serve), speed});
  };
  routes.add({method::get, "/debug/pprof", access_class::debug,
              [](const http::request &) { return redirect_to_index(301, "/debug/pprof/"); }});
  add(method::get, "", [pages](const http::request &incoming) {
    return index_page(pages->kinds, incoming, pages->run.strategy.descriptor().name);
  });
  for (const auto &kind : pages->kinds) {
    add(method::get, std::string(kind.name), [pages, &kind](const http::request &incoming) {
      return serve_profile(pages, kind, incoming);
    });
  }
  add(method::get, "flamegraph",
      [pages](const http::request &incoming) { return serve_flame_graph(pages, incoming); });
  add(method::get, "cmdline", [](const http::request &) { return serve_command_line(); });
  add_symbol_routes(routes, root + "symbol", run.names);
  add(method::post, "heap", switch_handler(profiling::set_heap_sampling));
  add(method::post, "contention", switch_handler(profiling::set_contention_recording));
}

}  // namespace taskworker::endpoints
