#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <waybill/core/error.h>
#include <waybill/core/ids.h>
#include <waybill/otlp/internal/signal_options.h>
#include <waybill/otlp/internal/spool.h>

namespace waybill::internal {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSuffix = ".otlp";
constexpr std::string_view kAsideSuffix = ".bad";

// How long the space that files take is not looked at again, as other processes rarely matter.
constexpr std::chrono::seconds kLookAgain{10};

}  // namespace

Spool::Spool(const OtlpSpool& options, OtlpSignal signal)
    : folder_(options.folder + '/'),
      prefix_(std::string(name_of(signal)) + '-'),
      bytes_limit_(options.bytes_limit),
      counters_(counters_of(signal)) {}

void Spool::prepare() const {
  std::error_code error;
  fs::create_directories(folder_, error);
  if (!error && ::access(folder_.c_str(), R_OK | W_OK | X_OK) != 0) {
    error = {errno, std::generic_category()};
  }
  if (!error && !fs::is_directory(folder_))
    error = std::make_error_code(std::errc::not_a_directory);
  if (error) {
    throw Error::bad_option("spool.folder", folder_,
                            "a folder in which files can be made (" + error.message() + ")");
  }
}

bool Spool::is_batch(std::string_view name) const noexcept {
  return name.starts_with(prefix_) && name.ends_with(kSuffix);
}

std::string Spool::path_of(std::string_view name) const {
  return folder_ + std::string(name);
}

// All files of the signal, sorted by name.
std::vector<Spool::File> Spool::list() const {
  std::vector<File> files;
  for (const auto& entry : fs::directory_iterator(folder_)) {
    std::string name = entry.path().filename().string();
    if (!name.starts_with(prefix_)) continue;
    std::error_code gone;
    const auto status = entry.symlink_status(gone);
    const std::uint64_t bytes = fs::is_regular_file(status) ? entry.file_size(gone) : 0;
    files.push_back({std::move(name), gone ? 0 : bytes});
  }
  std::sort(files.begin(), files.end(),
            [](const File& a, const File& b) { return a.name < b.name; });
  return files;
}

bool Spool::has_files() const noexcept {
  try {
    const auto files = list();
    return std::any_of(files.begin(), files.end(),
                       [this](const File& file) { return is_batch(file.name); });
  } catch (...) {  // the folder cannot be read, for now
    return false;
  }
}

// Later than all names before, as far as clocks allow.
std::string Spool::next_name() noexcept {
  const std::int64_t now = std::chrono::duration_cast<std::chrono::nanoseconds>(
                               std::chrono::system_clock::now().time_since_epoch())
                               .count();
  last_number_ = std::max(last_number_ + 1, now);
  std::string digits = std::to_string(last_number_);
  digits.insert(0, 20 - std::min<std::size_t>(digits.size(), 20), '0');
  return prefix_ + digits + '-' + SpanId::random().to_hex() + std::string(kSuffix);
}

bool Spool::write(std::string_view request, const SpooledBatch& batch) noexcept {
  try {
    const std::uint64_t bytes = request.size() + kHeaderRoom;
    make_room(bytes);
    if (!write_spool_file(path_of(next_name()), request, batch)) {
      is_known_ = false;
      add_to(counters_.spool_failures, 1);
      return false;
    }
    known_bytes_ += bytes;
    add_to(counters_.spooled, batch.records);
    return true;
  } catch (...) {  // no memory, or the folder is gone
    add_to(counters_.spool_failures, 1);
    return false;
  }
}

// Removes the oldest files until so many bytes fit in.
void Spool::make_room(std::uint64_t bytes) {
  const auto now = std::chrono::steady_clock::now();
  const bool is_recent = is_known_ && now - known_at_ < kLookAgain;
  if (is_recent && known_bytes_ + bytes <= bytes_limit_) return;
  const std::vector<File> files = list();
  known_bytes_ = 0;
  for (const File& file : files) known_bytes_ += file.bytes;
  known_at_ = now;
  is_known_ = true;
  for (const File& file : files) {
    if (known_bytes_ + bytes <= bytes_limit_) break;
    if (file.name.ends_with(kIncompleteSuffix)) continue;
    const std::string path = path_of(file.name);
    const std::uint32_t records = is_batch(file.name) ? read_spool_header(path).records : 0;
    if (::unlink(path.c_str()) == 0) {
      lost_ += records;
      count_lost(counters_.spool_full, records);
    }
    known_bytes_ -= file.bytes;
  }
}

bool Spool::acquire() noexcept {
  if (lock_ >= 0) return true;
  try {
    const std::string path = path_of(prefix_.substr(0, prefix_.size() - 1) + ".lock");
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0) return false;
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
      ::close(descriptor);
      return false;
    }
    lock_ = descriptor;
    read_names();
    return true;
  } catch (...) {
    release();
    return false;
  }
}

void Spool::release() noexcept {
  const int descriptor = lock_.exchange(-1);
  if (descriptor < 0) return;
  ::flock(descriptor, LOCK_UN);
  ::close(descriptor);
}

void Spool::read_names() {
  names_.clear();
  for (File& file : list()) {
    if (is_batch(file.name)) {
      names_.push_back(std::move(file.name));
    } else if (file.name.ends_with(kIncompleteSuffix) && is_left_incomplete(path_of(file.name))) {
      set_aside(file.name);
    }
  }
  std::reverse(names_.begin(), names_.end());
}

void Spool::set_aside(const std::string& name) {
  const std::string path = path_of(name);
  if (::rename(path.c_str(), (path + std::string(kAsideSuffix)).c_str()) == 0) {
    add_to(counters_.spool_unreadable, 1);
  }
}

bool Spool::next(WireBuffer& request, SpooledBatch& batch) noexcept {
  try {
    for (bool looked_again = false;;) {
      if (names_.empty()) {  // more may have come
        if (looked_again) return false;
        looked_again = true;
        read_names();
        continue;
      }
      switch (read_spool_file(path_of(names_.back()), left_alone_, request, batch)) {
        case SpoolRead::kRead:
          return true;
        case SpoolRead::kFailed:
          return false;
        case SpoolRead::kUnreadable:
          set_aside(names_.back());
          break;
        case SpoolRead::kGone:
        case SpoolRead::kNotOurs:  // it keeps nobody waiting
          break;
      }
      names_.pop_back();
    }
  } catch (...) {
    return false;
  }
}

void Spool::remove_next() noexcept {
  if (names_.empty()) return;
  try {
    ::unlink(path_of(names_.back()).c_str());
  } catch (...) {  // it is sent twice
  }
  names_.pop_back();
  is_known_ = false;
}

void Spool::abandon() noexcept {
  const int descriptor = lock_.load();
  if (descriptor >= 0) ::close(descriptor);  // and not unlocked: that would unlock the parent's
}

}  // namespace waybill::internal
