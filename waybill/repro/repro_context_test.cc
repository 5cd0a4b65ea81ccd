#include <limits>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <waybill/core/error.h>
#include <waybill/repro/internal/temporary_folder.h>
#include <waybill/repro/repro_context.h>

namespace waybill {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::MatchesRegex;

std::string error_of(auto&& call) {
  try {
    call();
    return "nothing was thrown";
  } catch (const Error& error) {
    return error.what();
  }
}

// 2025-10-21 14:32:05 UTC.
const std::chrono::system_clock::time_point kStart{1761057125s + 123456789ns};

ReproContext some_run() {
  const internal::TemporaryFolder folder;
  return ReproContext::begin({.kind = "backtest",
                              .name = "ma-crossover",
                              .seed = 42,
                              .configuration = R"({"fast": 10})",
                              .inputs = {folder.write("prices.csv", "a,b\n1,2\n")},
                              .versions = {{"eigen", "3.4.0"}},
                              .code = CodeVersion{.commit = "5984ae9", .branch = "main"},
                              .start_time = kStart});
}

TEST(ReproContext, HasWhatItsResultsFollowFrom) {
  const ReproContext run = some_run();
  EXPECT_EQ(run.seed, 42u);
  EXPECT_EQ(run.code.commit, "5984ae9");
  EXPECT_EQ(run.configuration_hash, configuration_hash(R"({"fast":10})"));
  ASSERT_EQ(run.inputs.size(), 1u);
  EXPECT_EQ(run.inputs[0].size, 8u);
  EXPECT_EQ(run.versions.at("eigen"), "3.4.0");
  EXPECT_FALSE(run.versions.at("waybill").empty());
  EXPECT_FALSE(run.versions.at("compiler").empty());
  EXPECT_FALSE(run.host.name.empty());
  EXPECT_GT(run.host.processors, 0u);
  EXPECT_EQ(run.start_time, kStart);
  EXPECT_NE(ReproContext::begin().seed, ReproContext::begin().seed);
}

TEST(ReproContext, HasAnIdThatSaysWhatItIs) {
  EXPECT_THAT(some_run().run_id, MatchesRegex("backtest-20251021-143205-ma-crossover-[0-9a-f]{8}"));
  EXPECT_NE(some_run().run_id, some_run().run_id);
  EXPECT_THAT(ReproContext::begin({.start_time = kStart}).run_id,
              MatchesRegex("run-20251021-143205-[0-9a-f]{8}"));
}

RC_GTEST_PROP(ReproContext, IdsAreSafeAsTraceNamesAndFileNames,
              (const std::string& kind, const std::string& name)) {
  const std::string id =
      ReproContext::begin({.kind = kind, .name = name, .start_time = kStart}).run_id;
  RC_ASSERT(id.size() <= 128u);
  RC_ASSERT(id.find_first_not_of(
                "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") == id.npos);
  RC_ASSERT(id.front() != '.' && id.front() != '-');
}

TEST(ReproContext, MakesNamesShortAndPlain) {
  EXPECT_THAT(
      ReproContext::begin({.kind = "../etc", .name = "MA crossover (v1.2)", .start_time = kStart})
          .run_id,
      MatchesRegex("etc-20251021-143205-MA-crossover-v1\\.2-[0-9a-f]{8}"));
  EXPECT_THAT(ReproContext::begin({.name = std::string(1000, 'x'), .start_time = kStart}).run_id,
              MatchesRegex("run-20251021-143205-x{64}-[0-9a-f]{8}"));
}

TEST(ReproContext, GivesTheSameNumbersForTheSameSeed) {
  const ReproContext first = some_run();
  const ReproContext again = ReproContext::from_json(first.to_json());
  EXPECT_EQ(again.rng("shuffle")(), first.rng("shuffle")());
  EXPECT_EQ(again.derive_seed("noise"), derive_seed(42, "noise"));
}

// Any text but what is not UTF-8, which JSON cannot say.
rc::Gen<std::string> text() {
  return rc::gen::container<std::string>(
      rc::gen::oneOf(rc::gen::inRange<char>(0, 127), rc::gen::element('"', '\\', '\n', '\0')));
}

RC_GTEST_PROP(ReproContext, ComesBackFromJsonAsItWas, ()) {
  ReproContext run;
  run.run_id = *text();
  run.seed = *rc::gen::arbitrary<std::uint64_t>();
  run.code = {.commit = *text(), .branch = *text()};
  run.configuration_hash = *text();
  run.inputs = *rc::gen::container<std::vector<InputFingerprint>>(rc::gen::build<InputFingerprint>(
      rc::gen::set(&InputFingerprint::path, text()),
      rc::gen::set(&InputFingerprint::size, rc::gen::arbitrary<std::uint64_t>()),
      rc::gen::set(&InputFingerprint::sha256, text())));
  run.host = {.name = *text(),
              .system = *text(),
              .machine = *text(),
              .processors = *rc::gen::arbitrary<unsigned>()};
  run.versions = *rc::gen::container<std::map<std::string, std::string>>(text(), text());
  run.start_time = std::chrono::system_clock::time_point(std::chrono::nanoseconds(
      *rc::gen::inRange<std::int64_t>(-9'214'560'000'000'000'000, 9'183'110'400'000'000'000)));
  const ReproContext again = ReproContext::from_json(run.to_json());
  RC_ASSERT(again == run);
  RC_ASSERT(again.differences(run).empty());
  RC_ASSERT(again.to_json() == run.to_json());
}

TEST(ReproContext, KeepsSeedsToTheLastBit) {
  ReproContext run = some_run();
  run.seed = std::numeric_limits<std::uint64_t>::max();
  EXPECT_EQ(ReproContext::from_json(run.to_json()).seed, run.seed);
}

TEST(ReproContext, WritesTextThatIsNotUtf8) {
  ReproContext run = some_run();
  run.inputs[0].path = "caf\xe9.csv";
  EXPECT_EQ(ReproContext::from_json(run.to_json()).inputs[0].path, "caf\uFFFD.csv");
}

TEST(ReproContext, ReadsWhatALaterVersionHasAddedTo) {
  std::string json = some_run().to_json();
  json.insert(1, "\"new\": [1, 2], ");
  EXPECT_NO_THROW(ReproContext::from_json(json));
}

struct BadJson {
  std::string_view replaced;
  std::string_view by;
  std::string_view error;
};

TEST(ReproContext, SaysWhatIsWrongWhere) {
  const std::string json = some_run().to_json();
  const BadJson cases[] = {
      {"\"seed\": 42", "\"seed\": -1",
       "'seed': -1 is not valid: expected an integer from 0 to 18446744073709551615"},
      {"\"seed\": 42", "\"seed\": 4.5", "'seed': 4.5 is not valid"},
      {"\"seed\": 42", "\"seed\": 18446744073709551616", "'seed': 1.8446744073709552e+19 is not"},
      {"\"seed\": 42", "\"seed\": \"42\"", "'seed': \"42\" is not valid"},
      {"\"seed\"", "\"sead\"", "'seed' is missing"},
      {"\"size\": 8", "\"size\": null", "'inputs[0].size': null is not valid: expected an integer"},
      {"\"branch\"", "\"twig\"", "'code.branch' is missing"},
      {"\"3.4.0\"", "3.4", "'versions.eigen': 3.4 is not valid: expected a text"},
      {"2025-10-21T", "2025-02-30T",
       "'start_time': \"2025-02-30T14:32:05.123456789Z\" is not valid"},
      {"14:32:05.123456789Z", "14:32:05Z", "'start_time'"},
      {"\"waybill_run\": 1", "\"waybill_run\": 2", "'waybill_run': 2 is not valid: expected 1"},
      {"\"seed\": 42", "\"seed\": 42 43", "line 5, column 15: this is no JSON"},
  };
  for (const BadJson& c : cases) {
    std::string bad = json;
    const std::size_t at = bad.find(c.replaced);
    ASSERT_NE(at, bad.npos) << c.replaced;
    bad.replace(at, c.replaced.size(), c.by);
    EXPECT_THAT(error_of([&] { ReproContext::from_json(bad); }), HasSubstr(std::string(c.error)));
  }
  for (const char* bad : {"", "[]", "null", "42", "{}", "\xff"}) {
    EXPECT_THROW(ReproContext::from_json(bad), Error) << bad;
  }
  EXPECT_THAT(error_of([&] { ReproContext::from_json(std::string(1'000'000, '[')); }),
              HasSubstr("nested more than 100 deep"));
}

// Wherever a file ends too early, that is said.
TEST(ReproContext, ATornFileIsNoRun) {
  const std::string json = some_run().to_json();
  for (std::size_t size = 0; size + 2 < json.size(); ++size) {
    EXPECT_THAT(error_of([&] { ReproContext::from_json(json.substr(0, size)); }),
                HasSubstr("the text ends within a value"))
        << size;
  }
}

TEST(ReproContext, IsSavedAsAWhole) {
  const internal::TemporaryFolder folder;
  const auto file = folder.path() / "run.json";
  const ReproContext run = some_run();
  some_run().save(file);
  run.save(file);  // in place of the other
  EXPECT_EQ(ReproContext::load(file), run);
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    names.push_back(entry.path().filename().string());
  }
  EXPECT_THAT(names, ElementsAre("run.json"));
}

