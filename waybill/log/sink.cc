#include <cerrno>
#include <csignal>
#include <ctime>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

#include <waybill/core/error.h>
#include <waybill/log/sink.h>

namespace waybill {
namespace {

class DescriptorSink : public LogSink {
 public:
  explicit DescriptorSink(int descriptor) noexcept : descriptor_(descriptor) {}

  bool write(std::string_view line) noexcept override {
    while (!line.empty()) {
      const ssize_t written = ::write(descriptor_, line.data(), line.size());
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return false;
      line.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
  }

 protected:
  int descriptor_;
};

// Keeps the signal that a write to a closed pipe raises from ending the process: blocked for this
// thread while this lives, and taken back if the write has raised it.
class WithoutSigpipe {
 public:
  WithoutSigpipe() noexcept {
    sigset_t pending;
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    sigemptyset(&sigpipe_);
    sigaddset(&sigpipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &sigpipe_, &before_);
  }
  WithoutSigpipe(const WithoutSigpipe&) = delete;
  WithoutSigpipe& operator=(const WithoutSigpipe&) = delete;
  ~WithoutSigpipe() {
    const timespec no_wait = {};
    if (raised_ && !was_pending_) sigtimedwait(&sigpipe_, nullptr, &no_wait);
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  void raised() noexcept { raised_ = true; }

 private:
  sigset_t sigpipe_;
  sigset_t before_;
  bool was_pending_;
  bool raised_ = false;
};

// Standard output and error may be pipes whose reader has gone.
class ConsoleSink final : public DescriptorSink {
 public:
  using DescriptorSink::DescriptorSink;

  bool write(std::string_view line) noexcept override {
    WithoutSigpipe guard;
    if (DescriptorSink::write(line)) return true;
    if (errno == EPIPE) guard.raised();
    return false;
  }
};

class FileSink final : public DescriptorSink {
 public:
  using DescriptorSink::DescriptorSink;
  FileSink(const FileSink&) = delete;
  FileSink& operator=(const FileSink&) = delete;
  ~FileSink() override { ::close(descriptor_); }
};

}  // namespace

std::shared_ptr<LogSink> file_sink(const std::string& path) {
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  std::error_code ignored;  // open() below says what is wrong, with the whole path
  if (!folder.empty()) std::filesystem::create_directories(folder, ignored);
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (descriptor < 0) {
    throw Error("cannot open log file '" + path +
                "': " + std::error_code(errno, std::generic_category()).message());
  }
  return std::make_shared<FileSink>(descriptor);
}

std::shared_ptr<LogSink> stdout_sink() {
  return std::make_shared<ConsoleSink>(STDOUT_FILENO);
}
std::shared_ptr<LogSink> stderr_sink() {
  return std::make_shared<ConsoleSink>(STDERR_FILENO);
}

}  // namespace waybill
