#include <gtest/gtest.h>

#include <cli/story_path.h>
#include <cli/testing.h>

namespace waybill::cli {
namespace {

Story story() {
  return tell_story(testing::records_from({
      R"({"time":"1970-01-01T00:00:01Z","span_id":"a","job":1,"worker":"w"})",
      R"({"time":"1970-01-01T00:00:02Z","span_id":"b","parent_span_id":"a","job":1})",
      R"({"time":"1970-01-01T00:00:03Z","span_id":"a","job":1,"worker":"w"})",
  }));
}

TEST(StoryPath, GoesThroughTheTreeAsHopsAreOpened) {
  const Story told = story();
  StoryPath path(told);
  const auto next_hop = [&]() -> const Hop& { return told.hops[path.next()->index]; };
  const auto next_is_record = [&] { return path.next()->kind == StoryItem::Kind::kRecord; };

  path.open(next_hop());
  EXPECT_EQ(path.depth(), 1U);
  EXPECT_TRUE(next_is_record());
  path.open(next_hop());
  EXPECT_EQ(path.innermost().hop->span_id, "b");
  EXPECT_TRUE(path.level(1).has_more());
  EXPECT_TRUE(next_is_record());
  EXPECT_TRUE(next_is_record());
  EXPECT_EQ(path.depth(), 1U);
  EXPECT_EQ(path.next(), nullptr);
  EXPECT_EQ(path.depth(), 0U);
}

TEST(StoryPath, KnowsWhatOpenHopsHaveInCommon) {
  const Story told = story();
  const RecordField& job = *told.records[0].find("job");
  const RecordField& worker = *told.records[0].find("worker");
  StoryPath path(told);
  EXPECT_TRUE(path.is_known(job));
  EXPECT_FALSE(path.is_known(worker));
  path.open(told.hops[0]);
  path.open(told.hops[1]);
  EXPECT_TRUE(path.is_known(worker));
}

}  // namespace
}  // namespace waybill::cli
