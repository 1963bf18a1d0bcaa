// SPDX-License-Identifier: MIT
#include <string>

#include "endpoints/routes.hpp"
#include "metrics/allocator.hpp"
#include "metrics/exposition.hpp"
#include "metrics/process.hpp"
#include "profiling/cpu/sampler.hpp"
#include "strategy/version.hpp"

namespace taskworker::endpoints {
namespace {

using http::access_class;
using http::method;

metrics::exposition_identity identity_of(const run_view &run) {
  const auto &abi = run.strategy.entry().abi;
  return {
      .strategy = run.strategy.descriptor().name,
      .strategy_version = run.strategy.descriptor().version,
      .strategy_abi = std::to_string(abi.major) + "." + std::to_string(abi.minor),
      .version = strategy::program_version,
      .revision = strategy::program_revision,
      .compiler = strategy::program_compiler,
      .build_type = strategy::program_build_type,
      .operations = run.session.operation_names(),
  };
}

metrics::profiler_figures profiler_figures_of(const run_view &run) {
  const auto sampler = profiling::read_sampler_figures();
  return {
      .samples = sampler.samples,
      .lost_samples = sampler.lost_ticks,
      .overruns = sampler.overruns,
      .failed_unwinds = run.cpu.failed_unwinds(),
      .threads_without_timer = sampler.threads_without,
      .cpu_seconds = static_cast<double>(sampler.handler_ns + run.cpu.own_cpu_ns()) * 1e-9,
  };
}

http::response serve_metrics(const metrics::exposition_identity &identity, const run_view &run) {
  http::response response;
  response.content_type = "text/plain; version=0.0.4; charset=utf-8";
  response.body = metrics::expose(identity, {
                                                .tasks = run.session.totals(),
                                                .stuck_tasks = run.session.overdue_tasks().size(),
                                                .task_timeouts = run.session.task_timeouts(),
                                                .jobs = run.session.active_jobs(),
                                                .allocator = metrics::read_allocator(),
                                                .process = metrics::read_process(),
                                                .profiler = profiler_figures_of(run),
                                            });
  return response;
}

http::response serve_readiness(const run_view &run) {
  return run.session.is_ready() ? http::text_response(200, "ready")
                                : http::text_response(503, "not ready: the run starts or stops");
}

http::response serve_health(const run_view &run) {
  const auto stuck = run.session.overdue_tasks();
  if (stuck.empty()) return http::text_response(200, "alive");
  std::string text = "stuck:";
  for (const auto &task : stuck) {
    text += "\n" + describe(task, run.session.operation_names());
  }
  return http::text_response(503, text);
}

std::string list_of_endpoints(const std::string &strategy) {
  return "taskworker, running the strategy " + strategy +
         "\n\n"
         "/debug/pprof/  profiles: what is there, how to read it\n"
         "/metrics       figures for Prometheus\n"
         "/healthz       200 while the process is alive and no task is stuck\n"
         "/readyz        200 while tasks are taken";
}

}  // namespace

void add_monitoring_routes(http::router &routes, const run_view &run) {
  routes.add({method::get, "/metrics", access_class::open,
              [identity = identity_of(run), run](const http::request &) {
                return serve_metrics(identity, run);
              }});
  routes.add({method::get, "/healthz", access_class::open,
              [run](const http::request &) { return serve_health(run); }});
  routes.add({method::get, "/readyz", access_class::open,
              [run](const http::request &) { return serve_readiness(run); }});
  routes.add({method::get, "/", access_class::debug,
              [name = std::string(run.strategy.descriptor().name)](const http::request &) {
                return http::text_response(200, list_of_endpoints(name));
              }});
}

}  // namespace taskworker::endpoints
