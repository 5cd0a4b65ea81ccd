// Story: the records of one trace as a tree of hops.
//
// A hop is what logged under one span id: usually one service handling one request or job. Hops
// hang under the hop whose span is their parent, in time order, between the records of that hop.
//
//   Story story = tell_story(std::move(records));
//
// A plain value; its texts live in its records, so keep it whole.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include <cli/record.h>

namespace waybill::cli {

// What stands in a hop, or at the top of the story: a record, or another hop.
struct StoryItem {
  enum class Kind : std::uint8_t { kRecord, kHop };
  Kind kind;
  std::size_t index;  // into Story::records or Story::hops
};

struct Hop {
  enum class Parent : std::uint8_t {
    kNone,     // it names none: the trace began here
    kKnown,    // the hop it hangs under
    kMissing,  // its parent logged nothing that was read
    kCycle,    // its parent is among its own descendants; the tree was cut here
  };

  std::string_view span_id;
  std::string_view parent_span_id;
  std::string_view service;  // of its first record
  std::string_view logger;   // likewise
  Nanoseconds start = 0;     // of its own first record
  Nanoseconds end = 0;       // of its own last record
  std::size_t records = 0;
  std::size_t errors = 0;
  Parent parent = Parent::kNone;
  // Fields that all of its records have in common, less those that the story has; empty for a hop
  // of a single record.
  std::vector<RecordField> common;
  std::vector<StoryItem> items;  // in time order
};

struct Story {
  std::vector<Record> records;  // in time order
  std::vector<Hop> hops;
  // What hangs under nothing. Where exactly one hop has no parent, it is the root, and hops whose
  // parents are missing and records without a span hang under it; else they stand here.
  std::vector<StoryItem> top;
  bool has_times = true;  // false where no record has one; start and end are then equal
  Nanoseconds start = 0;
  Nanoseconds end = 0;
  std::size_t services = 0;
  std::size_t warnings = 0;
  std::size_t errors = 0;
  // Fields that all records have in common; empty for a single record.
  std::vector<RecordField> common;
};

// Puts `records` (at least one, all of one trace, in the order they were read) in their places.
Story tell_story(std::vector<Record> records);

}  // namespace waybill::cli
