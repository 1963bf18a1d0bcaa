// SPDX-License-Identifier: MIT
#include "metrics/allocator.hpp"

#include <jemalloc/jemalloc.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <string>
#include <system_error>
#include <vector>

// jemalloc reads this when the process starts; MALLOC_CONF can overrule it.
//   prof, prof_active    heap profiles need them from the first allocation on
//   lg_prof_sample:19    512 KiB, until --heap-sample says otherwise
//   prof_accum           keeps what was sampled and is freed: alloc_space, alloc_objects.
//                        No slower; some KiB for each ended thread that was sampled
//   prof_final, _prefix  no file is written but on request
extern "C" {
const char *malloc_conf =
    "prof:true,prof_active:true,lg_prof_sample:19,prof_accum:true,prof_final:false,prof_prefix:";
}

namespace taskworker::metrics {
namespace {

/// A name of mallctl's tree, looked up once. One that this jemalloc does not have
/// reads as 0.
class control {
 public:
  explicit control(const char *name) {
    if (mallctlnametomib(name, ids_.data(), &length_) != 0) length_ = 0;
  }

  /// The same name with another number at `position` (0 = first word).
  [[nodiscard]] control with(std::size_t position, std::size_t number) const {
    control other = *this;
    other.ids_[position] = number;
    return other;
  }

  template <typename T>
  [[nodiscard]] T read() const {
    T value{};
    std::size_t size = sizeof value;
    if (mallctlbymib(ids_.data(), length_, &value, &size, nullptr, 0) != 0) return T{};
    return value;
  }

  template <typename T>
  int write(T value) const {
    return mallctlbymib(ids_.data(), length_, nullptr, nullptr, &value, sizeof value);
  }

 private:
  std::array<std::size_t, 6> ids_{};
  std::size_t length_ = ids_.size();
};

// The statistics are those of the last epoch.
void take_snapshot() {
  static const control epoch("epoch");
  epoch.write(std::uint64_t{1});
}

constexpr std::size_t arena_word = 2;  // in stats.arenas.<i>
constexpr std::size_t class_word = 4;  // in stats.arenas.<i>.bins.<j>

control of_all_arenas(const char *name) {
  return control(name).with(arena_word, MALLCTL_ARENAS_ALL);
}

/// The size classes that jemalloc counts in one table: small ones ("bins") or large
/// ones ("lextents").
class size_classes {
 public:
  size_classes(std::size_t count, const char *size, const char *requests, const char *live)
      : requests_(of_all_arenas(requests)), live_(of_all_arenas(live)) {
    const control bytes(size);
    for (std::size_t i = 0; i < count; ++i) {
      bytes_.push_back(bytes.with(class_word - 2, i).read<std::size_t>());
    }
  }

  void add_to(allocator_figures &figures) const {
    for (std::size_t i = 0; i < bytes_.size(); ++i) {
      const auto requests = requests_.with(class_word, i).read<std::uint64_t>();
      if (requests == 0) continue;
      const auto live = live_.with(class_word, i).read<std::size_t>();
      figures.allocations_total += requests;
      figures.allocated_total += requests * bytes_[i];
      // Thread caches fetch memory before they report the requests that it serves.
      figures.deallocations_total += requests > live ? requests - live : 0;
    }
  }

 private:
  std::vector<std::size_t> bytes_;
  control requests_;
  control live_;
};

class statistics {
 public:
  allocator_figures read() {
    const std::lock_guard lock(mutex_);
    take_snapshot();
    allocator_figures figures;
    figures.allocated = allocated_.read<std::size_t>();
    figures.active = active_.read<std::size_t>();
    figures.resident = resident_.read<std::size_t>();
    figures.retained = retained_.read<std::size_t>();
    figures.metadata = metadata_.read<std::size_t>();
    small_.add_to(figures);
    large_.add_to(figures);
    figures.purges_total =
        dirty_purges_.read<std::uint64_t>() + muzzy_purges_.read<std::uint64_t>();
    keep_rising(figures);
    return figures;
  }

