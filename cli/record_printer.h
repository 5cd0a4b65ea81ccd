// RecordPrinter: records one below the other, each in one line.
//
//   2026-11-20 23:58:01.123  INFO   landscape-web  landscape requested   zip=98101  trace=4bf9...
#pragma once

#include <cstddef>
#include <ostream>
#include <string>

#include <cli/record.h>
#include <cli/service_colours.h>
#include <cli/styled_line.h>
#include <cli/terminal.h>

namespace waybill::cli {

class RecordPrinter {
 public:
  RecordPrinter(const Terminal& terminal, std::ostream& out)
      : terminal_(terminal), line_(Paint(terminal.colour)), out_(out) {}

  void print(const Record& record);

 private:
  std::string trace_of(const Record& record) const;

  const Terminal& terminal_;
  StyledLine line_;
  ServiceColours colours_;
  std::size_t service_width_ = 0;  // of the widest so far, so that the columns settle
  std::ostream& out_;
};

}  // namespace waybill::cli
