// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace taskworker::metrics {

/// What is used of /proc/PID/stat (proc(5)): what stays as it is.
struct stat_fields {
  std::uint64_t start_ticks = 0;  ///< since boot, in sysconf(_SC_CLK_TCK) a second
  std::uint64_t heap_start = 0;   ///< address of the brk segment; 0 = the kernel does not tell
};

/// Reads the text of /proc/PID/stat, whatever the name of the program holds. Nothing
/// where a field is missing or no number.
[[nodiscard]] std::optional<stat_fields> parse_stat(std::string_view text);

/// The value in bytes of a line "NAME:   123 kB" of /proc/PID/status; nothing where
/// there is no such line.
[[nodiscard]] std::optional<std::uint64_t> parse_status_bytes(std::string_view text,
                                                              std::string_view name);

/// What is used of /proc/PID/task/TID/status (proc(5)).
struct thread_status {
  std::string name;                   ///< a newline in it as \\n, a backslash twice
  char state = '?';                   ///< R running, S sleeping, D disk ...
  std::uint64_t pending_signals = 0;  ///< signal 1 is the lowest bit
  std::uint64_t blocked_signals = 0;
};

/// Nothing where a line is missing.
[[nodiscard]] std::optional<thread_status> parse_thread_status(std::string_view text);

}  // namespace taskworker::metrics