 private:
  // The parts of a total are not read at one moment, so a sum can come out lower than
  // one before.
  void keep_rising(allocator_figures &figures) {
    for (const auto total :
         {&allocator_figures::allocated_total, &allocator_figures::allocations_total,
          &allocator_figures::deallocations_total, &allocator_figures::purges_total}) {
      figures.*total = std::max(figures.*total, last_.*total);
    }
    last_ = figures;
  }

  std::mutex mutex_;
  allocator_figures last_;
  const control allocated_{"stats.allocated"};
  const control active_{"stats.active"};
  const control resident_{"stats.resident"};
  const control retained_{"stats.retained"};
  const control metadata_{"stats.metadata"};
  const control dirty_purges_ = of_all_arenas("stats.arenas.0.dirty_npurge");
  const control muzzy_purges_ = of_all_arenas("stats.arenas.0.muzzy_npurge");
  const size_classes small_{control("arenas.nbins").read<unsigned>(), "arenas.bin.0.size",
                            "stats.arenas.0.bins.0.nrequests", "stats.arenas.0.bins.0.curregs"};
  const size_classes large_{control("arenas.nlextents").read<unsigned>(), "arenas.lextent.0.size",
                            "stats.arenas.0.lextents.0.nrequests",
                            "stats.arenas.0.lextents.0.curlextents"};
};

/// An arena that jemalloc gives to no thread by itself. 0 or an errno.
int create_arena(unsigned &index) noexcept {
  std::size_t size = sizeof index;
  return mallctl("arenas.create", &index, &size, nullptr, 0);
}

// Falls back on arena 0, the main thread's: no thread_arena either.
unsigned host_arena() noexcept {
  static const unsigned arena = [] {
    unsigned created = 0;
    return create_arena(created) == 0 ? created : 0;
  }();
  return arena;
}

thread_local unsigned entered_arena = 0;  // by this thread; none is the main thread's

std::uint64_t requests_of(unsigned arena) {
  static const control small("stats.arenas.0.small.nrequests");
  static const control large("stats.arenas.0.large.nrequests");
  take_snapshot();
  return small.with(arena_word, arena).read<std::uint64_t>() +
         large.with(arena_word, arena).read<std::uint64_t>();
}

std::string find_name() {
  const auto version = control("version").read<const char *>();  // "5.3.0-0-g54eaed1d8b56..."
  const std::string text = version != nullptr ? version : "";
  return "jemalloc " + text.substr(0, text.find_first_of("-_"));
}

const std::uint64_t *find_allocated_counter() noexcept {
  static const std::uint64_t none = 0;  // without statistics, or in a thread that is ending
  std::uint64_t *counter = nullptr;
  std::size_t size = sizeof counter;
  return mallctl("thread.allocatedp", &counter, &size, nullptr, 0) == 0 ? counter : &none;
}

}  // namespace

const char *allocator_name() noexcept {
  static const std::string name = find_name();
  return name.c_str();
}

std::optional<allocator_figures> read_allocator() {
  static statistics process;
  return process.read();
}

std::uint64_t thread_allocated_bytes() noexcept {
  thread_local const std::uint64_t *counter = nullptr;
  if (counter == nullptr) counter = find_allocated_counter();
  return *counter;
}

thread_arena::thread_arena() {
  const int error = create_arena(index_);
  if (error != 0) {
    throw std::system_error(error, std::generic_category(),
                            "jemalloc has no arena for one more thread");
  }
}

// Cannot fail: the arena is there.
void thread_arena::enter() const noexcept {
  unsigned index = index_;
  mallctl("thread.arena", nullptr, nullptr, &index, sizeof index);
  entered_arena = index_;
}

std::uint64_t thread_arena::allocations() const { return requests_of(index_); }

std::uint64_t thread_arena::allocations_here() {
  return entered_arena != 0 ? requests_of(entered_arena) : 0;
}

void thread_arena::flush() noexcept {
  mallctl("thread.tcache.flush", nullptr, nullptr, nullptr, 0);
}

void *host_allocate(std::size_t bytes) noexcept {
  return mallocx(std::max<std::size_t>(bytes, 1),
                 MALLOCX_ARENA(host_arena()) | MALLOCX_TCACHE_NONE);
}

void host_free(void *memory) noexcept {
  if (memory != nullptr) dallocx(memory, MALLOCX_TCACHE_NONE);
}

}  // namespace taskworker::metrics
