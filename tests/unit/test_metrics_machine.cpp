// SPDX-License-Identifier: MIT
#include "metrics/machine.hpp"

#include <filesystem>

#include "catch.hpp"
#include "temporary_file.hpp"

using namespace taskworker::metrics;

TEST_CASE("this machine has CPUs, limits and memory", "[metrics_machine]") {
  const machine_figures figures = read_machine();
  CHECK(figures.cpus >= 1);
  CHECK(figures.load >= 0);
  CHECK(figures.open_files >= 3);
  REQUIRE(figures.memory_available);
  CHECK(*figures.memory_available > 0);
  CHECK(figures.usable_cpus() > 0);
  CHECK(figures.usable_cpus() <= static_cast<double>(figures.cpus));
}

TEST_CASE("what the kernel tells in files is read", "[metrics_machine]") {
  const temporary_folder root;
  for (const char *folder : {"proc/self", "sys/devices/system/cpu/cpu0/cpufreq"}) {
    std::filesystem::create_directories(root / folder);
  }
  root.write("proc/loadavg", "3.14 2.00 1.00 2/345 6789\n");
  root.write("proc/meminfo", "MemTotal:  2000 kB\nMemAvailable:   1000 kB\n");
  root.write("proc/self/status", "Name:\tx\nSigQ:\t7/96365\nSigPnd:\t0\n");
  root.write("sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "powersave\n");
  const machine_figures figures = read_machine(root.path());
  CHECK(figures.load == Approx(3.14));
  CHECK(figures.memory_available == 1'024'000);
  CHECK(figures.signals_queued == 7);
  CHECK(figures.governor == "powersave");
}

TEST_CASE("what the kernel does not tell is left out", "[metrics_machine]") {
  const temporary_folder root;
  const machine_figures figures = read_machine(root.path());
  CHECK(!figures.memory_available);
  CHECK(figures.governor.empty());
  CHECK(figures.signals_queued == 0);
}

TEST_CASE("a quota leaves less than all CPUs, never more", "[metrics_machine]") {
  machine_figures figures{.cpus = 4};
  CHECK(figures.usable_cpus() == 4.0);
  figures.group.cpus = 1.5;
  CHECK(figures.usable_cpus() == 1.5);
  figures.group.cpus = 8;
  CHECK(figures.usable_cpus() == 4.0);
}
