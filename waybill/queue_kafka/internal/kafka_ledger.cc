#include <algorithm>
#include <charconv>
#include <random>
#include <thread>
#include <utility>

#include <waybill/queue/internal/claim.h>
#include <waybill/queue_kafka/internal/kafka_ledger.h>

namespace waybill::queue::internal {

namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

// Of what is forgotten with one decision.
constexpr int kMostForgotten = 16;
// How long it can be told that a decision was written.
constexpr milliseconds kTokensKept = std::chrono::hours(1);

std::string text_of(Time until, const std::string& value) {
  return std::to_string(until.time_since_epoch().count()) + ' ' + value;
}

// Others who decide are to get through in between.
void back_off(int failures) {
  thread_local std::minstd_rand random(std::random_device{}());
  const int most = std::min(20 * failures, 500);
  std::this_thread::sleep_for(milliseconds(std::uniform_int_distribution<int>(0, most)(random)));
}

}  // namespace

std::optional<std::string> KafkaLedger::Page::find(const std::string& key) const {
  const auto found = ledger_.known_.find(key);
  if (found == ledger_.known_.end() || found->second.until <= now()) return std::nullopt;
  return found->second.value;
}

std::map<std::string, std::string> KafkaLedger::Page::find_all(const std::string& prefix) const {
  std::map<std::string, std::string> values;
  const Time time = now();
  for (auto at = ledger_.known_.lower_bound(prefix);
       at != ledger_.known_.end() && at->first.starts_with(prefix); ++at) {
    if (at->second.until > time) values.emplace(at->first, at->second.value);
  }
  return values;
}

void KafkaLedger::Page::put(const std::string& key, Time until, const std::string& value) {
  records_.push_back({.topic = ledger_.settings_.keys_topic(),
                      .partition = 0,
                      .key = key,
                      .value = text_of(until, value)});
}

void KafkaLedger::decide(const std::function<void(Page&)>& plan) {
  const std::lock_guard lock(mutex_);
  const std::string token = "t" + random_token();
  const Clock::time_point deadline = Clock::now() + 2 * settings_.timeout;
  for (int failures = 0;;) {
    try {
      if (producer_ == nullptr) {
        producer_ = std::make_unique<KafkaProducer>(settings_, settings_.group());
        read_on();
      }
      Page page(*this);
      // A commit whose answer was lost.
      if (failures > 0 && page.find(token)) return;
      plan(page);
      if (page.records_.empty()) return;
      page.put(token, now() + kTokensKept, "");
      forget_old(page);
      progress_.wrote(page.records_, producer_->commit(page.records_));
      for (const KafkaRecord& record : page.records_) {
        if (record.topic == settings_.keys_topic()) learn(*record.key, record.value);
      }
      return;
    } catch (const KafkaFailure&) {
      producer_.reset();
      if (Clock::now() > deadline) throw;
      back_off(++failures);
    }
  }
}

void KafkaLedger::read_on() {
  read_to_ = reader_.read({settings_.keys_topic(), 0}, read_to_, [this](const auto& record) {
    const auto text = [](const void* bytes, std::size_t size) {
      return std::string(static_cast<const char*>(bytes), size);
    };
    if (record.key == nullptr) return;
    learn(text(record.key, record.key_len), record.payload == nullptr
                                                ? std::nullopt
                                                : std::optional(text(record.payload, record.len)));
  });
}

void KafkaLedger::learn(const std::string& key, const std::optional<std::string>& text) {
  if (!text) {
    known_.erase(key);
    return;
  }
  std::int64_t until = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), until);
  if (error != std::errc() || end == text->data() + text->size() || *end != ' ') return;
  const Time time{milliseconds(until)};
  known_[key] = {time, std::string(end + 1, text->data() + text->size())};
  known_until_.emplace(time, key);
}

void KafkaLedger::forget_old(Page& page) {
  const Time time = now();
  for (int i = 0; i < kMostForgotten && !known_until_.empty(); ++i) {
    const auto oldest = known_until_.begin();
    if (oldest->first > time) return;
    const std::string key = oldest->second;
    known_until_.erase(oldest);
    const auto found = known_.find(key);
    // It may be known anew, for longer; or be put on this very page.
    const bool is_put = std::ranges::any_of(
        page.records_, [&](const KafkaRecord& record) { return record.key == key; });
    if (found == known_.end() || found->second.until > time || is_put) continue;
    page.write({.topic = settings_.keys_topic(), .partition = 0, .key = key});
  }
}

}  // namespace waybill::queue::internal
