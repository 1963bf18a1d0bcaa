// SPDX-License-Identifier: MIT
#include <cstdint>
#include <set>
#include <string_view>

#include "catch.hpp"
#include "profiling/synthetic_frame.hpp"

using namespace taskworker::profiling;

TEST_CASE("every synthetic frame has a name of its own", "[profiling_synthetic_frame]") {
  std::set<std::string_view> names;
  const auto end = address_of(synthetic_frame::end);
  for (auto address = address_of(synthetic_frame::lost_samples); address < end; ++address) {
    const auto name = name_of_synthetic_frame(address);
    REQUIRE(name.has_value());
    CHECK(name->starts_with('['));
    CHECK(name->ends_with(']'));
    CHECK(names.insert(*name).second);
  }
}

TEST_CASE("names are those of the frames", "[profiling_synthetic_frame]") {
  const auto name_of = [](synthetic_frame frame) {
    return name_of_synthetic_frame(address_of(frame));
  };
  CHECK(name_of(synthetic_frame::lost_samples) == "[lost samples]");
  CHECK(name_of(synthetic_frame::timer_overrun) == "[timer overrun]");
  CHECK(name_of(synthetic_frame::unwind_failed) == "[stack not readable further]");
  CHECK(name_of(synthetic_frame::stack_cut) == "[stack cut]");
  CHECK(name_of(synthetic_frame::history_full) == "[history full]");
  CHECK(name_of(synthetic_frame::no_answer) == "[thread did not answer]");
  CHECK(name_of(synthetic_frame::job) == "[job]");
  CHECK(name_of(synthetic_frame::table_full) == "[table full]");
}

TEST_CASE("other addresses have no such name", "[profiling_synthetic_frame]") {
  const auto first = address_of(synthetic_frame::lost_samples);
  for (const std::uintptr_t address : {std::uintptr_t{0}, std::uintptr_t{0x5555'5555'1234},
                                       first - 1, address_of(synthetic_frame::end), UINTPTR_MAX}) {
    CAPTURE(address);
    CHECK_FALSE(name_of_synthetic_frame(address).has_value());
  }
}

TEST_CASE("no code of this process is at a synthetic frame", "[profiling_synthetic_frame]") {
  // Addresses of user space leave the highest bit free.
  CHECK((address_of(synthetic_frame::lost_samples) >> 63) == 1);
}
