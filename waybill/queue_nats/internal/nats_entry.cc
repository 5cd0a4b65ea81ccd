#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <map>
#include <optional>

#include <waybill/propagation/internal/percent.h>
#include <waybill/queue_nats/internal/nats_entry.h>
#include <waybill/queue_nats/internal/nats_handles.h>

namespace waybill::queue::internal {

namespace {

constexpr const char* kLabel = "Waybill";
constexpr const char* kMessageId = "Nats-Msg-Id";
constexpr std::size_t kLongestId = 200;
constexpr std::uint32_t kMostAttempts = 1'000'000'000;

bool begins_like(std::string_view text, std::string_view lowercase) {
  return text.size() >= lowercase.size() &&
         std::equal(lowercase.begin(), lowercase.end(), text.begin(),
                    [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? b + 32 : b); });
}

// The server takes those that begin with "Nats-" for its own; the client, those of a status.
bool is_reserved(std::string_view name) {
  return begins_like(name, "nats-") || begins_like(name, "waybill") ||
         begins_like(name, "status") || begins_like(name, "description");
}

bool fits_nats(const std::pair<std::string, std::string>& header) {
  const auto& [name, value] = header;
  const auto is_of_name = [](char c) { return c > ' ' && c < 0x7f && c != ':' && c != '='; };
  const auto is_of_value = [](char c) { return c >= ' ' && c < 0x7f; };
  return !name.empty() && std::ranges::all_of(name, is_of_name) && !is_reserved(name) &&
         !value.empty() && value.front() != ' ' && value.back() != ' ' &&
         std::ranges::all_of(value, is_of_value);
}

void append_encoded(std::string& out, std::string_view text) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  for (const char c : text) {
    if (c > ' ' && c < 0x7f && c != '%' && c != '=') {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out.append({'%', kDigits[byte >> 4], kDigits[byte & 15]});
  }
}

std::string_view next_word(std::string_view& text) {
  const std::size_t end = text.find(' ');
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return word;
}

template <class Number>
std::optional<Number> number(std::string_view text) {
  Number value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (text.empty() || text.front() == '-' || error != std::errc() || stop != end) return {};
  return value;
}

bool add_encoded(std::string_view word, Headers& to) {
  word.remove_prefix(1);
  const std::size_t middle = word.find('=');
  if (middle == std::string_view::npos) return false;
  std::string name;
  std::string value;
  if (!waybill::internal::decode_percent(word.substr(0, middle), name) ||
      !waybill::internal::decode_percent(word.substr(middle + 1), value)) {
    return false;
  }
  to.emplace_back(std::move(name), std::move(value));
  return true;
}

// In the order of the label; false when it is no label of ours. `value` gives the n-th value of a
// name, or null.
template <class Value>
bool read_ours(std::string_view label, Value&& value, NatsEntry& entry) {
  const auto sent = number<std::int64_t>(next_word(label));
  const auto attempts = number<std::uint32_t>(next_word(label));
  if (!sent || !attempts || *attempts > kMostAttempts) return false;
  entry.label.sent = Time(std::chrono::milliseconds(*sent));
  entry.label.attempts = *attempts;
  Headers& headers = entry.message.headers;
  std::map<std::string_view, std::size_t> seen;  // of each name
  constexpr std::size_t kUsually = 6;
  headers.reserve(kUsually);
  while (!label.empty()) {
    const std::string_view word = next_word(label);
    if (word.starts_with('=')) {
      if (!add_encoded(word, headers)) return false;
      continue;
    }
    std::string name(word);
    const char* const found = value(name, seen[word]++);
    if (found != nullptr) headers.emplace_back(std::move(name), found);
  }
  return true;
}

bool read_id(std::string_view id, NatsEntry& entry) {
  entry.label.id = id.substr(0, id.find('/'));
  return !entry.label.id.empty() && entry.label.id.size() <= kLongestId;
}

NatsEntry foreign(const Headers& headers, std::string_view body, std::uint64_t sequence,
                  Time stored) {
  NatsEntry entry;
  entry.message.body = body;
  entry.label.id = "s" + std::to_string(sequence);
  entry.label.sent = stored;
  for (const auto& header : headers) {
    if (!begins_like(header.first, "nats-")) entry.message.headers.push_back(header);
  }
  std::ranges::stable_sort(entry.message.headers, {}, &std::pair<std::string, std::string>::first);
  return entry;
}

const char* value_of(natsMsg& message, const std::string& name, std::size_t which) {
  const char* value = nullptr;
  if (which == 0) {
    return natsMsgHeader_Get(&message, name.c_str(), &value) == NATS_OK ? value : nullptr;
  }
  const char** values = nullptr;
  int count = 0;
  if (natsMsgHeader_Values(&message, name.c_str(), &values, &count) != NATS_OK) return nullptr;
  if (which < static_cast<std::size_t>(count)) value = values[which];
  free(static_cast<void*>(values));
  return value;
}

Headers all_headers(natsMsg& message) {
  Headers headers;
  const char** names = nullptr;
  int count = 0;
  if (natsMsgHeader_Keys(&message, &names, &count) != NATS_OK) return headers;
  for (int i = 0; i < count; ++i) {
    for (std::size_t k = 0; const char* value = value_of(message, names[i], k); ++k) {
      headers.emplace_back(names[i], value);
    }
  }
  free(static_cast<void*>(names));
  return headers;
}

// "NAME: VALUE\r\n"
constexpr std::size_t kAroundAHeader = 4;
// "NATS/1.0\r\n" and "\r\n"
constexpr std::size_t kAroundThem = 12;

std::size_t add(natsMsg& message, const std::string& name, const std::string& value) {
  check_nats(natsMsgHeader_Add(&message, name.c_str(), value.c_str()), "header");
  return name.size() + value.size() + kAroundAHeader;
}

}  // namespace

