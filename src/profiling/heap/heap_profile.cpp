// SPDX-License-Identifier: MIT
#include "profiling/heap/heap_profile.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "profiling/synthetic_frame.hpp"

namespace taskworker::profiling {
namespace {

/// Walks through the lines of a text, and through what is in the line.
class line_reader {
 public:
  explicit line_reader(std::string_view text) : text_(text) {}

  /// Goes to the next line; a last one without an end counts too.
  bool next() {
    if (text_.empty()) return false;
    line_ = text_.substr(0, text_.find('\n'));
    text_.remove_prefix(std::min(line_.size() + 1, text_.size()));
    rest_ = line_;
    ++number_;
    return true;
  }

  [[nodiscard]] std::string_view line() const { return line_; }
  [[nodiscard]] bool is_at_end() const { return rest_.empty(); }

  bool skip(std::string_view expected) {
    if (!rest_.starts_with(expected)) return false;
    rest_.remove_prefix(expected.size());
    return true;
  }

  bool read(std::uint64_t &number, int base = 10) {
    const auto [end, error] =
        std::from_chars(rest_.data(), rest_.data() + rest_.size(), number, base);
    if (error != std::errc()) return false;
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return true;
  }

  [[noreturn]] void fail(const char *expected) const {
    constexpr std::size_t enough = 60;
    throw heap_format_error("line " + std::to_string(number_) + " of the heap dump is '" +
                            std::string(line_.substr(0, enough)) + "', expected " + expected);
  }

 private:
  std::string_view text_;
  std::string_view line_;
  std::string_view rest_;
  std::uint64_t number_ = 0;
};

/// Samples of one kind: in use, or ever taken.
struct sampled {
  std::uint64_t objects = 0;
  std::uint64_t bytes = 0;
};

struct line_counts {
  sampled in_use;
  sampled ever;
};

constexpr std::string_view all_threads = "  t*: ";
constexpr std::string_view one_thread = "  t";
constexpr std::string_view end_of_stacks = "MAPPED_LIBRARIES:";

std::uint64_t read_rate(line_reader &lines) {
  std::uint64_t rate = 0;
  if (!lines.next() || !lines.skip("heap_v2/") || !lines.read(rate) || !lines.is_at_end()) {
    lines.fail("'heap_v2/RATE'");
  }
  return rate;
}

line_counts read_counts(line_reader &lines) {
  line_counts counts;
  const bool is_read = lines.skip(all_threads) && lines.read(counts.in_use.objects) &&
                       lines.skip(": ") && lines.read(counts.in_use.bytes) && lines.skip(" [") &&
                       lines.read(counts.ever.objects) && lines.skip(": ") &&
                       lines.read(counts.ever.bytes) && lines.skip("]") && lines.is_at_end();
  if (!is_read) lines.fail("'  t*: COUNT: BYTES [COUNT: BYTES]'");
  return counts;
}

line_counts read_counts_of_next(line_reader &lines) {
  if (!lines.next()) throw heap_format_error("the heap dump ends in the middle of a stack");
  return read_counts(lines);
}

// Of a stack that is deeper jemalloc keeps the innermost part.
constexpr std::size_t jemalloc_depth = 128;

std::vector<std::uintptr_t> read_stack(line_reader &lines) {
  std::vector<std::uintptr_t> frames;
  lines.skip("@");
  while (!lines.is_at_end()) {
    std::uintptr_t frame = 0;
    const bool is_read = lines.skip(" ") && (lines.skip("0x"), lines.read(frame, 16));
    if (!is_read) lines.fail("'@' and addresses");
    frames.push_back(frame);
  }
  if (frames.empty()) frames.push_back(address_of(synthetic_frame::unwind_failed));
  if (frames.size() == jemalloc_depth) frames.push_back(address_of(synthetic_frame::stack_cut));
  return frames;
}

// The outermost frame stays: a line of a profile must lie somewhere.
void strip(std::vector<std::uintptr_t> &frames, const std::vector<code_range> &allocator) {
  const auto is_allocator = [&](std::uintptr_t frame) {
    const std::uintptr_t call = frame - 1;
    return std::any_of(allocator.begin(), allocator.end(), [&](const code_range &range) {
      return range.begin <= call && call < range.end;
    });
  };
  frames.erase(frames.begin(), std::find_if_not(frames.begin(), frames.end() - 1, is_allocator));
}

std::int64_t to_value(double number) {
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  return number < static_cast<double>(most) ? std::llround(number) : most;
}

// A block is sampled with the probability 1 - exp(-size / rate).
void append_scaled(std::vector<std::int64_t> &values, const sampled &taken, std::uint64_t rate) {
  const auto objects = static_cast<double>(taken.objects);
  const auto bytes = static_cast<double>(taken.bytes);
  double scale = 1;
  if (taken.objects == 0 || taken.bytes == 0) {
    scale = 0;
  } else if (rate > 1) {
    scale = -1 / std::expm1(-(bytes / objects) / static_cast<double>(rate));
  }
  values.push_back(to_value(objects * scale));
  values.push_back(to_value(bytes * scale));
}

std::vector<std::int64_t> scaled_values(const line_counts &counts, std::uint64_t rate) {
  std::vector<std::int64_t> values;
  values.reserve(4);
  append_scaled(values, counts.ever, rate);
  append_scaled(values, counts.in_use, rate);
  return values;
}

// Few of so many are hit by chance, so their number spreads as Poisson's.
std::string expected_error(std::uint64_t samples) {
  const double relative = 1 / std::sqrt(static_cast<double>(samples));
  return "the total in use may well be off by " + std::to_string(std::lround(100 * relative)) +
         " %, a line with n of the samples by 1/sqrt(n); less where blocks are larger than the "
         "distance of samples";
}

void describe(profile &heap, const line_counts &all, std::uint64_t rate) {
  heap.comments.push_back("estimates from one sample each " + std::to_string(rate) +
                          " allocated bytes on average: " + std::to_string(all.in_use.objects) +
                          " samples are of blocks in use, " + std::to_string(all.ever.objects) +
                          " were ever taken");
  heap.comments.push_back(all.in_use.objects > 0 ? expected_error(all.in_use.objects)
                                                 : "no block that was sampled is in use");
}

profile make_empty(std::uint64_t rate) {
  profile heap;
  heap.sample_types = {{"alloc_objects", "count"},
                       {"alloc_space", "bytes"},
                       {"inuse_objects", "count"},
                       {"inuse_space", "bytes"}};
  heap.period_type = {"space", "bytes"};
  heap.period = to_value(static_cast<double>(rate));
  return heap;
}

}  // namespace

profile parse_heap_dump(std::string_view dump, const std::vector<code_range> &allocator) {
  line_reader lines(dump);
  const std::uint64_t rate = read_rate(lines);
  profile heap = make_empty(rate);
  describe(heap, read_counts_of_next(lines), rate);
  profile_builder builder(std::move(heap));
  while (lines.next()) {
    if (lines.line().starts_with('@')) {
      std::vector<std::uintptr_t> frames = read_stack(lines);
      strip(frames, allocator);
      builder.add({std::move(frames), scaled_values(read_counts_of_next(lines), rate), {}});
    } else if (lines.line() == end_of_stacks) {
      return builder.take();
    } else if (!lines.line().empty() && !lines.line().starts_with(one_thread)) {
      lines.fail("a stack ('@ ...') or counts ('  t...')");
    }
  }
  throw heap_format_error("the heap dump ends before 'MAPPED_LIBRARIES:', as one cut short does");
}

}  // namespace taskworker::profiling
