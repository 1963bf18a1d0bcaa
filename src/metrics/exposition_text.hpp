// SPDX-License-Identifier: MIT
#pragma once

#include <prometheus/metric_family.h>

#include <string>
#include <vector>

namespace taskworker::metrics {

/// Families of counters, gauges and histograms in Prometheus' text format 0.0.4
/// (prometheus.io/docs/instrumenting/exposition_formats), as prometheus::TextSerializer
/// writes them but without a stream: a scrape must not be seen by the tasks.
[[nodiscard]] std::string to_text(const std::vector<prometheus::MetricFamily> &families);

}  // namespace taskworker::metrics