std::size_t write_headers(natsMsg& to, const Headers& headers, const NatsLabel& label,
                          std::uint64_t moved_from) {
  std::size_t size = kAroundThem;
  constexpr std::size_t kUsually = 96;
  std::string text;
  text.reserve(kUsually);
  text += std::to_string(label.sent.time_since_epoch().count());
  text += ' ';
  text += std::to_string(label.attempts);
  for (const auto& header : headers) {
    text += ' ';
    if (fits_nats(header)) {
      text += header.first;
      size += add(to, header.first, header.second);
      continue;
    }
    text += '=';
    append_encoded(text, header.first);
    text += '=';
    append_encoded(text, header.second);
  }
  size += add(to, kLabel, text);
  return size + add(to, kMessageId,
                    moved_from == 0 ? label.id : label.id + '/' + std::to_string(moved_from));
}

NatsEntry read_entry(natsMsg& message, std::uint64_t sequence, Time stored) {
  NatsEntry entry;
  const std::string_view body = nats_body(message);
  const char* const label = value_of(message, kLabel, 0);
  const char* const id = value_of(message, kMessageId, 0);
  const auto value = [&](const std::string& name, std::size_t which) {
    return value_of(message, name, which);
  };
  if (label == nullptr || id == nullptr || !read_id(id, entry) || !read_ours(label, value, entry)) {
    return foreign(all_headers(message), body, sequence, stored);
  }
  entry.message.body = body;
  return entry;
}

NatsEntry read_entry(const Headers& headers, std::string_view body, std::uint64_t sequence,
                     Time stored) {
  NatsEntry entry;
  const auto value = [&](std::string_view name, std::size_t which) -> const char* {
    for (const auto& header : headers) {
      if (header.first == name && which-- == 0) return header.second.c_str();
    }
    return nullptr;
  };
  const char* const label = value(kLabel, 0);
  const char* const id = value(kMessageId, 0);
  if (label == nullptr || id == nullptr || !read_id(id, entry) || !read_ours(label, value, entry)) {
    return foreign(headers, body, sequence, stored);
  }
  entry.message.body = body;
  return entry;
}

}  // namespace waybill::queue::internal
