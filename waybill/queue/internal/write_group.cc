#include <algorithm>
#include <vector>

#include <waybill/queue/internal/write_group.h>

namespace waybill::queue::internal {
namespace {

constexpr std::size_t kMostTogether = 64;

}  // namespace

void WriteGroup::commit(const std::function<void()>& change) {
  Write mine{change};
  std::unique_lock lock(mutex_);
  waiting_.push_back(&mine);
  changed_.wait(lock, [&] { return mine.done || waiting_.front() == &mine; });
  if (!mine.done) {
    const auto count = static_cast<std::ptrdiff_t>(std::min(waiting_.size(), kMostTogether));
    Write* together[kMostTogether];
    std::copy_n(waiting_.begin(), count, together);
    lock.unlock();
    write({together, static_cast<std::size_t>(count)});
    lock.lock();
    for (std::ptrdiff_t i = 0; i < count; ++i) together[i]->done = true;
    waiting_.erase(waiting_.begin(), waiting_.begin() + count);
    changed_.notify_all();
  }
  lock.unlock();
  if (mine.error != nullptr) std::rethrow_exception(mine.error);
}

void WriteGroup::write(std::span<Write* const> writes) noexcept {
  try {
    const std::lock_guard lock(database_mutex_);
    Transaction transaction(database_, turnstile_);
    if (writes.size() == 1) {
      writes.front()->change();
    } else {
      for (Write* const one : writes) write_one_of_many(*one);
    }
    transaction.commit();
  } catch (...) {
    for (Write* const one : writes) {
      if (one->error == nullptr) one->error = std::current_exception();
    }
  }
}

// Some failures roll back all of the transaction; those are thrown on.
void WriteGroup::write_one_of_many(Write& write) {
  database_.execute("SAVEPOINT change");
  try {
    write.change();
  } catch (...) {
    if (!database_.in_transaction()) throw;
    database_.execute("ROLLBACK TO change");
    write.error = std::current_exception();
  }
  database_.execute("RELEASE change");
}

}  // namespace waybill::queue::internal
