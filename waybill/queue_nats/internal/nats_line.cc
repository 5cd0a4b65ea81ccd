#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>
#include <thread>

#include <nlohmann/json.hpp>

#include <waybill/queue/internal/claim.h>
#include <waybill/queue_nats/internal/nats_line.h>
#include <waybill/queue_nats/internal/nats_streams.h>

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
// Of a delivery that is to be moved on to the line.
constexpr milliseconds kMovingTime{10'000};
// How long who waits relies on being told.
constexpr milliseconds kShortestGlance{20};
constexpr milliseconds kLongestGlance{1'000};
// How long other priorities than the normal one are looked for after the last sign of them.
constexpr milliseconds kMixedFor{2'000};
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
class NatsLine::Turn {
 public:
  Turn(NatsLine& line, Clock::time_point deadline) : line_(line) {
    std::unique_lock lock(line.turns_);
    has_come_ = line.turn_over_.wait_until(lock, deadline, [&line] { return !line.is_waiting_; });
    if (has_come_) line.is_waiting_ = true;
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn() {
    if (!has_come_) return;
    {
      const std::lock_guard lock(line_.turns_);
      line_.is_waiting_ = false;
    }
    line_.turn_over_.notify_one();
  }
  bool has_come() const noexcept { return has_come_; }

 private:
  NatsLine& line_;
  bool has_come_;
};

bool NatsLine::open(bool create, milliseconds visibility) {
  const std::string stream = names_.line_stream();
  if (!create && !jet_.has_stream(stream)) return false;
  jet_.need_stream(nats_line_stream(names_, jet_.replicas()));
  for (const Priority priority : {Priority::kHigh, Priority::kNormal, Priority::kLow}) {
    jet_.need_consumer(
        stream, nats_consumer(NatsNames::name_of(priority), names_.line(priority), visibility));
  }
  jet_.connection().heed(names_.mixed());
  jet_.need_consumer(stream, nats_consumer(kLater, names_.all_later(), kMovingTime));
  const json normal = jet_.request("CONSUMER.INFO." + stream + '.' + kNormal, json::object());
  ack_wait_ = std::chrono::duration_cast<milliseconds>(
      nanoseconds(normal.at("config").at("ack_wait").get<std::int64_t>()));
  return true;
}

void NatsLine::check_size(std::size_t headers, std::size_t body) const {
  constexpr std::size_t kMostOfHeaders = 65'535;
  if (headers > kMostOfHeaders) {
    throw NatsRefusal(0, "its headers take " + std::to_string(headers) +
                             " bytes, of which NATS takes 65535 at most");
  }
  const std::size_t most = jet_.connection().most_bytes();
  if (headers + body <= most) return;
  throw NatsRefusal(0, "it takes " + std::to_string(headers + body) +
                           " bytes, which is more than the server's max_payload of " +
                           std::to_string(most));
}

std::size_t NatsLine::send(std::span<const Sent> messages) {
  const Time time = now();
  const auto is_mixed = [](const Sent& sent) {
    return sent.message->priority != Priority::kNormal;
  };
  if (std::ranges::any_of(messages, is_mixed)) {
    note_mixed();
    jet_.connection().publish(names_.mixed(), "");
  }
  NatsCall call(jet_.connection());
  for (const Sent& sent : messages) {
    const Message& message = *sent.message;
    const bool is_later = message.delay.count() > 0;
    const Time due = time + message.delay;
    if (is_later) look_everywhere_by(Clock::now() + message.delay);
    natsMsg& out =
        call.add(is_later ? names_.later(due.time_since_epoch().count(), message.priority)
                          : names_.line(message.priority),
                 message.body);
    NatsLabel label = sent.label;
    if (label.id.empty()) {
      label = {.id = who_ + '-' + std::to_string(++sent_), .attempts = 0, .sent = time};
    }
    check_size(write_headers(out, message.headers, label, sent.moved_from), message.body.size());
  }
  jet_.ask(call, names_.line_stream());
  std::size_t stored = 0;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const bool was_there = NatsJetStream::stored(call.answer(i)).is_duplicate;
    // One of ours was stored by the first attempt.
    if (!was_there || messages[i].label.id.empty()) ++stored;
  }
  ring();
  return stored;
}

std::vector<NatsMessage> NatsLine::pull(const char* consumer, std::size_t most,
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

std::vector<const char*> NatsLine::overlooked() {
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

void NatsLine::look_everywhere_by(Clock::time_point time) noexcept {
  const auto wanted = time.time_since_epoch().count();
  auto before = look_everywhere_at_.load(std::memory_order_relaxed);
  while (before > wanted &&
         !look_everywhere_at_.compare_exchange_weak(before, wanted, std::memory_order_relaxed)) {
  }
}

void NatsLine::note_mixed() noexcept {
  mixed_until_.store((Clock::now() + kMixedFor).time_since_epoch().count(),
                     std::memory_order_relaxed);
}

bool NatsLine::may_be_mixed() {
  const std::uint64_t notices = jet_.connection().notices();
  if (notices != notices_) note_mixed();
  notices_ = notices;
  return Clock::now().time_since_epoch().count() < mixed_until_.load(std::memory_order_relaxed);
}

std::vector<NatsDelivery> NatsLine::look(std::size_t max, milliseconds visibility) {
  const std::lock_guard lock(looking_);
  auto found = accepted(jet_.connection().take_strays(), {}, visibility);
  if (!found.empty()) return found;
  const bool is_mixed = may_be_mixed();
  const auto time = Clock::now();
  if (!is_mixed && time.time_since_epoch().count() < look_everywhere_at_) {
    found = look_at(kNormal, max, visibility, kAtOnce);
    if (!found.empty()) return found;
  }
  look_everywhere_at_ = (time + kLongestGlance).time_since_epoch().count();
  found = look_everywhere(max, visibility, is_mixed ? kCarefully : kAtOnce);
  if (!found.empty()) return found;
  for (const char* consumer : overlooked()) {
    if (found.size() >= max) break;
    std::ranges::move(look_at(consumer, max - found.size(), visibility, kAgain),
                      std::back_inserter(found));
  }
  return found;
}

std::vector<NatsDelivery> NatsLine::look_everywhere(std::size_t max, milliseconds visibility,
                                                    milliseconds patience) {
  sort(pull(kLater, kMostLater, kAtOnce));
  std::vector<NatsDelivery> all;
  for (const char* consumer : {kHigh, kNormal, kLow}) {
    if (all.size() >= max) break;
    auto found = look_at(consumer, max - all.size(), visibility, patience);
    if (!found.empty() && consumer != kNormal) note_mixed();
    std::ranges::move(found, std::back_inserter(all));
  }
  return all;
}

std::vector<NatsDelivery> NatsLine::look_at(const char* consumer, std::size_t max,
                                            milliseconds visibility, milliseconds patience) {
  const auto asked = Clock::now();
  return accepted(pull(consumer, max, patience), asked, visibility);
}

std::vector<NatsDelivery> NatsLine::accepted(std::vector<NatsMessage> messages,
                                             Clock::time_point asked, milliseconds visibility) {
  std::vector<NatsDelivery> found;
  for (const NatsMessage& message : messages) {
    NatsDelivery delivery = read_delivery(*message);
    if (delivery.message != nullptr) found.push_back(std::move(delivery));
  }
  accept(found, asked, visibility);
  return found;
}

void NatsLine::accept(std::vector<NatsDelivery>& found, Clock::time_point asked,
                      milliseconds visibility) {
  std::vector<NatsDelivery> plain;
  std::vector<NatsDelivery> others;
  for (NatsDelivery& delivery : found) {
    delivery.attempt = delivery.label.attempts + delivery.times;
    delivery.safe_until = asked + std::min(visibility, ack_wait_);
    const bool is_plain =
        delivery.times == 1 && visibility == ack_wait_ && asked != Clock::time_point();
    (is_plain ? plain : others).push_back(std::move(delivery));
  }
  claims_.claim(others, visibility);
  if (visibility != ack_wait_ || asked == Clock::time_point()) {
    for (const NatsDelivery& delivery : others) put_off(delivery.ack, visibility);
  }
  std::ranges::move(others, std::back_inserter(plain));
  found = std::move(plain);
}

void NatsLine::put_off(const std::string& ack, nanoseconds delay) {
  jet_.connection().publish(ack, "-NAK {\"delay\":" + std::to_string(delay.count()) + '}');
}

std::size_t NatsLine::sort(std::vector<NatsMessage> later) {
  std::vector<NatsDelivery> due;
  const Time time = now();
  for (const NatsMessage& message : later) {
    const auto left = due_of(natsMsg_GetSubject(message.get())) - time;
    if (left.count() > 0) {
      look_everywhere_by(Clock::now() + left);
      put_off(natsMsg_GetReply(message.get()), left);
    } else {
      due.push_back(read_delivery(*message));
    }
  }
  if (due.empty()) return 0;
  std::vector<Sent> moved;
  for (const NatsDelivery& delivery : due) {
    moved.push_back({delivery.message.get(), delivery.label, delivery.sequence});
  }
  send(moved);
  for (NatsDelivery& delivery : due) finish(delivery, "+ACK");
  return due.size();
}

std::vector<NatsDelivery> NatsLine::take(std::size_t max, milliseconds wait_for,
                                         milliseconds visibility) {
  const Taking taking(jet_.connection());
  std::vector<NatsDelivery> found = look(max, visibility);
  if (!found.empty() || wait_for.count() == 0) return found;
  return wait(max, Clock::now() + wait_for, visibility);
}

std::vector<NatsDelivery> NatsLine::wait(std::size_t max, Clock::time_point deadline,
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
      if (std::ranges::any_of(found, [](const auto& one) { return one.behind > 0; })) ring();
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

bool NatsLine::hold(NatsDelivery& delivery) {
  if (delivery.is_won || Clock::now() < delivery.safe_until) return true;
  if (!claims_.win(delivery)) return false;
  if (!jet_.at(names_.line_stream(), delivery.sequence)) {
    claims_.forget(delivery);
    return false;
  }
  delivery.is_won = true;
  return true;
}

void NatsLine::finish(NatsDelivery& delivery, const char* word) {
  NatsCall call(jet_.connection());
  call.add(delivery.ack, word);
  jet_.ask(call, leader_of(delivery));
  claims_.forget(delivery);
}

bool NatsLine::ack(NatsDelivery& delivery) {
  if (!hold(delivery)) return false;
  NatsDelivery* const one = &delivery;
  confirm_each({&one, 1});
  return is_still_ours(delivery);
}

std::vector<Settlement> NatsLine::ack(std::span<NatsDelivery* const> deliveries) {
  std::vector<Settlement> outcomes(deliveries.size(), Settlement::kFailed);
  std::vector<NatsDelivery*> held;
  for (std::size_t i = 0; i < deliveries.size(); ++i) {
    if (hold(*deliveries[i])) {
      held.push_back(deliveries[i]);
    } else {
      outcomes[i] = Settlement::kLost;
    }
  }
  if (!held.empty() && !confirm_last(held)) confirm_each(held);
  for (std::size_t i = 0; i < deliveries.size(); ++i) {
    if (outcomes[i] == Settlement::kLost) continue;
    outcomes[i] = is_still_ours(*deliveries[i]) ? Settlement::kDone : Settlement::kLost;
  }
  return outcomes;
}

bool NatsLine::is_still_ours(NatsDelivery& delivery) {
  // An ack that came too late to be sure that nobody had the message by then.
  const bool is_late = !delivery.is_won && Clock::now() >= delivery.safe_until;
  if (is_late && !claims_.win(delivery)) return false;
  claims_.forget(delivery);
  return true;
}

void NatsLine::confirm_each(std::span<NatsDelivery* const> deliveries) {
  NatsCall call(jet_.connection());
  for (const NatsDelivery* delivery : deliveries) call.add(delivery->ack, "+ACK");
  jet_.ask(call, leader_of(*deliveries.front()));
}

bool NatsLine::confirm_last(std::span<NatsDelivery* const> deliveries) {
  if (jet_.replicas() > 1) return false;
  const std::uint64_t breaks = jet_.connection().breaks();
  std::map<std::string_view, const NatsDelivery*> last;
  for (const NatsDelivery* delivery : deliveries) {
    const NatsDelivery*& of_consumer = last[delivery->consumer];
    if (of_consumer != nullptr) jet_.connection().publish(of_consumer->ack, "+ACK");
    of_consumer = delivery;
  }
  NatsCall call(jet_.connection());
  for (const auto& [consumer, delivery] : last) call.add(delivery->ack, "+ACK");
  jet_.ask(call, names_.line_stream());
  return jet_.connection().breaks() == breaks;
}

bool NatsLine::retry(NatsDelivery& delivery, milliseconds delay) {
  if (!hold(delivery)) return false;
  Message copy = *delivery.message;
  copy.delay = delay;
  NatsLabel label = delivery.label;
  label.attempts = delivery.attempt;
  const Sent sent{&copy, label, delivery.sequence};
  send({&sent, 1});
  finish(delivery, "+ACK");
  return true;
}

bool NatsLine::extend(NatsDelivery& delivery, milliseconds visibility) {
  const auto before = Clock::now();
  const bool is_late = !delivery.is_won && before >= delivery.safe_until;
  const bool is_plain = !is_late && delivery.claim == 0 && visibility == ack_wait_;
  if (!is_plain) {
    if (!claims_.renew(delivery, now() + visibility)) return false;
    if (is_late && !jet_.at(names_.line_stream(), delivery.sequence)) {
      claims_.forget(delivery);
      return false;
    }
  }
  NatsCall call(jet_.connection());
  call.add(delivery.ack,
           is_plain ? "+WPI"
                    : "-NAK {\"delay\":" + std::to_string(nanoseconds(visibility).count()) + '}');
  jet_.ask(call, leader_of(delivery));
  delivery.safe_until = before + visibility;
  delivery.is_won = false;
  return true;
}

}  // namespace waybill::queue::internal
