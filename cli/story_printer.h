// StoryPrinter: draws a story for people.
//
// Time and level stand in columns of their own on the left, so that the eye can run down them; the
// tree of hops and their records stands to the right of them, and each hop has its duration and its
// place in the trace at the right edge.
#pragma once

#include <ostream>
#include <string>

#include <cli/story.h>
#include <cli/terminal.h>

namespace waybill::cli {

struct StoryTitle {
  std::string name;  // the trace's name, if it has one
  std::string id;    // 32 hex digits, or a UUID
};

// Throws only what `out` throws.
void print_story(const Story& story, const StoryTitle& title, const Terminal& terminal,
                 std::ostream& out);

}  // namespace waybill::cli
