// syslog_sink: each record as a syslog message with structured data (RFC 5424), which carries the
// trace and the fields.
//
//   auto sink = waybill::syslog_sink({.host = "logs.example.com", .app_name = "weather"});
//   waybill::configure_logging({.outputs = {{.records = sink}}});
//
//   <14>1 2026-11-20T23:58:01.000042Z web-3 weather 4711 -
//       [opentelemetry trace_id="4bf9…" span_id="00f0…" trace_flags="01"]
//       [fields@32473 logger="fetcher" zip="98101"] Fetching                    (one line)
//
// Beware of /dev/log: what listens there on most systems (journald; rsyslog as it comes) reads only
// the older form, and takes the above for the text of a message. Choose SyslogProtocol::kRfc3164
// there, or journald_sink().
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include <waybill/log/log_format.h>
#include <waybill/log/sink.h>

namespace waybill {

// RFC 5424 section 6.2.1, table 1.
enum class SyslogFacility : std::uint8_t {
  kUser = 1,
  kMail = 2,
  kDaemon = 3,
  kAuth = 4,
  kCron = 9,
  kAuthPriv = 10,
  kFtp = 11,
  kLocal0 = 16,
  kLocal1,
  kLocal2,
  kLocal3,
  kLocal4,
  kLocal5,
  kLocal6,
  kLocal7,
};

enum class SyslogProtocol : std::uint8_t {
  kRfc5424,
  // "<14>Nov 20 23:58:01 weather[4711]: Fetching [opentelemetry …][fields@32473 …]": as syslog(3)
  // writes it, with the structured data behind the text. The time is in UTC; receivers on the same
  // machine put their own in its place. Over UDP, the host's name stands before the program's.
  kRfc3164,
};

struct SyslogOptions {
  // A Unix datagram socket; not looked at where there is a host.
  std::string path = "/dev/log";

  // UDP (RFC 5426). The name is resolved once.
  std::string host = {};
  std::uint16_t port = 514;

  SyslogProtocol protocol = SyslogProtocol::kRfc5424;
  SyslogFacility facility = SyslogFacility::kUser;

  // What is written by, and on which machine: up to 48 and 255 visible ASCII characters. Empty: the
  // service's name or else the program's; the name that the machine knows itself by.
  std::string app_name = {};
  std::string hostname = {};

  // The name of the element with the logger's name, the trace's if it has one, and the fields:
  // "name@number" with the private enterprise number of its maker (section 7.2.2), of which 32473
  // is for examples (RFC 5612). Up to 32 visible ASCII characters.
  std::string fields_element = "fields@32473";

  // Makes the text, in place of the message alone.
  std::shared_ptr<const LogFormat> format = nullptr;

  // Larger messages are cut: first fields that would take more than half of it, then the text. 480
  // to 65,000. Receivers need not take more than 2,048 (RFC 5424 section 6.1).
  std::size_t max_bytes = 8'192;
};

// Severity is that of Level: debug (7) for trace and debug, informational (6), warning (4), error
// (3), and critical (2) for fatal. Key names lose what they must not contain (to '_') and what is
// beyond 32 characters; control characters are escaped. A receiver that has been started anew is
// connected to again; until then records are lost, and counted. One that is full is waited for a
// tenth of a second at most, and then no more until it takes something again.
//
// Throws Error for bad options, and when a Unix socket cannot be connected to.
std::shared_ptr<LogRecordSink> syslog_sink(SyslogOptions options = {});

}  // namespace waybill
