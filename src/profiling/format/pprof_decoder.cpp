// SPDX-License-Identifier: MIT
#include "profiling/format/pprof_decoder.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <protozero/exception.hpp>
#include <protozero/pbf_reader.hpp>
#include <string>
#include <utility>

#include "profiling/format/gzip.hpp"
#include "profiling/format/pprof_fields.hpp"

namespace taskworker::profiling {
namespace {

constexpr std::size_t most_bytes = std::size_t{256} << 20U;

using protozero::pbf_reader;

/// Calls `use(field, reader)` for each field, which takes its value or skips it.
template <typename Use>
void read_fields(pbf_reader message, Use &&use) {
  while (message.next()) use(message.tag(), message);
}

// protozero takes a field for what it is asked as: these refuse one that is something else.

void expect(const pbf_reader &in, protozero::pbf_wire_type type) {
  if (!in.has_wire_type(type)) throw pprof_error("a field is not of its type");
}

std::uint64_t number(pbf_reader &in) {
  expect(in, protozero::pbf_wire_type::varint);
  return in.get_uint64();
}

std::int64_t signed_number(pbf_reader &in) { return static_cast<std::int64_t>(number(in)); }

std::string text(pbf_reader &in) {
  expect(in, protozero::pbf_wire_type::length_delimited);
  return in.get_string();
}

pbf_reader submessage(pbf_reader &in) {
  expect(in, protozero::pbf_wire_type::length_delimited);
  return in.get_message();
}

template <typename Number>
std::vector<Number> numbers(pbf_reader &in) {
  expect(in, protozero::pbf_wire_type::length_delimited);
  const auto read = in.get_packed_uint64();
  std::vector<Number> values;
  for (const std::uint64_t value : read) values.push_back(static_cast<Number>(value));
  return values;
}

struct mapping_part {
  std::uint64_t start = 0;
  std::uint64_t file_offset = 0;
  std::string path;
};

struct location_part {
  std::uint64_t mapping = 0;
  std::uint64_t address = 0;
  std::vector<std::pair<std::uint64_t, std::int64_t>> lines;  ///< function, line
};

std::string unpacked(std::string_view bytes) {
  if (!bytes.starts_with("\x1f\x8b")) return std::string(bytes);
  auto content = gunzip(bytes, most_bytes);
  if (!content) throw pprof_error("it is damaged: it cannot be unpacked");
  return std::move(*content);
}

/// Two passes, as fields come in any order: what is referred to, then what refers to it.
class decoder {
 public:
  explicit decoder(std::string_view message) : message_(message.data(), message.size()) {}

  named_profile decode() {
    read_fields(message_, [this](auto field, auto &in) { read_table(field, in); });
    mappings_[0] = {};
    for (const auto &part : mapping_parts_) read_mapping(part);
    for (const auto &part : function_parts_) read_function(part);
    read_fields(message_, [this](auto field, auto &in) { read_content(field, in); });
    // The file has the time of the begin, a profile that of the end. Unsigned: it may be absurd.
    result_.content.time_ns = static_cast<std::int64_t>(
        begin_ns_ + static_cast<std::uint64_t>(result_.content.duration_ns));
    for (const auto &[id, location] : locations_) result_.places[id] = places_of(location);
    if (result_.content.sample_types.empty()) throw pprof_error("it names no type of value");
    for (const auto &sample : result_.content.samples) check(sample);
    return std::move(result_);
  }

 private:
  void read_table(protozero::pbf_tag_type field, pbf_reader &in) {
    switch (field) {
      case fields::profile::string_table:
        texts_.push_back(text(in));
        break;
      case fields::profile::mapping:
        mapping_parts_.push_back(submessage(in));
        break;
      case fields::profile::function:
        function_parts_.push_back(submessage(in));
        break;
      default:
        in.skip();
    }
  }

  void read_content(protozero::pbf_tag_type field, pbf_reader &in) {
    switch (field) {
      case fields::profile::sample_type:
        result_.content.sample_types.push_back(read_type(submessage(in)));
        break;
      case fields::profile::sample:
        result_.content.samples.push_back(read_sample(submessage(in)));
        break;
      case fields::profile::location:
        read_location(submessage(in));
        break;
      case fields::profile::time_nanos:
        begin_ns_ = number(in);
        break;
      case fields::profile::duration_nanos:
        result_.content.duration_ns = signed_number(in);
        break;
      case fields::profile::period_type:
        result_.content.period_type = read_type(submessage(in));
        break;
      case fields::profile::period:
        result_.content.period = signed_number(in);
        break;
      case fields::profile::comment:
        for (const auto comment : numbers<std::int64_t>(in)) {
          result_.content.comments.push_back(text_of(comment));
        }
        break;
      case fields::profile::default_sample_type:
        result_.content.default_sample_type = text_of(signed_number(in));
        break;
      default:
        in.skip();
    }
  }

  [[nodiscard]] const std::string &text_of(std::int64_t number) const {
    if (number < 0 || static_cast<std::uint64_t>(number) >= texts_.size()) {
      throw pprof_error("it refers to text " + std::to_string(number) + ", which it has not");
    }
    return texts_[static_cast<std::size_t>(number)];
  }

  [[nodiscard]] value_type read_type(pbf_reader message) const {
    value_type type;
    read_fields(message, [&](auto field, auto &in) {
      if (field == fields::value_type::type)
        type.type = text_of(signed_number(in));
      else if (field == fields::value_type::unit)
        type.unit = text_of(signed_number(in));
      else
        in.skip();
    });
    return type;
  }

