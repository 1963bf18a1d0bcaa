// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "http/message.hpp"

namespace taskworker::http {

/// One header line as it was sent, without the blanks around its value.
struct field {
  std::string_view name;
  std::string_view value;
};

/// A request line and its headers, parsed but not yet checked. Borrows its text.
struct head {
  std::string_view method;
  std::string_view target;
  unsigned version = 11;  ///< 10 or 11
  std::vector<field> fields;
};

/// How much may come before the body.
struct head_limits {
  std::size_t bytes = 8 * 1024;         ///< the whole head and an empty line before it; above: 431
  std::size_t request_line = 4 * 1024;  ///< bytes, so a URL is a little shorter; above: 414
  std::size_t fields = 100;             ///< header lines; above: 431
};

enum class head_state { incomplete, complete, refused };

/// Finds the end of a head in bytes as they arrive, and refuses at the first bad
/// byte what Beast's parser lets pass or waits for: lines that end in LF alone, a CR
/// alone, control bytes, headers folded over two lines (obs-fold), and more than
/// the limits. It looks at every byte once.
class head_scanner {
 public:
  explicit head_scanner(const head_limits &limits) : limits_(limits) {}

  /// `received` holds all bytes since the start of this head: what it held at the
  /// call before, and more. Not to be called again after complete or refused.
  head_state scan(std::string_view received);

  /// After complete: where the request line starts (one empty line may stand before
  /// it, RFC 9112 section 2.2) and where the head ends, as offsets into `received`.
  [[nodiscard]] std::size_t begin() const { return begin_; }
  [[nodiscard]] std::size_t end() const { return next_; }

  /// After refused: what to answer.
  [[nodiscard]] const response &refusal() const { return refusal_; }

 private:
  head_state refuse(unsigned status, std::string_view text);
  head_state check_byte(char byte);
  head_state end_line();

  head_limits limits_;
  std::size_t begin_ = 0;       // of the request line
  std::size_t line_begin_ = 0;  // of the line being read
  std::size_t next_ = 0;        // first byte not yet seen
  std::size_t lines_ = 0;       // complete ones, the request line among them
  bool after_cr_ = false;
  response refusal_;
};

}  // namespace taskworker::http
