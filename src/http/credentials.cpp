// SPDX-License-Identifier: MIT
#include "http/credentials.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "http/ascii.hpp"

namespace taskworker::http {
namespace {

bool equal_in_constant_time(std::string_view given, std::string_view expected) {
  if (expected.empty()) return false;
  std::size_t difference = given.size() ^ expected.size();
  for (std::size_t i = 0; i < given.size(); ++i) {
    difference |= static_cast<unsigned char>(given[i] ^ expected[i % expected.size()]);
  }
  return difference == 0;
}

std::optional<std::string> decode_base64(std::string_view text) {
  constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  while (text.ends_with('=')) text.remove_suffix(1);
  std::string decoded;
  std::uint32_t bits = 0;
  unsigned bit_count = 0;
  for (const char c : text) {
    const auto value = alphabet.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    bit_count += 6;
    if (bit_count < 8) continue;
    bit_count -= 8;
    decoded.push_back(static_cast<char>(bits >> bit_count & 0xff));
  }
  return decoded;
}

bool basic_presents(std::string_view encoded, std::string_view token) {
  const auto decoded = decode_base64(encoded);
  if (!decoded) return false;
  const auto colon = decoded->find(':');
  return colon != std::string::npos &&
         equal_in_constant_time(std::string_view(*decoded).substr(colon + 1), token);
}

}  // namespace

bool presents_token(std::string_view authorization, std::string_view token) {
  const auto space = authorization.find(' ');
  if (space == std::string_view::npos) return false;
  const auto scheme = authorization.substr(0, space);
  auto value = authorization.substr(space);
  value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
  if (equal_ignoring_case(scheme, "Bearer")) return equal_in_constant_time(value, token);
  return equal_ignoring_case(scheme, "Basic") && basic_presents(value, token);
}

}  // namespace taskworker::http
