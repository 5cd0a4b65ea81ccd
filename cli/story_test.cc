#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cli/story.h>
#include <cli/testing.h>

namespace waybill::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// A record at `second`; an empty span or parent is left out.
Record at(int second, const std::string& span, const std::string& parent = "",
          const std::string& more = "") {
  std::string json = "{\"time\":\"1970-01-01T00:00:" + std::to_string(second / 10) +
                     std::to_string(second % 10) + "Z\",\"message\":\"" + std::to_string(second) +
                     "\"";
  if (!span.empty()) json += ",\"service\":\"s-" + span + "\",\"span_id\":\"" + span + "\"";
  if (!parent.empty()) json += ",\"parent_span_id\":\"" + parent + "\"";
  return testing::record_from(json + more + "}");
}

template <class... R>
Story story_of(R... records) {
  std::vector<Record> all;
  (all.push_back(std::move(records)), ...);
  return tell_story(std::move(all));
}

void outline(const Story& story, const std::vector<StoryItem>& items, std::string& out) {
  for (const StoryItem& item : items) {
    if (!out.empty() && out.back() != '(') out += ' ';
    if (item.kind == StoryItem::Kind::kRecord) {
      out += story.records[item.index].message;
    } else {
      out.append(story.hops[item.index].span_id).append("(");
      outline(story, story.hops[item.index].items, out);
      out += ')';
    }
  }
}

// Messages as they are, hops as span(items).
std::string outline(const Story& story) {
  std::string out;
  outline(story, story.top, out);
  return out;
}

TEST(Story, HangsHopsUnderTheirParentsInTimeOrder) {
  EXPECT_EQ(
      outline(story_of(at(5, "b", "a"), at(1, "a"), at(9, "a"), at(3, "c", "a"), at(4, "d", "c"))),
      "a(1 c(3 d(4)) b(5) 9)");
}

TEST(Story, PutsARecordBeforeAHopOfTheSameTime) {
  EXPECT_EQ(outline(story_of(at(1, "a"), at(2, "b", "a"), at(2, "a"))), "a(1 2 b(2))");
}

TEST(Story, KeepsTheOrderOfReadingWithinOneMoment) {
  const Story story = story_of(at(1, "a", "", R"(,"n":1)"), at(1, "a", "", R"(,"n":2)"));
  EXPECT_EQ(story.records[0].find("n")->text, "1");
}

TEST(Story, PutsRecordsWithoutTimeAtTheBeginning) {
  const Story story =
      story_of(at(5, "a"), at(7, "a"), testing::record_from(R"({"message":"undated"})"));
  EXPECT_EQ(outline(story), "a(5 undated 7)");
  EXPECT_EQ(story.start, 5'000'000'000);
  EXPECT_TRUE(story.has_times);
  EXPECT_FALSE(story_of(testing::record_from("{}")).has_times);
}

TEST(Story, MeasuresAHopByItsOwnRecords) {
  const Story story = story_of(at(2, "a"), at(4, "a"), at(30, "b", "a"));
  EXPECT_EQ(story.start, 2'000'000'000);
  EXPECT_EQ(story.end, 30'000'000'000);
  EXPECT_EQ(story.hops[0].start, 2'000'000'000);
  EXPECT_EQ(story.hops[0].end, 4'000'000'000);
  EXPECT_EQ(story.hops[0].records, 2U);
}

TEST(Story, HangsWhatHasNoPlaceUnderTheOnlyRoot) {
  const Story story = story_of(at(1, "a"), at(2, "x", "gone"), at(3, ""), at(4, "a"));
  EXPECT_EQ(outline(story), "a(1 x(2) 3 4)");
  EXPECT_EQ(story.hops[1].parent, Hop::Parent::kMissing);
}

TEST(Story, StandsWithoutARootWhereThereIsNotExactlyOne) {
  EXPECT_EQ(outline(story_of(at(1, "a"), at(2, "b"), at(3, ""))), "a(1) b(2) 3");
  EXPECT_EQ(outline(story_of(at(1, "a", "gone"), at(2, "b", "a"))), "a(1 b(2))");
  EXPECT_EQ(outline(story_of(at(1, ""), at(2, ""))), "1 2");
}

TEST(Story, TakesSpanIdsOfEitherCaseAsOne) {
  EXPECT_EQ(outline(story_of(at(1, "0a"), at(2, "0A"), at(3, "b", "0A"))), "0a(1 2 b(3))");
}

TEST(Story, CutsCyclesAboveTheirEarliestHop) {
  const Story story = story_of(at(1, "r"), at(5, "a", "c"), at(3, "b", "a"), at(4, "c", "b"),
                               at(6, "self", "self"));
  EXPECT_EQ(outline(story), "r(1 b(3 c(4 a(5))) self(6))");
  EXPECT_EQ(story.hops[1].parent, Hop::Parent::kCycle);
}

// Whatever the parents: every record and every hop is told exactly once.
RC_GTEST_PROP(Story, TellsEverythingOnce, ()) {
  const auto spans = *rc::gen::container<std::vector<std::pair<int, int>>>(
      rc::gen::pair(rc::gen::inRange(0, 8), rc::gen::inRange(0, 8)));
  RC_PRE(!spans.empty());
  std::vector<Record> records;
  for (std::size_t i = 0; i < spans.size(); ++i) {
    const auto name = [](int n) { return n == 0 ? "" : std::to_string(n); };
    records.push_back(at(static_cast<int>(i % 60), name(spans[i].first), name(spans[i].second)));
  }
  const Story story = tell_story(std::move(records));
  std::vector<StoryItem> open = story.top;
  std::size_t records_told = 0;
  std::size_t hops_told = 0;
  while (!open.empty()) {
    const StoryItem item = open.back();
    open.pop_back();
    if (item.kind == StoryItem::Kind::kRecord) {
      ++records_told;
    } else {
      ++hops_told;
      const std::vector<StoryItem>& items = story.hops[item.index].items;
      open.insert(open.end(), items.begin(), items.end());
    }
    RC_ASSERT(records_told + hops_told <= story.records.size() + story.hops.size());
  }
  RC_ASSERT(records_told == story.records.size());
  RC_ASSERT(hops_told == story.hops.size());
}

std::vector<std::string> keys_of(const std::vector<RecordField>& fields) {
  std::vector<std::string> keys;
  for (const RecordField& field : fields) keys.emplace_back(field.key);
  return keys;
}

TEST(Story, FindsWhatRecordsHaveInCommon) {
  const Story story = story_of(at(1, "a", "", R"(,"job":1,"worker":"w","n":1)"),
                               at(2, "a", "", R"(,"job":1,"worker":"w","n":2)"),
                               at(3, "b", "a", R"(,"job":1,"worker":"v")"));
  EXPECT_THAT(keys_of(story.common), ElementsAre("job"));
  EXPECT_THAT(keys_of(story.hops[0].common), ElementsAre("worker"));
  EXPECT_THAT(keys_of(story.hops[1].common), IsEmpty());
}

TEST(Story, CountsServicesWarningsAndErrors) {
  const Story story =
      story_of(at(1, "a", "", R"(,"level":"WARN")"), at(2, "b", "a", R"(,"level":"ERROR")"),
               at(3, "b", "a", R"(,"level":"FATAL")"));
  EXPECT_EQ(story.services, 2U);
  EXPECT_EQ(story.warnings, 1U);
  EXPECT_EQ(story.errors, 2U);
  EXPECT_EQ(story.hops[0].errors, 0U);
  EXPECT_EQ(story.hops[1].errors, 2U);
}

}  // namespace
}  // namespace waybill::cli
