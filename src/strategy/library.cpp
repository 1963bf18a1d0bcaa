// SPDX-License-Identifier: MIT
#include "strategy/library.hpp"

#include <dlfcn.h>
#include <link.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <string_view>
#include <system_error>
#include <vector>

#include "strategy/guarded_call.hpp"
#include "strategy/options.hpp"
#include "strategy/soundness.hpp"
#include "strategy/text.hpp"

namespace taskworker::strategy {
namespace {

namespace fs = std::filesystem;
using elf_header = ElfW(Ehdr);
using elf_segment = ElfW(Phdr);

// Opening a pipe or a device would wait or act, so only files go further.
void check_is_file(const std::string &path) {
  std::error_code error;
  const auto status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found) {
    throw load_error(path + " does not exist; --list shows the strategies that can be named");
  }
  if (status.type() == fs::file_type::none) {
    throw load_error(path + " cannot be reached: " + error.message());
  }
  if (status.type() == fs::file_type::directory) {
    throw load_error(path + " is a folder; name the .so file in it");
  }
  if (status.type() != fs::file_type::regular) {
    throw load_error(path + " is not a regular file; name the .so file of a strategy");
  }
}

std::ifstream open_to_read(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw load_error(path + " cannot be read: " + std::strerror(errno));
  return file;
}

elf_header read_elf_header(const std::string &path) {
  std::ifstream file = open_to_read(path);
  elf_header header{};
  file.read(reinterpret_cast<char *>(&header), sizeof header);
  if (!file || std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) {
    throw load_error(path +
                     " is not a shared library (no ELF header); build one with cc -shared -fPIC");
  }
  return header;
}

// The loader maps what the segments name and dies of SIGBUS where the file ends
// before: a copy that was cut off.
void check_is_whole(const std::string &path, const elf_header &header) {
  const std::uint64_t size = fs::file_size(path);
  std::ifstream file = open_to_read(path);
  file.seekg(static_cast<std::streamoff>(header.e_phoff));
  for (unsigned i = 0; i < header.e_phnum; ++i) {
    elf_segment segment{};
    file.read(reinterpret_cast<char *>(&segment), sizeof segment);
    const bool fits =
        file && segment.p_offset <= size && segment.p_filesz <= size - segment.p_offset;
    if (!fits) throw load_error(path + " is cut off; build or copy it again");
  }
}

// What the dynamic loader would say of it ("wrong ELF class: ELFCLASS32") is no
// help to most people.
void check_elf(const std::string &path) {
  const auto found = read_elf_header(path);
  const auto own = read_elf_header("/proc/self/exe");
  const bool is_same_kind = found.e_ident[EI_CLASS] == own.e_ident[EI_CLASS] &&
                            found.e_ident[EI_DATA] == own.e_ident[EI_DATA] &&
                            found.e_machine == own.e_machine;
  if (!is_same_kind) {
    throw load_error(path + " was built for another kind of processor; rebuild it for this one");
  }
  if (found.e_type != ET_DYN) {
    throw load_error(path +
                     " is an object file or a program, not a shared library; link it with "
                     "cc -shared");
  }
  check_is_whole(path, found);
}

std::string explain_loader_error(const std::string &path) {
  const char *error = dlerror();
  std::string_view reason = error != nullptr ? error : "unknown reason";
  if (reason.starts_with(path + ": ")) reason.remove_prefix(path.size() + 2);
  std::string text = path + " cannot be loaded: " + one_line(reason);
  if (reason.starts_with("undefined symbol")) {
    text += "; link it with what defines the symbol";
  } else if (reason.find("cannot open shared object file") != std::string_view::npos) {
    text += "; install that library, which it needs, or link it statically";
  }
  return text;
}

const taskworker_entry *load_entry(const std::string &path) {
  // <dlfcn.h> promises that dlopen() throws nothing, and the compiler would leave the
  // handler out; but what a static constructor throws does come through it.
  void *(*volatile open)(const char *, int) = dlopen;
  void *handle = guarded_call(path, "a static constructor", [&] {
    return open(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  });
  if (handle == nullptr) throw load_error(explain_loader_error(path));
  const void *symbol = dlsym(handle, TASKWORKER_ENTRY_SYMBOL);
  if (symbol == nullptr) {
    throw load_error(path + " exports no symbol " TASKWORKER_ENTRY_SYMBOL
                            "; define it as include/taskworker/strategy.h tells");
  }
  return static_cast<const taskworker_entry *>(symbol);
}

std::string list_operations(const taskworker_workload &workload) {
  const std::vector<std::string> names(workload.operation_names,
                                       workload.operation_names + workload.operation_count);
  return join(names);
}

}  // namespace

const taskworker_entry &open_entry(const std::string &path) {
  check_is_file(path);
  check_elf(path);
  return *load_entry(path);
}

library::library(const fs::path &path) : path_(fs::absolute(path).lexically_normal()) {
  entry_ = &open_entry(path_);
  // Until the version fits, nothing after these 8 bytes may be looked at.
  check_version(entry_->abi, path_);
  check_entry(*entry_, path_);
  init_entry();
  try {
    read_extensions();
  } catch (...) {
    deinit_entry();
    throw;
  }
}

library::~library() { deinit_entry(); }

void library::init_entry() const {
  if (entry_->init == nullptr) return;
  const auto status =
      guarded_call(path_, "its entry's init()", [&] { return entry_->init(path_.c_str()); });
  if (status != TASKWORKER_OK) {
    throw load_error(path_ + " is refused: its entry's init() returned " + describe_status(status));
  }
}

void library::deinit_entry() const noexcept {
  if (entry_->deinit == nullptr) return;
  try {
    entry_->deinit();
  } catch (...) {
    // The last call of all: nothing is left that this could harm.
  }
}

void library::read_extensions() {
  if (entry_->get_extension == nullptr) return;
  const auto ask = [&](const char *id) {
    return guarded_call(path_, "its entry's get_extension()",
                        [&] { return entry_->get_extension(id); });
  };
  if (const auto *found = static_cast<const taskworker_options *>(ask(TASKWORKER_EXT_OPTIONS))) {
    check_options(*found, path_);
    options_ = *found;
  }
  if (const auto *found = static_cast<const taskworker_workload *>(ask(TASKWORKER_EXT_WORKLOAD))) {
    check_workload(*found, path_);
    workload_ = found;
  }
}

std::string describe(const library &opened) {
  constexpr std::size_t indent = 12;
  const auto &strategy = opened.descriptor();
  std::string text = std::string(strategy.name) + " " + strategy.version + "\n";
  text += row("", strategy.summary, 2) + "\n";
  if (strategy.author != nullptr) text += row("  author", strategy.author, indent);
  if (strategy.license != nullptr) text += row("  license", strategy.license, indent);
  text += "  file      " + opened.path() + "\n";
  if (const auto *workload = opened.workload()) {
    text += row("  workload",
                std::string("its own, '") + workload->name + "': " + list_operations(*workload),
                indent);
  }
  return text + "\n" + describe_options(opened.options());
}

}  // namespace taskworker::strategy
