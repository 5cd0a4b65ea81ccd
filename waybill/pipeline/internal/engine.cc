#include <algorithm>
#include <memory>
#include <thread>

#include <pthread.h>

#include <waybill/pipeline/host_signals.h>
#include <waybill/pipeline/internal/counters.h>
#include <waybill/pipeline/internal/engine.h>
#include <waybill/pipeline/internal/thread_ring.h>

namespace waybill::internal {

using std::chrono::nanoseconds;
using std::chrono::steady_clock;

namespace {

constinit thread_local bool t_consuming = false;

// How long the background thread leaves the lock to somebody who waits for it.
constexpr std::chrono::microseconds kCourtesy{100};

// A pass is worth its while when it finds so many records: each takes a processor from somebody.
constexpr std::size_t kBusy = 64;
// The most to sleep while there are any.
constexpr std::chrono::microseconds kBetweenFew{1'000};

nanoseconds next_sleep(nanoseconds last, std::size_t consumed, const PipelineOptions& options) {
  const nanoseconds shortest = options.shortest_sleep;
  const nanoseconds between_few =
      std::clamp<nanoseconds>(kBetweenFew, shortest, options.longest_sleep);
  if (consumed >= kBusy) return std::clamp(last / 2, shortest, between_few);
  return std::min<nanoseconds>(last * 2, consumed != 0 ? between_few : options.longest_sleep);
}

}  // namespace

Engine::Pass::Pass(Engine& engine) noexcept : engine_(engine) {
  engine_.lock_.lock();
  t_consuming = true;
}
Engine::Pass::Pass(Engine& engine, steady_clock::time_point deadline) noexcept
    : engine_(engine), holds_(engine.lock_.try_lock_until(deadline)) {
  if (holds_) t_consuming = true;
}
Engine::Pass::~Pass() {
  if (!holds_) return;
  t_consuming = false;
  engine_.lock_.unlock();
}

bool Engine::consuming() noexcept {
  return t_consuming;
}

Engine& Engine::get() noexcept {
  static Engine& forever = *new Engine;
  return forever;
}

namespace {

// After the destructors of all static objects, which exit() runs before those functions.
[[gnu::destructor]] void at_exit() noexcept {
  Engine::get().end();
}

}  // namespace

namespace {

// Made when the library is loaded, before there is a second thread: where a thread made it on first
// use, the child of a fork in that moment would wait for it for ever.
[[maybe_unused]] const Engine& made_at_load = Engine::get();

}  // namespace

Engine::Engine() {
  options_ = all_options_.emplace_back(std::make_unique<const PipelineOptions>()).get();
  detail::clock_is_counter.store(time_stamp_counter_is_reliable(), std::memory_order_relaxed);
  collector_.start_clock();
  prepare_thread_rings();
  pthread_atfork([] { get().before_fork(); }, [] { get().after_fork_in_parent(); },
                 [] { get().after_fork_in_child(); });
}

void Engine::configure(const PipelineOptions& options) {
  auto added = std::make_unique<const PipelineOptions>(options);
  between_passes([&] {
    all_options_.push_back(std::move(added));
    const bool counter = options.clock == ClockSource::kAutomatic
                             ? time_stamp_counter_is_reliable()
                             : options.clock == ClockSource::kTimeStampCounter;
    detail::clock_is_counter.store(counter, std::memory_order_relaxed);
    options_.store(all_options_.back().get(), std::memory_order_release);
    synchronous_.store(options.synchronous, std::memory_order_relaxed);
  });
  reconsider_thread_ring();
  work_.signal();
}

void Engine::ensure_running() noexcept {
  if (options().synchronous || running_.exchange(true, std::memory_order_acq_rel)) return;
  start();
}

void Engine::start() noexcept {
  const detail::WithoutHostSignals none;
  pthread_t thread;
  const auto body = [](void* engine) -> void* {
    static_cast<Engine*>(engine)->run();
    return nullptr;
  };
  if (pthread_create(&thread, nullptr, body, this) == 0) {
    pthread_setname_np(thread, "waybill");
    pthread_detach(thread);
  } else {  // slower, but nothing is lost
    synchronous_.store(true, std::memory_order_relaxed);
  }
}

void Engine::run() noexcept {
  nanoseconds sleep = options().shortest_sleep;
  for (;;) {
    const std::uint32_t seen = work_.value();
    std::size_t consumed;
    {
      const Pass pass_lock(*this);
      if (!may_consume()) return;
      consumed = pass();
    }
    const PipelineOptions& set = options();
    if (lock_.is_wanted()) std::this_thread::sleep_for(kCourtesy);
    const bool is_flushing = flush_requested_.load(std::memory_order_relaxed) !=
                             flush_done_.load(std::memory_order_relaxed);
    sleep = next_sleep(sleep, consumed, set);
    if (is_flushing || (consumed >= kBusy && sleep <= set.shortest_sleep)) continue;
    sleeping_.store(true, std::memory_order_seq_cst);
    work_.wait(seen, sleep);
    sleeping_.store(false, std::memory_order_relaxed);
  }
}

// With the lock held.
std::size_t Engine::pass() noexcept {
  if (!collector_.has_checkpoint()) {
    flush_checkpoint_ = flush_requested_.load(std::memory_order_acquire);
    if (flush_checkpoint_ != flush_done_.load(std::memory_order_relaxed) ||
        detail::RetiredContexts::any()) {
      collector_.set_checkpoint();
    }
  }
  const bool flushing = flush_requested_.load(std::memory_order_relaxed) !=
                        flush_done_.load(std::memory_order_relaxed);
  const std::size_t consumed = collector_.collect(flushing);
  if (consumed != 0) add_to(counters().passes, 1);
  if (collector_.reached_checkpoint()) {
    flush_done_.store(flush_checkpoint_, std::memory_order_release);
    done_.signal();
  }
  return consumed;
}

bool Engine::flush(nanoseconds timeout) noexcept {
  if (t_consuming) return false;
  const auto begin = steady_clock::now();
  const bool in_background = running_.load(std::memory_order_acquire) && !synchronous();
  const bool done =
      in_background ? wait_for_background(begin + timeout) : consume_all(begin + timeout);
  Counters& all = counters();
  const auto took = static_cast<std::uint64_t>(
      std::chrono::duration_cast<nanoseconds>(steady_clock::now() - begin).count());
  add_to(all.flushes, 1);
  add_to(all.flush_nanoseconds, took);
  std::uint64_t longest = all.longest_flush_nanoseconds.load(std::memory_order_relaxed);
  while (longest < took && !all.longest_flush_nanoseconds.compare_exchange_weak(longest, took)) {
  }
  return done;
}

bool Engine::wait_for_background(steady_clock::time_point deadline) noexcept {
  const std::uint64_t mine = flush_requested_.fetch_add(1, std::memory_order_acq_rel) + 1;
  work_.signal();
  for (;;) {
    const std::uint32_t seen = done_.value();
    if (flush_done_.load(std::memory_order_acquire) >= mine) return true;
    const auto left = deadline - steady_clock::now();
    if (left <= nanoseconds::zero()) return false;
    done_.wait(seen, left);
  }
}

bool Engine::consume_all(steady_clock::time_point deadline) noexcept {
  const Pass pass_lock(*this, deadline);
  if (!pass_lock.holds()) return false;
  // A checkpoint that somebody else has set may be an earlier one.
  const std::uint64_t mine = flush_requested_.fetch_add(1, std::memory_order_acq_rel) + 1;
  while (flush_done_.load(std::memory_order_relaxed) < mine) {
    pass();
    if (steady_clock::now() > deadline) return false;
  }
  return true;
}

void Engine::end() noexcept {
  const auto deadline = steady_clock::now() + options().exit_timeout;
  flush(options().exit_timeout);
  const Pass none_under_way(*this, deadline);
  ending_thread_ = pthread_self();
  ended_.store(true, std::memory_order_release);
  synchronous_.store(true, std::memory_order_relaxed);
  reconsider_thread_ring();
}

bool Engine::may_consume() const noexcept {
  return !ended_.load(std::memory_order_acquire) ||
         pthread_equal(pthread_self(), ending_thread_) != 0;
}

void Engine::consume_here() noexcept {
  if (!t_consuming && may_consume()) consume_all(steady_clock::now() + std::chrono::seconds(5));
}

bool Engine::flush_in_crash(nanoseconds timeout) noexcept {
  const auto deadline = steady_clock::now() + timeout;
  const bool background_is_able = running_.load(std::memory_order_acquire) && !t_consuming;
  if (background_is_able && wait_for_background(deadline)) return true;
  // It is this thread that was consuming, or there is no other, or it does not come to an end. What
  // it holds may be in any state: try.
  if (!t_consuming && !lock_.try_lock()) return false;
  t_consuming = true;
  const std::uint64_t mine = flush_requested_.fetch_add(1, std::memory_order_acq_rel) + 1;
  for (int passes = 0; passes < 3 && flush_done_.load(std::memory_order_relaxed) < mine; ++passes) {
    pass();
  }
  return true;
}

}  // namespace waybill::internal
