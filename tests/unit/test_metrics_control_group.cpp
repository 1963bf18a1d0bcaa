// SPDX-License-Identifier: MIT
#include "metrics/control_group.hpp"

#include <filesystem>
#include <string>

#include "catch.hpp"
#include "temporary_file.hpp"

using namespace taskworker::metrics;

namespace {

/// A machine of files.
class fake_machine {
 public:
  void write(const std::string &path, const std::string &text) const {
    const std::filesystem::path whole = folder_ / path;
    std::filesystem::create_directories(whole.parent_path());
    static_cast<void>(folder_.write(path, text));
  }
  [[nodiscard]] control_group_figures read() const { return read_control_group(folder_.path()); }

 private:
  temporary_folder folder_;
};

void mount_v2(const fake_machine &machine, const std::string &top = "/") {
  machine.write("proc/self/mountinfo",
                "22 1 0:20 / /proc rw - proc proc rw\n"
                "31 22 0:28 " +
                    top + " /sys/fs/cgroup rw,relatime shared:4 - cgroup2 cgroup2 rw\n");
}

}  // namespace

TEST_CASE("no control groups are no limits", "[metrics_control_group]") {
  const control_group_figures figures = fake_machine().read();
  CHECK(!figures.cpus);
  CHECK(!figures.memory);
  CHECK(!figures.threads);
  CHECK(figures.throttled_periods == 0);
}

TEST_CASE("limits of version 2", "[metrics_control_group]") {
  const fake_machine machine;
  mount_v2(machine);
  machine.write("proc/self/cgroup", "0::/one/two\n");
  const std::string group = "sys/fs/cgroup/one/two/";
  machine.write(group + "cpu.max", "150000 100000\n");
  machine.write(group + "cpu.stat", "usage_usec 5\nnr_periods 40\nnr_throttled 3\n");
  machine.write(group + "memory.max", "1000\n");
  machine.write(group + "memory.current", "400\n");
  machine.write(group + "pids.max", "max\n");
  machine.write(group + "pids.current", "9\n");
  const control_group_figures figures = machine.read();
  REQUIRE(figures.cpus);
  CHECK(*figures.cpus == Approx(1.5));
  REQUIRE(figures.memory);
  CHECK(figures.memory->most == 1000);
  CHECK(figures.memory->left() == 600);
  CHECK(!figures.threads);
  CHECK(figures.periods == 40);
  CHECK(figures.throttled_periods == 3);
}

TEST_CASE("the tightest group around the process counts", "[metrics_control_group]") {
  const fake_machine machine;
  mount_v2(machine);
  machine.write("proc/self/cgroup", "0::/one/two\n");
  machine.write("sys/fs/cgroup/one/two/cpu.max", "200000 100000\n");
  machine.write("sys/fs/cgroup/cpu.max", "max 100000\n");
  machine.write("sys/fs/cgroup/one/cpu.max", "50000 100000\n");
  machine.write("sys/fs/cgroup/one/two/memory.max", "1000\n");
  machine.write("sys/fs/cgroup/one/two/memory.current", "0\n");
  machine.write("sys/fs/cgroup/one/memory.max", "2000\n");
  machine.write("sys/fs/cgroup/one/memory.current", "1950\n");
  machine.write("sys/fs/cgroup/pids.max", "7\n");
  machine.write("sys/fs/cgroup/pids.current", "9\n");
  const control_group_figures figures = machine.read();
  CHECK(figures.cpus == 0.5);
  REQUIRE(figures.memory);
  CHECK(figures.memory->most == 2000);
  CHECK(figures.memory->left() == 50);
  CHECK(figures.most_memory == 1000);
  REQUIRE(figures.threads);
  CHECK(figures.threads->left() == 0);
}

TEST_CASE("a container may see its own group and those below only", "[metrics_control_group]") {
  const fake_machine machine;
  mount_v2(machine, "/docker/abc");
  machine.write("proc/self/cgroup", "0::/docker/abc/inner\n");
  machine.write("sys/fs/cgroup/inner/pids.max", "100\n");
  machine.write("sys/fs/cgroup/inner/pids.current", "1\n");
  const control_group_figures figures = machine.read();
  REQUIRE(figures.threads);
  CHECK(figures.threads->left() == 99);
}

TEST_CASE("limits of version 1, also beside version 2", "[metrics_control_group]") {
  const fake_machine machine;
  machine.write("proc/self/mountinfo",
                "32 31 0:29 / /cg/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct\n"
                "33 31 0:30 / /cg/memory rw,relatime - cgroup cgroup rw,memory\n"
                "34 31 0:31 / /cg/unified rw,relatime - cgroup2 cgroup2 rw\n");
  machine.write("proc/self/cgroup", "4:memory:/mine\n2:cpu,cpuacct:/mine\n0::/\n");
  machine.write("cg/cpu,cpuacct/mine/cpu.cfs_quota_us", "200000\n");
  machine.write("cg/cpu,cpuacct/mine/cpu.cfs_period_us", "100000\n");
  machine.write("cg/cpu,cpuacct/cpu.cfs_quota_us", "-1\n");
  machine.write("cg/cpu,cpuacct/cpu.cfs_period_us", "100000\n");
  machine.write("cg/cpu,cpuacct/mine/cpu.stat", "nr_periods 8\nnr_throttled 2\nthrottled_time 9\n");
  machine.write("cg/memory/mine/memory.limit_in_bytes", "500\n");
  machine.write("cg/memory/mine/memory.usage_in_bytes", "100\n");
  machine.write("cg/memory/memory.limit_in_bytes", "9223372036854771712\n");
  CHECK(machine.read().memory->left() == 400);
  machine.write("cg/memory/mine/memory.limit_in_bytes", "9223372036854771712\n");
  machine.write("cg/unified/pids.max", "30\n");
  machine.write("cg/unified/pids.current", "10\n");
  const control_group_figures figures = machine.read();
  CHECK(figures.cpus == 2.0);
  CHECK(figures.throttled_periods == 2);
  CHECK(!figures.memory);
  REQUIRE(figures.threads);
  CHECK(figures.threads->left() == 20);
}
