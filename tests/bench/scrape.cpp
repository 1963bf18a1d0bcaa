// SPDX-License-Identifier: MIT
// scrape TASKWORKER NULL_STRATEGY.so: the share of throughput that a scrape of /metrics
// ten times a second costs a run at full rate. The scraper is a process of its own and
// counts for nothing; what is compared is the CPU time of the runs, in turn with and
// without it.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string>

#include "rounds.hpp"

namespace {

constexpr int port = 39090;
constexpr int rounds = 9;
constexpr int runs_each = 3;

/// Gets /metrics once; false where nobody listens.
bool scrape() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  bool answered = false;
  if (::connect(fd, reinterpret_cast<sockaddr *>(&address), sizeof address) == 0) {
    const std::string request =
        "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    if (::write(fd, request.data(), request.size()) > 0) {
      std::array<char, 65536> chunk;
      while (::read(fd, chunk.data(), chunk.size()) > 0) answered = true;
    }
  }
  ::close(fd);
  return answered;
}

/// A process that scrapes every 100 ms until it is killed.
pid_t start_scraper() {
  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  for (;;) {
    static_cast<void>(scrape());
    ::usleep(100'000);
  }
}

pid_t start_run(const char *program, const char *strategy, const std::string &tasks) {
  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  const std::string strategy_option = std::string("--strategy=") + strategy;
  const std::string tasks_option = "--tasks=" + tasks;
  const std::string listen = "--listen=127.0.0.1:" + std::to_string(port);
  ::execl(program, program, strategy_option.c_str(), tasks_option.c_str(), listen.c_str(),
          "--workers=2", "--duration=0", "--verify=none", "--report=none", "--quiet", nullptr);
  ::_exit(127);
}

/// CPU nanoseconds per task of one run.
double run(const char *program, const char *strategy, std::uint64_t tasks) {
  const pid_t pid = start_run(program, strategy, std::to_string(tasks));
  int status = 0;
  rusage usage{};
  ::wait4(pid, &status, 0, &usage);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    std::fprintf(stderr, "scrape: the run failed\n");
    std::exit(1);
  }
  const auto ns = [](const timeval &time) {
    return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_usec) * 1e3;
  };
  return (ns(usage.ru_utime) + ns(usage.ru_stime)) / static_cast<double>(tasks);
}

}  // namespace

int main(int argc, char **argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: scrape TASKWORKER NULL_STRATEGY.so\n");
    return 2;
  }
  constexpr std::uint64_t tasks = 20'000'000;
  std::vector<double> without;
  std::vector<double> with;
  for (int round = 0; round < rounds; ++round) {
    double sum = 0;
    for (int i = 0; i < runs_each; ++i) sum += run(argv[1], argv[2], tasks);
    without.push_back(sum / runs_each);
    const pid_t scraper = start_scraper();
    sum = 0;
    for (int i = 0; i < runs_each; ++i) sum += run(argv[1], argv[2], tasks);
    with.push_back(sum / runs_each);
    ::kill(scraper, SIGKILL);
    ::waitpid(scraper, nullptr, 0);
  }
  const auto ratio = bench::ratio(without, with);
  std::printf("CPU ns per task: %.1f without, %.1f with 10 scrapes a second\n",
              bench::spread_of(without).median, bench::spread_of(with).median);
  std::printf("ratio %.3f [%.3f - %.3f] over %d rounds\n", ratio.median, ratio.least, ratio.most,
              rounds);
}
