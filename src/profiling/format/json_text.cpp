// SPDX-License-Identifier: MIT
#include "profiling/format/json_text.hpp"

#include <array>
#include <cstdio>

#include "strategy/text.hpp"

namespace taskworker::profiling {
namespace {

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
    const std::size_t size = strategy::size_of_character(text);
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
