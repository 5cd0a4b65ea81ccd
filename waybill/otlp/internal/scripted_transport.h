// ScriptedTransport: a collector in the test's own process: it answers as it was told to, else
// takes everything, and keeps what it has taken.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include <waybill/otlp/internal/transport.h>

namespace waybill::internal {

class Script {
 public:
  void answer(Answer answer) {
    const std::lock_guard lock(mutex_);
    answers_.push_back(std::move(answer));
  }
  // What is answered when nothing else is left to be.
  void always(Answer answer) {
    const std::lock_guard lock(mutex_);
    default_ = std::move(answer);
  }
  // The encodings that can be sent; else all of them.
  void carry(std::set<Encoding> encodings) {
    const std::lock_guard lock(mutex_);
    carried_ = std::move(encodings);
  }
  bool carries(Encoding encoding) {
    const std::lock_guard lock(mutex_);
    return carried_.contains(encoding);
  }
  // Requests wait for this.
  void hold(bool held) {
    {
      const std::lock_guard lock(mutex_);
      held_ = held;
    }
    changed_.notify_all();
  }

  Answer send(std::string_view request, Encoding encoding) {
    std::unique_lock lock(mutex_);
    sent_.emplace_back(request);
    encodings_.push_back(encoding);
    changed_.notify_all();
    changed_.wait(lock, [this] { return !held_ || aborted_; });
    if (aborted_) return {.outcome = Outcome::kAborted};
    if (answers_.empty()) return default_;
    Answer answer = std::move(answers_.front());
    answers_.pop_front();
    return answer;
  }
  void abort() {
    {
      const std::lock_guard lock(mutex_);
      aborted_ = true;
    }
    changed_.notify_all();
  }

  // Waits for so many requests in all.
  bool wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_until(lock, std::chrono::system_clock::now() + std::chrono::seconds(30),
                               [&] { return sent_.size() >= count; });
  }
  std::vector<std::string> sent() {
    const std::lock_guard lock(mutex_);
    return sent_;
  }
  std::vector<Encoding> encodings() {
    const std::lock_guard lock(mutex_);
    return encodings_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Answer> answers_;
  Answer default_ = {.outcome = Outcome::kDelivered};
  std::set<Encoding> carried_ = {Encoding::kProtobuf, Encoding::kJson};
  bool held_ = false;
  bool aborted_ = false;
  std::vector<std::string> sent_;
  std::vector<Encoding> encodings_;
};

class ScriptedTransport final : public Transport {
 public:
  explicit ScriptedTransport(std::shared_ptr<Script> script) : script_(std::move(script)) {}

  Answer send(std::string_view request, Encoding encoding) noexcept override {
    return script_->send(request, encoding);
  }
  bool carries(Encoding encoding) const noexcept override { return script_->carries(encoding); }
  void abort() noexcept override { script_->abort(); }
  void after_fork_in_child() noexcept override {}
  std::string place() const override { return "test"; }

 private:
  std::shared_ptr<Script> script_;
};

}  // namespace waybill::internal
