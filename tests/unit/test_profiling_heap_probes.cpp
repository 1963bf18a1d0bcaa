// SPDX-License-Identifier: MIT
#include "profiling/probes/heap_probes.hpp"

#include <cstdint>

#include "catch.hpp"
#include "unit/probe_checks.hpp"

using namespace taskworker::profiling;
using enum probe_verdict;

namespace {

constexpr heap_settings usual{true, true, true, 524'288};

heap_settings switched(bool can_profile, bool is_on, bool is_sampling) {
  return {can_profile, is_on, is_sampling, usual.sample_bytes};
}

}  // namespace

TEST_CASE("heap profiling that is on tells its rate", "[profiling_heap_probes]") {
  check_probe(judge_heap_settings(usual, {}), ok, "one sample each 512 KiB");
}

TEST_CASE("a build without jemalloc is no failure", "[profiling_heap_probes]") {
  check_probe(judge_heap_settings(std::nullopt, {}), warning, "without jemalloc");
}

TEST_CASE("a jemalloc that cannot profile is", "[profiling_heap_probes]") {
  check_probe(judge_heap_settings(switched(false, false, false), {}), failed, "--enable-prof");
}

TEST_CASE("who switched heap profiling off is named", "[profiling_heap_probes]") {
  const heap_settings off = switched(true, false, false);
  check_probe(judge_heap_settings(off, {"prof:false", "prof:false"}), failed,
              "by MALLOC_CONF='prof:false'");
  check_probe(judge_heap_settings(off, {"narenas:2", "prof:false"}), failed,
              "by /etc/malloc.conf (prof:false)");
  check_probe(judge_heap_settings(off, {}), failed, "neither MALLOC_CONF nor /etc/malloc.conf");
  check_probe(judge_heap_settings(switched(true, true, false), {"prof_active:false", ""}), warning,
              "by MALLOC_CONF='prof_active:false'");
}

TEST_CASE("samples that are too far apart are told", "[profiling_heap_probes]") {
  symbols names;
  check_probe(probe_heap_dump(std::uint64_t{1} << 30, names), warning, "1.00 GiB apart");
}

#ifdef TASKWORKER_HAVE_JEMALLOC

TEST_CASE("the settings of this process are read", "[profiling_heap_probes]") {
  const auto settings = read_heap_settings();
  REQUIRE(settings);
  CHECK(settings->can_profile);
  CHECK(settings->is_on);
  CHECK(settings->is_sampling);
  CHECK(settings->sample_bytes == usual.sample_bytes);
}

TEST_CASE("a dump holds what the probe allocates, by name", "[profiling_heap_probes]") {
  symbols names;
  check_probe(probe_heap_dump(usual.sample_bytes, names), ok, "allocate_for_probe");
}

#else

TEST_CASE("without jemalloc there are no settings and no dumps", "[profiling_heap_probes]") {
  CHECK(!read_heap_settings());
  symbols names;
  check_probe(probe_heap_dump(usual.sample_bytes, names), failed, "none could be had");
}

#endif
