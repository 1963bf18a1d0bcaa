// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <optional>

namespace taskworker::http {

/// What a connection waits for its client to do. In this order their places are taken from
/// them: first from those whose client has its answer, last from who is in the middle of
/// something.
enum class awaited : std::uint8_t { another_request, request, body, reading };

/// The places for connections, a fixed number. When all are taken, a new client gets the place
/// of the one that has waited longest for its client, so that nobody shuts others out by
/// connecting and keeping silent. One whose response is being made keeps its place, and one whose
/// client has no answer yet keeps it for the grace, so that a crowd does not push out who is just
/// about to ask.
///
/// Who asks again and again keeps nobody waiting for its turn: for a while after all places were
/// taken, a place is given up after each answer.
///
/// One thread uses this and all its places. Held by a shared_ptr, which each place shares.
class places : public std::enable_shared_from_this<places> {
 public:
  class place;
  using clock = std::chrono::steady_clock;

  /// So long after all places were taken there is a crowd.
  static constexpr clock::duration crowd_lasts = std::chrono::seconds(1);

  places(std::size_t count, clock::duration grace) : free_(count), grace_(grace) {}

  /// A place, at work; nothing where all are taken and none can be taken away now.
  [[nodiscard]] std::optional<place> take(clock::time_point now);

  /// After take() gave nothing: when a place can be taken away, if it is still waited at then.
  /// Nothing = all are at work.
  [[nodiscard]] std::optional<clock::time_point> next_chance() const;

  [[nodiscard]] bool is_crowded(clock::time_point now) {
    if (free_ == 0) last_full_ = now;
    return last_full_ && now - *last_full_ < crowd_lasts;
  }

 private:
  struct holder {
    std::function<void()> leave;
    clock::time_point since;           // it waits
    std::optional<awaited> waits_for;  // nothing = at work
    bool is_put_out = false;           // its place is another's now
  };
  using holders = std::list<holder>;
  static constexpr std::size_t kinds = 4;

  holders &list_of(const holder &one);
  void move(holders::iterator one, std::optional<awaited> to);
  bool put_out_longest_waiting(clock::time_point now);

  std::size_t free_;
  clock::duration grace_;
  std::optional<clock::time_point> last_full_;
  holders at_work_;
  std::array<holders, kinds> waiting_;  // by what they wait for; the longest waiting first
  holders put_out_;
};

/// One place. It is given back at the end of its life, if it was not taken away.
class places::place {
 public:
  place(place &&) noexcept = default;
  place &operator=(place &&) = delete;
  ~place();

  /// The client must act from `now` on. `leave` is called at most once, while this waits, when
  /// the place goes to another; it must not call this object.
  void wait_for(awaited what, clock::time_point now, std::function<void()> leave);

  /// The client has acted.
  void work();

  /// May the client ask again from this place, after the answer that it gets `now`?
  [[nodiscard]] bool may_stay(clock::time_point now) { return !home_->is_crowded(now); }

 private:
  friend class places;
  place(std::shared_ptr<places> home, holders::iterator self)
      : home_(std::move(home)), self_(self) {}

  std::shared_ptr<places> home_;  // null = moved from
  holders::iterator self_;
};

}  // namespace taskworker::http
