// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "http/head.hpp"

namespace taskworker::http {

/// What one client may take from the server. Deadlines run from the start of their
/// step to its end, however steadily bytes arrive: a slow sender gains nothing. None runs
/// while a slow request is at work: its handler bounds that.
struct limits {
  /// Open at once. Above: the one that has waited longest for its client is cut (places.hpp),
  /// or 503 where all are at work.
  std::size_t connections = 64;

  /// So long nobody is cut for that who has connected, or asked, and has no answer yet. New
  /// clients wait meanwhile: a crowd of silent ones is gone through at the rate of
  /// connections / grace.
  std::chrono::milliseconds grace{50};

  std::size_t requests_per_connection = 1000;  ///< the last one is answered, then close
  std::size_t slow_requests = 16;              ///< at work at once; above: 429

  head_limits head;
  /// Bytes; above: 413. jeprof asks for the names of all addresses of a dump at once, some
  /// 20 bytes each.
  std::uint64_t body = 256 * 1024;

  /// From connecting, or from the first byte of a later request, to the end of its
  /// head. Above: 408.
  std::chrono::milliseconds head_deadline = std::chrono::seconds(5);
  std::chrono::milliseconds body_deadline = std::chrono::seconds(5);  ///< above: 408

  /// For a whole response, however large. Above: the connection is dropped.
  std::chrono::milliseconds write_deadline = std::chrono::seconds(30);

  /// A kept connection without a further request is closed without a word.
  std::chrono::milliseconds idle_deadline = std::chrono::seconds(60);

  /// After the last response, what the client still sends is read and thrown away for
  /// so long: closing at once would break its sending, and it might not see the response.
  std::chrono::milliseconds linger_deadline = std::chrono::seconds(1);
};

}  // namespace taskworker::http
