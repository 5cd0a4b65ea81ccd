#include <mutex>
#include <utility>
#include <vector>

#include <waybill/core/error.h>
#include <waybill/otlp/internal/sender.h>
#include <waybill/pipeline/consumer.h>

namespace waybill::internal {
namespace {

using std::chrono::steady_clock;

// How long the end of the process waits for a call into a library to come back.
constexpr std::chrono::milliseconds kLongestAbort{500};

// Senders whose thread was stopped where it was, as the process ends: never destroyed.
void keep_for_ever(std::shared_ptr<Sender> sender) {
  static auto& all = *new std::vector<std::shared_ptr<Sender>>;
  static auto& mutex = *new std::mutex;
  const std::lock_guard lock(mutex);
  all.push_back(std::move(sender));
}

}  // namespace

Sender::Work::Work(const Sender& sender)
    : backoff(sender.options_.retry),
      report(sender.transport_->place(), records_of(sender.options_.signal)) {
  const Transport& transport = *sender.transport_;
  // What cannot be sent from here is not for us to remove: see Transport::carries().
  if (sender.options_.spool.folder.empty() || !transport.carries(sender.encoding_)) return;
  spool = std::make_unique<Spool>(sender.options_.spool, sender.options_.signal);
  for (const Encoding encoding : {Encoding::kProtobuf, Encoding::kJson}) {
    if (!transport.carries(encoding)) spool->leave_alone(encoding);
  }
}

std::shared_ptr<Sender> Sender::make(const SignalOptions& options,
                                     std::unique_ptr<Transport> transport, Encoding encoding,
                                     BatchSource* source, SenderClock& clock) {
  auto sender =
      std::make_shared<Sender>(Private(), options, std::move(transport), encoding, source, clock);
  detail::add_delivery(*sender);
  // What an earlier run of the program has left.
  if (sender->work_->has_backlog) sender->ensure_running();
  return sender;
}

Sender::Sender(Private, const SignalOptions& options, std::unique_ptr<Transport> transport,
               Encoding encoding, BatchSource* source, SenderClock& clock)
    : options_(options),
      encoding_(encoding),
      clock_(clock),
      counters_(counters_of(options.signal)),
      transport_(std::move(transport)),
      source_(source),
      outbox_(std::make_unique<Outbox>(options.queue_bytes, counters_)),
      work_(std::make_unique<Work>(*this)) {
  if (work_->spool == nullptr) return;
  work_->spool->prepare();
  work_->has_backlog = work_->spool->has_files();
}

Sender::~Sender() = default;

bool Sender::hand_over(WireBuffer& request, std::uint32_t records) noexcept {
  if (request.empty()) {  // the encoder had no memory for it
    lose(counters_.not_encoded, records);
    return false;
  }
  switch (outbox_->put(request, records, clock_.now())) {
    case Outbox::Put::kTaken:
      ensure_running();
      outbox_->work.signal();
      return true;
    case Outbox::Put::kFull:
      lose(counters_.queue_full, records);
      break;
    case Outbox::Put::kEnded:
      if (const std::lock_guard lock(*after_end_);
          !outbox_->running && work_->spool != nullptr &&
          work_->spool->write(request.view(), {.records = records, .encoding = encoding_})) {
        request.clear();
        return true;
      }
      lose(counters_.ended, records);
      break;
  }
  request.clear();
  return false;
}

void Sender::lose(SignalCounters::Count& reason, std::uint64_t records) noexcept {
  count_lost(reason, records);
  lost_.fetch_add(records, std::memory_order_relaxed);
}

// Of batches, and of files.
std::uint64_t Sender::lost() const noexcept {
  return lost_.load(std::memory_order_relaxed) +
         (work_->spool != nullptr ? work_->spool->lost() : 0);
}

void Sender::hurry() noexcept {
  outbox_->hurry = true;
  outbox_->work.signal();
}

void Sender::close() noexcept {
  {
    const std::lock_guard lock(*source_mutex_);
    source_ = nullptr;
  }
  outbox_->closing = true;
  outbox_->work.signal();
  // Without a thread there is nothing to be delivered, and nobody else to do this.
  if (!outbox_->running) detail::remove_delivery(*this);
}

void Sender::hand_over_pending() noexcept {
  const std::lock_guard lock(*source_mutex_);
  if (BatchSource* const source = source_) source->hand_over_pending();
}

void Sender::request_delivery() noexcept {
  if (outbox_->ended) return;
  hand_over_pending();
  hurry();
}

bool Sender::wait_until_delivered(steady_clock::time_point deadline) noexcept {
  if (outbox_->ended) return true;
  hand_over_pending();
  const std::uint64_t wanted = outbox_->put_count();
  ++outbox_->waiters;
  outbox_->work.signal();  // that somebody waits changes what there is to do
  bool all = false;
  for (;;) {
    const std::uint32_t seen = outbox_->done.value();
    all = outbox_->has_settled(wanted);
    const auto left = deadline - steady_clock::now();
    if (all || outbox_->ended || left <= std::chrono::nanoseconds::zero()) break;
    outbox_->done.wait(seen, left);
  }
  --outbox_->waiters;
  return all;
}

void Sender::end(steady_clock::time_point deadline) noexcept {
  wait_until_delivered(deadline);
  try {
    keep_for_ever(shared_from_this());
  } catch (...) {  // no memory: it stays as long as its owners
  }
  outbox_->ended = true;
  transport_->abort();
  outbox_->work.signal();
  const auto last = steady_clock::now() + kLongestAbort;
  while (outbox_->running && steady_clock::now() < last) {
    outbox_->done.wait(outbox_->done.value(), std::chrono::milliseconds(10));
  }
  if (!outbox_->running) drop_or_spool_rest();
}

void Sender::drop_or_spool_rest() noexcept {
  const std::lock_guard lock(*after_end_);
  Spool* const spool = work_->spool.get();
  for (std::optional<Batch> batch = std::exchange(work_->in_flight, std::nullopt);;) {
    if (!batch) batch = outbox_->take();
    if (!batch) break;
    if (spool == nullptr ||
        !spool->write(batch->request.view(), {.records = batch->records, .encoding = encoding_})) {
      lose(counters_.ended, batch->records);
    }
    outbox_->settled(std::move(*batch));
    batch.reset();
  }
}

void Sender::after_fork_in_child() noexcept {
  outbox_->abandon();
  if (work_->spool != nullptr) work_->spool->abandon();
  transport_->after_fork_in_child();
  try {
    auto outbox = std::make_unique<Outbox>(options_.queue_bytes, counters_);
    auto work = std::make_unique<Work>(*this);
    auto source_mutex = std::make_unique<std::mutex>();
    auto after_end = std::make_unique<std::mutex>();
    // The parent's are left as they are.
    static_cast<void>(outbox_.release());
    static_cast<void>(work_.release());
    static_cast<void>(source_mutex_.release());
    static_cast<void>(after_end_.release());
    outbox_ = std::move(outbox);
    work_ = std::move(work);
    source_mutex_ = std::move(source_mutex);
    after_end_ = std::move(after_end);
  } catch (...) {  // no memory: what is handed over from here on is lost, and counted
  }
  if (BatchSource* const source = source_) source->forget_pending();
}

}  // namespace waybill::internal
