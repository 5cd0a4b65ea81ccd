#include <algorithm>
#include <utility>

#include <unistd.h>

#include <waybill/core/error.h>
#include <waybill/log/internal/datagram_socket.h>
#include <waybill/log/internal/syslog_message.h>
#include <waybill/log/syslog_sink.h>
#include <waybill/pipeline/consumer.h>

namespace waybill {
namespace {

constexpr std::size_t kLeastBytes = 480;
constexpr std::size_t kMostBytes = 65'000;

class SyslogSink final : public LogRecordSink {
 public:
  SyslogSink(SyslogOptions options, internal::DatagramSocket socket)
      : place_(options.host.empty() ? options.path : options.host),
        message_(std::move(options)),
        socket_(std::move(socket)) {}

  bool write(const LogRecord& record) override {
    const std::string_view message = message_.build(record);
    if (socket_.send(message)) return false;
    detail::count_sink({.bytes = message.size()});
    return true;
  }

  std::string name() const override { return "syslog '" + place_ + "'"; }

 private:
  std::string place_;
  internal::SyslogMessage message_;
  internal::DatagramSocket socket_;
};

bool is_name(std::string_view text, std::size_t longest, std::string_view excluded) {
  return text.size() <= longest && std::all_of(text.begin(), text.end(), [&](char c) {
           return c > ' ' && c < 0x7f && excluded.find(c) == std::string_view::npos;
         });
}

void check_name(std::string_view option, std::string_view value, std::size_t longest) {
  if (is_name(value, longest, "")) return;
  throw Error::bad_option(option, value,
                          "at most " + std::to_string(longest) + " visible ASCII characters");
}

void check(const SyslogOptions& options) {
  check_name("app_name", options.app_name, 48);
  check_name("hostname", options.hostname, 255);
  if (options.fields_element.empty() || !is_name(options.fields_element, 32, "=]\"")) {
    throw Error::bad_option("fields_element", options.fields_element,
                            "1 to 32 visible ASCII characters without =, ] and \"");
  }
  if (options.fields_element == "opentelemetry") {
    throw Error::bad_option("fields_element", options.fields_element,
                            "another name than that of the trace's element");
  }
  if (static_cast<int>(options.facility) > static_cast<int>(SyslogFacility::kLocal7)) {
    throw Error::bad_option("facility", std::to_string(static_cast<int>(options.facility)),
                            "0 to 23");
  }
  if (options.max_bytes < kLeastBytes || options.max_bytes > kMostBytes) {
    throw Error::bad_option("max_bytes", std::to_string(options.max_bytes), "480 to 65000");
  }
}

std::string own_hostname() {
  char name[256] = {};
  if (::gethostname(name, sizeof name - 1) != 0) return "-";
  return name[0] != '\0' && is_name(name, 255, "") ? name : "-";
}

}  // namespace

std::shared_ptr<LogRecordSink> syslog_sink(SyslogOptions options) {
  using internal::DatagramSocket;
  check(options);
  if (options.hostname.empty()) options.hostname = own_hostname();
  DatagramSocket socket = options.host.empty()
                              ? DatagramSocket::to_path("path", options.path)
                              : DatagramSocket::to_host("host", options.host, options.port);
  return std::make_shared<SyslogSink>(std::move(options), std::move(socket));
}

}  // namespace waybill
