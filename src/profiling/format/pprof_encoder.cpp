// SPDX-License-Identifier: MIT
#include "profiling/format/pprof_encoder.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <protozero/pbf_writer.hpp>
#include <unordered_map>
#include <utility>
#include <vector>

#include "profiling/format/gzip.hpp"
#include "profiling/format/pprof_fields.hpp"
#include "profiling/synthetic_frame.hpp"

namespace taskworker::profiling {
namespace {

/// Texts by number, as a profile refers to them.
class string_table {
 public:
  string_table() { number_of(""); }

  std::int64_t number_of(const std::string &text) {
    const auto next = static_cast<std::int64_t>(texts_.size());
    const auto [known, is_new] = numbers_.try_emplace(text, next);
    if (is_new) texts_.push_back(&known->first);
    return known->second;
  }

  [[nodiscard]] const std::vector<const std::string *> &texts() const { return texts_; }

 private:
  std::unordered_map<std::string, std::int64_t> numbers_;
  std::vector<const std::string *> texts_;
};

/// What is known of all locations of a mapping. A mapping is there once for each, best
/// first: `pprof` joins them again, and takes the first one's flags for all.
enum class detail : std::uint8_t { lines, functions, nothing };
using mapping_part = std::pair<code_mapping, detail>;

bool has_function(const source_place &place) { return !place.function.empty(); }

bool has_line(const source_place &place) { return !place.file.empty() && place.line != 0; }

bool is_known(const source_place &place) { return has_function(place) || has_line(place); }

detail detail_of(const resolved_frame &frame) {
  const auto &places = frame.places;
  if (!std::all_of(places.begin(), places.end(), &has_function)) return detail::nothing;
  const bool has_lines = std::all_of(places.begin(), places.end(), &has_line);
  return has_lines ? detail::lines : detail::functions;
}

/// Writes one profile. Texts, and what flags a mapping gets, are known when all else is
/// written: readers take the fields in any order.
class encoder {
 public:
  encoder(const profile &source, symbols &names) : source_(source), names_(names) {}

  std::string encode() {
    add_head();
    for (const auto &sample : source_.samples) add_sample(sample);
    add_mappings();
    for (const std::string *text : texts_.texts()) {
      writer_.add_string(fields::profile::string_table, *text);
    }
    return std::move(message_);
  }

 private:
  void add_head() {
    for (const auto &type : source_.sample_types) add_type(fields::profile::sample_type, type);
    writer_.add_int64(fields::profile::time_nanos, source_.time_ns - source_.duration_ns);
    writer_.add_int64(fields::profile::duration_nanos, source_.duration_ns);
    add_type(fields::profile::period_type, source_.period_type);
    writer_.add_int64(fields::profile::period, source_.period);
    std::vector<std::int64_t> comments;
    for (const auto &comment : source_.comments) comments.push_back(texts_.number_of(comment));
    writer_.add_packed_int64(fields::profile::comment, comments.begin(), comments.end());
    writer_.add_int64(fields::profile::default_sample_type,
                      texts_.number_of(source_.default_sample_type));
  }

  void add_type(protozero::pbf_tag_type field, const value_type &type) {
    protozero::pbf_writer message(writer_, field);
    message.add_int64(fields::value_type::type, texts_.number_of(type.type));
    message.add_int64(fields::value_type::unit, texts_.number_of(type.unit));
  }

  void add_sample(const profile_sample &sample) {
    std::vector<std::uint64_t> locations;  // written before: messages do not interleave
    for (const auto frame : sample.frames) locations.push_back(location_of(frame));
    protozero::pbf_writer message(writer_, fields::profile::sample);
    message.add_packed_uint64(fields::sample::location_id, locations.begin(), locations.end());
    message.add_packed_int64(fields::sample::value, sample.values.begin(), sample.values.end());
    for (const auto &label : sample.labels) {
      protozero::pbf_writer part(message, fields::sample::label);
      part.add_int64(fields::label::key, texts_.number_of(label.key));
      part.add_int64(fields::label::str, texts_.number_of(label.value));
    }
  }

