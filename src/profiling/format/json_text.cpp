// SPDX-License-Identifier: MIT
#include "profiling/format/json_text.hpp"

#include <array>
#include <cstdio>

namespace taskworker::profiling {
namespace {

constexpr bool is_continuation(char byte) { return (byte & 0xc0) == 0x80; }

/// Bytes of the UTF-8 character that the text begins with; 0 = it is none. REQUIRES: not empty.
std::size_t character_size(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  if (first < 0x80) return 1;
  const std::size_t size = first < 0xc2   ? 0
                           : first < 0xe0 ? 2
                           : first < 0xf0 ? 3
                           : first < 0xf5 ? 4
                                          : 0;
  if (size == 0 || text.size() < size) return 0;
  for (const char byte : text.substr(1, size - 1)) {
    if (!is_continuation(byte)) return 0;
  }
  const auto second = static_cast<unsigned char>(text[1]);
  const bool is_overlong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
  const bool is_surrogate = first == 0xed && second >= 0xa0;
  const bool is_too_large = first == 0xf4 && second >= 0x90;
  return is_overlong || is_surrogate || is_too_large ? 0 : size;
}

constexpr bool needs_escape(char character) {
  return static_cast<unsigned char>(character) < ' ' ||
         std::string_view("\"\\<>&\x7f").find(character) != std::string_view::npos;
}

std::string escape_of(char character) {
  std::array<char, 8> text;
  std::snprintf(text.data(), text.size(), "\\u%04x", static_cast<unsigned>(character) & 0xffU);
  return text.data();
}

}  // namespace

void json_text::open(char bracket, std::string_view key) {
  begin_item(key);
  text_ += bracket;
  needs_comma_ = false;
}

void json_text::close(char bracket) {
  text_ += bracket;
  needs_comma_ = true;
}

void json_text::value(std::int64_t number) {
  begin_item();
  text_ += std::to_string(number);
}

void json_text::value(std::string_view text) {
  begin_item();
  append_quoted(text);
}

void json_text::begin_item(std::string_view key) {
  if (needs_comma_) text_ += ',';
  needs_comma_ = true;
  if (key.empty()) return;
  append_quoted(key);
  text_ += ':';
}

void json_text::append_quoted(std::string_view text) {
  text_ += '"';
  while (!text.empty()) {
    const std::size_t size = character_size(text);
    if (size == 0) {
      text_ += "\\ufffd";
    } else if (size == 1 && needs_escape(text[0])) {
      text_ += escape_of(text[0]);
    } else {
      text_ += text.substr(0, size);
    }
    text.remove_prefix(size == 0 ? 1 : size);
  }
  text_ += '"';
}

}  // namespace taskworker::profiling
