#include <memory>
#include <mutex>
#include <new>
#include <string>
#include <thread>
#include <vector>

#include <waybill/metrics/internal/attribute_set.h>
#include <waybill/metrics/internal/instrument_registry.h>
#include <waybill/metrics/internal/metric_counters.h>
#include <waybill/metrics/internal/series.h>
#include <waybill/metrics/internal/series_table.h>

namespace waybill::internal {
namespace {

constexpr std::size_t kFirstTable = 16;
// How many spellings are known, for each series that there may be.
constexpr std::size_t kSpellings = 4;

// Waits for other threads that make a series: microseconds.
class SpinGuard {
 public:
  explicit SpinGuard(std::atomic<bool>& locked) noexcept : locked_(locked) {
    while (locked_.exchange(true, std::memory_order_acquire)) std::this_thread::yield();
  }
  SpinGuard(const SpinGuard&) = delete;
  SpinGuard& operator=(const SpinGuard&) = delete;
  ~SpinGuard() { locked_.store(false, std::memory_order_release); }

 private:
  std::atomic<bool>& locked_;
};

}  // namespace

// One spelling, with memory of its own.
struct SeriesTable::Entry {
  Entry(Fields spelling, std::uint64_t its_hash, detail::Series& its_series, bool is_canonical)
      : hash(its_hash), series(its_series), canonical(is_canonical) {
    std::size_t size = 0;
    for (const Field& field : spelling) size += field.key.size() + text_of(field).size();
    texts.reserve(size);
    fields.reserve(spelling.size());
    for (const Field& field : spelling) {
      fields.push_back({keep(field.key), field.value.type() == FieldValue::Type::kString
                                             ? FieldValue(keep(field.value.as_string()))
                                             : field.value});
    }
  }

  static std::string_view text_of(const Field& field) noexcept {
    return field.value.type() == FieldValue::Type::kString ? field.value.as_string()
                                                           : std::string_view{};
  }
  std::string_view keep(std::string_view text) {
    const std::size_t begin = texts.size();
    texts.append(text);
    return {texts.data() + begin, text.size()};
  }
  Fields spelling() const noexcept { return {fields.data(), fields.size()}; }

  const std::uint64_t hash;
  detail::Series& series;
  const bool canonical;
  std::string texts;
  std::vector<Field> fields;
};

struct SeriesTable::Table {
  explicit Table(std::size_t size) : slots(size) {}
  std::vector<std::atomic<const Entry*>> slots;  // a power of two, at least half of them empty
  std::size_t used = 0;                          // under the lock
  // The one that this replaces stays, as others may be reading it. All that came before are
  // together smaller than this one.
  const Table* previous = nullptr;
};

SeriesTable::SeriesTable(detail::Instrument& instrument, std::size_t limit)
    : instrument_(instrument),
      limit_(limit),
      table_(new Table(kFirstTable)),
      overflow_(new detail::Series(instrument, next_series_index(),
                                   {{std::string(overflow_attribute().key), true}})) {}

const SeriesTable::Entry* SeriesTable::look_up(const Table& table, Fields attributes,
                                               std::uint64_t hash) noexcept {
  const std::size_t mask = table.slots.size() - 1;
  for (std::size_t i = hash & mask;; i = (i + 1) & mask) {
    const Entry* entry = table.slots[i].load(std::memory_order_acquire);
    if (entry == nullptr) return nullptr;
    if (entry->hash == hash && same_spelling(entry->spelling(), attributes)) return entry;
  }
}

detail::Series& SeriesTable::find(Fields attributes) noexcept {
  const std::uint64_t hash = hash_of(attributes);
  const Table& table = *table_.load(std::memory_order_acquire);
  if (const Entry* entry = look_up(table, attributes, hash); entry != nullptr) [[likely]] {
    return entry->series;
  }
  try {
    return find_slowly(attributes, hash);
  } catch (...) {
    count_one(metric_counters().no_memory);
    return *overflow_;
  }
}

detail::Series& SeriesTable::find_slowly(Fields attributes, std::uint64_t hash) {
  const CanonicalAttributes canonical(attributes);
  if (canonical.refused() != 0) {
    metric_counters().refused_attributes.fetch_add(canonical.refused(), std::memory_order_relaxed);
  }
  const std::uint64_t canonical_hash = hash_of(canonical.fields());
  const SpinGuard lock(locked_);
  const Entry* found =
      look_up(*table_.load(std::memory_order_relaxed), canonical.fields(), canonical_hash);
  if (found == nullptr && series_count_ + 1 >= limit_) {
    count_one(metric_counters().overflowed);
    return *overflow_;
  }
  detail::Series* series = found != nullptr ? &found->series : nullptr;
  if (series == nullptr) {
    auto made =
        std::make_unique<detail::Series>(instrument_, next_series_index(), canonical.owned());
    add(canonical.fields(), canonical_hash, *made, true);
    series = made.release();
    ++series_count_;
  }
  // What has been cut may have come from any number of spellings, each seen once.
  const bool known = look_up(*table_.load(std::memory_order_relaxed), attributes, hash) != nullptr;
  if (!known && !canonical.lossy()) add(attributes, hash, *series, false);
  return *series;
}

void SeriesTable::add(Fields spelling, std::uint64_t hash, detail::Series& series, bool canonical) {
  Table* table = table_.load(std::memory_order_relaxed);
  if (!canonical && table->used >= kSpellings * limit_) return;
  if (2 * (table->used + 1) > table->slots.size()) {
    auto larger = std::make_unique<Table>(2 * table->slots.size());
    for (const auto& slot : table->slots) {
      if (const Entry* entry = slot.load(std::memory_order_relaxed); entry != nullptr) {
        put(*larger, *entry);
      }
    }
    larger->previous = table;
    table = larger.release();
    table_.store(table, std::memory_order_release);
  }
  put(*table, *new Entry(spelling, hash, series, canonical));
}

void SeriesTable::put(Table& table, const Entry& entry) noexcept {
  const std::size_t mask = table.slots.size() - 1;
  std::size_t i = entry.hash & mask;
  while (table.slots[i].load(std::memory_order_relaxed) != nullptr) i = (i + 1) & mask;
  table.slots[i].store(&entry, std::memory_order_release);
  ++table.used;
}

void SeriesTable::for_each(const std::function<void(detail::Series&)>& visit) const {
  for (const auto& slot : table_.load(std::memory_order_acquire)->slots) {
    const Entry* entry = slot.load(std::memory_order_acquire);
    if (entry != nullptr && entry->canonical) visit(entry->series);
  }
  visit(*overflow_);
}

}  // namespace waybill::internal
