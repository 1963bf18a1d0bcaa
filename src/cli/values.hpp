// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "cli/config.hpp"

namespace taskworker::cli {

/// The value of an option as a user wrote it.
struct given_value {
  std::string where;  ///< for errors: "--tasks", or "run.conf:3: tasks"
  std::string text;
};

/// Throws usage_error "WHERE got 'TEXT': expected EXPECTED".
[[noreturn]] void refuse(const given_value &given, const std::string &expected);

/// The readers take nothing but what they name: no spaces, no '+', nothing after
/// the value, no number that does not fit. They throw usage_error by refuse().

/// A whole number in decimal, minimum .. maximum.
[[nodiscard]] std::uint64_t read_number(const given_value &given, std::uint64_t minimum,
                                        std::uint64_t maximum);

/// A whole number with ms, s, m or h behind it, or a bare 0; minimum .. 10 years.
[[nodiscard]] std::chrono::nanoseconds read_duration(const given_value &given,
                                                     std::chrono::milliseconds minimum = {});

/// A whole number of bytes, or of 1024, 1024^2, 1024^3 bytes with K, M, G behind it.
[[nodiscard]] std::uint64_t read_bytes(const given_value &given, std::uint64_t minimum,
                                       std::uint64_t maximum);

/// "true" or "false".
[[nodiscard]] bool read_switch(const given_value &given);

/// Any text but the empty one; `expected` says what it is.
[[nodiscard]] std::string read_text(const given_value &given, const std::string &expected);

/// A path to write to. Not "-", which where something is read stands for a stream.
[[nodiscard]] std::string read_output(const given_value &given, const std::string &expected);

/// ADDR:PORT with an IPv4 address or an IPv6 address in brackets; nothing for
/// "none". The address is not optional: ":9090" would open every interface by two
/// letters left out.
[[nodiscard]] std::optional<listen_address> read_listen_address(const given_value &given);

/// file:PATH as the path, or "-" as it is.
[[nodiscard]] std::string read_source(const given_value &given);

/// A host name without port, as --allow-host takes it.
[[nodiscard]] std::string read_host_name(const given_value &given);

/// One of some words; the value that stands beside it.
template <typename Value>
[[nodiscard]] Value read_choice(const given_value &given,
                                std::initializer_list<std::pair<std::string_view, Value>> choices) {
  const auto found = std::find_if(choices.begin(), choices.end(),
                                  [&](const auto &choice) { return choice.first == given.text; });
  if (found != choices.end()) return found->second;
  std::string words;
  for (const auto &choice : choices) {
    words += (words.empty() ? "" : ", ") + std::string(choice.first);
  }
  refuse(given, "one of " + words);
}

}  // namespace taskworker::cli