TEST(ReproContext, LeavesNothingBehindWhenItCannotBeSaved) {
  const internal::TemporaryFolder folder;
  std::filesystem::create_directories(folder.path() / "taken" / "by a folder");
  EXPECT_THAT(error_of([&] { some_run().save(folder.path() / "taken"); }),
              AllOf(HasSubstr("cannot be saved as"), HasSubstr("taken")));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
  EXPECT_THAT(error_of([&] { some_run().save(folder.path() / "none" / "run.json"); }),
              HasSubstr("No such file or directory"));
}

TEST(ReproContext, NamesTheFileThatCannotBeLoaded) {
  const internal::TemporaryFolder folder;
  EXPECT_THAT(error_of([&] { ReproContext::load(folder.path() / "none.json"); }),
              AllOf(HasSubstr("none.json"), HasSubstr("No such file")));
  const auto torn = folder.write("torn.json", some_run().to_json().substr(0, 100));
  EXPECT_THAT(error_of([&] { ReproContext::load(torn); }),
              AllOf(HasSubstr("torn.json"), HasSubstr("line "), HasSubstr("ends within a value")));
}

TEST(Differences, AreNoneBetweenTheSame) {
  ReproContext run = some_run();
  ReproContext again = run;
  again.run_id = "another";
  again.start_time += 1h;
  EXPECT_THAT(run.differences(again), IsEmpty());
}

