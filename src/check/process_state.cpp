// SPDX-License-Identifier: MIT
#include "check/process_state.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <iterator>
#include <system_error>

#include "strategy/signal_name.hpp"
#include "strategy/text.hpp"

namespace taskworker::check {
namespace {

namespace fs = std::filesystem;

mode_t read_umask() {
  const mode_t current = ::umask(0);
  ::umask(current);
  return current;
}

bool are_same(const struct sigaction &a, const struct sigaction &b) {
  // The C library adds a flag of its own (SA_RESTORER) to all that is set through it.
  constexpr int restorer = 0x04000000;
  return a.sa_sigaction == b.sa_sigaction && (a.sa_flags & ~restorer) == (b.sa_flags & ~restorer);
}

std::vector<std::string> without(const std::vector<std::string> &all,
                                 const std::vector<std::string> &taken) {
  std::vector<std::string> left;
  std::set_difference(all.begin(), all.end(), taken.begin(), taken.end(), std::back_inserter(left));
  return left;
}

}  // namespace

process_state read_process_state() {
  process_state state;
  std::error_code ignored;
  state.directory = fs::current_path(ignored).string();
  for (char **each = ::environ; each != nullptr && *each != nullptr; ++each) {
    state.environment.emplace_back(*each);
  }
  std::sort(state.environment.begin(), state.environment.end());
  state.umask = read_umask();
  return state;
}

std::string describe_change(const process_state &before, const process_state &after) {
  std::vector<std::string> changes;
  if (before.directory != after.directory) {
    changes.push_back("the current folder went from " + before.directory + " to " +
                      after.directory);
  }
  const auto added = without(after.environment, before.environment);
  const auto removed = without(before.environment, after.environment);
  if (!added.empty()) changes.push_back("the environment got " + strategy::join(added));
  if (!removed.empty()) changes.push_back("the environment lost " + strategy::join(removed));
  if (before.umask != after.umask) changes.emplace_back("the umask changed");
  return strategy::join(changes, "; ");
}

signal_state::signal_state() {
  for (int number = 1; number < NSIG; ++number) {
    struct sigaction action{};
    if (::sigaction(number, nullptr, &action) == 0) actions_[number] = action;
  }
  ::pthread_sigmask(SIG_SETMASK, nullptr, &blocked_);
}

std::string signal_state::describe_change(const signal_state &after) const {
  std::vector<std::string> changes;
  for (const auto &[number, action] : actions_) {
    if (!are_same(action, after.actions_.at(number))) {
      changes.push_back("the handler of " + std::string(strategy::signal_name(number).view()) +
                        " was replaced");
    }
    const bool was_blocked = ::sigismember(&blocked_, number) == 1;
    const bool is_blocked = ::sigismember(&after.blocked_, number) == 1;
    if (was_blocked != is_blocked) {
      changes.push_back(std::string(strategy::signal_name(number).view()) + " was " +
                        (is_blocked ? "blocked" : "unblocked"));
    }
  }
  constexpr std::size_t shown = 4;
  if (changes.size() > shown) {
    const std::string more = std::to_string(changes.size() - shown) + " more";
    changes.resize(shown);
    changes.push_back(more);
  }
  return strategy::join(changes, "; ");
}

std::map<int, std::string> open_descriptors() {
  std::map<int, std::string> found;
  for (const auto &entry : fs::directory_iterator("/proc/self/fd")) {
    std::error_code error;
    const auto target = fs::read_symlink(entry.path(), error);
    // The one of this very listing is gone with it.
    if (!error) found[std::stoi(entry.path().filename().string())] = target.string();
  }
  std::erase_if(found, [](const auto &each) { return ::fcntl(each.first, F_GETFD) < 0; });
  return found;
}

}  // namespace taskworker::check
