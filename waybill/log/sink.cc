#include <cerrno>
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
  return std::make_shared<DescriptorSink>(STDOUT_FILENO);
}
std::shared_ptr<LogSink> stderr_sink() {
  return std::make_shared<DescriptorSink>(STDERR_FILENO);
}

}  // namespace waybill
