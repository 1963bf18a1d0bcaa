// SPDX-License-Identifier: MIT
#include <prometheus/text_serializer.h>

#include <limits>
#include <sstream>
#include <string>
#include <vector>

#include "catch.hpp"
#include "metrics/exposition_text.hpp"

using namespace taskworker::metrics;
using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

namespace {

std::string library_text(const std::vector<MetricFamily> &families) {
  std::ostringstream out;
  prometheus::TextSerializer().Serialize(out, families);
  return out.str();
}

ClientMetric counter(double value, std::vector<ClientMetric::Label> labels = {}) {
  ClientMetric metric;
  metric.label = std::move(labels);
  metric.counter.value = value;
  return metric;
}

ClientMetric gauge(double value) {
  ClientMetric metric;
  metric.gauge.value = value;
  return metric;
}

ClientMetric histogram(std::vector<ClientMetric::Label> labels) {
  ClientMetric metric;
  metric.label = std::move(labels);
  metric.histogram.sample_count = 9'000'000'000'000'000;
  metric.histogram.sample_sum = 0.25;
  metric.histogram.bucket = {{0, 1e-08}, {7, 0.5}, {9, std::numeric_limits<double>::infinity()}};
  return metric;
}

}  // namespace

TEST_CASE("the text is the one that prometheus-cpp writes", "[metrics_exposition_text]") {
  const std::vector<MetricFamily> families = {
      {"a_total", "Of one kind.", MetricType::Counter, {counter(0), counter(1e15)}},
      {"b_total",
       "With labels.",
       MetricType::Counter,
       {counter(3, {{"x", "1"}}), counter(0.5, {{"x", "a\"b\\c\nd"}, {"y", ""}})}},
      {"c",
       "A gauge.",
       MetricType::Gauge,
       {gauge(-2), gauge(1e-08), gauge(0.0005), gauge(-0.75), gauge(1764115200.125)}},
      {"d",
       "Without an end.",
       MetricType::Gauge,
       {gauge(std::numeric_limits<double>::infinity()),
        gauge(-std::numeric_limits<double>::infinity())}},
      {"e_seconds",
       "A histogram.",
       MetricType::Histogram,
       {histogram({}), histogram({{"operation", "sum"}, {"q", "\"\n"}})}},
      {"f", "Nothing of it.", MetricType::Gauge, {}},
  };
  CHECK(to_text(families) == library_text(families));
  CHECK(to_text({}).empty());
}

TEST_CASE("a number keeps all its digits", "[metrics_exposition_text]") {
  for (const double value : {0.1, 1.0 / 3, 9007199254740991.0, 9007199254740994.0, 1e300,
                             2.2250738585072014e-308, 1764115200.123456}) {
    const std::string text = to_text({{"a", "b", MetricType::Gauge, {gauge(value)}}});
    CHECK(std::stod(text.substr(text.rfind(' '))) == value);
  }
}

TEST_CASE("a help text stays on its line, and not a number is named", "[metrics_exposition_text]") {
  const std::string text = to_text({{"a",
                                     "one\ntwo \\ \"three\"",
                                     MetricType::Gauge,
                                     {gauge(std::numeric_limits<double>::quiet_NaN())}}});
  CHECK(text == "# HELP a one\\ntwo \\\\ \"three\"\n# TYPE a gauge\na NaN\n");
}
