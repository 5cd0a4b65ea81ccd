#include <unistd.h>

#include <waybill/log/internal/bounded_wait.h>
#include <waybill/log/internal/guarded_write.h>
#include <waybill/log/internal/outage_report.h>
#include <waybill/log/sink.h>

namespace waybill {
namespace {

class ConsoleSink final : public LogSink {
 public:
  ConsoleSink(int descriptor, const char* name) noexcept : descriptor_(descriptor), name_(name) {}

  SinkResult write(std::string_view lines) noexcept override {
    SinkResult all;
    bool has_waited = false;
    do {
      const SinkResult part = internal::guarded_write(descriptor_, lines.substr(all.written));
      all.written += part.written;
      all.error = part.error;
      if (part.written != 0) wait_.has_written();
      if (part.error != std::errc::resource_unavailable_try_again) break;
      if (has_waited && part.written == 0) break;
      has_waited = wait_.until_writable(descriptor_);
    } while (has_waited);
    return all;
  }

  std::string name() const override { return name_; }

 private:
  int descriptor_;
  const char* name_;
  internal::BoundedWait wait_;
};

}  // namespace

std::shared_ptr<LogSink> stdout_sink() {
  return std::make_shared<ConsoleSink>(STDOUT_FILENO, "standard output");
}
std::shared_ptr<LogSink> stderr_sink() {
  return std::make_shared<ConsoleSink>(STDERR_FILENO, internal::kStandardError);
}

}  // namespace waybill
