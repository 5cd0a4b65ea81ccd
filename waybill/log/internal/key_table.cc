#include <algorithm>
#include <set>

#include <waybill/core/error.h>
#include <waybill/core/escape_blocks.h>
#include <waybill/core/utf8.h>
#include <waybill/log/internal/escape.h>
#include <waybill/log/internal/key_table.h>

namespace waybill::internal {
namespace {

constexpr std::size_t kLongestKey = 200;
constexpr std::size_t kMostNames = 1000;

bool is_json_key(std::string_view key) noexcept {
  return all_plain<>(key.data(), key.data() + key.size()) || is_utf8(key);
}

bool is_plain_logfmt_key(std::string_view key) noexcept {
  const bool plain = all_plain<' ', '=', '"'>(key.data(), key.data() + key.size());
  return (plain && !key.empty()) || is_logfmt_key(key);
}

Error bad_name(const KeyNames::value_type& names, std::string_view expected) {
  return Error::bad_option("rename", names.first + "=" + names.second, expected);
}

constexpr std::string_view kExpectedKey =
    "a name of at most 200 characters, without control characters, that does not begin with "
    "'field.'";

}  // namespace

bool is_option_key(std::string_view key) noexcept {
  return key.size() <= kLongestKey && is_shown_as_is(key);
}

const KeyStyle kJsonKeys = {is_json_key, to_utf8};
const KeyStyle kLogfmtKeys = {is_plain_logfmt_key, to_logfmt_key};

KeyTable::KeyTable(Keys own, Keys reserved, Keys roles, const KeyNames& rename,
                   const KeyStyle& style)
    : style_(style) {
  for (const std::string_view key : own) {
    own_.emplace_back(key, key);
    reserve(key);
  }
  for (const std::string_view key : reserved) reserve(key);
  for (std::size_t i = 0; i < roles.size(); ++i) set_rule(roles[i], {.role = static_cast<int>(i)});
  rename_all(reserved, rename);
}

void KeyTable::set_rule(std::string_view key, Rule rule) {
  index_.set(key, static_cast<int>(rules_.size()));
  rules_.push_back(std::move(rule));
}

void KeyTable::reserve(std::string_view key) {
  set_rule(key, {.name = std::string(kPrefix).append(key), .reserved = true});
}

void KeyTable::rename_all(Keys reserved, const KeyNames& rename) {
  std::set<std::string_view> renamed;
  for (const auto& names : rename) {
    if (renamed.size() == kMostNames) throw bad_name(names, "at most 1000 keys");
    if (!renamed.insert(names.first).second) throw bad_name(names, "each key once");
    if (!is_option_key(names.second) || names.second.starts_with(kPrefix) ||
        (!names.second.empty() && !style_.is_fit(names.second))) {
      throw bad_name(names, kExpectedKey);
    }
  }

  std::set<std::string_view> taken(reserved.begin(), reserved.end());
  for (auto& [key, name] : own_) {
    if (!renamed.contains(key)) taken.insert(key);
  }
  std::set<std::string_view> renamed_fields;
  for (const auto& names : rename) {
    if (!names.second.empty() && !taken.insert(names.second).second) {
      throw bad_name(names, "a name that no other key has");
    }
    const auto mine = std::find_if(
        own_.begin(), own_.end(), [&names](const auto& pair) { return pair.first == names.first; });
    if (mine != own_.end()) {
      mine->second = names.second;
    } else {
      set_rule(names.first, {.name = names.second, .left_out = names.second.empty()});
      renamed_fields.insert(names.first);
    }
  }
  // A field that has the new name of another gives way, unless it has a new one itself.
  for (const auto& names : rename) {
    if (!names.second.empty() && !renamed_fields.contains(names.second)) reserve(names.second);
  }
}

std::string_view KeyTable::own(std::string_view key) const noexcept {
  for (const auto& [mine, name] : own_) {
    if (mine == key) return name;
  }
  return {};
}

std::string KeyTable::name_of(std::string_view key) const {
  const int found = index_.find(key);
  if (found < 0) return unusual_name(key, LogRecord{}, {});
  const Rule& rule = rules_[static_cast<std::size_t>(found)];
  return rule.role >= 0 ? std::string(key) : rule.name;
}

void KeyTable::leave_out(std::string_view key) {
  set_rule(key, {.left_out = true});
}

bool KeyTable::is_prefixed(std::string_view key) const noexcept {
  if (!key.starts_with(kPrefix)) return false;
  while (key.starts_with(kPrefix)) key.remove_prefix(kPrefix.size());
  const int found = index_.find(key);
  return found >= 0 && rules_[static_cast<std::size_t>(found)].reserved;
}

std::string KeyTable::unusual_name(std::string_view key, const LogRecord& record,
                                   const std::vector<std::string>& made) const {
  if (style_.is_fit(key)) {
    return is_prefixed(key) ? std::string(kPrefix).append(key) : std::string(key);
  }
  const auto is_taken = [&](std::string_view name) {
    return index_.find(name) >= 0 || record.find(name) != nullptr ||
           (is_prefixed(name) && record.find(name.substr(kPrefix.size())) != nullptr) ||
           std::find(made.begin(), made.end(), name) != made.end();
  };
  const std::string fitted = style_.fit(key);
  std::string name = is_taken(fitted) ? std::string(kPrefix).append(fitted) : fitted;
  for (std::size_t n = made.size() + 1; is_taken(name); ++n) {
    name = fitted + "." + std::to_string(n);
  }
  return name;
}

}  // namespace waybill::internal
