// SPDX-License-Identifier: MIT
#include "http/head.hpp"

namespace taskworker::http {
namespace {

constexpr std::size_t line_end_size = 2;  // CR LF

bool is_forbidden_control(char byte) {
  const auto value = static_cast<unsigned char>(byte);
  return (value < ' ' && byte != '\t' && byte != '\r' && byte != '\n') || value == 0x7f;
}

}  // namespace

head_state head_scanner::scan(std::string_view received) {
  while (next_ < received.size()) {
    if (next_ >= limits_.bytes) {
      return refuse(431, "the headers are too large: fewer or shorter ones are needed");
    }
    const char byte = received[next_];
    const auto state = check_byte(byte);
    if (state != head_state::incomplete) return state;
  }
  return head_state::incomplete;
}

head_state head_scanner::check_byte(char byte) {
  if ((byte == '\n') != after_cr_) {
    return refuse(400, "malformed request: every line of the head ends in CR LF");
  }
  if (is_forbidden_control(byte)) {
    return refuse(400,
                  "malformed request: control byte in the head (this server speaks plain "
                  "HTTP, not TLS)");
  }
  if ((byte == ' ' || byte == '\t') && next_ == line_begin_) {
    return refuse(400, "malformed request: a line of the head starts with a blank");
  }
  if (lines_ == 0 && next_ - begin_ >= limits_.request_line + line_end_size) {
    return refuse(414, "the URL is too long");
  }
  after_cr_ = byte == '\r';
  ++next_;
  return byte == '\n' ? end_line() : head_state::incomplete;
}

head_state head_scanner::end_line() {
  const bool is_empty = next_ - line_begin_ == line_end_size;
  line_begin_ = next_;
  if (is_empty && lines_ > 0) return head_state::complete;
  if (is_empty) {
    if (begin_ > 0) return refuse(400, "malformed request: no request line");
    begin_ = next_;
    return head_state::incomplete;
  }
  ++lines_;
  if (lines_ > limits_.fields + 1) return refuse(431, "too many headers");
  return head_state::incomplete;
}

head_state head_scanner::refuse(unsigned status, std::string_view text) {
  refusal_ = text_response(status, text);
  return head_state::refused;
}

}  // namespace taskworker::http
