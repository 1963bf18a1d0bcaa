// SPDX-License-Identifier: MIT
#include "profiling/format/profile_text.hpp"

#include <algorithm>
#include <array>
#include <cinttypes>
#include <cstdio>
#include <ctime>
#include <span>
#include <string_view>

#include "profiling/format/function_ranking.hpp"
#include "profiling/format/measured_value.hpp"

namespace taskworker::profiling {
namespace {

/// Lines of the table of the strategy's own functions.
constexpr std::size_t own_count = 15;

std::string_view base_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

std::int64_t sum_of(const profile &source, std::size_t sample_type) {
  std::int64_t sum = 0;
  for (const auto &sample : source.samples) sum += sample.values[sample_type];
  return sum;
}

// ---- The table ------------------------------------------------------------------

std::string in_utc(std::int64_t time_ns) {
  const std::time_t seconds = time_ns / 1'000'000'000;
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 32> text;
  return {text.data(), std::strftime(text.data(), text.size(), "%F %T UTC", &parts)};
}

/// "1 sample", "2 samples".
std::string counted(std::int64_t count, std::string_view nouns) {
  if (count == 1 && nouns.ends_with('s')) nouns.remove_suffix(1);
  return format_value(count, "count") + ' ' + std::string(nouns);
}

/// "cpu: 12.3 s in 30 s (0.41 of a CPU), 1,230 samples, 2026-11-23 14:33:02 UTC"
std::string head_line(const profile &source, std::size_t sample_type) {
  const value_type &measured = source.sample_types[sample_type];
  const std::int64_t sum = sum_of(source, sample_type);
  std::string line = measured.type + ": " + format_value(sum, measured.unit);
  if (source.duration_ns > 0) {
    line += " in " + format_value(source.duration_ns, "nanoseconds");
    if (measured.type == "cpu") {
      std::array<char, 48> share;
      const double cpus = static_cast<double>(sum) / static_cast<double>(source.duration_ns);
      std::snprintf(share.data(), share.size(), " (%.2f of a CPU)", cpus);
      line += share.data();
    }
  }
  // A count stands before what it counts: samples/cpu, contentions/delay, objects/space.
  if (sample_type > 0 && source.sample_types[sample_type - 1].unit == "count") {
    line +=
        ", " + counted(sum_of(source, sample_type - 1), source.sample_types[sample_type - 1].type);
  }
  if (source.time_ns > 0) line += ", " + in_utc(source.time_ns);
  return line + '\n';
}

std::string notes(const profile &source) {
  std::string text;
  for (const auto &comment : source.comments) text += "# " + comment + '\n';
  return text;
}

std::string percent(std::int64_t part, std::int64_t whole) {
  const double share = whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : 0;
  std::array<char, 32> text;
  std::snprintf(text.data(), text.size(), "%.1f%%", 100 * share);
  return text.data();
}

std::string left(std::string_view text, std::size_t width) {
  std::string padded(text);
  padded.resize(std::max(width, padded.size()), ' ');
  return padded;
}

std::string right(std::string_view text, std::size_t width) {
  return std::string(width - std::min(width, text.size()), ' ').append(text);
}

std::string table_row(std::array<std::string_view, 6> cells, std::size_t place_width) {
  return right(cells[0], 8) + right(cells[1], 7) + "  " + right(cells[2], 8) + right(cells[3], 7) +
         "  " + left(cells[4], place_width) + "  " + std::string(cells[5]) + '\n';
}

std::string table(std::span<const top_line> lines, std::int64_t whole, std::string_view unit) {
  std::size_t place_width = std::string_view("where").size();
  for (const auto &line : lines) place_width = std::max(place_width, line.place.size());
  std::string text =
      table_row({"self", "self%", "total", "total%", "where", "function"}, place_width);
  for (const auto &line : lines) {
    text += table_row(
        {format_value(line.self, unit), percent(line.self, whole), format_value(line.total, unit),
         percent(line.total, whole), line.place, line.function},
        place_width);
  }
  return text;
}

std::string own_table(const std::vector<own_line> &lines, std::int64_t whole,
                      std::string_view unit) {
  std::string text = "\nLines of the strategy, each with what it called outside of it:\n\n";
  std::size_t place_width = 0;
  const auto shown = std::span(lines).first(std::min(own_count, lines.size()));
  for (const auto &line : shown) place_width = std::max(place_width, line.place.size());
  for (const auto &line : shown) {
    text += right(format_value(line.amount, unit), 8) + right(percent(line.amount, whole), 7) +
            "  " + left(line.place, place_width) + "  " + line.function + '\n';
  }
  return text;
}

// ---- Stacks ----------------------------------------------------------------------

std::string address_text(std::uintptr_t address) {
  std::array<char, 2 + 2 * sizeof address + 1> text;
  std::snprintf(text.data(), text.size(), "0x%" PRIxPTR, address);
  return text.data();
}

std::string values_in_order(const profile &source, const std::vector<std::int64_t> &values) {
  std::vector<std::string> words;
  for (const auto value : values) words.push_back(std::to_string(value));
  if (words.size() == 4) {
    return words[2] + ": " + words[3] + " [" + words[0] + ": " + words[1] + ']';
  }
  if (source.sample_types.front().type == "contentions") std::reverse(words.begin(), words.end());
  std::string text = words.front();
  for (std::size_t i = 1; i < words.size(); ++i) text += ' ' + words[i];
  return text;
}

std::string in_quotes(std::string_view text) {
  std::string quoted = "\"";
  for (const char character : text) {
    if (character == '"' || character == '\\') quoted += '\\';
    quoted += static_cast<unsigned char>(character) < ' ' ? '?' : character;
  }
  return quoted + '"';
}

std::string labels_line(const std::vector<label> &labels) {
  std::string text;
  for (const auto &[key, value] : labels) {
    text += (text.empty() ? "# labels: {" : ", ") + in_quotes(key) + ':' + in_quotes(value);
  }
  return text.empty() ? text : text + "}\n";
}

std::string exact_place(const source_place &place) {
  if (place.line != 0) return place.file + ':' + std::to_string(place.line);
  if (place.module.empty()) return "";
  return std::string(base_name(place.module)) + '+' + address_text(place.offset);
}

using frame_row = std::array<std::string, 3>;

std::vector<frame_row> rows_of(const std::vector<std::uintptr_t> &frames, symbols &names) {
  std::vector<frame_row> rows;
  for (const auto frame : frames) {
    const auto resolved = names.resolve(frame);
    for (const auto &place : resolved->places) {
      rows.push_back({address_text(frame), without_anonymous(place.function), exact_place(place)});
    }
  }
  return rows;
}

/// Tabs that fill a cell up to where the longest of its column ends; for the few names that
/// are very long, one.
std::string tabs_after(std::size_t size, std::size_t longest) {
  constexpr std::size_t tab = 8;
  constexpr std::size_t widest = 72;
  const std::size_t last = std::min(longest, widest) / tab;
  return std::string(last + 1 - std::min(size / tab, last), '\t');
}

std::string frame_lines(const std::vector<frame_row> &rows) {
  std::array<std::size_t, 2> longest{};
  for (const auto &row : rows) {
    for (std::size_t i = 0; i < longest.size(); ++i)
      longest[i] = std::max(longest[i], row[i].size());
  }
  std::string text;
  for (const auto &row : rows) {
    text += "#\t" + row[0] + tabs_after(row[0].size(), longest[0]) + row[1];
    if (!row[2].empty()) text += tabs_after(row[1].size(), longest[1]) + row[2];
    text += '\n';
  }
  return text;
}

}  // namespace

std::string format_top(const profile &source, std::size_t sample_type, std::size_t count,
                       symbols &names) {
  std::string text = head_line(source, sample_type) + notes(source);
  const std::int64_t whole = sum_of(source, sample_type);
  if (whole == 0) return text + '\n' + explain_empty(source) + '\n';

  const call_tree tree = build_call_tree(source, names);
  const auto lines = rank_functions(tree, sample_type);
  const std::size_t shown = std::min(count, lines.size());
  const std::string &unit = source.sample_types[sample_type].unit;
  const auto own = rank_own_lines(tree, sample_type);
  if (!own.empty()) text += own_table(own, whole, unit);
  text += "\nAll functions. self: in the function itself; total: in it and in what it called.\n\n" +
          table(std::span(lines).first(shown), whole, unit);
  if (shown < lines.size()) {
    const auto rest = static_cast<std::int64_t>(lines.size() - shown);
    text +=
        "and " + format_value(rest, "count") + (rest == 1 ? " function" : " functions") + " more\n";
  }
  return text;
}

std::string format_stacks(const std::string &head, const profile &source, symbols &names) {
  std::string text = head + '\n' + notes(source);
  for (const auto &sample : source.samples) {
    text += values_in_order(source, sample.values) + " @";
    for (const auto frame : sample.frames) text += ' ' + address_text(frame);
    text += '\n' + labels_line(sample.labels) + frame_lines(rows_of(sample.frames, names)) + '\n';
  }
  if (source.samples.empty()) text += "# " + explain_empty(source) + '\n';
  return text;
}

std::string explain_empty(const profile &source) {
  const std::string &measured = source.sample_types.back().type;
  if (measured == "cpu") {
    return "No samples: nothing used the CPU long enough to be seen. What waits, sleeps or is "
           "blocked uses none; a wall profile shows it.";
  }
  if (measured == "inuse_space") {
    return "No samples: little or no memory was allocated while heap profiling was on. One "
           "allocation about every " +
           format_value(source.period, "bytes") + " is looked at.";
  }
  if (measured == "delay") {
    return "No samples: no thread waited for another one that long, or recording was off.";
  }
  return "No samples: there was nothing to count.";
}

}  // namespace taskworker::profiling
