// SPDX-License-Identifier: MIT
// A strategy that does one thing wrong, at one moment: which and when its options say. It works
// rightly until then. One instance lives at a time.
#include <taskworker/ext/jobs.h>
#include <taskworker/ext/options.h>
#include <taskworker/strategy.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>

#include "sound.h"

namespace {

// ---- The faults -------------------------------------------------------------------

// Never the same twice for the compiler, so that no fault is worked out before it happens.
volatile int zero = 0;

volatile std::uintptr_t no_address = 16;
[[gnu::noinline]] void fault_segv() { *reinterpret_cast<volatile int *>(no_address) = 1; }

[[gnu::noinline]] void fault_ill() { __builtin_trap(); }

[[gnu::noinline]] void fault_fpe() {
#if defined(__x86_64__)
  zero = 100 / zero;
#else
  std::raise(SIGFPE);
#endif
}

[[gnu::noinline]] void fault_abort() { std::abort(); }

[[gnu::noinline]] int fault_overflow(int depth) {
  volatile char room[4096];
  room[0] = static_cast<char>(depth);
  return zero == 0 ? fault_overflow(depth + 1) + room[0] : 0;
}

[[gnu::noinline]] void throw_text() { throw std::string("out of a noexcept"); }
[[gnu::noinline]] void fault_terminate() noexcept { throw_text(); }

[[gnu::noinline]] void fault_exit() { std::exit(0); }

[[gnu::noinline]] void fault_loop() {
  while (zero == 0) {
  }
}

/// Sleeps with the lock of the stream.
[[gnu::noinline]] void fault_read() {
  char line[8];
  if (std::fgets(line, sizeof line, stdin) == nullptr) ::pause();
}

/// What befalls children is no fault of the host's.
[[gnu::noinline]] void fault_fork() {
  for (const bool is_exit : {true, false}) {
    const pid_t child = ::fork();
    if (child == 0 && is_exit) std::exit(0);
    if (child == 0) fault_segv();
    int status = 0;
    ::waitpid(child, &status, 0);
    const bool is_as_wanted = is_exit ? WIFEXITED(status) && WEXITSTATUS(status) == 0
                                      : WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV;
    if (!is_as_wanted) std::abort();
  }
}

// ---- Faults that hinder who tells of them ------------------------------------------

/// Of this process; 0 when there is none.
pid_t find_thread(const std::string &name) {
  for (const auto &entry : std::filesystem::directory_iterator("/proc/self/task")) {
    std::string comm;
    std::getline(std::ifstream(entry.path() / "comm"), comm);
    if (comm == name) return std::stoi(entry.path().filename());
  }
  return 0;
}

void send_to_teller(int number) {
  pid_t teller = 0;
  while (teller == 0) teller = find_thread("tw-crash");  // it gives itself its name
  ::syscall(SYS_tgkill, ::getpid(), teller, number);
}

std::atomic<bool> is_held;

/// The thread that would find names never comes to it.
[[gnu::noinline]] void fault_unnamed() {
  std::signal(SIGUSR1, [](int) {
    is_held = true;
    for (;;) ::pause();
  });
  send_to_teller(SIGUSR1);
  while (!is_held) {
  }
  fault_segv();
}

/// The thread that tells of crashes crashes.
[[gnu::noinline]] void fault_teller() {
  send_to_teller(SIGSEGV);
  for (;;) ::pause();
}

/// Two threads crash at once.
[[gnu::noinline]] void fault_twice() {
  static std::atomic<int> ready{0};
  const auto meet = [](void *) -> void * {
    ++ready;
    while (ready < 2) {
    }
    fault_segv();
    return nullptr;
  };
  pthread_t other;
  if (::pthread_create(&other, nullptr, meet, nullptr) == 0) meet(nullptr);
}

// ---- What the options say ---------------------------------------------------------

std::string fault;
std::string moment;
std::string trigger;
std::uint64_t at;
const taskworker_host *the_host;
std::atomic<std::uint64_t> processed;
std::atomic<bool> has_happened;

bool is_triggered() { return ::access(trigger.c_str(), F_OK) == 0; }

/// Until the file is there.
[[gnu::noinline]] void fault_wait() {
  while (!is_triggered()) ::usleep(1000);
}

std::uint64_t resident_mebibytes() {
  std::ifstream file("/proc/self/statm");
  std::uint64_t all = 0;
  std::uint64_t resident = 0;
  file >> all >> resident;
  return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)) >> 20;
}

void take_mebibyte() {
  constexpr std::size_t size = 1 << 20;
  auto *const taken = new char[size];
  std::memset(taken, 1, size);
  static std::atomic<char *> kept;
  kept = taken;
}

