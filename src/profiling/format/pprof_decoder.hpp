// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "profiling/profile.hpp"
#include "profiling/symbols/source_place.hpp"

namespace taskworker::profiling {

/// A profile of another process, with the names that it brought along.
struct named_profile {
  profile content;  ///< its frames are numbers of `places`
  /// What a frame stands for, innermost first, never empty.
  std::unordered_map<std::uintptr_t, std::vector<source_place>> places;
};

/// These bytes are no profile. what() says what was found.
class pprof_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Reads profile.proto, gzip'd or not, as encode_pprof() writes it
/// (https://github.com/google/pprof/blob/main/proto/profile.proto). A frame without a function
/// is told by its module and its place in the file. Labels that are numbers, and fields that we
/// do not write, are passed over. Any bytes may be given: up to 256 MiB are unpacked. Throws
/// pprof_error. [thread-safe]
[[nodiscard]] named_profile decode_pprof(std::string_view bytes);

}  // namespace taskworker::profiling
