// SPDX-License-Identifier: MIT
#include "endpoints/routes.hpp"

namespace taskworker::endpoints {

http::router make_router(const run_view &run) {
  http::router routes;
  add_monitoring_routes(routes, run);
  add_pprof_routes(routes, run);
  add_jeprof_routes(routes, run);
  return routes;
}

}  // namespace taskworker::endpoints
