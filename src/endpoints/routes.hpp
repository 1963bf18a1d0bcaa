// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "endpoints/run_view.hpp"
#include "http/router.hpp"

namespace taskworker::endpoints {

/// All that a run serves: /metrics, /healthz and /readyz for everybody, the rest for those
/// whom the access rule lets in (http/access.hpp).
[[nodiscard]] http::router make_router(const run_view &run);

// Its parts.

/// /metrics, /healthz, /readyz, /
void add_monitoring_routes(http::router &routes, const run_view &run);

/// /debug/pprof/*: the paths, parameters, types and headers of Go's net/http/pprof
/// (https://pkg.go.dev/net/http/pprof), and more.
void add_pprof_routes(http::router &routes, const run_view &run);

/// /pprof/*: what `jeprof` asks for
/// (https://github.com/gperftools/gperftools/blob/master/docs/pprof_remote_servers.html).
void add_jeprof_routes(http::router &routes, const run_view &run);

/// GET and POST of a path that gives names for addresses; both dialects have one.
void add_symbol_routes(http::router &routes, const std::string &path, profiling::symbols &names);

}  // namespace taskworker::endpoints
