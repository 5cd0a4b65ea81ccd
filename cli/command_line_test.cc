#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cli/command_line.h>
#include <cli/help.h>
#include <cli/testing.h>
#include <waybill/core/ids.h>

namespace waybill::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

struct Result {
  int status;
  std::string out;
  std::string err;
};

Result run(const std::vector<std::string>& arguments) {
  std::ostringstream out;
  std::ostringstream err;
  const int status = run_command_line(arguments, out, err);
  return {status, std::move(out).str(), std::move(err).str()};
}

std::string line(const std::string& time, const std::string& trace, const std::string& message,
                 const std::string& more = "") {
  return R"({"time":"2026-11-20T23:58:)" + time + R"(Z","trace_id":")" + trace +
         R"(","message":")" + message + "\"" + more + "}\n";
}

// Two services that know one trace by different spellings, and lines of no interest.
class CommandLine : public ::testing::Test {
 protected:
  const std::string hex_ = TraceId::from_name("abc-123").to_hex();
  const testing::TemporaryFolder folder_;
  const std::string web_ = folder_.write(
      "web.log", line("01", "abc-123", "requested", R"(,"span_id":"a1","level":"INFO")") +
                     line("02", "other", "something else") + "not json\n" +
                     line("04", "abc-123", "answered", R"(,"span_id":"a1","level":"WARN")"));
  const std::string worker_ = folder_.write(
      "worker.log", line("03", hex_, "worked", R"(,"span_id":"b1","parent_span_id":"a1","n":7)"));
};

TEST_F(CommandLine, TraceTellsTheStoryInAnySpelling) {
  for (const std::string& id :
       {std::string("abc-123"), hex_, hex_.substr(0, 8), TraceId::from_name("abc-123").to_uuid()}) {
    const Result trace = run({"trace", id, folder_.path()});
    EXPECT_EQ(trace.status, 0) << id;
    EXPECT_THAT(trace.out, StartsWith("trace abc-123  " + hex_ + "\n2026-11-20 23:58:01.000 UTC"));
    EXPECT_THAT(trace.out,
                AllOf(HasSubstr("requested"), HasSubstr("├─ worker"), HasSubstr("worked"),
                      HasSubstr("answered"), ::testing::Not(HasSubstr("something else"))));
    EXPECT_EQ(trace.err, "1 line was not JSON\n");
  }
}

TEST_F(CommandLine, TraceIsTitledWithAUuidWhereTheLogsHaveOne) {
  const std::string uuid = TraceId::from_name("abc-123").to_uuid();
  const std::string file = folder_.write("uuids/web.log", line("01", uuid, "requested"));
  EXPECT_THAT(run({"trace", hex_, file}).out, StartsWith("trace " + uuid + "\n"));
  EXPECT_THAT(run({"trace", "abc-123", file}).out, StartsWith("trace abc-123  " + uuid + "\n"));
}

TEST_F(CommandLine, QueryTakesLogql) {
  const Result query =
      run({"query", R"({service="worker"} | json | n > 5)", folder_.path(), "--format", "json"});
  EXPECT_EQ(query.status, 0);
  EXPECT_THAT(query.out, HasSubstr("worked"));
  EXPECT_EQ(run({"query", "{} | json | n > 7", folder_.path()}).status, 1);
  const Result refused = run({"query", "{} | json | n > 5s", folder_.path()});
  EXPECT_EQ(refused.status, 2);
  EXPECT_THAT(refused.err, HasSubstr("expected a number without a unit"));
}

TEST_F(CommandLine, TraceWritesJsonLinesInTimeOrder) {
  const Result trace = run({"trace", "abc-123", "--json", web_, worker_});
  EXPECT_EQ(trace.status, 0);
  EXPECT_EQ(trace.out,
            line("01", "abc-123", "requested", R"(,"span_id":"a1","level":"INFO")") +
                line("03", hex_, "worked", R"(,"span_id":"b1","parent_span_id":"a1","n":7)") +
                line("04", "abc-123", "answered", R"(,"span_id":"a1","level":"WARN")"));
}

TEST_F(CommandLine, TraceSaysWhatItSearchedInVain) {
  const Result similar = run({"trace", "abc-12", folder_.path()});
  EXPECT_EQ(similar.status, 1);
  EXPECT_THAT(similar.out, IsEmpty());
  EXPECT_THAT(similar.err, AllOf(HasSubstr("no record of trace 'abc-12' in 2 files, 4 records"),
                                 HasSubstr("did you mean:\n  abc-123\n")));

  EXPECT_THAT(run({"trace", "zzz", folder_.path()}).err, HasSubstr("4 records have another trace"));

  const testing::TemporaryFolder empty;
  EXPECT_THAT(run({"trace", "abc-123", empty.path()}).err, HasSubstr("*.ndjson are read"));
  empty.write("a.log", "{\"message\":\"no trace\"}\n");
  EXPECT_THAT(run({"trace", "abc-123", empty.path()}).err, HasSubstr("has a trace_id"));
  empty.write("a.log", "plain text\n");
  EXPECT_THAT(run({"trace", "abc-123", empty.path()}).err, HasSubstr("have to hold JSON"));
}

