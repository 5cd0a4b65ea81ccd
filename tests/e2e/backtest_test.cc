// The backtest example as a user runs it, judged by its log, its results and what it prints.
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <waybill/core/core.h>

#include "tests/support/log_files.h"
#include "tests/support/process.h"

namespace waybill {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

std::string content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class BacktestTest : public testing::Test {
 protected:
  BacktestTest() {
    std::string pattern = (fs::temp_directory_path() / "waybill-backtest-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
  }
  ~BacktestTest() override { fs::remove_all(folder_); }

  // The exit status; what it printed is in output_.
  int backtest(const std::vector<std::string>& arguments) {
    std::vector<std::string> all = {std::string(WAYBILL_BIN_DIR) + "/backtest", "--out",
                                    folder_.string()};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return run(all);
  }
  int waybill(const std::vector<std::string>& arguments) {
    std::vector<std::string> all = {std::string(WAYBILL_BIN_DIR) + "/waybill"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    all.push_back((folder_ / "logs").string());
    return run(all);
  }

  // What follows a word at the beginning of a line.
  std::string printed(const std::string& word) const {
    const auto at = ("\n" + output_).find("\n" + word + " ");
    if (at == std::string::npos) return {};
    const std::string rest = output_.substr(at + word.size());
    const auto begin = rest.find_first_not_of(' ');
    return rest.substr(begin, rest.find('\n') - begin);
  }

  std::string write_config(const std::string& text) {
    std::ofstream(folder_ / "config.toml") << text;
    return (folder_ / "config.toml").string();
  }
  std::vector<json> logged() const { return test::read_logs(folder_ / "logs"); }
  json saved(const std::string& run_id) const {
    return json::parse(content(folder_ / (run_id + ".json")));
  }

  fs::path folder_;
  std::string output_;

 private:
  int run(const std::vector<std::string>& arguments) {
    const fs::path output = folder_ / "output";
    test::Process process(arguments, output.string());
    const int status = process.wait();
    output_ = content(output);
    return status;
  }
};

constexpr const char* kSweep = BACKTEST_CONFIG "/sweep.toml";
constexpr const char* kRun = BACKTEST_CONFIG "/run.toml";

TEST_F(BacktestTest, ASweepIsOneTraceAndEachRunHasItsOwnRunId) {
  ASSERT_EQ(backtest({"sweep", "--config", kSweep}), 0) << output_;
  const std::string sweep = printed("trace");
  std::map<std::string, std::set<std::string>> spans_of_run;
  std::set<std::string> parents;
  std::string root;
  for (const json& record : logged()) {
    EXPECT_EQ(record.at("trace_id"), sweep) << record;
    const std::string run_id = record.at("run_id");
    if (run_id == sweep) {
      root = record.at("span_id");
      continue;
    }
    spans_of_run[run_id].insert(record.at("span_id"));
    parents.insert(record.at("parent_span_id"));
  }
  EXPECT_THAT(spans_of_run, SizeIs(15));
  for (const auto& [run_id, spans] : spans_of_run) EXPECT_THAT(spans, SizeIs(1)) << run_id;
  EXPECT_THAT(parents, ElementsAre(root));
  EXPECT_THAT(test::select(logged(), "action", "done"), SizeIs(14 + 1));  // one run cannot be

  ASSERT_EQ(waybill({"trace", sweep, "--wide"}), 0);
  EXPECT_THAT(output_, HasSubstr("16 hops"));
  EXPECT_THAT(output_, HasSubstr("breakout entry=100 exit=20"));
}

TEST_F(BacktestTest, AnErrorFromAThreadOfThePoolSaysWhichRunItWas) {
  ASSERT_EQ(backtest({"sweep", "--config", kSweep}), 0) << output_;
  const std::string sweep = printed("trace");
  const auto failures = test::select(logged(), "severity", "ERROR");
  ASSERT_THAT(failures, SizeIs(1));
  const json& failure = failures.front();
  EXPECT_EQ(failure.at("run_id"), sweep);  // where it was caught
  EXPECT_THAT(failure.at("exception.type").get<std::string>(), HasSubstr("ConfigError"));
  const std::string run_id = failure.at("error.run_id");
  EXPECT_THAT(run_id, HasSubstr("-crossover-"));
  const auto begun = test::select(logged(), "run_id", run_id);
  ASSERT_THAT(begun, SizeIs(1));  // it began, and did not get far
  EXPECT_EQ(failure.at("error.span_id"), begun.front().at("span_id"));
  EXPECT_THAT(output_, HasSubstr("fast = 50 is not valid: expected less than slow, which is 50"));
  EXPECT_THAT(output_, HasSubstr(run_id));
}

TEST_F(BacktestTest, ARunThatCannotBeSaysItsRunIdAndTraceId) {
  const std::string config = write_config("[[strategy]]\nname = 'crossover'\nfast = 9\nslow = 3\n");
  EXPECT_EQ(backtest({"run", "--config", config}), 2);
  const auto failures = test::select(logged(), "severity", "FATAL");
  ASSERT_THAT(failures, SizeIs(1));
  const std::string run_id = failures.front().at("error.run_id");
  EXPECT_EQ(failures.front().at("error.trace_id"), run_id);
  EXPECT_THAT(output_, HasSubstr("run_id " + run_id));
  EXPECT_THAT(output_, HasSubstr("trace_id " + run_id));
}

TEST_F(BacktestTest, TheSameSeedGivesTheSameResultWhateverThreadsThereAre) {
  std::vector<std::map<std::string, std::string>> curves;
  for (const std::string threads : {"1", "4"}) {
    ASSERT_EQ(backtest({"sweep", "--config", kSweep, "--threads", threads}), 0) << output_;
    auto& mine = curves.emplace_back();
    for (const json& record : test::select(logged(), "trace_id", printed("trace"))) {
      if (record.at("logger") != "run" || record.at("action") != "done") continue;
      const json result = saved(record.at("run_id"));
      mine[result.at("configuration").dump()] = result.at("curve").at("sha256");
    }
  }
  EXPECT_THAT(curves[0], SizeIs(14));
  EXPECT_EQ(curves[0], curves[1]);
}

TEST_F(BacktestTest, AResultCanBeHadAgainFromItsMetadataAlone) {
  ASSERT_EQ(backtest({"run", "--config", kRun}), 0) << output_;
  const std::string first = printed("run_id");
  ASSERT_EQ(backtest({"again", printed("result")}), 0) << output_;
  EXPECT_EQ(printed("before"), first);
  EXPECT_NE(printed("run_id"), first);
  EXPECT_THAT(printed("differs"), HasSubstr("nothing"));
  EXPECT_THAT(printed("result"), HasSubstr("the same, 5105 points to the last bit"));
  EXPECT_EQ(content(folder_ / (printed("run_id") + ".csv")), content(folder_ / (first + ".csv")));
  const auto compared = test::select(logged(), "run_id_before", first);
  ASSERT_THAT(compared, SizeIs(1));
  EXPECT_EQ(compared.front().at("same"), true);
  EXPECT_EQ(compared.front().at("trace_id"), printed("run_id"));
}

TEST_F(BacktestTest, AgainSaysWhatDiffersAndThatTheResultDoes) {
  ASSERT_EQ(backtest({"run", "--config", kRun}), 0) << output_;
  const std::string result = printed("result");
  EXPECT_EQ(backtest({"again", result, "--seed", "43"}), 1);
  EXPECT_THAT(output_, HasSubstr("differs seed: 43, other run: 42"));
  EXPECT_THAT(printed("result"), HasSubstr("another: return"));

  json forged = json::parse(content(result));
  forged["statistics"]["total_return"] = 9.99;
  std::ofstream(result) << forged.dump();
  EXPECT_EQ(backtest({"again", result}), 1);
  EXPECT_THAT(printed("result"), HasSubstr("instead of 9.99"));
}

TEST_F(BacktestTest, AMetricsExemplarLeadsToTheLinesOfARun) {
  ASSERT_EQ(backtest({"sweep", "--config", kSweep}), 0) << output_;
  const std::string sweep = printed("trace");
  const std::string metrics = content(folder_ / (sweep + ".metrics.txt"));
  const std::string mark = "# {trace_id=\"" + TraceId::from_name(sweep).to_hex() + "\",span_id=\"";
  const auto at = metrics.find(mark, metrics.find("backtest_run_duration_seconds_bucket"));
  ASSERT_NE(at, std::string::npos) << metrics;
  const std::string span = metrics.substr(at + mark.size(), 16);
  const auto lines = test::select(logged(), "span_id", span);
  ASSERT_THAT(lines, Not(IsEmpty()));
  EXPECT_NE(lines.front().at("run_id"), sweep);
  EXPECT_THAT(metrics, HasSubstr(R"(outcome="failed")"));
}

TEST_F(BacktestTest, TheReportHasEveryRunAndNeedsNothingElse) {
  ASSERT_EQ(backtest({"sweep", "--config", kSweep}), 0) << output_;
  const std::string html = content(printed("report"));
  for (const json& record : logged()) {
    EXPECT_THAT(html, HasSubstr(record.at("run_id").get<std::string>()));
  }
  EXPECT_THAT(html, HasSubstr("<svg "));
  EXPECT_THAT(html, HasSubstr("expected less than slow, which is 50"));
  EXPECT_THAT(html, Not(HasSubstr("http")));
}

TEST_F(BacktestTest, StocksAreTradedMonthByMonth) {
  const std::string config =
      write_config("symbol = 'AAPL'\n[[strategy]]\nname = 'crossover'\nfast = 3\nslow = 10\n");
  ASSERT_EQ(backtest({"run", "--config", config}), 0) << output_;
  EXPECT_THAT(saved(printed("run_id")).at("run").dump(), HasSubstr("stocks.csv"));
  EXPECT_THAT(content(folder_ / (printed("run_id") + ".csv")), HasSubstr("2010-03-01,"));
}

}  // namespace
}  // namespace waybill
