// A run as JSON.
#include <charconv>
#include <cstdio>
#include <ctime>
#include <limits>

#include <waybill/core/error.h>
#include <waybill/repro/internal/json_text.h>
#include <waybill/repro/repro_context.h>

namespace waybill {
namespace {

using nlohmann::json;
using std::chrono::system_clock;

// Raised when a reader of this version could no longer read what is written.
constexpr std::uint64_t kFormat = 1;

// "2025-10-21T14:32:05.123456789Z" (RFC 3339).
std::string to_text(system_clock::time_point time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const std::time_t whole = system_clock::to_time_t(seconds);
  const auto nanoseconds = std::chrono::nanoseconds(time - seconds).count();
  std::tm utc = {};
  ::gmtime_r(&whole, &utc);
  char text[48];
  const std::size_t size = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc);
  std::snprintf(text + size, sizeof text - size, ".%09dZ", static_cast<int>(nanoseconds));
  return text;
}

// Reads digits at `at`, and goes behind them; -1 for anything else.
int take_number(std::string_view text, std::size_t& at, std::size_t digits) {
  int number = 0;
  for (const std::size_t end = at + digits; at < end; ++at) {
    if (at >= text.size() || text[at] < '0' || text[at] > '9') return -1;
    number = 10 * number + (text[at] - '0');
  }
  return number;
}

bool take(std::string_view text, std::size_t& at, char expected) {
  return at < text.size() && text[at++] == expected;
}

std::optional<system_clock::time_point> to_time(std::string_view text) {
  std::size_t at = 0;
  const int year = take_number(text, at, 4);
  bool good = year >= 1678 && year <= 2261 && take(text, at, '-');  // what nanoseconds reach
  const int month = take_number(text, at, 2);
  good = take(text, at, '-') && good;
  const int day = take_number(text, at, 2);
  good = take(text, at, 'T') && good;
  const int hour = take_number(text, at, 2);
  good = take(text, at, ':') && good;
  const int minute = take_number(text, at, 2);
  good = take(text, at, ':') && good;
  const int second = take_number(text, at, 2);
  good = take(text, at, '.') && good;
  const int nanosecond = take_number(text, at, 9);
  good = take(text, at, 'Z') && good && at == text.size();
  const std::chrono::year_month_day date(std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day)));
  good = good && date.ok() && hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 &&
         second < 60 && nanosecond >= 0;
  if (!good) return std::nullopt;
  return system_clock::time_point(std::chrono::sys_days(date)) + std::chrono::hours(hour) +
         std::chrono::minutes(minute) + std::chrono::seconds(second) +
         std::chrono::nanoseconds(nanosecond);
}

// A value, and where it stands: "inputs[2].size".
class Reader {
 public:
  Reader(const json& value, std::string place) : value_(value), place_(std::move(place)) {}

  Reader operator[](const char* key) const {
    const std::string place = place_.empty() ? key : place_ + "." + key;
    if (!value_.is_object()) fail("an object");
    const auto found = value_.find(key);
    if (found == value_.end()) throw Error("'" + place + "' is missing");
    return {*found, place};
  }

  std::string text() const {
    if (!value_.is_string()) fail("a text");
    return value_.get<std::string>();
  }
  std::uint64_t number(std::uint64_t largest = std::numeric_limits<std::uint64_t>::max()) const {
    const bool good = value_.is_number_unsigned() ||
                      (value_.is_number_integer() && value_.get<json::number_integer_t>() >= 0);
    const std::uint64_t number = good ? value_.get<std::uint64_t>() : 0;
    if (!good || number > largest) fail("an integer from 0 to " + std::to_string(largest));
    return number;
  }
  template <class Visit>  // visit(const Reader&)
  void each_element(Visit&& visit) const {
    if (!value_.is_array()) fail("a list");
    for (std::size_t i = 0; i < value_.size(); ++i) {
      visit(Reader(value_[i], place_ + "[" + std::to_string(i) + "]"));
    }
  }
  template <class Visit>  // visit(const std::string& key, const Reader&)
  void each_member(Visit&& visit) const {
    if (!value_.is_object()) fail("an object");
    for (const auto& [key, value] : value_.items()) visit(key, Reader(value, place_ + "." + key));
  }
  [[noreturn]] void fail(const std::string& expected) const {
    std::string shown = value_.dump(-1, ' ', true, json::error_handler_t::replace);
    if (shown.size() > 60) shown = shown.substr(0, 60) + "…";
    throw Error((place_.empty() ? std::string("the whole") : "'" + place_ + "'") + ": " + shown +
                " is not valid: expected " + expected);
  }

 private:
  const json& value_;
  std::string place_;
};

}  // namespace

std::string ReproContext::to_json() const {
  nlohmann::ordered_json run;
  run["waybill_run"] = kFormat;
  run["run_id"] = run_id;
  run["start_time"] = to_text(start_time);
  run["seed"] = seed;
  run["code"] = {{"commit", code.commit}, {"branch", code.branch}};
  run["configuration_hash"] = configuration_hash;
  run["inputs"] = json::array();
  for (const InputFingerprint& input : inputs) {
    run["inputs"].push_back({{"path", input.path}, {"size", input.size}, {"sha256", input.sha256}});
  }
  run["host"] = {{"name", host.name},
                 {"system", host.system},
                 {"machine", host.machine},
                 {"processors", host.processors}};
  run["versions"] = json::object();
  for (const auto& [name, version] : versions) run["versions"][name] = version;
  return run.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

ReproContext ReproContext::from_json(std::string_view text) {
  const json value = internal::parse_json(text);
  const Reader all(value, "");
  if (all["waybill_run"].number() != kFormat) all["waybill_run"].fail(std::to_string(kFormat));
  ReproContext run;
  run.run_id = all["run_id"].text();
  const auto start = to_time(all["start_time"].text());
  if (!start) all["start_time"].fail("a time as 2025-10-21T14:32:05.123456789Z");
  run.start_time = *start;
  run.seed = all["seed"].number();
  run.code = {.commit = all["code"]["commit"].text(), .branch = all["code"]["branch"].text()};
  run.configuration_hash = all["configuration_hash"].text();
  all["inputs"].each_element([&run](const Reader& input) {
    run.inputs.push_back({.path = input["path"].text(),
                          .size = input["size"].number(),
                          .sha256 = input["sha256"].text()});
  });
  const Reader host = all["host"];
  run.host = {.name = host["name"].text(),
              .system = host["system"].text(),
              .machine = host["machine"].text(),
              .processors = static_cast<unsigned>(
                  host["processors"].number(std::numeric_limits<unsigned>::max()))};
  all["versions"].each_member([&run](const std::string& name, const Reader& version) {
    run.versions[name] = version.text();
  });
  return run;
}

}  // namespace waybill
