// SPDX-License-Identifier: MIT
#include "metrics/exposition_text.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <string_view>

namespace taskworker::metrics {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

/// Doubles below it count in steps of one.
constexpr double largest_exact = 9007199254740992;  // 2^53

/// Below it a number is written with an exponent, as printf's %g does.
constexpr double smallest_plain = 1e-4;

void append_number(std::string &out, double value) {
  if (std::isnan(value)) {
    out += "NaN";
    return;
  }
  if (std::isinf(value)) {
    out += value > 0 ? "+Inf" : "-Inf";
    return;
  }
  std::array<char, 32> digits;  // the shortest of any double has 24 at most
  char *const begin = digits.data();
  char *const end = begin + digits.size();
  const double size = std::abs(value);
  if (size < largest_exact && value == std::trunc(value)) {
    out.append(begin, std::to_chars(begin, end, static_cast<std::int64_t>(value)).ptr);
    return;
  }
  const bool has_exponent = size < smallest_plain || size >= largest_exact;
  const auto format = has_exponent ? std::chars_format::scientific : std::chars_format::fixed;
  out.append(begin, std::to_chars(begin, end, value, format).ptr);
}

/// `quotes`: in a label's value they are escaped, in a help text they are not.
void append_escaped(std::string &out, std::string_view text, bool quotes) {
  for (const char letter : text) {
    if (letter == '\n') {
      out += "\\n";
      continue;
    }
    if (letter == '\\' || (quotes && letter == '"')) out += '\\';
    out += letter;
  }
}

/// `a="1",b="2"`
std::string text_of(const std::vector<ClientMetric::Label> &labels) {
  std::string text;
  for (const auto &label : labels) {
    if (!text.empty()) text += ',';
    text += label.name;
    text += "=\"";
    append_escaped(text, label.value, true);
    text += '"';
  }
  return text;
}

void append_sample(std::string &out, std::string_view name, std::string_view suffix,
                   std::string_view labels, double value) {
  out += name;
  out += suffix;
  if (!labels.empty()) {
    out += '{';
    out += labels;
    out += '}';
  }
  out += ' ';
  append_number(out, value);
  out += '\n';
}

void append_histogram(std::string &out, const std::string &name, const std::string &labels,
                      const ClientMetric::Histogram &histogram) {
  const auto count = static_cast<double>(histogram.sample_count);
  append_sample(out, name, "_count", labels, count);
  append_sample(out, name, "_sum", labels, histogram.sample_sum);
  const std::string start = name + "_bucket{" + labels + (labels.empty() ? "" : ",") + "le=\"";
  for (const auto &bucket : histogram.bucket) {
    out += start;
    append_number(out, bucket.upper_bound);
    out += "\"} ";
    append_number(out, static_cast<double>(bucket.cumulative_count));
    out += '\n';
  }
}

std::string_view name_of(MetricType type) {
  if (type == MetricType::Histogram) return "histogram";
  return type == MetricType::Counter ? "counter" : "gauge";
}

void append_family(std::string &out, const MetricFamily &family) {
  out += "# HELP ";
  out += family.name;
  out += ' ';
  append_escaped(out, family.help, false);
  out += "\n# TYPE ";
  out += family.name;
  out += ' ';
  out += name_of(family.type);
  out += '\n';
  for (const ClientMetric &metric : family.metric) {
    const std::string labels = text_of(metric.label);
    if (family.type == MetricType::Histogram) {
      append_histogram(out, family.name, labels, metric.histogram);
    } else {
      append_sample(out, family.name, "", labels,
                    family.type == MetricType::Counter ? metric.counter.value : metric.gauge.value);
    }
  }
}

}  // namespace

std::string to_text(const std::vector<MetricFamily> &families) {
  std::string out;
  out.reserve(32 << 10);
  for (const MetricFamily &family : families) append_family(out, family);
  return out;
}

}  // namespace taskworker::metrics
