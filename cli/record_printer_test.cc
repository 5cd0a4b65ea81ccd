#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cli/record_printer.h>
#include <cli/testing.h>

namespace waybill::cli {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;

std::string printed(std::string_view json, const Terminal& terminal = {}) {
  std::ostringstream out;
  RecordPrinter(terminal, out).print(testing::record_from(json));
  return std::move(out).str();
}

TEST(RecordPrinter, WritesOneLineARecord) {
  EXPECT_EQ(printed(R"({"time":"2026-11-20T23:58:01.123Z","severity":"WARN","message":"slow",)"
                    R"("service":"web","logger":"http","trace_id":"abc-123","status":503})"),
            "2026-11-20 23:58:01.123  WARN   web  slow   status=503 logger=http  trace=abc-123\n");
  EXPECT_EQ(printed(R"({"message":"bare"})"), "-                               file  bare\n");
}

TEST(RecordPrinter, ShortensATraceIdToFit) {
  const std::string json = R"({"message":"m","trace_id":"4bf92f3577b34da6a3ce929d0e0e4736"})";
  EXPECT_THAT(printed(json), EndsWith("trace=4bf92f3577b34da6a3ce929d0e0e4736\n"));
  Terminal terminal;
  terminal.fits_width = true;
  EXPECT_THAT(printed(json, terminal), EndsWith("trace=4bf92f3577b3\n"));
}

TEST(RecordPrinter, CutsFieldsButNeverTheTrace) {
  Terminal terminal;
  terminal.width = 80;
  terminal.fits_width = true;
  const std::string json =
      R"({"message":"m","trace_id":"abc-123","f":")" + std::string(200, 'x') + "\"}";
  const std::string cut = printed(json, terminal);
  EXPECT_THAT(cut, EndsWith("…  trace=abc-123\n"));
  EXPECT_LE(display_width(cut), 81U);
  terminal.fits_width = false;
  EXPECT_THAT(printed(json, terminal), HasSubstr(std::string(200, 'x')));
}

TEST(RecordPrinter, EscapesEverything) {
  EXPECT_THAT(printed(R"({"message":"\u001b[2J","service":"\u001b","trace_id":"\u001b"})"),
              ::testing::Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace waybill::cli
