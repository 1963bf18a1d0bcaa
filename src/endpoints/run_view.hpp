// SPDX-License-Identifier: MIT
#pragma once

#include "profiling/cpu/cpu_profiler.hpp"
#include "profiling/sample_labels.hpp"
#include "profiling/symbols/symbols.hpp"
#include "strategy/library.hpp"
#include "worker/session.hpp"

namespace taskworker::endpoints {

/// The run that the endpoints show. Everything in it is [thread-safe] as it is used here,
/// and outlives the server.
struct run_view {
  const strategy::library &strategy;
  const worker::session &session;
  profiling::symbols &names;
  profiling::cpu_profiler &cpu;
  profiling::sample_labels labels;
};

}  // namespace taskworker::endpoints
