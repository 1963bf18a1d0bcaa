// SPDX-License-Identifier: MIT
#include "worker/repeated_warning.hpp"

#include <string>
#include <vector>

#include "catch.hpp"

using namespace taskworker::worker;

namespace {

class listener final : public session_observer {
 public:
  void started() override {}
  void tick(const session_view &) override {}
  void lingering(std::chrono::nanoseconds) override {}
  void stopping() override {}
  void message(taskworker_log_severity severity, const std::string &text, bool) override {
    CHECK(severity == TASKWORKER_LOG_WARNING);
    told.push_back(text);
  }

  std::vector<std::string> told;
};

}  // namespace

TEST_CASE("the first warnings of a kind are shown, and that there are more",
          "[worker_repeated_warning]") {
  listener heard;
  repeated_warning late(heard, 2);
  late.tell([] { return "one"; });
  CHECK_FALSE(late.is_silent());
  late.tell([] { return "two"; });
  CHECK(late.is_silent());
  late.tell([] { return "three"; });
  CHECK(heard.told ==
        std::vector<std::string>{"one", "two", "more of these are counted, not shown"});
}
