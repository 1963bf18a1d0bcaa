// SPDX-License-Identifier: MIT
#include "profiling/format/html_text.hpp"

namespace taskworker::profiling {

std::string escape_html(std::string_view text) {
  std::string escaped;
  for (const char character : text) {
    switch (character) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      default:
        escaped += character;
    }
  }
  return escaped;
}

std::string fill_page(std::string_view page, std::span<const page_slot> slots) {
  std::string filled;
  for (const auto &[mark, text] : slots) {
    const std::size_t at = page.find(mark);
    filled += page.substr(0, at);
    filled += text;
    page.remove_prefix(at + mark.size());
  }
  return filled += page;
}

}  // namespace taskworker::profiling
