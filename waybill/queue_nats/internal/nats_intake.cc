#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <optional>
#include <string_view>

#include <nlohmann/json.hpp>

#include <waybill/queue/internal/claim.h>
#include <waybill/queue_nats/internal/nats_intake.h>

namespace waybill::queue::internal {

namespace {

using nlohmann::json;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr const char* kHigh = "high";
constexpr const char* kNormal = "normal";
constexpr const char* kLow = "low";
constexpr const char* kLater = "later";

// How much of what is put off is looked at in one go.
constexpr std::size_t kMostLater = 100;
// A consumer that counts nothing answers at once, or after it has looked for so long: it counts
// what comes a moment after it is there.
constexpr milliseconds kAtOnce{0};
constexpr milliseconds kCarefully{2};
constexpr milliseconds kAgain{100};
// How long who waits relies on being told.
constexpr milliseconds kShortestGlance{20};
constexpr milliseconds kLongestGlance{1'000};
// How long to wait for an answer to a pull where there are several servers: whoever was to give it
// may be dead.
constexpr milliseconds kPatience{1'000};

// The DUE of "waybill.NAME.later.DUE.PRIORITY"; what is none is due.
Time due_of(std::string_view subject) {
  subject.remove_suffix(subject.size() - std::min(subject.rfind('.'), subject.size()));
  const std::string_view word = subject.substr(subject.rfind('.') + 1);
  std::int64_t due = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), due);
  return Time(milliseconds(error == std::errc() && end == word.data() + word.size() ? due : 0));
}

// Deliveries that come too late for one pull are kept for the next.
class Taking {
 public:
  explicit Taking(NatsConnection& connection) : connection_(connection) {
    connection.begin_taking();
  }
  Taking(const Taking&) = delete;
  Taking& operator=(const Taking&) = delete;
  ~Taking() { connection_.end_taking(); }

