#include <utility>

#include <waybill/core/error.h>
#include <waybill/log/callback_sink.h>

namespace waybill {
namespace {

class CallbackSink final : public LogRecordSink {
 public:
  explicit CallbackSink(std::function<void(const LogRecord&)> callback) noexcept
      : callback_(std::move(callback)) {}

  bool write(const LogRecord& record) override {
    try {
      callback_(record);
      return true;
    } catch (...) {
      return false;
    }
  }

  std::string name() const override { return "a callback"; }

 private:
  std::function<void(const LogRecord&)> callback_;
};

}  // namespace

std::shared_ptr<LogRecordSink> callback_sink(std::function<void(const LogRecord&)> callback) {
  if (callback == nullptr) throw Error::bad_option("callback", "", "a function");
  return std::make_shared<CallbackSink>(std::move(callback));
}

}  // namespace waybill
