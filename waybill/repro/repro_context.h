// ReproContext: what a run's results follow from, and the run_id that they are known by.
//
// begin() collects it, save() writes it next to the results as JSON, load() reads it back, and
// differences() says in words what is not the same in two runs. A plain value; distinct objects may
// be used at the same time.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <waybill/repro/code_version.h>
#include <waybill/repro/fingerprint.h>
#include <waybill/repro/seed.h>

namespace waybill {

struct ReproOptions {
  // What sort of run, and which: "backtest", "ma-crossover". Both are part of the run_id.
  std::string kind = "run";
  std::string name = {};
  // Default: random_seed().
  std::optional<std::uint64_t> seed = std::nullopt;
  // The whole configuration as one text; only its hash is kept, as it may hold secrets. See
  // configuration_hash().
  std::string configuration = {};
  // Read from end to end.
  std::vector<std::filesystem::path> inputs = {};
  // Of what has a part in the results: {{"eigen", "3.4.0"}}. "waybill", "compiler" and
  // "standard library" are there unless they are given.
  std::map<std::string, std::string> versions = {};
  // Default: read_code_version(source_folder).
  std::optional<CodeVersion> code = std::nullopt;
  std::filesystem::path source_folder = ".";
  // Default: now.
  std::optional<std::chrono::system_clock::time_point> start_time = std::nullopt;
};

// The machine.
struct ReproHost {
  std::string name;
  std::string system;   // "Linux 6.1.0-18-amd64"
  std::string machine;  // "x86_64"
  unsigned processors = 0;

  friend bool operator==(const ReproHost&, const ReproHost&) = default;
};

struct ReproContext {
  // "backtest-20251021-143205-ma-crossover-3f9c2a7e": kind, start in UTC, name, eight random
  // digits. ASCII letters, digits, '-', '_' and '.', at most 128: it can be a trace's name, a
  // file's and a field's value.
  std::string run_id;
  std::uint64_t seed = 0;
  CodeVersion code;
  std::string configuration_hash;
  std::vector<InputFingerprint> inputs;
  ReproHost host;
  std::map<std::string, std::string> versions;
  std::chrono::system_clock::time_point start_time;  // nanoseconds

  // Collects all of it. Throws Error for an input that cannot be read.
  static ReproContext begin(const ReproOptions& options = {});

  // Numbers that follow from the seed, a stream for each name; see seed.h.
  std::uint64_t derive_seed(std::string_view stream) const noexcept {
    return waybill::derive_seed(seed, stream);
  }
  std::mt19937_64 rng(std::string_view stream) const { return waybill::rng(seed, stream); }

  // Indented, with a newline at the end. Text that is not UTF-8 gets U+FFFD for what is not.
  std::string to_json() const;
  // Throws Error, which says what is wrong where, for anything but what to_json() wrote, or a later
  // version that has added to it.
  static ReproContext from_json(std::string_view json);

  // The file is there as a whole or not at all, also when the machine fails meanwhile: it is
  // written beside its place, brought to the disk, and renamed. Replaces what is there. Throws
  // Error, which names the file.
  void save(const std::filesystem::path& file) const;
  // Throws Error, which names the file.
  static ReproContext load(const std::filesystem::path& file);

  // In what this run differs from the other, a sentence each: "seed: 42, other run: 43". Nothing
  // about run_id and start, which always differ.
  std::vector<std::string> differences(const ReproContext& other) const;

  friend bool operator==(const ReproContext&, const ReproContext&) = default;
};

}  // namespace waybill
