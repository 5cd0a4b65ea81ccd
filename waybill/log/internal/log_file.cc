#include <cerrno>
#include <ctime>
#include <filesystem>

#include <fcntl.h>
#include <unistd.h>

#include <waybill/log/internal/guarded_write.h>
#include <waybill/log/internal/log_file.h>

namespace waybill::internal {
namespace {

std::error_code last_error() noexcept {
  return {errno, std::generic_category()};
}

// Not to wait: a named pipe without a reader would be waited for.
constexpr int kFlags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;

}  // namespace

LogFile LogFile::open(const std::string& path, std::error_code& error) {
  LogFile made;
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  std::error_code ignored;  // open() says what is wrong, with the whole path
  if (!folder.empty()) std::filesystem::create_directories(folder, ignored);
  made.file_ = Descriptor(::open(path.c_str(), kFlags, 0644));
  struct stat status = {};
  if (!made.is_open() || ::fstat(made.file_.get(), &status) != 0) {
    error = last_error();
    return LogFile();
  }
  made.device_ = status.st_dev;
  made.inode_ = status.st_ino;
  made.is_regular_ = S_ISREG(status.st_mode);
  made.modified_ = status.st_mtim.tv_sec;
  if (made.is_regular_) {
    made.size_ = static_cast<std::uint64_t>(status.st_size);
    made.end_torn_line(path);
  }
  return made;
}

void LogFile::end_torn_line(const std::string& path) noexcept {
  const Descriptor reader(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!reader.is_open()) return;
  // While another process writes, its line may be seen in part; one that is torn stays as it is.
  constexpr timespec kPause = {.tv_sec = 0, .tv_nsec = 10'000'000};
  constexpr int kAttempts = 5;
  off_t size_before = -1;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    struct stat status = {};
    char last = '\n';
    if (::fstat(reader.get(), &status) != 0 || status.st_size == 0) return;
    if (::pread(reader.get(), &last, 1, status.st_size - 1) != 1 || last == '\n') return;
    if (status.st_size == size_before) {
      size_ += guarded_write(file_.get(), "\n").written;
      return;
    }
    size_before = status.st_size;
    ::nanosleep(&kPause, nullptr);
  }
}

SinkResult LogFile::append(std::string_view lines) noexcept {
  SinkResult result = guarded_write(file_.get(), lines);
  const std::string_view written = lines.substr(0, result.written);
  size_ += written.size();
  const std::size_t whole = written.rfind('\n') + 1;  // 0 where there is no newline
  if (whole == written.size() && whole != 0) {
    torn_bytes_ = 0;
  } else if (whole != 0 || torn_bytes_ == 0) {
    torn_bytes_ = written.size() - whole;
    if (torn_bytes_ != 0 && take_back(torn_bytes_)) {
      result.written = whole;
      size_ -= torn_bytes_;
      torn_bytes_ = 0;
    }
  } else {
    torn_bytes_ += written.size();  // more of a line that has begun in an earlier call
  }
  return result;
}

bool LogFile::take_back(std::size_t bytes) noexcept {
  if (!is_regular_) return false;
  struct stat status = {};
  const off_t end = ::lseek(file_.get(), 0, SEEK_CUR);
  // Only what is still the end of the file: another process may have appended to it.
  if (end < 0 || ::fstat(file_.get(), &status) != 0 || status.st_size != end) return false;
  return ::ftruncate(file_.get(), end - static_cast<off_t>(bytes)) == 0;
}

std::error_code LogFile::sync() noexcept {
  if (::fdatasync(file_.get()) == 0) return {};
  if (errno == EINVAL || errno == EROFS) return {};  // no file that could be synchronised
  return last_error();
}

bool LogFile::is_at(const std::string& path) const noexcept {
  if (!is_regular_) return true;
  struct stat status = {};
  if (::stat(path.c_str(), &status) != 0) return errno != ENOENT && errno != ENOTDIR;
  return status.st_dev == device_ && status.st_ino == inode_;
}

}  // namespace waybill::internal