 private:
  NatsConnection& connection_;
};

}  // namespace

// Whose turn it is to wait for the bell; the others wait for their turn.
class NatsIntake::Turn {
 public:
  Turn(NatsIntake& intake, Clock::time_point deadline) : intake_(intake) {
    std::unique_lock lock(intake.turns_);
    has_come_ =
        intake.turn_over_.wait_until(lock, deadline, [&intake] { return !intake.is_waiting_; });
    if (has_come_) intake.is_waiting_ = true;
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn() {
    if (!has_come_) return;
    {
      const std::lock_guard lock(intake_.turns_);
      intake_.is_waiting_ = false;
    }
    intake_.turn_over_.notify_one();
  }
  bool has_come() const noexcept { return has_come_; }

 private:
  NatsIntake& intake_;
  bool has_come_;
};

std::vector<NatsMessage> NatsIntake::pull(const char* consumer, std::size_t most,
                                          milliseconds patience) {
  const std::string stream = names_.line_stream();
  const std::string options =
      ",\"no_wait\":true" + (patience.count() == 0
                                 ? ""
                                 : ",\"expires\":" + std::to_string(nanoseconds(patience).count()));
  NatsJetStream::Attempts attempts(jet_);
  for (;;) {
    NatsCall call(jet_.connection());
    call.add_pull(stream, consumer, most, options);
    const auto outcome = attempts.ask(call, jet_.replicas() == 1 ? jet_.timeout() : kPatience);
    std::vector<NatsMessage> found = call.take_deliveries(0);
    if (outcome == NatsCall::Outcome::kAnswered || !found.empty()) return found;
    attempts.prepare_another(outcome, stream + '.' + consumer);
  }
}

std::vector<const char*> NatsIntake::overlooked() {
  constexpr std::array kPriorities{Priority::kHigh, Priority::kNormal, Priority::kLow};
  const std::string stream = names_.line_stream();
  NatsCall call(jet_.connection());
  call.add("$JS.API.STREAM.INFO." + stream, json{{"subjects_filter", names_.all_lines()}}.dump());
  for (const char* consumer : {kHigh, kNormal, kLow}) {
    call.add("$JS.API.CONSUMER.INFO." + stream + '.' + consumer, "");
  }
  jet_.ask(call, stream);
  const auto info = [&](std::size_t index) {
    return json::parse(nats_body(call.answer(index)), nullptr, false);
  };
  const auto count = [](const json& from, const std::string& pointer) -> std::size_t {
    const json::json_pointer place(pointer);
    return from.contains(place) && from[place].is_number() ? from[place].get<std::size_t>() : 0;
  };
  std::vector<const char*> found;
  const json in_stream = info(0);
  for (std::size_t i = 0; i < kPriorities.size(); ++i) {
    const std::size_t there = count(in_stream, "/state/subjects/" + names_.line(kPriorities[i]));
    const std::size_t in_hand = count(info(i + 1), "/num_ack_pending");
    if (there > in_hand) found.push_back(std::array{kHigh, kNormal, kLow}[i]);
  }
  return found;
}

std::vector<NatsDelivery> NatsIntake::look(std::size_t max, milliseconds visibility) {
  const std::lock_guard lock(looking_);
  auto found = take_strays(max, visibility);
  if (!found.empty()) return found;
  const bool is_mixed = attention_.may_be_mixed(jet_.connection().notices());
  if (!is_mixed && !attention_.has_to_look_everywhere()) {
    found = look_at(kNormal, max, visibility, kAtOnce);
    if (!found.empty()) return found;
  }
  attention_.note_look(kLongestGlance);
  found = look_everywhere(max, visibility, is_mixed ? kCarefully : kAtOnce);
  if (!found.empty()) return found;
  for (const char* consumer : overlooked()) {
    if (found.size() >= max) break;
    std::ranges::move(look_at(consumer, max - found.size(), visibility, kAgain),
                      std::back_inserter(found));
  }
  return found;
}

std::vector<NatsDelivery> NatsIntake::take_strays(std::size_t max, milliseconds visibility) {
  std::vector<NatsMessage> later;
  std::vector<NatsMessage> taken;
  for (NatsMessage& stray : jet_.connection().take_strays()) {
    const bool is_later = read_consumer(nats_reply(*stray)) == kLater;
    if (is_later) {
      later.push_back(std::move(stray));
    } else if (taken.size() < max) {
      taken.push_back(std::move(stray));
    } else {
      jet_.connection().publish(natsMsg_GetReply(stray.get()), "-NAK");
    }
  }
  sort(std::move(later));
  return accepted(std::move(taken), {}, visibility);
}

std::vector<NatsDelivery> NatsIntake::look_everywhere(std::size_t max, milliseconds visibility,
                                                      milliseconds patience) {
  sort(pull(kLater, kMostLater, kAtOnce));
  std::vector<NatsDelivery> all;
  for (const char* consumer : {kHigh, kNormal, kLow}) {
    if (all.size() >= max) break;
    auto found = look_at(consumer, max - all.size(), visibility, patience);
    if (!found.empty() && consumer != kNormal) attention_.note_mixed();
    std::ranges::move(found, std::back_inserter(all));
  }
  return all;
}

std::vector<NatsDelivery> NatsIntake::look_at(const char* consumer, std::size_t max,
                                              milliseconds visibility, milliseconds patience) {
  const auto asked = Clock::now();
  return accepted(pull(consumer, max, patience), asked, visibility);
}

std::vector<NatsDelivery> NatsIntake::accepted(std::vector<NatsMessage> messages,
                                               Clock::time_point asked, milliseconds visibility) {
  std::vector<NatsDelivery> found;
  found.reserve(messages.size());
  for (const NatsMessage& message : messages) {
    NatsDelivery delivery = read_delivery(*message);
    if (delivery.message != nullptr) found.push_back(std::move(delivery));
  }
  accept(found, asked, visibility);
  return found;
}

void NatsIntake::accept(std::vector<NatsDelivery>& found, Clock::time_point asked,
                        milliseconds visibility) {
  for (NatsDelivery& delivery : found) {
    delivery.attempt = delivery.label.attempts + delivery.times;
    delivery.safe_until = asked + std::min(visibility, line_.ack_wait());
  }
  const bool may_be_plain = visibility == line_.ack_wait() && asked != Clock::time_point();
  const auto plain_end = std::ranges::stable_partition(found, [&](const NatsDelivery& delivery) {
                           return may_be_plain && delivery.times == 1;
                         }).begin();
  if (plain_end == found.end()) return;
  std::vector<NatsDelivery> others(std::make_move_iterator(plain_end),
                                   std::make_move_iterator(found.end()));
  found.erase(plain_end, found.end());
  claims_.claim(others, visibility);
  if (!may_be_plain) {
    for (const NatsDelivery& delivery : others) put_off(delivery.ack, visibility);
  }
  std::ranges::move(others, std::back_inserter(found));
}

void NatsIntake::put_off(const std::string& ack, nanoseconds delay) {
  jet_.connection().publish(ack, "-NAK {\"delay\":" + std::to_string(delay.count()) + '}');
}

std::size_t NatsIntake::sort(std::vector<NatsMessage> later) {
  std::vector<NatsDelivery> due;
  const Time time = now();
  for (const NatsMessage& message : later) {
    const auto left = due_of(natsMsg_GetSubject(message.get())) - time;
    if (left.count() > 0) {
      attention_.look_everywhere_by(Clock::now() + left);
      put_off(natsMsg_GetReply(message.get()), left);
    } else {
      due.push_back(read_delivery(*message));
    }
  }
  if (due.empty()) return 0;
  std::vector<NatsLine::Sent> moved;
  for (const NatsDelivery& delivery : due) {
    moved.push_back({delivery.message.get(), delivery.label, delivery.sequence});
  }
  line_.send(moved);
  for (NatsDelivery& delivery : due) line_.finish(delivery, "+ACK");
  return due.size();
}

std::vector<NatsDelivery> NatsIntake::take(std::size_t max, milliseconds wait_for,
                                           milliseconds visibility) {
  const Taking taking(jet_.connection());
  std::vector<NatsDelivery> found = look(max, visibility);
  if (!found.empty() || wait_for.count() == 0) return found;
  return wait(max, Clock::now() + wait_for, visibility);
}

std::vector<NatsDelivery> NatsIntake::wait(std::size_t max, Clock::time_point deadline,
                                           milliseconds visibility) {
  const Turn turn(*this, deadline);
  if (!turn.has_come()) return {};
  NatsConnection& connection = jet_.connection();
  const auto bell = connection.listen(names_.bell());
  milliseconds glance = kShortestGlance;
  Clock::time_point alarm_set;
  std::optional<NatsCall> alarm;  // rings when something falls due, or when it is time to look
  for (;;) {
    const std::uint64_t rings = connection.rings();
    // One that a server took with it is not answered.
    const bool is_old = Clock::now() > alarm_set + 2 * kLongestGlance;
    if (alarm && (alarm->is_answered() || is_old)) {
      sort(alarm->take_deliveries(0));
      alarm.reset();
    }
    std::vector<NatsDelivery> found = look(max, visibility);
    if (!found.empty()) {
      if (std::ranges::any_of(found, [](const auto& one) { return one.behind > 0; })) {
        line_.ring();
      }
      return found;
    }
    const auto time = Clock::now();
    if (time >= deadline) return {};
    if (!alarm) {
      alarm.emplace(connection);
      alarm->add_pull(names_.line_stream(), kLater, 1,
                      ",\"expires\":" + std::to_string(nanoseconds(kLongestGlance).count()));
      alarm->post();
      alarm_set = time;
    }
    connection.wait_for_ring(rings, std::min(deadline, time + glance));
    glance = std::min(2 * glance, kLongestGlance);
  }
}

}  // namespace waybill::queue::internal