TEST_F(CommandLine, TraceNamesTheCandidatesOfAnAmbiguousStart) {
  const std::string file =
      folder_.write("more.log", line("01", "4bf92f35000000000000000000000001", "one") +
                                    line("02", "4bf92f35000000000000000000000002", "two"));
  const Result trace = run({"trace", "4bf92f35", file});
  EXPECT_EQ(trace.status, 2);
  EXPECT_THAT(trace.err, HasSubstr("2 traces begin with '4bf92f35':\n"
                                   "  4bf92f35000000000000000000000001\n"
                                   "  4bf92f35000000000000000000000002\n"));
}

TEST_F(CommandLine, QueryFiltersFileByFile) {
  const Result query = run({"query", "level>=WARN OR n=7", "--format", "json", folder_.path()});
  EXPECT_EQ(query.status, 0);
  EXPECT_EQ(query.out,
            line("04", "abc-123", "answered", R"(,"span_id":"a1","level":"WARN")") +
                line("03", hex_, "worked", R"(,"span_id":"b1","parent_span_id":"a1","n":7)"));
  EXPECT_THAT(run({"query", "level>=WARN OR n=7", folder_.path()}).out,
              HasSubstr("2026-11-20 23:58:04.000  WARN   web  answered  trace=abc-123\n"));
}

TEST_F(CommandLine, QuerySortsByTimeOverAllFiles) {
  const std::string out = run({"query", "--sort", folder_.path()}).out;
  EXPECT_LT(out.find("something else"), out.find("worked"));
  EXPECT_LT(out.find("worked"), out.find("answered"));
}

TEST_F(CommandLine, QueryOptionsNarrowTheFilter) {
  const auto lines = [this](std::vector<std::string> options) {
    options.insert(options.begin(), "query");
    options.push_back(folder_.path());
    const std::string out = run(options).out;
    return std::count(out.begin(), out.end(), '\n');
  };
  EXPECT_EQ(lines({}), 4);
  EXPECT_EQ(lines({"--trace", "abc-123"}), 3);
  EXPECT_EQ(lines({"--trace", hex_.substr(0, 8)}), 3);
  EXPECT_EQ(lines({"--level", "WARN"}), 1);
  EXPECT_EQ(lines({"--since", "2026-11-20T23:58:02Z"}), 3);
  EXPECT_EQ(lines({"--until", "2026-11-20T23:58:02Z"}), 1);
  EXPECT_EQ(lines({"--limit", "2"}), 2);
  EXPECT_EQ(lines({"--limit", "2", "--sort"}), 2);
  EXPECT_EQ(lines({"-e", "-answered"}), 3);
  EXPECT_EQ(lines({"--level", "INFO", "--trace", "abc-123", "requested"}), 1);
}

TEST_F(CommandLine, QueryShowsWhereAFilterIsWrong) {
  const Result query = run({"query", "n>= ", folder_.path()});
  EXPECT_EQ(query.status, 2);
  EXPECT_EQ(query.err, "waybill: the filter cannot be read\n  n>= \n      ^ expected a value\n");
}

TEST_F(CommandLine, QueryFindingNothingIsOne) {
  EXPECT_EQ(run({"query", "n=8", folder_.path()}).status, 1);
}

TEST_F(CommandLine, WrongUsageIsTwo) {
  const std::vector<std::string> kCases[] = {
      {"trace"},
      {"trace", "abc-123"},
      {"trace", "abc-123", folder_.path() + "/missing.log"},
      {"trace", "abc-123", web_, "--color", "sometimes"},
      {"trace", "abc-123", web_, "--unknown"},
      {"query"},
      {"query", "n=8"},
      {"query", web_, "--format", "xml"},
      {"query", web_, "--level", "BANANA"},
      {"query", web_, "--since", "yesterday"},
      {"query", web_, "--limit", "-1"},
      {"bogus"},
  };
  for (const auto& arguments : kCases) {
    const Result outcome = run(arguments);
    EXPECT_EQ(outcome.status, 2) << ::testing::PrintToString(arguments);
    EXPECT_THAT(outcome.err, StartsWith("waybill: "));
    EXPECT_THAT(outcome.out, IsEmpty());
  }
}

TEST_F(CommandLine, HelpAndVersion) {
  EXPECT_EQ(run({}).out, kHelp);
  EXPECT_EQ(run({"--help"}).out, kHelp);
  EXPECT_EQ(run({"trace", "--help"}).out, kTraceHelp);
  EXPECT_EQ(run({"query", "-h"}).out, kQueryHelp);
  EXPECT_EQ(run({"query", "--help"}).status, 0);
  EXPECT_THAT(run({"--version"}).out, StartsWith("waybill "));
}

}  // namespace
}  // namespace waybill::cli