  std::uint64_t location_of(std::uintptr_t frame) {
    const auto [known, is_new] = locations_.try_emplace(frame, locations_.size() + 1);
    if (is_new) add_location(known->second, frame);
    return known->second;
  }

  void add_location(std::uint64_t id, std::uintptr_t frame) {
    const auto resolved = names_.resolve(frame);
    std::vector<std::pair<std::uint64_t, std::uint32_t>> lines;
    for (const auto &place : resolved->places) {
      if (is_known(place)) lines.emplace_back(function_of(place), place.line);
    }
    protozero::pbf_writer message(writer_, fields::profile::location);
    message.add_uint64(fields::location::id, id);
    if (resolved->mapping != nullptr) {
      message.add_uint64(fields::location::mapping_id,
                         mapping_of({*resolved->mapping, detail_of(*resolved)}));
    }
    const bool is_synthetic = name_of_synthetic_frame(frame).has_value();
    message.add_uint64(fields::location::address, is_synthetic ? frame : frame - 1);
    for (const auto &[function, number] : lines) {
      protozero::pbf_writer line(message, fields::location::line);
      line.add_uint64(fields::line::function_id, function);
      line.add_int64(fields::line::line, number);
    }
  }

  std::uint64_t function_of(const source_place &place) {
    const std::array texts{texts_.number_of(place.function), texts_.number_of(place.system_name),
                           texts_.number_of(place.file)};
    const auto [known, is_new] = functions_.try_emplace(texts, functions_.size() + 1);
    if (!is_new) return known->second;
    protozero::pbf_writer message(writer_, fields::profile::function);
    message.add_uint64(fields::function::id, known->second);
    message.add_int64(fields::function::name, texts[0]);
    message.add_int64(fields::function::system_name, texts[1]);
    message.add_int64(fields::function::filename, texts[2]);
    message.add_int64(fields::function::start_line, place.start_line);
    return known->second;
  }

  std::uint64_t mapping_of(const mapping_part &part) {
    return mappings_.try_emplace(part, mappings_.size() + 1).first->second;
  }

  void add_mappings() {
    const auto program = names_.program_mapping();
    const auto is_program = [&](const auto &each) { return each.first.first == *program; };
    if (std::none_of(mappings_.begin(), mappings_.end(), is_program)) {
      mapping_of({*program, detail::nothing});
    }
    for (const bool wanted : {true, false}) {
      for (const auto &each : mappings_) {
        if (is_program(each) == wanted) add_mapping(each.second, each.first);
      }
    }
  }

  void add_mapping(std::uint64_t id, const mapping_part &part) {
    const auto &[code, known] = part;
    protozero::pbf_writer message(writer_, fields::profile::mapping);
    message.add_uint64(fields::mapping::id, id);
    message.add_uint64(fields::mapping::memory_start, code.start);
    message.add_uint64(fields::mapping::memory_limit, code.limit);
    message.add_uint64(fields::mapping::file_offset, code.file_offset);
    message.add_int64(fields::mapping::filename, texts_.number_of(code.path));
    message.add_int64(fields::mapping::build_id, texts_.number_of(code.build_id));
    message.add_bool(fields::mapping::has_functions, known != detail::nothing);
    message.add_bool(fields::mapping::has_filenames, known == detail::lines);
    message.add_bool(fields::mapping::has_line_numbers, known == detail::lines);
    message.add_bool(fields::mapping::has_inline_frames, known == detail::lines);
  }

  const profile &source_;
  symbols &names_;
  std::string message_;
  protozero::pbf_writer writer_{message_};
  string_table texts_;
  std::unordered_map<std::uintptr_t, std::uint64_t> locations_;     // by frame
  std::map<std::array<std::int64_t, 3>, std::uint64_t> functions_;  // name, symbol, file
  std::map<mapping_part, std::uint64_t> mappings_;
};

}  // namespace

std::string encode_pprof(const profile &source, symbols &names) {
  return gzip(encoder(source, names).encode());
}

}  // namespace taskworker::profiling
