// SPDX-License-Identifier: MIT
#include "cli/values.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <array>
#include <charconv>
#include <limits>

#include "cli/error.hpp"

namespace taskworker::cli {
namespace {

using unit = std::pair<std::string_view, std::uint64_t>;

constexpr std::uint64_t ns_per_ms = 1'000'000;
constexpr std::uint64_t ns_per_s = 1'000 * ns_per_ms;
// "ms" before "m" and "s": the first one that fits is taken.
constexpr std::array duration_units{
    unit{"ms", ns_per_ms},
    unit{"s", ns_per_s},
    unit{"m", 60 * ns_per_s},
    unit{"h", 3'600 * ns_per_s},
};

// Any longer is a slip of the pen, and a deadline this far still fits the clock.
constexpr std::uint64_t max_duration_ns = std::uint64_t{10} * 365 * 24 * 3'600 * ns_per_s;

constexpr std::array byte_units{
    unit{"K", std::uint64_t{1} << 10},
    unit{"M", std::uint64_t{1} << 20},
    unit{"G", std::uint64_t{1} << 30},
};

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t number = 0;
  const char *end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

// The unit that `text` ends with, removed from it; 0 when there is none.
template <std::size_t Count>
std::uint64_t cut_unit(std::string_view &text, const std::array<unit, Count> &units) {
  for (const auto &[suffix, factor] : units) {
    if (!text.ends_with(suffix)) continue;
    text.remove_suffix(suffix.size());
    return factor;
  }
  return 0;
}

std::optional<std::uint64_t> multiply(std::optional<std::uint64_t> number, std::uint64_t factor) {
  std::uint64_t product = 0;
  if (!number || __builtin_mul_overflow(*number, factor, &product)) return std::nullopt;
  return product;
}

std::string describe_time(std::chrono::milliseconds time) {
  const auto count = time.count();
  return count % 1000 == 0 ? std::to_string(count / 1000) + "s" : std::to_string(count) + "ms";
}

std::string describe_bytes(std::uint64_t bytes) {
  for (auto entry = byte_units.rbegin(); entry != byte_units.rend(); ++entry) {
    if (bytes % entry->second == 0) {
      return std::to_string(bytes / entry->second) + std::string(entry->first);
    }
  }
  return std::to_string(bytes);
}

bool is_address(int family, const std::string &text) {
  std::array<unsigned char, sizeof(in6_addr)> address;
  return inet_pton(family, text.c_str(), address.data()) == 1;
}

// The address of ADDR:PORT without the brackets of IPv6, or nothing.
std::optional<std::string> parse_address(std::string_view text) {
  if (text.starts_with('[') && text.ends_with(']')) {
    std::string inner(text.substr(1, text.size() - 2));
    return is_address(AF_INET6, inner) ? std::optional(std::move(inner)) : std::nullopt;
  }
  std::string whole(text);
  return is_address(AF_INET, whole) ? std::optional(std::move(whole)) : std::nullopt;
}

}  // namespace

void refuse(const given_value &given, const std::string &expected) {
  throw usage_error(given.where + " got '" + given.text + "': expected " + expected);
}

std::uint64_t read_number(const given_value &given, std::uint64_t minimum, std::uint64_t maximum) {
  const auto number = parse_number(given.text);
  if (number && *number >= minimum && *number <= maximum) return *number;
  refuse(given, "a whole number, " + std::to_string(minimum) + " to " + std::to_string(maximum));
}

std::chrono::nanoseconds read_duration(const given_value &given,
                                       std::chrono::milliseconds minimum) {
  std::string_view digits = given.text;
  const auto factor = cut_unit(digits, duration_units);
  const auto ns = multiply(parse_number(digits), factor);
  const bool has_unit = factor != 0 || (ns && digits == "0");
  if (ns && has_unit && *ns <= max_duration_ns) {
    const std::chrono::nanoseconds time(static_cast<std::int64_t>(*ns));
    if (time >= minimum) return time;
  }
  const std::string range =
      minimum.count() == 0 ? "at most 10 years, or 0" : describe_time(minimum) + " to 10 years";
  refuse(given, "a time such as 500ms, 30s, 5m or 2h, " + range);
}

std::uint64_t read_bytes(const given_value &given, std::uint64_t minimum, std::uint64_t maximum) {
  std::string_view digits = given.text;
  const auto factor = cut_unit(digits, byte_units);
  const auto bytes = multiply(parse_number(digits), factor == 0 ? 1 : factor);
  if (bytes && *bytes >= minimum && *bytes <= maximum) return *bytes;
  refuse(given, "a number of bytes such as 4096, 512K or 1M, " + describe_bytes(minimum) + " to " +
                    describe_bytes(maximum));
}

bool read_switch(const given_value &given) {
  return read_choice<bool>(given, {{"true", true}, {"false", false}});
}

std::string read_text(const given_value &given, const std::string &expected) {
  if (given.text.empty()) refuse(given, expected);
  return given.text;
}

std::string read_output(const given_value &given, const std::string &expected) {
  if (given.text == "-") refuse(given, expected + ", ./- for one of that name");
  return read_text(given, expected);
}

std::optional<listen_address> read_listen_address(const given_value &given) {
  if (given.text == "none") return std::nullopt;
  const std::string_view text = given.text;
  const auto colon = text.rfind(':');
  if (colon != std::string_view::npos) {
    auto host = parse_address(text.substr(0, colon));
    const auto port = parse_number(text.substr(colon + 1));
    if (host && port && *port <= std::numeric_limits<std::uint16_t>::max()) {
      return listen_address{std::move(*host), static_cast<std::uint16_t>(*port)};
    }
  }
  refuse(given,
         "an IP address and a port, such as 127.0.0.1:9090, 0.0.0.0:9090 or [::1]:9090, or none");
}

std::string read_source(const given_value &given) {
  constexpr std::string_view prefix = "file:";
  if (given.text == "-") return given.text;
  if (!given.text.starts_with(prefix) || given.text.size() == prefix.size()) {
    refuse(given, "file:PATH, or - for standard input");
  }
  std::string path = given.text.substr(prefix.size());
  // A file of this name, not standard input.
  return path == "-" ? "./-" : path;
}

std::string read_host_name(const given_value &given) {
  const bool is_name =
      !given.text.empty() && std::all_of(given.text.begin(), given.text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '.' || c == '_';
      });
  if (!is_name) refuse(given, "a host name without a port, such as worker.example.org");
  return given.text;
}

}  // namespace taskworker::cli
