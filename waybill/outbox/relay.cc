#include <algorithm>
#include <exception>
#include <utility>

#include <waybill/core/error.h>
#include <waybill/log/log.h>
#include <waybill/outbox/outbox.h>

namespace waybill::outbox {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kMostMoved = 256;
// How long one message after the other is tried where all fail.
constexpr std::chrono::seconds kLongestTrial{30};
// How late a stop may be noticed.
constexpr milliseconds kLongestWait{100};
constexpr milliseconds kFirstPause{100};
constexpr milliseconds kLongestPause{10'000};

}  // namespace

Relay::Relay(std::shared_ptr<Outbox> outbox, std::shared_ptr<queue::Queue> queue)
    : outbox_(std::move(outbox)), queue_(std::move(queue)) {
  if (outbox_ == nullptr) throw Error::bad_option("outbox", "null", "an outbox");
  if (queue_ == nullptr) throw Error::bad_option("queue", "null", "a queue");
}

void Relay::run() {
  const Logger log = logger("outbox");
  milliseconds next_pause{0};
  while (!is_stopping()) {
    try {
      const Outbox::Moved moved = outbox_->move(
          kMostMoved, [this](std::vector<queue::Message> batch) { return send(std::move(batch)); });
      if (next_pause.count() != 0) log.info("messages are moved to the queue again");
      next_pause = milliseconds(0);
      moved_.fetch_add(moved.sent, std::memory_order_relaxed);
      refused_.fetch_add(moved.refused, std::memory_order_relaxed);
      if (moved.refused != 0) {
        log.error("{} rows of the outbox cannot be moved; see their column 'error'", moved.refused);
      }
      if (moved.sent + moved.refused == 0) outbox_->wait(kLongestWait);
    } catch (const std::exception& error) {
      failures_.fetch_add(1, std::memory_order_relaxed);
      if (next_pause.count() == 0) log.error("messages stay in the outbox for now: {}", error);
      next_pause = std::clamp(2 * next_pause, kFirstPause, kLongestPause);
      pause(next_pause);
    }
  }
}

std::vector<Sent> Relay::send(std::vector<queue::Message> messages) {
  try {
    queue_->send(messages);
    return std::vector<Sent>(messages.size());
  } catch (const std::exception&) {
    return send_one_by_one(messages, std::current_exception());
  }
}

// Whether the queue is away or a message is at fault, only a message that goes through can tell.
std::vector<Sent> Relay::send_one_by_one(const std::vector<queue::Message>& messages,
                                         const std::exception_ptr& why) {
  const auto end = std::chrono::steady_clock::now() + kLongestTrial;
  std::vector<Sent> results(messages.size(), {.state = Sent::kKept, .reason = {}});
  const auto try_one = [&](std::size_t i) {
    try {
      queue_->send(messages[i]);
      results[i].state = Sent::kSent;
    } catch (const std::exception& error) {
      results[i].reason = error.what();
    }
    return results[i].state == Sent::kSent;
  };
  bool any_sent = false;
  std::vector<std::size_t> failed;  // since one went through
  for (std::size_t i = 0; i < messages.size(); ++i) {
    if (is_stopping() || std::chrono::steady_clock::now() >= end) break;
    if (!try_one(i)) {
      failed.push_back(i);
      continue;
    }
    any_sent = true;
    for (const std::size_t earlier : failed) {
      if (!try_one(earlier)) results[earlier].state = Sent::kRefused;
    }
    failed.clear();
  }
  if (!any_sent) std::rethrow_exception(why);
  return results;
}

bool Relay::is_stopping() {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

void Relay::pause(milliseconds duration) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, duration, [this] { return stopping_; });
}

void Relay::stop() noexcept {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
}

RelayCounts Relay::counts() const noexcept {
  return {moved_.load(std::memory_order_relaxed), refused_.load(std::memory_order_relaxed),
          failures_.load(std::memory_order_relaxed)};
}

}  // namespace waybill::outbox
