#include <algorithm>
#include <charconv>
#include <map>
#include <optional>

#include <waybill/propagation/internal/percent.h>
#include <waybill/queue_nats/internal/nats_connection.h>
#include <waybill/queue_nats/internal/nats_entry.h>

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

const std::string* find(const Headers& headers, std::string_view name) {
  const auto found =
      std::ranges::find_if(headers, [&](const auto& header) { return header.first == name; });
  return found == headers.end() ? nullptr : &found->second;
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

// In the order of the label; false when it is no label of ours.
bool read_ours(const Headers& from, std::string_view label, NatsEntry& entry) {
  const auto sent = number<std::int64_t>(next_word(label));
  const auto attempts = number<std::uint32_t>(next_word(label));
  if (!sent || !attempts || *attempts > kMostAttempts) return false;
  entry.label.sent = Time(std::chrono::milliseconds(*sent));
  entry.label.attempts = *attempts;
  std::map<std::string_view, std::size_t> seen;  // where to look for the next of a name
  while (!label.empty()) {
    const std::string_view word = next_word(label);
    if (word.starts_with('=')) {
      if (!add_encoded(word, entry.message.headers)) return false;
      continue;
    }
    std::size_t& at = seen[word];
    while (at < from.size() && from[at].first != word) ++at;
    if (at < from.size()) entry.message.headers.push_back(from[at++]);
  }
  return true;
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
  std::string text = std::to_string(label.sent.time_since_epoch().count());
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

Headers headers_of(natsMsg& message) {
  Headers headers;
  const char** names = nullptr;
  int count = 0;
  if (natsMsgHeader_Keys(&message, &names, &count) != NATS_OK) return headers;
  for (int i = 0; i < count; ++i) {
    const char** values = nullptr;
    int how_many = 0;
    if (natsMsgHeader_Values(&message, names[i], &values, &how_many) != NATS_OK) continue;
    for (int k = 0; k < how_many; ++k) headers.emplace_back(names[i], values[k]);
    free(static_cast<void*>(values));
  }
  free(static_cast<void*>(names));
  return headers;
}

NatsEntry read_entry(const Headers& headers, std::string_view body, std::uint64_t sequence,
                     Time stored) {
  NatsEntry entry;
  entry.message.body = body;
  const std::string* label = find(headers, kLabel);
  const std::string* id = find(headers, kMessageId);
  if (label != nullptr && id != nullptr) {
    entry.label.id = id->substr(0, id->find('/'));
    const bool is_id = !entry.label.id.empty() && entry.label.id.size() <= kLongestId;
    if (is_id && read_ours(headers, *label, entry)) return entry;
    entry = {};
    entry.message.body = body;
  }
  entry.label.id = "s" + std::to_string(sequence);
  entry.label.sent = stored;
  for (const auto& header : headers) {
    if (!begins_like(header.first, "nats-")) entry.message.headers.push_back(header);
  }
  std::ranges::stable_sort(entry.message.headers, {}, &std::pair<std::string, std::string>::first);
  return entry;
}

}  // namespace waybill::queue::internal
