#include <algorithm>
#include <charconv>
#include <iterator>

#include <waybill/queue_kafka/internal/kafka_window.h>

namespace waybill::queue::internal {

namespace {

// "1:SECONDS:" and then runs of offsets from the base on: 'u' untouched, 's' settled, 'h' handed
// out, 'd' handed out and put back; how many, if not one; for the last two ".ATTEMPTS" if not one,
// and "@SECONDS", counted from the first number, if not those of the run before.
constexpr std::string_view kVersion = "1:";

std::int64_t seconds_of(Time time) {
  return std::chrono::ceil<std::chrono::seconds>(time.time_since_epoch()).count();
}

void append_run(std::string& out, char kind, std::int64_t count) {
  out.push_back(kind);
  if (count != 1) out += std::to_string(count);
}

// False when there is no number of at least `least`.
bool take_number(std::string_view& text, std::int64_t& value, std::int64_t least) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || value < least) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

bool take(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

bool is_digit(std::string_view text) {
  return !text.empty() && text.front() >= '0' && text.front() <= '9';
}

constexpr std::int64_t kFarthest = std::int64_t{1} << 40;
// Of claims that one text may tell of: each costs memory.
constexpr std::int64_t kMostClaims = 1'000'000;

}  // namespace

bool KafkaWindow::is_settled(std::int64_t offset) const {
  if (offset < base_) return true;
  const auto after = settled_.upper_bound(offset);
  return after != settled_.begin() && std::prev(after)->second > offset;
}

const KafkaWindow::Claim* KafkaWindow::claim_on(std::int64_t offset) const {
  const auto found = claims_.find(offset);
  return found == claims_.end() ? nullptr : &found->second;
}

void KafkaWindow::settle(std::int64_t begin, std::int64_t end) {
  begin = std::max(begin, base_);
  if (begin >= end) return;
  claims_.erase(claims_.lower_bound(begin), claims_.lower_bound(end));
  auto next = settled_.lower_bound(begin);
  if (next != settled_.begin() && std::prev(next)->second >= begin) {
    next = std::prev(next);
    begin = next->first;
  }
  while (next != settled_.end() && next->first <= end) {
    end = std::max(end, next->second);
    next = settled_.erase(next);
  }
  if (begin <= base_) {
    base_ = end;
  } else {
    settled_.emplace_hint(next, begin, end);
  }
}

std::int64_t KafkaWindow::end() const noexcept {
  std::int64_t end = base_;
  if (!settled_.empty()) end = std::prev(settled_.end())->second;
  if (!claims_.empty()) end = std::max(end, std::prev(claims_.end())->first + 1);
  return end;
}

std::string KafkaWindow::encode(bool roughly) const {
  if (settled_.empty() && claims_.empty()) return {};
  std::int64_t first = 0;
  std::int64_t last = 0;
  for (const auto& [offset, claim] : claims_) {
    first = first == 0 ? seconds_of(claim.until) : std::min(first, seconds_of(claim.until));
    last = std::max(last, seconds_of(claim.until));
  }
  const auto until_of = [&](const Claim& claim) {
    return roughly ? last : seconds_of(claim.until);
  };
  std::string out(kVersion);
  out += std::to_string(first) + ':';
  std::int64_t at = base_;
  std::int64_t seconds = 0;
  auto settled = settled_.begin();
  auto claimed = claims_.begin();
  while (settled != settled_.end() || claimed != claims_.end()) {
    const bool is_settled =
        claimed == claims_.end() || (settled != settled_.end() && settled->first < claimed->first);
    const std::int64_t begin = is_settled ? settled->first : claimed->first;
    if (begin > at) append_run(out, 'u', begin - at);
    if (is_settled) {
      append_run(out, 's', settled->second - begin);
      at = settled->second;
      ++settled;
      continue;
    }
    const Claim& claim = claimed->second;
    const std::int64_t until = until_of(claim);
    at = begin;
    while (claimed != claims_.end() && claimed->first == at &&
           claimed->second.attempts == claim.attempts &&
           claimed->second.in_flight == claim.in_flight && until_of(claimed->second) == until) {
      ++at;
      ++claimed;
    }
    append_run(out, claim.in_flight ? 'h' : 'd', at - begin);
    if (claim.attempts != 1) out += '.' + std::to_string(claim.attempts);
    if (until - first != seconds) out += '@' + std::to_string(seconds = until - first);
  }
  return out;
}

std::optional<KafkaWindow> KafkaWindow::decode(std::int64_t base, std::string_view text) {
  KafkaWindow window(base);
  if (text.empty()) return window;
  std::int64_t first = 0;
  if (!text.starts_with(kVersion)) return std::nullopt;
  text.remove_prefix(kVersion.size());
  if (!take_number(text, first, 0) || !take(text, ':')) return std::nullopt;
  std::int64_t at = base;
  std::int64_t seconds = 0;
  while (!text.empty()) {
    const char kind = text.front();
    text.remove_prefix(1);
    std::int64_t count = 1;
    if (is_digit(text) && !take_number(text, count, 1)) return std::nullopt;
    if (count > kFarthest || at - base > kFarthest) return std::nullopt;
    if (kind == 'h' || kind == 'd') {
      std::int64_t attempts = 1;
      if (take(text, '.') && !take_number(text, attempts, 0)) return std::nullopt;
      if (take(text, '@') && !take_number(text, seconds, 0)) return std::nullopt;
      if (count > kMostClaims || attempts > UINT32_MAX || first > kFarthest ||
          seconds > kFarthest || window.claims_.size() > kMostClaims) {
        return std::nullopt;
      }
      const Claim claim{static_cast<std::uint32_t>(attempts),
                        Time(std::chrono::seconds(first + seconds)), kind == 'h'};
      for (std::int64_t i = 0; i < count; ++i) window.claim(at + i, claim);
    } else if (kind == 's') {
      window.settle(at, at + count);
    } else if (kind != 'u') {
      return std::nullopt;
    }
    at += count;
  }
  return window;
}

}  // namespace waybill::queue::internal
