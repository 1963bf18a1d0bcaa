// SPDX-License-Identifier: MIT
#include "profiling/format/pprof_encoder.hpp"

#include <gnu/libc-version.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <protozero/pbf_reader.hpp>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "catch.hpp"
#include "loaded_library.hpp"
#include "profiling/stack.hpp"
#include "profiling/synthetic_frame.hpp"

using Catch::Matchers::EndsWith;
using taskworker::profiling::address_of;
using taskworker::profiling::encode_pprof;
using taskworker::profiling::profile;
using taskworker::profiling::symbols;
using taskworker::profiling::synthetic_frame;

namespace {

/// A message's fields by number, in order: what a reader that knows no names sees.
class message {
 public:
  explicit message(const std::string &bytes) {
    protozero::pbf_reader reader(bytes);
    while (reader.next()) {
      if (reader.wire_type() == protozero::pbf_wire_type::length_delimited) {
        texts_[reader.tag()].push_back(reader.get_string());
      } else {
        numbers_[reader.tag()].push_back(reader.get_uint64());
      }
    }
  }

  [[nodiscard]] std::uint64_t number(std::uint32_t field) const {
    const auto found = numbers_.find(field);
    return found != numbers_.end() ? found->second.back() : 0;
  }

  [[nodiscard]] std::vector<std::string> texts(std::uint32_t field) const {
    const auto found = texts_.find(field);
    return found != texts_.end() ? found->second : std::vector<std::string>();
  }

  [[nodiscard]] std::vector<message> messages(std::uint32_t field) const {
    std::vector<message> all;
    for (const auto &text : texts(field)) all.emplace_back(text);
    return all;
  }

  [[nodiscard]] std::vector<std::uint64_t> packed(std::uint32_t field) const {
    std::vector<std::uint64_t> all;
    for (const auto &text : texts(field)) {
      for (const char *at = text.data(); at != text.data() + text.size();) {
        all.push_back(protozero::decode_varint(&at, text.data() + text.size()));
      }
    }
    return all;
  }

