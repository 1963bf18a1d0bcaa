// SPDX-License-Identifier: MIT
#include "compare/timeline.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

namespace taskworker::compare {
namespace {

constexpr std::string_view head = "seconds,tasks,threads,jobs,resident_bytes";
constexpr std::size_t columns = 5;

/// Takes what stands before the next `mark`, and the mark, away from `rest`.
std::string_view take_up_to(char mark, std::string_view &rest) {
  const auto part = rest.substr(0, rest.find(mark));
  rest.remove_prefix(std::min(part.size() + 1, rest.size()));
  return part;
}

double read_number(std::string_view text, std::string_view line) {
  double value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) {
    throw timeline_error("it has the line '" + std::string(line) + "'");
  }
  return value;
}

}  // namespace

timeline read_timeline(std::string_view csv) {
  timeline read;
  const std::array<std::vector<double> *, columns> parts{&read.seconds, &read.tasks, &read.threads,
                                                         &read.jobs, &read.resident_bytes};
  if (take_up_to('\n', csv) != head)
    throw timeline_error("it does not begin with " + std::string(head));
  while (!csv.empty()) {
    const auto line = take_up_to('\n', csv);
    auto rest = line;
    for (auto *part : parts) part->push_back(read_number(take_up_to(',', rest), line));
  }
  return read;
}

}  // namespace taskworker::compare
