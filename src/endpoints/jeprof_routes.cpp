// SPDX-License-Identifier: MIT
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "endpoints/profile_query.hpp"
#include "endpoints/routes.hpp"
#include "endpoints/symbol_lookup.hpp"
#include "profiling/format/gperftools_encoder.hpp"
#include "profiling/heap/heap.hpp"

namespace taskworker::endpoints {
namespace {

using http::access_class;
using http::method;
using http::pace;

http::response as_file(std::string body) {
  return {.content_type = "application/octet-stream", .body = std::move(body)};
}

http::reply serve_heap() {
  try {
    return as_file(profiling::dump_heap());
  } catch (const profiling::heap_error &error) {
    return http::text_response(501, error.what());
  }
}

http::reply serve_profile(const run_view &run, const http::request &incoming) {
  const auto read =
      read_profile_query(incoming, {{"seconds", "hz"}, profiling::cpu_profiler::max_hz});
  if (const auto *refusal = std::get_if<http::response>(&read)) return *refusal;
  const auto &query = std::get<profile_query>(read);
  auto window = std::make_shared<profiling::cpu_profiler::window>(
      run.cpu.open(query.hz.value_or(profiling::cpu_profiler::default_hz)));
  return http::deferred{
      .wait = query.seconds.value_or(std::chrono::seconds(30)),
      .finish = [window] { return as_file(encode_gperftools(window->finish())); }};
}

}  // namespace

void add_jeprof_routes(http::router &routes, const run_view &run) {
  const auto get = [&](const char *path, http::handler serve) {
    routes.add({method::get, path, access_class::debug, std::move(serve), pace::slow});
  };
  get("/pprof/heap", [](const http::request &) { return serve_heap(); });
  get("/pprof/profile",
      [run](const http::request &incoming) { return serve_profile(run, incoming); });
  get("/pprof/cmdline", [](const http::request &) { return serve_command_line(); });
  add_symbol_routes(routes, "/pprof/symbol", run.names);
}

void add_symbol_routes(http::router &routes, const std::string &path, profiling::symbols &names) {
  const auto text_of = [&names](std::string_view asked) {
    return http::response{.content_type = "text/plain; charset=utf-8",
                          .body = look_up_symbols(asked, names)};
  };
  routes.add({method::get, path, access_class::debug,
              [text_of](const http::request &incoming) {
                // The addresses stand where a query has its keys.
                return text_of(incoming.query.empty() ? "" : incoming.query.front().key);
              },
              pace::slow});
  routes.add({method::post, path, access_class::debug,
              [text_of](const http::request &incoming) { return text_of(incoming.body); },
              pace::slow});
}

}  // namespace taskworker::endpoints
