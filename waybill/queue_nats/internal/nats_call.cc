#include <algorithm>
#include <new>
#include <utility>

#include <waybill/queue_nats/internal/nats_call.h>

namespace waybill::queue::internal {

namespace {

using std::chrono::milliseconds;
using Clock = NatsConnection::Clock;

std::int64_t left(Clock::time_point deadline) {
  return std::max<std::int64_t>(1,
                                std::chrono::ceil<milliseconds>(deadline - Clock::now()).count());
}

// JetStream in the middle of an election, which asks to come again: its API, a leader that is none
// any more, and one that was overtaken.
bool asks_to_come_again(std::string_view answer) {
  if (answer.find("\"code\":503") == std::string_view::npos) return false;
  constexpr std::string_view kCode = "\"err_code\":";
  const std::size_t at = answer.find(kCode);
  if (at == std::string_view::npos) return true;
  const std::string_view code = answer.substr(at + kCode.size());
  return code.starts_with("10004") || code.starts_with("10008") || code.starts_with("10063");
}

}  // namespace

NatsCall::NatsCall(NatsConnection& connection)
    : connection_(connection),
      mailbox_(*connection.mailbox_),
      id_(++mailbox_.last_call),
      address_(connection.inbox_ + std::to_string(id_) + '.'),
      address_size_(address_.size()) {}

NatsCall::~NatsCall() {
  const std::lock_guard lock(mailbox_.mutex);
  mailbox_.calls.erase(id_);
}

natsMsg& NatsCall::add(const std::string& subject, std::string_view body) {
  return add(subject, body, 1, {});
}

void NatsCall::add_pull(const std::string& stream, const std::string& consumer, std::size_t most,
                        const std::string& options) {
  add("$JS.API.CONSUMER.MSG.NEXT." + stream + '.' + consumer,
      "{\"batch\":" + std::to_string(most) + options + '}', most, stream + '.' + consumer + '.');
}

natsMsg& NatsCall::add(const std::string& subject, std::string_view body, std::size_t most,
                       std::string consumer) {
  address_.resize(address_size_);
  address_ += std::to_string(questions_.size());
  natsMsg* created = nullptr;
  check_nats(natsMsg_Create(&created, subject.c_str(), address_.c_str(), body.data(),
                            static_cast<int>(body.size())),
             "message");
  NatsMessage message(created);
  has_pulls_ = has_pulls_ || !consumer.empty();
  questions_.push_back(
      {.message = std::move(message), .most = most, .consumer = std::move(consumer)});
  ++open_;
  return *created;
}

bool NatsCall::send() {
  std::vector<natsMsg*> messages;
  {
    const std::lock_guard lock(mailbox_.mutex);
    mailbox_.calls.emplace(id_, this);
    for (const Question& question : questions_) {
      if (!question.is_answered) messages.push_back(question.message.get());
    }
  }
  for (natsMsg* const message : messages) {
    const natsStatus status = natsConnection_PublishMsg(connection_.connection_.get(), message);
    if (status == NATS_NO_MEMORY) throw std::bad_alloc();
    if (status == NATS_MAX_PAYLOAD) throw NatsLost("larger than the server's max_payload");
    if (status != NATS_OK) return false;
  }
  return true;
}

NatsCall::Outcome NatsCall::ask(Clock::time_point deadline) {
  std::uint64_t breaks = 0;
  {
    const std::lock_guard lock(mailbox_.mutex);
    nobody_there_ = false;
    breaks = mailbox_.breaks;
  }
  if (!send()) return Outcome::kBroken;
  natsConnection_FlushTimeout(connection_.connection_.get(), left(deadline));
  std::unique_lock lock(mailbox_.mutex);
  answered_.wait_until(lock, deadline,
                       [&] { return open_ == 0 || nobody_there_ || mailbox_.breaks != breaks; });
  if (open_ == 0) return Outcome::kAnswered;
  if (mailbox_.breaks != breaks) return Outcome::kBroken;
  return nobody_there_ ? Outcome::kNobodyThere : Outcome::kSilence;
}

void NatsCall::post() {
  {
    const std::lock_guard lock(mailbox_.mutex);
    rings_ = true;
  }
  send();
}

std::vector<NatsMessage> NatsCall::take_deliveries(std::size_t index) {
  const std::lock_guard lock(mailbox_.mutex);
  return std::exchange(questions_[index].deliveries, {});
}

bool NatsCall::is_answered() const {
  const std::lock_guard lock(mailbox_.mutex);
  return open_ == 0 || nobody_there_;
}

bool NatsCall::is_answered(std::size_t index) const {
  const std::lock_guard lock(mailbox_.mutex);
  return questions_[index].is_answered;
}

bool NatsCall::take(std::size_t index, NatsMessage& message) {
  if (index >= questions_.size() || questions_[index].is_answered) return false;
  Question& question = questions_[index];
  if (natsMsg_IsNoResponders(message.get()) || asks_to_come_again(nats_body(*message))) {
    nobody_there_ = true;
    answered_.notify_one();
    return true;
  }
  if (question.consumer.empty()) question.answer = std::move(message);
  note_answer(question);
  return true;
}

bool NatsCall::take_delivery(std::string_view consumer, NatsMessage& message) {
  if (!has_pulls_) return false;
  for (Question& question : questions_) {
    if (question.is_answered || question.consumer.empty() || question.consumer != consumer) {
      continue;
    }
    question.deliveries.push_back(std::move(message));
    if (--question.most == 0) note_answer(question);
    return true;
  }
  return false;
}

void NatsCall::note_answer(Question& question) noexcept {
  question.is_answered = true;
  if (--open_ > 0) return;
  answered_.notify_one();
  if (!rings_) return;
  ++mailbox_.rings;
  mailbox_.changed.notify_all();
}

}  // namespace waybill::queue::internal
