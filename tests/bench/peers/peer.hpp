// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace bench::peers {

class accounted_tasks;
class empty_tasks;

/// Another way to have tasks done by two threads. One call submits `count` tasks, each by a
/// submit of its own, and waits until they are done.
struct peer {
  std::string_view name;
  void (*run_empty)(empty_tasks &tasks, std::uint64_t count);
  void (*run_accounted)(accounted_tasks &tasks, std::uint64_t count);
};

/// Those that were there when this was built.
[[nodiscard]] const std::vector<peer> &all_peers();

/// Names of those that were not, with the package that has them.
[[nodiscard]] const std::vector<std::string> &missing_peers();

inline constexpr std::string_view asio_name = "asio::thread_pool post";
inline constexpr std::string_view tbb_name = "oneTBB task_group run";
inline constexpr std::string_view moodycamel_name = "moodycamel with tokens";
inline constexpr std::string_view mutex_name = "mutex and condition variable";

extern const peer asio_peer;
extern const peer tbb_peer;
extern const peer moodycamel_peer;
extern const peer mutex_peer;

/// Makes `count` tasks, one by one, and gives each to `submit`; `wait` where too many wait.
template <typename Tasks, typename Submit, typename Wait>
void submit_all(Tasks &tasks, std::uint64_t count, Submit submit, Wait wait) {
  for (std::uint64_t id = 0; id < count; ++id) {
    if (!tasks.counts().has_room(id)) wait();
    submit(tasks.make(id));
  }
}

template <typename Tasks, typename Submit>
void submit_all(Tasks &tasks, std::uint64_t count, Submit submit) {
  submit_all(tasks, count, submit, [&] { tasks.counts().wait_for_room(); });
}

}  // namespace bench::peers
