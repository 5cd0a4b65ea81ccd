#include <filesystem>
#include <utility>

#include <waybill/core/error.h>
#include <waybill/log/file_sink.h>
#include <waybill/log/internal/reopening.h>
#include <waybill/log/internal/rotating_file.h>

namespace waybill {
namespace {

class FileSink final : public LogSink {
 public:
  explicit FileSink(FileSinkOptions options) : file_(std::move(options), Clock::now()) {}

  SinkResult write(std::string_view lines) noexcept override {
    return file_.write(lines, Clock::now());
  }
  void tick() noexcept override { file_.tick(Clock::now()); }
  std::string name() const override { return "file '" + file_.path() + "'"; }

 private:
  using Clock = std::chrono::system_clock;
  internal::RotatingFile file_;
};

void check_time(std::string_view option, std::chrono::seconds value, std::chrono::seconds most,
                std::string_view expected) {
  if (value.count() >= 0 && value <= most) return;
  throw Error::bad_option(option, std::to_string(value.count()) + "s", expected);
}

void check(const FileSinkOptions& options) {
  using namespace std::chrono_literals;
  check_time("rotate_every", options.rotate_every, 366 * 24h, "0 to 366 days");
  check_time("max_age", options.max_age, 100 * 366 * 24h, "0 to 100 years");
  if (options.max_bytes != 0 || options.rotate_every != 0s) return;
  const auto need_rotation = [](std::string_view option, std::uint64_t value) {
    if (value == 0) return;
    throw Error::bad_option(option, std::to_string(value), "max_bytes or rotate_every beside it");
  };
  need_rotation("keep_files", options.keep_files);
  need_rotation("keep_total_bytes", options.keep_total_bytes);
  need_rotation("max_age", static_cast<std::uint64_t>(options.max_age.count()));
}

}  // namespace

std::shared_ptr<LogSink> file_sink(FileSinkOptions options) {
  check(options);
  if (options.path.empty()) throw Error::bad_option("path", options.path, "the path of a file");
  options.path = std::filesystem::absolute(options.path).string();
  const bool on_sighup = options.reopen_on_sighup;
  auto sink = std::make_shared<FileSink>(std::move(options));
  if (on_sighup) internal::reopen_on_sighup();
  return sink;
}

std::shared_ptr<LogSink> detail::plain_file_sink(const std::string& path) {
  return file_sink(FileSinkOptions{.path = path});
}

}  // namespace waybill
