// SPDX-License-Identifier: MIT
#include "profiling/format/pprof_decoder.hpp"

#include <gnu/libc-version.h>

#include <protozero/pbf_writer.hpp>
#include <string>

#include "catch.hpp"
#include "profiling/format/gzip.hpp"
#include "profiling/format/pprof_encoder.hpp"
#include "profiling/stack.hpp"
#include "profiling/synthetic_frame.hpp"

using namespace taskworker::profiling;
using Catch::Matchers::EndsWith;

namespace {

const std::uintptr_t in_libc = reinterpret_cast<std::uintptr_t>(&gnu_get_libc_version) + 1;

struct captured {
  std::uintptr_t frame;
  unsigned inner_line;
};

[[gnu::always_inline]] inline captured capture_in_line() {
  return {capture_stack().frames[0], __LINE__};
}

profile heap_profile() {
  profile heap;
  heap.sample_types = {{"inuse_objects", "count"}, {"inuse_space", "bytes"}};
  heap.default_sample_type = "inuse_space";
  heap.period_type = {"space", "bytes"};
  heap.period = 524'288;
  heap.time_ns = 1'700'000'030'000'000'000;
  heap.duration_ns = 30'000'000'000;
  heap.comments = {"one", "two"};
  return heap;
}

/// A message with one sample of no value type.
std::string message_of(std::uint64_t location, std::int64_t function) {
  std::string bytes;
  protozero::pbf_writer profile(bytes);
  for (const char *text : {"", "samples", "count"}) profile.add_string(6, text);
  {
    protozero::pbf_writer type(profile, 1);
    type.add_int64(1, 1);
    type.add_int64(2, 2);
  }
  {
    protozero::pbf_writer sample(profile, 2);
    const std::uint64_t locations[] = {location};
    const std::int64_t values[] = {5};
    sample.add_packed_uint64(1, std::begin(locations), std::end(locations));
    sample.add_packed_int64(2, std::begin(values), std::end(values));
  }
  {
    protozero::pbf_writer place(profile, 4);
    place.add_uint64(1, 1);
    protozero::pbf_writer line(place, 4);
    line.add_int64(1, function);
  }
  {
    protozero::pbf_writer first(profile, 5);
    first.add_uint64(1, 1);
    first.add_int64(2, 1);
  }
  return bytes;
}

}  // namespace