TEST(Differences, OfInputsThatAreThereTwice) {
  ReproContext run;
  run.inputs = {{"a", 1, "x"}, {"a", 2, "y"}};
  ReproContext other = run;
  std::swap(other.inputs[0], other.inputs[1]);
  EXPECT_THAT(run.differences(other), IsEmpty());
  other.inputs.pop_back();
  EXPECT_THAT(run.differences(other), ElementsAre("input 'a': 1 bytes, SHA-256 x, other run: 2 "
                                                  "bytes, SHA-256 y"));
  EXPECT_THAT(other.differences(run), ElementsAre("input 'a': 2 bytes, SHA-256 y, other run: 1 "
                                                  "bytes, SHA-256 x"));
}

TEST(Differences, AreSaidInWords) {
  ReproContext run;
  run.seed = 42;
  run.code = {.commit = "5984ae9c0ffee0123456789abcdef0123456789a", .branch = "main"};
  run.configuration_hash = std::string(64, 'a');
  run.inputs = {{"same.csv", 1, "s"}, {"changed.csv", 2, "b"}, {"mine.csv", 3, "c"}};
  run.versions = {{"eigen", "3.4.0"}, {"fmt", "9.1.0"}};
  run.host.processors = 2;
  ReproContext other = run;
  other.seed = 43;
  other.code = {.commit = "5984ae9c0ffee012345678900000000000000000", .branch = ""};
  other.configuration_hash = std::string(11, 'a') + "b" + std::string(52, 'a');
  other.inputs = {{"same.csv", 1, "s"}, {"changed.csv", 2, "d"}, {"theirs.csv", 4, "e"}};
  other.versions = {{"boost", "1.81"}, {"eigen", "3.3.9"}};
  other.host.processors = 64;
  EXPECT_THAT(run.differences(other),
              ElementsAre("seed: 42, other run: 43",
                          "code, commit: 5984ae9c0ffee0123456789abcdef0123456789a, other run: "
                          "5984ae9c0ffee012345678900000000000000000",
                          "code, branch: main, other run: not known",
                          "configuration, SHA-256: aaaaaaaaaaaa, other run: aaaaaaaaaaab",
                          "input 'changed.csv': 2 bytes, SHA-256 b, other run: 2 bytes, SHA-256 d",
                          "input 'mine.csv': 3 bytes, SHA-256 c, other run: not an input",
                          "input 'theirs.csv': not an input, other run: 4 bytes, SHA-256 e",
                          "version of boost: not known, other run: 1.81",
                          "version of eigen: 3.4.0, other run: 3.3.9",
                          "version of fmt: 9.1.0, other run: not known",
                          "host, processors: 2, other run: 64"));
}

}  // namespace
}  // namespace waybill
