#include <algorithm>

#include <waybill/propagation/carrier.h>
#include <waybill/propagation/header_lookup.h>
#include <waybill/propagation/internal/header_table.h>

namespace waybill {

namespace internal {

HeaderTable::Entry::Entry(std::string_view name, std::size_t header)
    : size_(name.size()), header_(header), name_(name) {
  for (std::size_t i = 0; i < size_; ++i) {
    const char lower = static_cast<char>(name[i] | 0x20);
    const bool is_letter = lower >= 'a' && lower <= 'z';
    lower_[i] = is_letter ? lower : name[i];
    case_bits_[i] = is_letter ? 0x20 : 0;
  }
  if (size_ >= kWord) {
    first_ = word_at(0);
    last_ = word_at(size_ - kWord);
  }
}

HeaderTable::Entry::Word HeaderTable::Entry::word_at(std::size_t at) const noexcept {
  Word word;
  std::memcpy(&word.lower, lower_.data() + at, kWord);
  std::memcpy(&word.case_bits, case_bits_.data() + at, kWord);
  return word;
}

bool HeaderTable::Entry::is_named_by_characters(const char* other) const noexcept {
  for (std::size_t i = 0; i < size_; ++i) {
    if ((other[i] | case_bits_[i]) != lower_[i]) return false;
  }
  return true;
}

void HeaderTable::add(std::string_view name, std::size_t header) {
  if (find(name) != nullptr) return;
  const Entry*& first = first_of_size_[name.size()];
  Entry& entry = entries_.emplace_back(name, header);
  entry.next_ = first;
  first = &entry;
  sizes_ |= std::uint64_t{1} << name.size();
  letters_ |= std::uint64_t{1} << (name[0] & 31);
}

}  // namespace internal

HeaderLookup::HeaderLookup(const internal::HeaderTable& table) noexcept
    : table_(table),
      sizes_(table.sizes()),
      letters_(table.letters()),
      prefix_letter_(table.prefix().empty() ? -1 : table.prefix()[0] & 31) {}

HeaderLookup::Rare& HeaderLookup::rare() {
  if (rare_ == nullptr) rare_ = std::make_unique<Rare>();
  return *rare_;
}

void HeaderLookup::take(std::string_view name, std::string_view value) {
  const auto* const entry = name.size() <= kMaxNameSize ? table_.find(name) : nullptr;
  if (entry == nullptr) return take_prefixed(name, value);
  add(entry->header(), value);
}

void HeaderLookup::take_prefixed(std::string_view name, std::string_view value) {
  const std::string_view prefix = table_.prefix();
  if (prefix.empty() || name.size() <= prefix.size()) return;
  if (!equal_ignoring_case(name.substr(0, prefix.size()), prefix)) return;
  auto& prefixed = rare().prefixed;
  if (prefixed.size() < kMaxPrefixed) prefixed.push_back({name.substr(prefix.size()), value});
}

void HeaderLookup::add_repeated(std::size_t header, std::string_view value) {
  auto& joined = rare().joined;
  auto found = std::ranges::find(joined, header, [](const auto& entry) { return entry.first; });
  if (found == joined.end()) {
    const Value& first = values_[header];
    found = joined.insert(joined.end(), {header, std::string(first.text, first.size)});
    repeated_ |= std::uint32_t{1} << header;
  }
  found->second.append(1, ',').append(value);
}

void HeaderLookup::ask(const Carrier& carrier) {
  for (const auto& entry : table_.entries()) {
    const auto first = carrier.get(entry.name());
    if (!first) continue;
    add(entry.header(), *first);
    std::string all = carrier.get_joined(entry.name());
    if (all == *first) continue;
    repeated_ |= std::uint32_t{1} << entry.header();
    rare().joined.emplace_back(entry.header(), std::move(all));
  }
}

std::string_view HeaderLookup::joined_value(std::size_t header) const noexcept {
  return std::ranges::find(rare_->joined, header, [](const auto& entry) { return entry.first; })
      ->second;
}

}  // namespace waybill