  [[nodiscard]] profile_sample read_sample(pbf_reader message) const {
    profile_sample sample;
    read_fields(message, [&](auto field, auto &in) {
      if (field == fields::sample::location_id) {
        sample.frames = numbers<std::uintptr_t>(in);
      } else if (field == fields::sample::value) {
        sample.values = numbers<std::int64_t>(in);
      } else if (field == fields::sample::label) {
        add_label(submessage(in), sample);
      } else {
        in.skip();
      }
    });
    std::sort(sample.labels.begin(), sample.labels.end());
    return sample;
  }

  void add_label(pbf_reader message, profile_sample &sample) const {
    label read;
    bool is_text = false;
    read_fields(message, [&](auto field, auto &in) {
      if (field == fields::label::key) {
        read.key = text_of(signed_number(in));
      } else if (field == fields::label::str) {
        read.value = text_of(signed_number(in));
        is_text = true;
      } else {
        in.skip();
      }
    });
    if (is_text) sample.labels.push_back(std::move(read));
  }

  void read_location(pbf_reader message) {
    std::uint64_t id = 0;
    location_part location;
    read_fields(message, [&](auto field, auto &in) {
      if (field == fields::location::id)
        id = number(in);
      else if (field == fields::location::mapping_id)
        location.mapping = number(in);
      else if (field == fields::location::address)
        location.address = number(in);
      else if (field == fields::location::line)
        location.lines.push_back(read_line(submessage(in)));
      else
        in.skip();
    });
    locations_[id] = std::move(location);
  }

  static std::pair<std::uint64_t, std::int64_t> read_line(pbf_reader message) {
    std::pair<std::uint64_t, std::int64_t> line;
    read_fields(message, [&](auto field, auto &in) {
      if (field == fields::line::function_id)
        line.first = number(in);
      else if (field == fields::line::line)
        line.second = signed_number(in);
      else
        in.skip();
    });
    return line;
  }

  [[nodiscard]] std::vector<source_place> places_of(const location_part &location) {
    const mapping_part &mapping = mapping_of(location.mapping);
    source_place outside{.module = mapping.path,
                         .offset = location.address - mapping.start + mapping.file_offset};
    std::vector<source_place> places;
    for (const auto &[function, line] : location.lines) {
      source_place place = function_of(function);
      place.module = outside.module;
      place.offset = outside.offset;
      const bool is_line = line > 0 && line <= std::numeric_limits<std::uint32_t>::max();
      place.line = is_line ? static_cast<std::uint32_t>(line) : 0;
      places.push_back(std::move(place));
    }
    if (places.empty()) places.push_back(std::move(outside));
    return places;
  }

  [[nodiscard]] const mapping_part &mapping_of(std::uint64_t id) const {
    const auto found = mappings_.find(id);
    if (found == mappings_.end()) throw pprof_error("it refers to a mapping that it has not");
    return found->second;
  }

  void read_mapping(pbf_reader message) {
    std::uint64_t id = 0;
    mapping_part mapping;
    read_fields(message, [&](auto field, auto &in) {
      if (field == fields::mapping::id)
        id = number(in);
      else if (field == fields::mapping::memory_start)
        mapping.start = number(in);
      else if (field == fields::mapping::file_offset)
        mapping.file_offset = number(in);
      else if (field == fields::mapping::filename)
        mapping.path = text_of(signed_number(in));
      else
        in.skip();
    });
    mappings_[id] = std::move(mapping);
  }

  [[nodiscard]] const source_place &function_of(std::uint64_t id) const {
    const auto found = functions_.find(id);
    if (found == functions_.end()) throw pprof_error("it refers to a function that it has not");
    return found->second;
  }

  void read_function(pbf_reader message) {
    std::uint64_t id = 0;
    source_place place;
    read_fields(message, [&](auto field, auto &in) {
      if (field == fields::function::id)
        id = number(in);
      else if (field == fields::function::name)
        place.function = text_of(signed_number(in));
      else if (field == fields::function::system_name)
        place.system_name = text_of(signed_number(in));
      else if (field == fields::function::filename)
        place.file = text_of(signed_number(in));
      else if (field == fields::function::start_line)
        place.start_line = static_cast<std::uint32_t>(signed_number(in));
      else
        in.skip();
    });
    functions_[id] = std::move(place);
  }

  void check(const profile_sample &sample) const {
    if (sample.values.size() != result_.content.sample_types.size()) {
      throw pprof_error("a sample has " + std::to_string(sample.values.size()) + " values, not " +
                        std::to_string(result_.content.sample_types.size()));
    }
    for (const auto frame : sample.frames) {
      if (!result_.places.contains(frame)) {
        throw pprof_error("it refers to a location that it has not");
      }
    }
  }

  pbf_reader message_;
  named_profile result_;
  std::uint64_t begin_ns_ = 0;
  std::vector<std::string> texts_;
  std::vector<pbf_reader> mapping_parts_;
  std::vector<pbf_reader> function_parts_;
  std::unordered_map<std::uint64_t, mapping_part> mappings_;
  std::unordered_map<std::uint64_t, source_place> functions_;
  std::unordered_map<std::uint64_t, location_part> locations_;
};

}  // namespace

named_profile decode_pprof(std::string_view bytes) {
  const std::string message = unpacked(bytes);
  try {
    return decoder(message).decode();
  } catch (const protozero::exception &) {
    throw pprof_error("it is no profile.proto, or is cut short");
  }
}

}  // namespace taskworker::profiling
