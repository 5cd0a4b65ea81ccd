#include <charconv>
#include <chrono>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include <cli/timestamp.h>

namespace waybill::cli {

namespace {

constexpr Nanoseconds kMicrosecond = 1'000;
constexpr Nanoseconds kMillisecond = 1'000'000;
constexpr Nanoseconds kSecond = 1'000'000'000;
constexpr Nanoseconds kMinute = 60 * kSecond;
constexpr Nanoseconds kHour = 60 * kMinute;
constexpr Nanoseconds kDay = 24 * kHour;

// Takes a text apart from its front.
class Cursor {
 public:
  explicit Cursor(std::string_view text) noexcept : text_(text) {}

  bool at_end() const noexcept { return text_.empty(); }
  char peek() const noexcept { return text_.empty() ? '\0' : text_.front(); }

  bool take(std::string_view any_of) noexcept {
    if (text_.empty() || any_of.find(text_.front()) == std::string_view::npos) return false;
    text_.remove_prefix(1);
    return true;
  }

  // Exactly `digits` decimal digits, no more than `largest`.
  bool number(int digits, int largest, int& value) noexcept {
    if (text_.size() < static_cast<std::size_t>(digits)) return false;
    value = 0;
    for (int i = 0; i < digits; ++i) {
      if (!is_digit(text_[i])) return false;
      value = value * 10 + (text_[i] - '0');
    }
    text_.remove_prefix(digits);
    return value <= largest;
  }

  // One digit or more, as a fraction of a second.
  bool fraction(Nanoseconds& nanoseconds) noexcept {
    if (!is_digit(peek())) return false;
    Nanoseconds unit = kSecond / 10;
    for (; is_digit(peek()); text_.remove_prefix(1), unit /= 10) {
      nanoseconds += (text_.front() - '0') * unit;
    }
    return true;
  }

 private:
  static bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

  std::string_view text_;
};

bool read_zone(Cursor& in, Nanoseconds& offset) noexcept {
  if (in.at_end() || in.take("Zz")) return true;
  const bool west = in.peek() == '-';
  int hours = 0;
  int minutes = 0;
  if (!in.take("+-") || !in.number(2, 23, hours)) return false;
  in.take(":");
  if (!in.number(2, 59, minutes)) return false;
  offset = (hours * kHour + minutes * kMinute) * (west ? -1 : 1);
  return true;
}

bool read_clock(Cursor& in, Nanoseconds& since_midnight) noexcept {
  int hour = 0;
  int minute = 0;
  int second = 0;
  // 60: a leap second, which section 5.7 allows.
  if (!in.number(2, 23, hour) || !in.take(":") || !in.number(2, 59, minute) || !in.take(":") ||
      !in.number(2, 60, second)) {
    return false;
  }
  since_midnight = hour * kHour + minute * kMinute + second * kSecond;
  return !in.take(".,") || in.fraction(since_midnight);
}

}  // namespace

std::optional<Nanoseconds> parse_time(std::string_view text) noexcept {
  Cursor in(text);
  int year = 0;
  int month = 0;
  int day = 0;
  if (!in.number(4, 2261, year) || !in.take("-") || !in.number(2, 12, month) || !in.take("-") ||
      !in.number(2, 31, day) || year < 1678) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  Nanoseconds since_midnight = 0;
  Nanoseconds zone = 0;
  if (!in.at_end() &&
      !(in.take("Tt ") && read_clock(in, since_midnight) && read_zone(in, zone) && in.at_end())) {
    return std::nullopt;
  }
  return std::chrono::sys_days(date).time_since_epoch().count() * kDay + since_midnight - zone;
}

std::optional<Nanoseconds> time_from_number(long double number) noexcept {
  // Each unit holds the years 1973 to 5138 (or the type's end); the ranges do not meet.
  constexpr long double kLeast = 1e8L;
  constexpr long double kMost = 1e11L;
  for (const Nanoseconds unit : {kSecond, kMillisecond, kMicrosecond, Nanoseconds{1}}) {
    const long double seconds = number * static_cast<long double>(unit) / 1e9L;
    if (seconds >= kLeast && seconds < kMost) {
      const long double nanoseconds = number * static_cast<long double>(unit);
      if (nanoseconds >= 9.2e18L) return std::nullopt;
      return static_cast<Nanoseconds>(nanoseconds);
    }
  }
  return std::nullopt;
}

std::optional<Nanoseconds> parse_duration(std::string_view text) noexcept {
  std::uint32_t count = 0;
  const char* const end = text.data() + text.size();
  const auto [unit_start, error] = std::from_chars(text.data(), end, count);
  if (error != std::errc()) return std::nullopt;
  const std::string_view unit(unit_start, static_cast<std::size_t>(end - unit_start));
  Nanoseconds factor = 0;
  if (unit == "ms") factor = kMillisecond;
  if (unit == "s") factor = kSecond;
  if (unit == "m" || unit == "min") factor = kMinute;
  if (unit == "h") factor = kHour;
  if (unit == "d") factor = kDay;
  if (unit == "w") factor = 7 * kDay;
  if (factor == 0 || count > std::numeric_limits<Nanoseconds>::max() / factor) return std::nullopt;
  return count * factor;
}

std::optional<Nanoseconds> parse_moment(std::string_view text, Nanoseconds now) noexcept {
  if (const auto time = parse_time(text)) return time;
  const auto ago = parse_duration(text);
  return ago ? std::optional(now - *ago) : std::nullopt;
}

std::string format_time(Nanoseconds time) {
  Nanoseconds days = time / kDay;
  if (time % kDay < 0) --days;
  const Nanoseconds rest = time - days * kDay;
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(days))};
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}.{:03}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     rest / kHour, rest / kMinute % 60, rest / kSecond % 60,
                     rest / kMillisecond % 1000);
}

std::string format_duration(Nanoseconds duration, bool ascii) {
  const auto three_digits = [](double value, std::string_view unit) {
    const int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
    std::string number = fmt::format("{:.{}f}", value, decimals);
    if (decimals > 0) {
      number.erase(number.find_last_not_of('0') + 1);
      if (number.back() == '.') number.pop_back();
    }
    return number.append(" ").append(unit);
  };
  const auto value = static_cast<double>(duration);
  if (duration < 999'500) return three_digits(value / 1e3, ascii ? "us" : "µs");
  if (duration < 999'500'000) return three_digits(value / 1e6, "ms");
  if (duration < kMinute) return three_digits(value / 1e9, "s");
  if (duration < kHour) {
    return fmt::format("{} min {:02} s", duration / kMinute, duration / kSecond % 60);
  }
  if (duration < kDay)
    return fmt::format("{} h {:02} min", duration / kHour, duration / kMinute % 60);
  return fmt::format("{} d {:02} h", duration / kDay, duration / kHour % 24);
}

std::string OffsetFormat::operator()(Nanoseconds offset) const {
  if (total_ < 10 * kMillisecond) {
    return fmt::format("+{} {}", offset / kMicrosecond, ascii_ ? "us" : "µs");
  }
  if (total_ < 10 * kSecond) {
    const Nanoseconds tenths = offset / (kMillisecond / 10);
    return fmt::format("+{}.{} ms", tenths / 10, tenths % 10);
  }
  const Nanoseconds milliseconds = offset / kMillisecond;
  if (total_ < 10 * kMinute) {
    return fmt::format("+{}.{:03} s", milliseconds / 1000, milliseconds % 1000);
  }
  return fmt::format("+{}:{:02}:{:02}.{:03}", offset / kHour, offset / kMinute % 60,
                     offset / kSecond % 60, milliseconds % 1000);
}

}  // namespace waybill::cli