/// Takes memory until the process has `at` MiB, and once triggered without end.
[[gnu::noinline]] void fault_eat() {
  while (resident_mebibytes() < at) take_mebibyte();
  fault_wait();
  for (;;) take_mebibyte();
}

void happen() {
  if (has_happened.exchange(true)) return;
  if (fault == "segv") fault_segv();
  if (fault == "ill") fault_ill();
  if (fault == "fpe") fault_fpe();
  if (fault == "abort") fault_abort();
  if (fault == "overflow") fault_overflow(0);
  if (fault == "terminate") fault_terminate();
  if (fault == "exit") fault_exit();
  if (fault == "loop") fault_loop();
  if (fault == "read") fault_read();
  if (fault == "fork") fault_fork();
  if (fault == "wait") fault_wait();
  if (fault == "eat") fault_eat();
  if (fault == "unnamed") fault_unnamed();
  if (fault == "teller") fault_teller();
  if (fault == "twice") fault_twice();
}

void happen_at(const char *when) {
  if (moment == when) happen();
}

// ---- The strategy -----------------------------------------------------------------

void happen_once_at_work(void *) {
  if (processed.load() >= at) happen();
}

void *happen_on_thread(void *) {
  while (processed.load() < at) ::usleep(1000);
  happen();
  return nullptr;
}

taskworker_status init(taskworker_instance *) {
  happen_at("init");
  return TASKWORKER_OK;
}

taskworker_status start(taskworker_instance *, std::uint32_t) {
  happen_at("start");
  if (moment == "job") {
    const auto *jobs = static_cast<const taskworker_host_jobs *>(
        the_host->get_extension(the_host, TASKWORKER_EXT_JOBS));
    if (jobs->start(the_host, 1'000'000, happen_once_at_work, nullptr, nullptr) == 0) {
      return TASKWORKER_FAILED;
    }
  }
  if (moment == "thread") {
    pthread_t thread;
    if (::pthread_create(&thread, nullptr, happen_on_thread, nullptr) != 0) {
      return TASKWORKER_FAILED;
    }
    ::pthread_detach(thread);
  }
  return TASKWORKER_OK;
}

taskworker_status process(taskworker_instance *instance, std::uint32_t worker,
                          const taskworker_task *task, taskworker_result *result) {
  if (task->id == 0) happen_at("first_task");
  if (task->id == at) happen_at("mid_run");
  if (moment == "triggered" && is_triggered()) happen();
  const taskworker_status status = sound_process(instance, worker, task, result);
  processed.fetch_add(1);
  return status;
}

void stop(taskworker_instance *) { happen_at("stop"); }
void destroy(taskworker_instance *) { happen_at("destroy"); }

taskworker_instance *create(const taskworker_host *host, const taskworker_config *config) {
  the_host = host;
  fault = config->options[0].value;
  moment = config->options[1].value;
  at = std::strtoull(config->options[2].value, nullptr, 10);
  trigger = config->options[3].value;
  happen_at("create");
  static taskworker_instance the_instance;
  the_instance = {nullptr, init, start, process, stop, destroy, nullptr};
  return &the_instance;
}

constexpr const char *faults[] = {"none",      "segv",    "ill",    "fpe",   "abort", "overflow",
                                  "terminate", "exit",    "loop",   "read",  "fork",  "wait",
                                  "eat",       "unnamed", "teller", "twice", nullptr};
constexpr const char *moments[] = {"create", "init", "start",   "first_task", "mid_run", "job",
                                   "thread", "stop", "destroy", "triggered",  nullptr};
constexpr taskworker_option options[] = {
    {"fault", "What goes wrong.", "none", faults, 0, 0, TASKWORKER_OPTION_CHOICE, 0},
    {"moment", "When it does.", "mid_run", moments, 0, 0, TASKWORKER_OPTION_CHOICE, 0},
    {"at", "The task of mid_run, how many are done before job and thread, the MiB of eat.", "500",
     nullptr, 0, 1'000'000, TASKWORKER_OPTION_INTEGER, 0},
    {"trigger", "The file that triggered, wait and eat look for.", "", nullptr, 0, 0,
     TASKWORKER_OPTION_TEXT, 0},
};
constexpr taskworker_options all_options = {options, 4};

const void *get_extension(const char *id) {
  return std::strcmp(id, TASKWORKER_EXT_OPTIONS) == 0 ? &all_options : nullptr;
}

}  // namespace

extern "C" const taskworker_entry taskworker_strategy_entry = {
    TASKWORKER_ABI_VERSION,
    {"faulty", "1.0.0", "Goes wrong in the way and at the moment that its options say.", nullptr,
     nullptr},
    nullptr,
    nullptr,
    create,
    get_extension,
};
