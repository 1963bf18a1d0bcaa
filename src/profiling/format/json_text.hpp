// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace taskworker::profiling {

/// Writes JSON that may stand inside an HTML script element: in strings, "<", ">" and "&" are
/// escaped, so that no text can end the element, and what is no UTF-8 becomes U+FFFD. Commas
/// are set by itself; the caller sees to the order of open() and close().
class json_text {
 public:
  /// Begins an array or an object: '[' or '{'. `key` for a member of an object.
  void open(char bracket, std::string_view key = {});
  void close(char bracket);
  void value(std::int64_t number);
  void value(std::string_view text);
  template <typename Value>
  void member(std::string_view key, const Value &content) {
    begin_item(key);
    needs_comma_ = false;
    value(content);
  }

  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  void begin_item(std::string_view key = {});
  void append_quoted(std::string_view text);

  std::string text_;
  bool needs_comma_ = false;
};

}  // namespace taskworker::profiling