 private:
  std::map<std::uint32_t, std::vector<std::uint64_t>> numbers_;
  std::map<std::uint32_t, std::vector<std::string>> texts_;
};

std::string gunzip(const std::string &compressed) {
  z_stream stream{};
  REQUIRE(inflateInit2(&stream, MAX_WBITS + 16) == Z_OK);
  std::string input = compressed, output;
  stream.next_in = reinterpret_cast<Bytef *>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  int result = Z_OK;
  while (result == Z_OK) {
    std::array<char, 4096> part;
    stream.next_out = reinterpret_cast<Bytef *>(part.data());
    stream.avail_out = part.size();
    result = inflate(&stream, Z_NO_FLUSH);
    output.append(part.data(), part.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  REQUIRE(result == Z_STREAM_END);
  return output;
}

/// A profile as read back.
struct decoded {
  explicit decoded(const profile &source)
      : all(gunzip(encode_pprof(source, names))), texts(all.texts(6)) {}

  [[nodiscard]] std::string text(const message &in, std::uint32_t field) const {
    return texts.at(in.number(field));
  }

  [[nodiscard]] message with_id(std::uint32_t field, std::uint64_t id) const {
    for (const auto &each : all.messages(field)) {
      if (each.number(1) == id) return each;
    }
    throw std::out_of_range("no such id");
  }

  [[nodiscard]] message location(std::size_t sample, std::size_t frame) const {
    return with_id(4, all.messages(2).at(sample).packed(1).at(frame));
  }

  [[nodiscard]] message function(const message &line) const { return with_id(5, line.number(1)); }
  [[nodiscard]] message mapping(const message &location) const {
    return with_id(3, location.number(2));
  }

  symbols names;
  message all;
  std::vector<std::string> texts;
};

const std::uintptr_t in_libc = reinterpret_cast<std::uintptr_t>(&gnu_get_libc_version) + 1;

struct captured {
  std::uintptr_t frame;
  unsigned inner_line;
};

[[gnu::always_inline]] inline captured capture_in_line() {
  return {taskworker::profiling::capture_stack().frames[0], __LINE__};
}

profile cpu_profile() {
  profile cpu;
  cpu.sample_types = {{"samples", "count"}, {"cpu", "nanoseconds"}};
  cpu.period_type = {"cpu", "nanoseconds"};
  cpu.period = 10'000'000;
  cpu.time_ns = 1'700'000'030'000'000'000;
  cpu.duration_ns = 30'000'000'000;
  return cpu;
}

std::set<std::uint64_t> ids(const std::vector<message> &all) {
  std::set<std::uint64_t> found;
  for (const auto &each : all) found.insert(each.number(1));
  return found;
}

}  // namespace

TEST_CASE("a profile's head holds types, times and comments", "[profiling_pprof_encoder]") {
  profile source = cpu_profile();
  source.default_sample_type = "samples";
  source.comments = {"one", "two"};
  const decoded read(source);
  REQUIRE_FALSE(read.texts.empty());
  CHECK(read.texts[0].empty());
  const auto types = read.all.messages(1);
  REQUIRE(types.size() == 2);
  CHECK(read.text(types[0], 1) == "samples");
  CHECK(read.text(types[0], 2) == "count");
  CHECK(read.text(types[1], 1) == "cpu");
  CHECK(read.text(types[1], 2) == "nanoseconds");
  const message period_type = read.all.messages(11).at(0);
  CHECK(read.text(period_type, 1) == "cpu");
  CHECK(read.text(period_type, 2) == "nanoseconds");
  CHECK(read.all.number(12) == 10'000'000);
  CHECK(read.all.number(9) == 1'700'000'000'000'000'000);
  CHECK(read.all.number(10) == 30'000'000'000);
  CHECK(read.text(read.all, 14) == "samples");
  std::vector<std::string> comments;
  for (const auto number : read.all.packed(13)) comments.push_back(read.texts.at(number));
  CHECK(comments == source.comments);
}

TEST_CASE("a profile without samples still has the program", "[profiling_pprof_encoder]") {
  decoded read(cpu_profile());
  CHECK(read.all.messages(2).empty());
  const auto mappings = read.all.messages(3);
  REQUIRE(mappings.size() == 1);
  CHECK(read.text(mappings[0], 5) == read.names.program_mapping()->path);
  CHECK(read.text(mappings[0], 6) == read.names.program_mapping()->build_id);
  CHECK(mappings[0].number(7) == 0);
  CHECK(read.text(read.all, 14).empty());
}

TEST_CASE("a sample keeps its values and labels", "[profiling_pprof_encoder]") {
  profile source = cpu_profile();
  source.samples = {{{in_libc}, {3, 30'000'000}, {{"operation", "sum"}, {"worker", "2"}}},
                    {{in_libc}, {1, 10'000'000}, {{"operation", "sum"}}}};
  const decoded read(source);
  const auto samples = read.all.messages(2);
  REQUIRE(samples.size() == 2);
  CHECK(samples[0].packed(2) == std::vector<std::uint64_t>{3, 30'000'000});
  const auto labels = samples[0].messages(3);
  REQUIRE(labels.size() == 2);
  CHECK(read.text(labels[0], 1) == "operation");
  CHECK(read.text(labels[0], 2) == "sum");
  CHECK(read.text(labels[1], 1) == "worker");
  CHECK(read.text(labels[1], 2) == "2");
  CHECK(samples[0].packed(1) == samples[1].packed(1));
  CHECK(read.all.messages(4).size() == 1);
}

TEST_CASE("a location has the lines of all that is in line", "[profiling_pprof_encoder]") {
  const captured here = capture_in_line();
  const unsigned outer_line = __LINE__ - 1;
  profile source = cpu_profile();
  source.samples = {{{here.frame, in_libc}, {1, 1}, {}}};
  const decoded read(source);

  const message location = read.location(0, 0);
  CHECK(location.number(3) == here.frame - 1);
  const auto lines = location.messages(4);
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].number(2) == here.inner_line);
  CHECK(lines[1].number(2) == outer_line);
  const message inner = read.function(lines[0]);
  CHECK_THAT(read.text(inner, 2), EndsWith("capture_in_line"));
  CHECK_THAT(read.text(inner, 4), EndsWith("tests/unit/test_profiling_pprof_encoder.cpp"));
  CHECK(inner.number(5) == (has_start_lines ? here.inner_line - 1 : 0));
  CHECK(read.text(read.function(lines[1]), 3).substr(0, 2) == "_Z");
  CHECK(read.location(0, 1).number(3) == in_libc - 1);

  const message program = read.mapping(location);
  CHECK(program.number(1) == read.all.messages(3).at(0).number(1));
  for (const std::uint32_t flag : {7U, 8U, 9U, 10U}) CHECK(program.number(flag) == 1);
}

TEST_CASE("a library without line tables has functions only", "[profiling_pprof_encoder]") {
  profile source = cpu_profile();
  source.samples = {{{in_libc}, {1, 1}, {}}};
  const decoded read(source);
  const message location = read.location(0, 0);
  const auto lines = location.messages(4);
  REQUIRE(lines.size() == 1);
  CHECK(read.text(read.function(lines[0]), 2) == "gnu_get_libc_version");
  const message libc = read.mapping(location);
  CHECK_THAT(read.text(libc, 5), EndsWith("/libc.so.6"));
  CHECK(read.text(libc, 6).size() == 40);
  CHECK(libc.number(2) <= location.number(3));
  CHECK(location.number(3) < libc.number(3));
  CHECK(libc.number(7) == 1);
  for (const std::uint32_t flag : {8U, 9U, 10U}) CHECK(libc.number(flag) == 0);
}

TEST_CASE("a mapping with unnamed frames is there once more", "[profiling_pprof_encoder]") {
  const captured here = capture_in_line();
  profile source = cpu_profile();
  symbols names;
  const auto unnamed = names.program_mapping()->limit;  // its last byte only fills the page
  source.samples = {{{unnamed, here.frame}, {1, 1}, {}}};
  const decoded read(source);

  CHECK(read.location(0, 0).messages(4).empty());
  const message without = read.mapping(read.location(0, 0));
  const message with = read.mapping(read.location(0, 1));
  CHECK(without.number(1) != with.number(1));
  for (const std::uint32_t field : {2U, 3U, 4U, 5U, 6U}) {
    CHECK(without.number(field) == with.number(field));
  }
  for (const std::uint32_t flag : {7U, 8U, 9U, 10U}) {
    CHECK(without.number(flag) == 0);
    CHECK(with.number(flag) == 1);
  }
  // Readers that join the two take the flags of the one that comes first.
  CHECK(read.all.messages(3).at(0).number(1) == with.number(1));
}

TEST_CASE("frames outside of code have an address and no mapping", "[profiling_pprof_encoder]") {
  const auto lost = address_of(synthetic_frame::lost_samples);
  const auto cut = address_of(synthetic_frame::stack_cut);
  profile source = cpu_profile();
  source.samples = {{{lost}, {1, 1}, {}}, {{0x1001, cut}, {1, 1}, {}}};
  const decoded read(source);
  for (const auto &location : read.all.messages(4)) CHECK(location.number(2) == 0);
  CHECK(read.location(0, 0).number(3) == lost);
  CHECK(read.location(1, 1).number(3) == cut);
  CHECK(read.location(1, 0).number(3) == 0x1000);
  CHECK(read.location(1, 0).messages(4).empty());
  const auto lines = read.location(0, 0).messages(4);
  REQUIRE(lines.size() == 1);
  CHECK(read.text(read.function(lines[0]), 2) == "[lost samples]");
}

TEST_CASE("nothing is in a profile twice", "[profiling_pprof_encoder]") {
  const captured here = capture_in_line();
  profile source = cpu_profile();
  for (std::uintptr_t i = 0; i < 64; ++i) {
    source.samples.push_back({{in_libc + i, here.frame, in_libc}, {1, 1}, {}});
  }
  const decoded read(source);
  CHECK(std::set<std::string>(read.texts.begin(), read.texts.end()).size() == read.texts.size());
  CHECK(read.all.messages(4).size() == 65);
  std::set<std::uint64_t> addresses;
  for (const auto &location : read.all.messages(4)) addresses.insert(location.number(3));
  CHECK(addresses.size() == 65);
  std::set<std::tuple<std::string, std::string, std::string>> functions;
  for (const auto &each : read.all.messages(5)) {
    functions.emplace(read.text(each, 2), read.text(each, 3), read.text(each, 4));
  }
  CHECK(functions.size() == read.all.messages(5).size());
  for (const std::uint32_t field : {3U, 4U, 5U}) {
    const auto all = read.all.messages(field);
    CHECK(ids(all).size() == all.size());
    CHECK(ids(all).count(0) == 0);
  }
}
