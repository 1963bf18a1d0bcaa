// SPDX-License-Identifier: MIT
#include "metrics/units.hpp"

#include <array>
#include <cmath>
#include <cstdio>

namespace taskworker::metrics {
namespace {

std::string with_decimals(double value, int decimals) {
  std::array<char, 64> text;
  const int size = std::snprintf(text.data(), text.size(), "%.*f", decimals, value);
  return {text.data(), static_cast<std::size_t>(size)};
}

/// Three significant digits, more before the point.
std::string three_digits(double value) {
  if (value == 0) return "0";
  if (value < 9.995) return with_decimals(value, 2);
  if (value < 99.95) return with_decimals(value, 1);
  return with_decimals(value, 0);
}

}  // namespace

std::string with_commas(std::uint64_t count) {
  std::string text = std::to_string(count);
  for (std::size_t place = text.size(); place > 3; place -= 3) text.insert(place - 3, ",");
  return text;
}

std::string in_bytes(std::uint64_t bytes) {
  if (bytes < 1000) return std::to_string(bytes) + " B";
  double value = static_cast<double>(bytes);
  const char *unit = "B";
  for (const char *next : {"KiB", "MiB", "GiB", "TiB"}) {
    if (value < 999.5) break;
    value /= 1024;
    unit = next;
  }
  return three_digits(value) + " " + unit;
}

std::string in_time(double seconds) {
  if (seconds < 999.5e-9) return with_decimals(seconds * 1e9, 0) + " ns";
  if (seconds < 999.5e-6) return three_digits(seconds * 1e6) + " us";
  if (seconds < 999.5e-3) return three_digits(seconds * 1e3) + " ms";
  return three_digits(seconds) + " s";
}

std::string rounded(double value) {
  return value < 999.5 ? three_digits(value)
                       : with_commas(static_cast<std::uint64_t>(std::llround(value)));
}

std::string counted(std::uint64_t count, const std::string &noun) {
  return with_commas(count) + " " + noun + (count == 1 ? "" : "s");
}

}  // namespace taskworker::metrics
