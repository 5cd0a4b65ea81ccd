#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <waybill/core/error.h>
#include <waybill/log/internal/key_table.h>

namespace waybill::internal {
namespace {

constexpr std::string_view kOwn[] = {"time", "message"};
constexpr std::string_view kReserved[] = {"timestamp"};
constexpr std::string_view kRoles[] = {"exception.type", "url.path"};

using Names = std::vector<std::string>;

// The names under which fields of these keys are written, roles as "role 0".
Names names_in(const KeyTable& table, const Names& keys) {
  std::vector<Field> fields;
  for (const std::string& key : keys) fields.push_back({key, 1});
  Names names;
  table.visit(
      LogRecord{.call_fields = Fields(fields.data(), fields.size())},
      [&names](std::string_view name, const Field&) { names.emplace_back(name); },
      [&names](std::size_t role, const Field&) {
        names.push_back("role " + std::to_string(role));
      });
  return names;
}

TEST(KeyTable, MovesFieldsOutOfTheWayOfTheFormatsOwnKeys) {
  const KeyTable table(kOwn, kReserved, kRoles, {});
  EXPECT_EQ(
      names_in(table, {"a", "time", "timestamp", "field.time", "field.a", "field.field.time"}),
      Names({"a", "field.time", "field.timestamp", "field.field.time", "field.a",
             "field.field.field.time"}));
}

TEST(KeyTable, TellsTheFieldsThatMeanSomething) {
  const KeyTable table(kOwn, kReserved, kRoles, {});
  EXPECT_EQ(names_in(table, {"url.path", "a", "exception.type"}), Names({"role 1", "a", "role 0"}));
}

TEST(KeyTable, ARenamedRoleIsAnyField) {
  const KeyTable table(kOwn, kReserved, kRoles, {{"url.path", "path"}});
  EXPECT_EQ(names_in(table, {"url.path", "path"}), Names({"path", "field.path"}));
}

TEST(KeyTable, RenamesTheFormatsOwnKeysAndKeepsTheirOldNamesFromFields) {
  const KeyTable table(kOwn, kReserved, kRoles, {{"message", "msg"}, {"time", ""}});
  EXPECT_EQ(table.own("message"), "msg");
  EXPECT_EQ(table.own("time"), "");
  EXPECT_EQ(table.own("url.path"), "");
  EXPECT_EQ(names_in(table, {"message", "msg", "time"}),
            Names({"field.message", "field.msg", "field.time"}));
}

TEST(KeyTable, FieldsCanSwapTheirNames) {
  const KeyTable table(kOwn, kReserved, kRoles, {{"a", "b"}, {"b", "a"}});
  EXPECT_EQ(names_in(table, {"a", "b"}), Names({"b", "a"}));
}

TEST(KeyTable, LeavesOutWhatIsWrittenElsewhere) {
  KeyTable table(kOwn, kReserved, kRoles, {{"secret", ""}});
  table.leave_out("job_id");
  EXPECT_EQ(names_in(table, {"secret", "a", "job_id"}), Names({"a"}));
}

TEST(KeyTable, GivesMalformedKeysNamesOfTheirOwn) {
  const KeyTable table(kOwn, kReserved, kRoles, {});
  const std::string replaced = "\xEF\xBF\xBD";
  EXPECT_EQ(names_in(table, {"\xff", "\xfe", "\xfd"}),
            Names({replaced, "field." + replaced, replaced + ".3"}));
  EXPECT_EQ(names_in(table, {"\xff", replaced}), Names({"field." + replaced, replaced}));
}

TEST(KeyTable, RefusesRenamingsThatClash) {
  const std::pair<KeyNames, const char*> clashes[] = {{{{"a", "time"}}, "the format has it"},
                                                      {{{"a", "timestamp"}}, "it is reserved"},
                                                      {{{"time", "message"}}, "another key has it"},
                                                      {{{"a", "c"}, {"b", "c"}}, "two want it"},
                                                      {{{"a", "b"}, {"a", "c"}}, "twice"},
                                                      {{{"a", "field.x"}}, "the prefix is taken"},
                                                      {{{"a", "\xff"}}, "not UTF-8"},
                                                      {{{"a", "b\x1b"}}, "a control character"},
                                                      {{{"a", std::string(201, 'x')}}, "too long"}};
  for (const auto& [names, why] : clashes) {
    EXPECT_THROW(KeyTable(kOwn, kReserved, kRoles, names), Error) << why;
  }
  KeyNames many;
  for (int i = 0; i < 1001; ++i) many.emplace_back("k" + std::to_string(i), "");
  EXPECT_THROW(KeyTable(kOwn, kReserved, kRoles, many), Error);
}

TEST(KeyTable, TakesTheLongestNames) {
  const std::string longest(200, '"');
  const KeyTable table(kOwn, kReserved, kRoles, {{"message", longest}});
  EXPECT_EQ(table.own("message"), longest);
}

RC_GTEST_PROP(KeyIndex, FindsWhatHasBeenSetAndNothingElse,
              (const std::vector<std::string>& keys, const std::string& other)) {
  KeyIndex index;
  for (std::size_t i = 0; i < keys.size(); ++i) index.set(keys[i], static_cast<int>(i));
  bool is_there = false;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const int found = index.find(keys[i]);
    RC_ASSERT(found >= static_cast<int>(i));
    RC_ASSERT(keys[static_cast<std::size_t>(found)] == keys[i]);
    is_there = is_there || keys[i] == other;
  }
  RC_ASSERT((index.find(other) != KeyIndex::kNone) == is_there);
}

}  // namespace
}  // namespace waybill::internal
