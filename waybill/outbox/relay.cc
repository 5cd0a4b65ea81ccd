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
constexpr int kMostRefusals = 3;
// How late a stop may be noticed.
constexpr milliseconds kLongestWait{100};
constexpr milliseconds kFirstPause{100};
constexpr milliseconds kLongestPause{10'000};

}  // namespace

Relay::Relay(std::shared_ptr<Outbox> outbox, std::shared_ptr<queue::Queue> queue)
    : outbox_(std::move(outbox)), queue_(std::move(queue)), most_at_once_(kMostMoved) {
  if (outbox_ == nullptr) throw Error::bad_option("outbox", "null", "an outbox");
  if (queue_ == nullptr) throw Error::bad_option("queue", "null", "a queue");
}

void Relay::run() {
  const Logger log = logger("outbox");
  milliseconds next_pause{0};
  while (!is_stopping()) {
    try {
      const Outbox::Moved moved = outbox_->move(
          most_at_once_, [this](std::vector<queue::Message> batch) { send(std::move(batch)); });
      if (next_pause.count() != 0) log.info("messages are moved to the queue again");
      next_pause = milliseconds(0);
      most_at_once_ = kMostMoved;
      refusals_ = 0;
      moved_.fetch_add(moved.sent, std::memory_order_relaxed);
      refused_.fetch_add(moved.refused, std::memory_order_relaxed);
      if (moved.refused != 0) {
        log.error("{} rows of the outbox cannot be moved; see their column 'error'", moved.refused);
      }
      if (moved.sent + moved.refused == 0) outbox_->wait(kLongestWait);
    } catch (const std::exception& error) {
      failures_.fetch_add(1, std::memory_order_relaxed);
      if (next_pause.count() == 0) log.error("messages stay in the outbox for now: {}", error);
      most_at_once_ = 1;
      next_pause = std::clamp(2 * next_pause, kFirstPause, kLongestPause);
      pause(next_pause);
    }
  }
}

void Relay::send(std::vector<queue::Message> messages) {
  const bool is_alone = messages.size() == 1;
  try {
    queue_->send(std::move(messages));
  } catch (const std::exception& error) {
    if (!is_alone || !queue_is_there() || ++refusals_ < kMostRefusals) throw;
    throw RefusedMessage(error.what());
  }
}

bool Relay::queue_is_there() noexcept {
  try {
    queue_->counts();
    return true;
  } catch (const std::exception&) {
    return false;
  }
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
