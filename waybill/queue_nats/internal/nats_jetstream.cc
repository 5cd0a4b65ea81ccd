#include <algorithm>
#include <array>
#include <charconv>
#include <thread>

#include <nlohmann/json.hpp>

#include <waybill/queue_nats/internal/nats_jetstream.h>

namespace waybill::queue::internal {

namespace {

using nlohmann::json;
using std::chrono::milliseconds;
using Clock = NatsConnection::Clock;

// How long an attempt waits for an answer, where there are several servers: whoever was to give it
// may be dead.
constexpr milliseconds kPatience{2'000};
// A leader that stays silent to all attempts for so long is asked to step down, and again.
constexpr milliseconds kStepDownAfter{6'000};
constexpr milliseconds kStepDownAgainAfter{10'000};
constexpr milliseconds kElection{500};
// Between attempts while nobody is there, as in the middle of an election.
constexpr milliseconds kPause{50};
// A stream that nobody has after that is looked for.
constexpr milliseconds kHealAfter{1'000};
constexpr milliseconds kHealAgainAfter{4'000};

[[noreturn]] void refuse(const json& error) {
  throw NatsRefusal(error.value("err_code", error.value("code", 0)),
                    error.value("description", std::string("an error without a description")));
}

json parsed(std::string_view text) {
  json answer = json::parse(text, nullptr, false);
  if (!answer.is_object()) throw NatsRefusal(0, "an answer that is not JetStream's");
  return answer;
}

std::string decoded(std::string_view base64) {
  static constexpr std::array<std::int8_t, 256> kValues = [] {
    std::array<std::int8_t, 256> values{};
    values.fill(-1);
    constexpr std::string_view kLetters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (std::size_t i = 0; i < kLetters.size(); ++i) {
      values[static_cast<unsigned char>(kLetters[i])] = static_cast<std::int8_t>(i);
    }
    return values;
  }();
  std::string out;
  out.reserve(base64.size() / 4 * 3);
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : base64) {
    const std::int8_t value = kValues[static_cast<unsigned char>(c)];
    if (value < 0) break;
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out += static_cast<char>(bits >> count & 0xff);
  }
  return out;
}

// "NATS/1.0\r\nname: value\r\n...\r\n\r\n"
Headers headers_of(std::string_view text) {
  Headers headers;
  text.remove_prefix(std::min(text.find("\r\n"), text.size()));
  while (text.size() > 2) {
    text.remove_prefix(2);
    const std::string_view line = text.substr(0, text.find("\r\n"));
    text.remove_prefix(line.size());
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    std::string_view value = line.substr(colon + 1);
    while (value.starts_with(' ')) value.remove_prefix(1);
    headers.emplace_back(line.substr(0, colon), value);
  }
  return headers;
}

// RFC 3339 in UTC, of which fractions of a second may be anything; 0 for anything else.
Time time_of(const std::string& text) {
  const auto number = [&](std::size_t from, std::size_t size) {
    int value = 0;
    if (text.size() >= from + size) std::from_chars(&text[from], &text[from] + size, value);
    return value;
  };
  using namespace std::chrono;
  const year_month_day day{year(number(0, 4)), month(static_cast<unsigned>(number(5, 2))),
                           std::chrono::day(static_cast<unsigned>(number(8, 2)))};
  if (!day.ok()) return {};
  std::string fraction = text.size() > 20 && text[19] == '.' ? text.substr(20, 3) : "";
  fraction.erase(std::ranges::find_if_not(fraction, [](char c) { return c >= '0' && c <= '9'; }),
                 fraction.end());
  fraction.resize(3, '0');
  return Time(sys_days(day) + hours(number(11, 2)) + minutes(number(14, 2)) +
              seconds(number(17, 2)) + milliseconds(std::stoi(fraction)));
}

}  // namespace

NatsJetStream::Attempts::Attempts(NatsJetStream& jet)
    : jet_(jet),
      deadline_(now() + jet.timeout_),
      heal_at_(now() + kHealAfter),
      step_down_at_(now() + kStepDownAfter) {}

NatsCall::Outcome NatsJetStream::Attempts::ask(NatsCall& call, milliseconds patience) {
  if (!jet_.connection_.wait_until_up(deadline_)) throw NatsLost("no connection");
  return call.ask(std::min(deadline_, now() + patience));
}

void NatsJetStream::Attempts::prepare_another(NatsCall::Outcome last, std::string_view leader) {
  if (now() >= deadline_) throw NatsLost("no answer within the time-out");
  if (last == NatsCall::Outcome::kNobodyThere) {
    if (now() > heal_at_ && !leader.empty()) {
      heal_at_ = now() + kHealAgainAfter;
      jet_.make_all();
    }
    step_down_at_ = now() + kStepDownAfter;
    pause(kPause);
  } else if (last == NatsCall::Outcome::kSilence && now() > step_down_at_) {
    // What is asked while it steps down is lost.
    step_down_at_ = now() + kStepDownAgainAfter;
    jet_.step_down(leader);
    pause(kElection);
  }
}

void NatsJetStream::Attempts::pause(milliseconds time) const {
  std::this_thread::sleep_until(std::min(deadline_, now() + time));
}

void NatsJetStream::ask(NatsCall& call, std::string_view leader) {
  Attempts attempts(*this);
  for (;;) {
    const auto outcome = attempts.ask(call, replicas_ == 1 ? timeout_ : kPatience);
    if (outcome == NatsCall::Outcome::kAnswered) return;
    attempts.prepare_another(outcome, leader);
  }
}

void NatsJetStream::step_down(std::string_view leader) {
  if (replicas_ == 1 || leader.empty()) return;
  const std::string of = leader.find('.') == std::string_view::npos ? "STREAM." : "CONSUMER.";
  request_later(of + "LEADER.STEPDOWN." + std::string(leader), json::object());
  connection_.flush();
}

json NatsJetStream::request(const std::string& what, const json& body) {
  NatsCall call(connection_);
  call.add("$JS.API." + what, body.dump());
  ask(call);
  json answer = parsed(nats_body(call.answer(0)));
  const auto error = answer.find("error");
  if (error != answer.end()) refuse(*error);
  return answer;
}

void NatsJetStream::request_later(const std::string& what, const json& body) {
  connection_.publish("$JS.API." + what, body.dump());
}

bool NatsJetStream::has_stream(const std::string& stream) {
  try {
    request("STREAM.INFO." + stream, json::object());
    return true;
  } catch (const NatsRefusal& refusal) {
    if (refusal.code() == kNoStream) return false;
    throw;
  }
}

void NatsJetStream::need_stream(const json& config) {
  const std::string name = config.at("name");
  const std::string creation = "STREAM.CREATE." + name;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [what, body] : needed_) {
      if (what == creation) return;
    }
  }
  if (!has_stream(name)) request(creation, config);
  const std::lock_guard lock(mutex_);
  needed_.emplace_back(creation, config.dump());
}

void NatsJetStream::need_consumer(const std::string& stream, const json& config) {
  const std::string name = config.at("durable_name");
  try {
    request("CONSUMER.INFO." + stream + '.' + name, json::object());
  } catch (const NatsRefusal& refusal) {
    if (refusal.code() != kNoConsumer) throw;
    request("CONSUMER.DURABLE.CREATE." + stream + '.' + name,
            {{"stream_name", stream}, {"config", config}});
  }
  const std::lock_guard lock(mutex_);
  needed_.emplace_back("CONSUMER.DURABLE.CREATE." + stream + '.' + name,
                       json{{"stream_name", stream}, {"config", config}}.dump());
}

// What is there already stays as it is: the request is refused, or changes nothing.
void NatsJetStream::make_all() {
  std::vector<std::pair<std::string, std::string>> needed;
  {
    const std::lock_guard lock(mutex_);
    needed = needed_;
  }
  for (const auto& [what, body] : needed) {
    NatsCall call(connection_);
    call.add("$JS.API." + what, body);
    call.ask(Clock::now() + kHealAfter);
  }
}

NatsStored NatsJetStream::stored(const natsMsg& answer) {
  const std::string_view text = nats_body(answer);
  // {"stream":"NAME", "seq":17} or {"stream":"NAME", "seq":17,"duplicate": true}
  if (text.find("\"error\"") == std::string_view::npos) {
    const std::size_t at = text.rfind("\"seq\":");
    NatsStored stored;
    if (at != std::string_view::npos &&
        std::from_chars(text.data() + at + 6, text.data() + text.size(), stored.sequence).ec ==
            std::errc()) {
      stored.is_duplicate = text.find("\"duplicate\"", at) != std::string_view::npos;
      return stored;
    }
  }
  const json read = parsed(text);
  const auto error = read.find("error");
  if (error != read.end()) refuse(*error);
  return {.sequence = read.value("seq", std::uint64_t{0}),
          .is_duplicate = read.value("duplicate", false)};
}

void NatsJetStream::expect_last(natsMsg& message, std::uint64_t sequence) {
  check_nats(natsMsgHeader_Set(&message, "Nats-Expected-Last-Subject-Sequence",
                               std::to_string(sequence).c_str()),
             "header");
}

std::optional<std::uint64_t> NatsJetStream::replace(const std::string& stream,
                                                    const std::string& subject,
                                                    std::string_view body, std::uint64_t expected) {
  NatsCall call(connection_);
  expect_last(call.add(subject, body), expected);
  ask(call, stream);
  try {
    return stored(call.answer(0)).sequence;
  } catch (const NatsRefusal& refusal) {
    if (refusal.code() == kWrongSequence) return std::nullopt;
    throw;
  }
}

std::optional<NatsKept> NatsJetStream::last_of(const std::string& stream,
                                               const std::string& subject) {
  return get(stream, {{"last_by_subj", subject}});
}

std::optional<NatsKept> NatsJetStream::next_of(const std::string& stream,
                                               const std::string& subject, std::uint64_t sequence) {
  return get(stream, {{"next_by_subj", subject}, {"seq", sequence}});
}

std::optional<NatsKept> NatsJetStream::at(const std::string& stream, std::uint64_t sequence) {
  return get(stream, {{"seq", sequence}});
}

std::optional<NatsKept> NatsJetStream::get(const std::string& stream, const json& which) {
  try {
    const json answer = request("STREAM.MSG.GET." + stream, which);
    const json& found = answer.at("message");
    return NatsKept{.sequence = found.at("seq"),
                    .subject = found.at("subject"),
                    .headers = headers_of(decoded(found.value("hdrs", std::string()))),
                    .body = decoded(found.value("data", std::string())),
                    .stored = time_of(found.value("time", std::string()))};
  } catch (const NatsRefusal& refusal) {
    if (refusal.code() == kNoMessage || refusal.code() == kNoStream) return std::nullopt;
    throw;
  } catch (const json::exception&) {
    throw NatsRefusal(0, "an answer that is not JetStream's");
  }
}

bool NatsJetStream::remove(const std::string& stream, std::uint64_t sequence) {
  constexpr int kNoSequence = 10'043;
  constexpr int kDeletionFailed = 10'057;
  try {
    const json which{{"seq", sequence}, {"no_erase", true}};
    return request("STREAM.MSG.DELETE." + stream, which).value("success", false);
  } catch (const NatsRefusal& refusal) {
    const bool is_gone = refusal.code() == kNoMessage || refusal.code() == kNoStream ||
                         refusal.code() == kNoSequence || refusal.code() == kDeletionFailed;
    if (is_gone) return false;
    throw;
  }
}

}  // namespace waybill::queue::internal