TEST_CASE("what was written is read: head, values and labels", "[profiling_pprof_decoder]") {
  profile source = heap_profile();
  source.samples = {{{in_libc}, {3, 30'000'000'000}, {{"operation", "sum"}, {"worker", "2"}}},
                    {{in_libc}, {1, 7}, {}}};
  symbols names;
  const auto read = decode_pprof(encode_pprof(source, names));
  CHECK(read.content.sample_types == source.sample_types);
  CHECK(read.content.default_sample_type == "inuse_space");
  CHECK(read.content.period_type == source.period_type);
  CHECK(read.content.period == 524'288);
  CHECK(read.content.time_ns == source.time_ns);
  CHECK(read.content.duration_ns == source.duration_ns);
  CHECK(read.content.comments == source.comments);
  REQUIRE(read.content.samples.size() == 2);
  CHECK(read.content.samples[0].values == source.samples[0].values);
  CHECK(read.content.samples[0].labels == source.samples[0].labels);
  CHECK(read.content.samples[1].values == source.samples[1].values);
  CHECK(read.content.samples[1].labels.empty());
  CHECK(read.content.samples[0].frames == read.content.samples[1].frames);
}

TEST_CASE("frames are read with all that is in line, and where it lies",
          "[profiling_pprof_decoder]") {
  const captured here = capture_in_line();
  const unsigned outer_line = __LINE__ - 1;
  profile source = heap_profile();
  source.samples = {{{here.frame, in_libc}, {1, 1}, {}}};
  symbols names;
  const auto read = decode_pprof(encode_pprof(source, names));
  const auto &frames = read.content.samples.at(0).frames;
  REQUIRE(frames.size() == 2);
  const auto &places = read.places.at(frames[0]);
  REQUIRE(places.size() == 2);
  CHECK_THAT(places[0].function, EndsWith("capture_in_line"));
  CHECK_THAT(places[0].file, EndsWith("test_profiling_pprof_decoder.cpp"));
  CHECK(places[0].line == here.inner_line);
  CHECK(places[1].line == outer_line);
  CHECK(places[0].module == names.program_mapping()->path);
  const auto &libc = read.places.at(frames[1]);
  REQUIRE(libc.size() == 1);
  CHECK(libc[0].function == "gnu_get_libc_version");
  CHECK(libc[0].line == 0);
}

TEST_CASE("a frame without a name is told by its module, one without a module by its name",
          "[profiling_pprof_decoder]") {
  symbols names;
  const auto program = *names.program_mapping();
  profile source = heap_profile();
  const auto unnamed = program.limit;  // its last byte only fills the page
  source.samples = {{{unnamed, address_of(synthetic_frame::job)}, {1, 1}, {}}};
  const auto read = decode_pprof(encode_pprof(source, names));
  const auto &frames = read.content.samples.at(0).frames;
  const auto &outside = read.places.at(frames[0]).at(0);
  CHECK(outside.function.empty());
  CHECK(outside.module == program.path);
  CHECK(outside.offset == program.limit - 1 - program.start + program.file_offset);
  const auto &job = read.places.at(frames[1]).at(0);
  CHECK(job.function == "[job]");
  CHECK(job.module.empty());
}

TEST_CASE("a profile may come unpacked, its texts first or last", "[profiling_pprof_decoder]") {
  const auto read = decode_pprof(message_of(1, 1));
  CHECK(read.content.sample_types == std::vector<value_type>{{"samples", "count"}});
  CHECK(read.content.samples.at(0).values == std::vector<std::int64_t>{5});
  CHECK(read.places.at(1).at(0).function == "samples");
}

TEST_CASE("what refers to nothing is refused", "[profiling_pprof_decoder]") {
  CHECK_THROWS_WITH(decode_pprof(message_of(2, 1)), "it refers to a location that it has not");
  CHECK_THROWS_WITH(decode_pprof(message_of(1, 7)), "it refers to a function that it has not");
}

TEST_CASE("what is no profile, or not whole, is refused", "[profiling_pprof_decoder]") {
  symbols names;
  profile source = heap_profile();
  source.samples = {{{in_libc}, {1, 1}, {{"worker", "1"}}}};
  const std::string packed = encode_pprof(source, names);
  const std::string whole = gunzip(packed, 1 << 20).value();
  CHECK_THROWS_WITH(decode_pprof(""), "it names no type of value");
  CHECK_THROWS_WITH(decode_pprof("seconds,tasks\n"), "it is no profile.proto, or is cut short");
  CHECK_THROWS_WITH(decode_pprof(packed.substr(0, packed.size() / 2)),
                    "it is damaged: it cannot be unpacked");
  // Wherever it is cut or changed, it is refused or read, and nothing else happens.
  for (std::size_t size = 0; size < whole.size(); ++size) {
    std::string damaged = whole;
    damaged[size] = static_cast<char>(damaged[size] ^ 0x55);
    for (const auto &bytes : {whole.substr(0, size), damaged}) {
      try {
        static_cast<void>(decode_pprof(bytes));
      } catch (const pprof_error &) {
        continue;
      }
    }
  }
}

TEST_CASE("a field of another type than it should have is refused", "[profiling_pprof_decoder]") {
  std::string bytes;
  protozero::pbf_writer(bytes).add_string(12, "a period in words");
  CHECK_THROWS_WITH(decode_pprof(bytes), "a field is not of its type");
}

TEST_CASE("more than is allowed is not unpacked", "[profiling_pprof_decoder]") {
  const std::string zeros(1'000'000, '\0');
  const std::string packed = gzip(zeros);
  CHECK(gunzip(packed, zeros.size()) == zeros);
  CHECK_FALSE(gunzip(packed, zeros.size() - 1));
  CHECK_FALSE(gunzip(packed.substr(0, packed.size() - 1), zeros.size()));
  CHECK_FALSE(gunzip("no gzip", 100));
}
