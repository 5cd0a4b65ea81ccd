#include <cstdio>
#include <ctime>
#include <system_error>
#include <thread>
#include <utility>

#include <sys/utsname.h>

#include <waybill/core/error.h>
#include <waybill/core/ids.h>
#include <waybill/core/utf8.h>
#include <waybill/repro/internal/whole_file.h>
#include <waybill/repro/repro_context.h>

namespace waybill {
namespace {

constexpr std::size_t kLongestKind = 32;
constexpr std::size_t kLongestName = 64;
// A file that is larger was not written by save().
constexpr std::size_t kLargestFile = 64 * 1024 * 1024;

bool is_word(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// "MA crossover (v2)" as "MA-crossover-v2": dots within words, one '-' for whatever else is
// between.
std::string id_part(std::string_view text, std::size_t longest) {
  std::string part;
  char between = 0;
  for (const char c : text) {
    if (!is_word(c)) {
      between = c == '.' && between == 0 ? '.' : '-';
      continue;
    }
    if (between != 0 && !part.empty()) part.push_back(between);
    between = 0;
    part.push_back(c);
    if (part.size() >= longest) break;
  }
  return part;
}

std::string new_run_id(const ReproOptions& options, std::chrono::system_clock::time_point start) {
  const std::time_t seconds =
      std::chrono::system_clock::to_time_t(std::chrono::floor<std::chrono::seconds>(start));
  std::tm utc = {};
  ::gmtime_r(&seconds, &utc);
  char time[32];
  std::strftime(time, sizeof time, "%Y%m%d-%H%M%S", &utc);

  std::string id = id_part(options.kind, kLongestKind);
  if (id.empty()) id = "run";
  id.append("-").append(time);
  const std::string name = id_part(options.name, kLongestName);
  if (!name.empty()) id.append("-").append(name);
  return id.append("-").append(SpanId::random().to_hex().substr(0, 8));
}

ReproHost this_host() {
  utsname names = {};
  ::uname(&names);
  return {.name = to_utf8(names.nodename),
          .system = to_utf8(std::string(names.sysname) + " " + names.release),
          .machine = to_utf8(names.machine),
          .processors = std::thread::hardware_concurrency()};
}

std::string standard_library() {
#if defined(_GLIBCXX_RELEASE)
  return "libstdc++ " + std::to_string(_GLIBCXX_RELEASE);
#elif defined(_LIBCPP_VERSION)
  return "libc++ " + std::to_string(_LIBCPP_VERSION);
#else
  return "unknown";
#endif
}

// Of this library's build, which is that of the program where both are built together.
std::map<std::string, std::string> with_own_versions(std::map<std::string, std::string> versions) {
  versions.emplace("waybill", WAYBILL_VERSION);
#if defined(__clang__)
  versions.emplace("compiler", __VERSION__);
#else
  versions.emplace("compiler", "GCC " __VERSION__);
#endif
  versions.emplace("standard library", standard_library());
  return versions;
}

std::string read_whole(const std::filesystem::path& file) {
  internal::FileReader reader(file);
  std::string text;
  char piece[16 * 1024];
  while (const std::size_t size = reader.read(piece, sizeof piece)) {
    if (text.size() + size > kLargestFile) {
      throw std::system_error(std::make_error_code(std::errc::file_too_large));
    }
    text.append(piece, size);
  }
  return text;
}

}  // namespace

ReproContext ReproContext::begin(const ReproOptions& options) {
  ReproContext run;
  run.start_time = options.start_time.value_or(std::chrono::system_clock::now());
  run.run_id = new_run_id(options, run.start_time);
  run.seed = options.seed ? *options.seed : random_seed();
  run.code = options.code ? *options.code : read_code_version(options.source_folder);
  run.configuration_hash = waybill::configuration_hash(options.configuration);
  for (const auto& input : options.inputs) run.inputs.push_back(fingerprint(input));
  run.host = this_host();
  run.versions = with_own_versions(options.versions);
  return run;
}

void ReproContext::save(const std::filesystem::path& file) const {
  try {
    internal::replace_file(file, to_json());
  } catch (const std::system_error& error) {
    throw Error("run '" + run_id + "' cannot be saved as '" + file.string() +
                "': " + error.code().message());
  }
}

ReproContext ReproContext::load(const std::filesystem::path& file) {
  try {
    return from_json(read_whole(file));
  } catch (const std::system_error& error) {
    throw Error("run '" + file.string() + "' cannot be read: " + error.code().message());
  } catch (const Error& error) {
    throw Error("run '" + file.string() + "' cannot be read: " + error.what());
  }
}

}  // namespace waybill
