#include <algorithm>
#include <array>
#include <ctime>

#include <waybill/http/internal/response_writer.h>
#include <waybill/propagation/carrier.h>

namespace waybill::http::internal {
namespace {

// RFC 9110 section 5.6.7: "Sun, 06 Nov 1994 08:49:37 GMT", whatever the locale.
std::string http_date(std::time_t now) {
  constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::tm utc{};
  gmtime_r(&now, &utc);
  const auto padded = [](int number) {
    return std::string(number < 10 ? "0" : "") + std::to_string(number);
  };
  return std::string(kDays[static_cast<std::size_t>(utc.tm_wday)]) + ", " + padded(utc.tm_mday) +
         " " + kMonths[static_cast<std::size_t>(utc.tm_mon)] + " " +
         std::to_string(utc.tm_year + 1900) + " " + padded(utc.tm_hour) + ":" + padded(utc.tm_min) +
         ":" + padded(utc.tm_sec) + " GMT";
}

bool is_servers_own(std::string_view name) {
  constexpr std::array<std::string_view, 5> kOwn{"Connection", "Content-Length", "Date",
                                                 "Keep-Alive", "Transfer-Encoding"};
  return std::any_of(kOwn.begin(), kOwn.end(),
                     [&](std::string_view own) { return equal_ignoring_case(own, name); });
}

bool may_have_body(int status) noexcept {
  return status != 204 && status != 304;
}

}  // namespace

std::string response_head(const Response& response, const ResponseFraming& framing) {
  std::string head;
  head.reserve(512);
  const auto line = [&head](std::string_view name, std::string_view value) {
    head.append(name).append(": ").append(value).append("\r\n");
  };
  head.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" ");
  head.append(reason_phrase(response.status)).append("\r\n");
  line("Date", http_date(std::time(nullptr)));
  for (const Header& header : response.headers) {
    if (!is_servers_own(header.name)) line(header.name, header.value);
  }
  if (may_have_body(response.status)) line("Content-Length", std::to_string(response.body.size()));
  if (!framing.keep_alive) {
    line("Connection", "close");
  } else if (framing.http_1_0) {
    line("Connection", "keep-alive");
  }
  return head.append("\r\n");
}

std::string_view response_body(const Response& response, const ResponseFraming& framing) noexcept {
  if (framing.head_request || !may_have_body(response.status)) return {};
  return response.body;
}

}  // namespace waybill::http::internal
