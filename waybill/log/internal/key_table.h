// KeyTable: under which key each field of a record is written, so that no line has a key twice and
// no field passes for a part of the record.
//
// A field that has the name of one of the format's own keys gets "field." in front; so does one
// that is called "field." and such a name.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <waybill/log/internal/key_index.h>
#include <waybill/log/log_format.h>
#include <waybill/log/record.h>

namespace waybill::internal {

// Whether an option may name this key: at most 200 characters, none of which need to be escaped but
// quotes and backslashes. It fits a Literal then.
bool is_option_key(std::string_view key) noexcept;

// What keys a format can write as they are, and what it makes of others.
struct KeyStyle {
  bool (*is_fit)(std::string_view key) noexcept;
  std::string (*fit)(std::string_view key);
};
extern const KeyStyle kJsonKeys;
extern const KeyStyle kLogfmtKeys;

class KeyTable {
 public:
  using Keys = std::span<const std::string_view>;

  // `own`: the keys that the format itself writes. `reserved`: others that no field may have.
  // `roles`: keys of fields that mean something to the format; a role's number is its place here.
  // Throws Error as KeyNames says.
  KeyTable(Keys own, Keys reserved, Keys roles, const KeyNames& rename,
           const KeyStyle& style = kJsonKeys);

  // The name of one of the format's own keys; empty where it is to be left out.
  std::string_view own(std::string_view key) const noexcept;

  // The name under which visit() would write the field of this key; empty where it would not.
  std::string name_of(std::string_view key) const;

  // From here on visit() leaves this field out: the format writes it somewhere else.
  void leave_out(std::string_view key);

  // Calls write(name, field) for each field that is to be written, each name once, and
  // role(number, field) for those that mean something.
  template <class Write, class Role>
  void visit(const LogRecord& record, Write&& write, Role&& role) const {
    std::vector<std::string> made;
    record.for_each_field([&](const Field& field) {
      const int found = index_.find(field.key);
      if (found < 0) {
        if (is_simple(field.key)) [[likely]] {
          write(field.key, field);
        } else {
          write(made.emplace_back(unusual_name(field.key, record, made)), field);
        }
      } else if (const Rule& rule = rules_[static_cast<std::size_t>(found)]; rule.role >= 0) {
        role(static_cast<std::size_t>(rule.role), field);
      } else if (!rule.left_out) {
        write(rule.name, field);
      }
    });
  }

  template <class Write>
  void visit(const LogRecord& record, Write&& write) const {
    visit(record, std::forward<Write>(write), [](std::size_t, const Field&) {});
  }

 private:
  struct Rule {
    std::string name = {};
    int role = -1;
    bool left_out = false;
    bool reserved = false;
  };

  void set_rule(std::string_view key, Rule rule);
  void reserve(std::string_view key);
  void rename_all(Keys reserved, const KeyNames& rename);

  // Written as it is, as far as the key alone tells.
  bool is_simple(std::string_view key) const noexcept {
    return !key.starts_with(kPrefix) && style_.is_fit(key);
  }
  // Whether it is a reserved key with "field." in front of it, or several.
  bool is_prefixed(std::string_view key) const noexcept;
  std::string unusual_name(std::string_view key, const LogRecord& record,
                           const std::vector<std::string>& made) const;

  static constexpr std::string_view kPrefix = "field.";

  const KeyStyle& style_;
  KeyNames own_;  // every one of them, with its name
  KeyIndex index_;
  std::vector<Rule> rules_;
};

}  // namespace waybill::internal
