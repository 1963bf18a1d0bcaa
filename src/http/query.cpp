// SPDX-License-Identifier: MIT
#include "http/query.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace taskworker::http {
namespace {

std::optional<std::string> decode_form(std::string_view text) {
  std::string blanks(text);
  std::replace(blanks.begin(), blanks.end(), '+', ' ');
  return decode_percent(blanks);
}

std::optional<parameter> parse_parameter(std::string_view piece) {
  const auto equals = std::min(piece.find('='), piece.size());
  auto key = decode_form(piece.substr(0, equals));
  auto value = decode_form(piece.substr(std::min(equals + 1, piece.size())));
  if (!key || !value) return std::nullopt;
  return parameter{*std::move(key), *std::move(value)};
}

}  // namespace

std::optional<std::string> decode_percent(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded.push_back(text[i]);
      continue;
    }
    const auto digits = text.substr(i + 1, 2);
    unsigned char byte = 0;
    const auto *end = std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16).ptr;
    if (end - digits.data() != 2) return std::nullopt;
    decoded.push_back(static_cast<char>(byte));
    i += 2;
  }
  return decoded;
}

std::optional<std::vector<parameter>> parse_query(std::string_view text) {
  std::vector<parameter> query;
  while (!text.empty()) {
    const auto end = std::min(text.find('&'), text.size());
    const auto piece = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (piece.empty()) continue;
    auto parsed = parse_parameter(piece);
    if (!parsed) return std::nullopt;
    query.push_back(*std::move(parsed));
  }
  return query;
}

}  // namespace taskworker::http
