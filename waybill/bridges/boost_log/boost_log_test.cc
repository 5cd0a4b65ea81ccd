#include <barrier>
#include <string>
#include <thread>
#include <vector>

#include <boost/log/core.hpp>
#include <boost/log/expressions.hpp>
#include <boost/log/sinks.hpp>
#include <boost/log/sources/logger.hpp>
#include <boost/log/sources/record_ostream.hpp>
#include <boost/log/trivial.hpp>
#include <boost/log/utility/setup/formatter_parser.hpp>
#include <boost/smart_ptr/make_shared.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/bridges/boost_log.h>
#include <waybill/core/core.h>

namespace waybill {
namespace {

namespace expr = boost::log::expressions;
namespace sinks = boost::log::sinks;
using testing::ElementsAre;

// Collects formatted lines; only ever one thread is in it.
class LinesBackend final
    : public sinks::basic_formatted_sink_backend<char, sinks::synchronized_feeding> {
 public:
  void consume(const boost::log::record_view& /*record*/, const std::string& line) {
    lines_.push_back(line);
  }
  std::vector<std::string> lines_;
};

const auto kFormatter = expr::stream
                        << '[' << expr::attr<std::string>("TraceId").or_default(std::string("-"))
                        << "] [" << expr::attr<std::string>("SpanId") << "] " << expr::smessage
                        << ' ' << expr::attr<std::string>("Fields");

class BoostLog : public testing::Test {
 protected:
  void SetUp() override {
    boost_log_bridge::add_attributes({"job_id"});
    boost::log::core::get()->add_sink(sink_);
    sink_->set_formatter(kFormatter);
  }
  void TearDown() override {
    boost::log::core::get()->remove_all_sinks();
    boost::log::core::get()->set_global_attributes({});
  }
  std::vector<std::string> lines() { return std::exchange(sink_->locked_backend()->lines_, {}); }

  boost::shared_ptr<sinks::synchronous_sink<LinesBackend>> sink_ =
      boost::make_shared<sinks::synchronous_sink<LinesBackend>>();
};

TEST_F(BoostLog, RecordsHaveTheIdsAndFieldsOfTheCall) {
  const Context trace = Context::new_trace({.name = "abc-123"});
  const Scope scope{trace.with({{"job_id", 42}, {"zip", "98 101"}})};
  BOOST_LOG_TRIVIAL(info) << "Fetching";
  EXPECT_THAT(lines(), ElementsAre("[abc-123] [" + trace.span_id().to_hex() +
                                   "] Fetching job_id=42 zip=\"98 101\""));
}

TEST_F(BoostLog, ATraceWithoutANameHasItsId) {
  const Context trace = Context::new_trace();
  const Scope scope{trace};
  BOOST_LOG_TRIVIAL(info) << "m";
  EXPECT_THAT(lines(), ElementsAre("[" + trace.trace_id().to_hex() + "] [" +
                                   trace.span_id().to_hex() + "] m "));
}

TEST_F(BoostLog, WithoutAContextThereIsNoValue) {
  BOOST_LOG_TRIVIAL(info) << "m";
  EXPECT_THAT(lines(), ElementsAre("[-] [] m "));
}

TEST_F(BoostLog, FollowsScopes) {
  const Context outer = Context::new_trace({.name = "outer"});
  const Scope scope{outer};
  sink_->set_formatter(expr::stream << expr::attr<std::string>("TraceId") << ' '
                                    << expr::attr<std::string>("SpanId") << ' '
                                    << expr::attr<std::string>("ParentSpanId"));
  const Context child = outer.child();
  const Context renamed = Context::new_trace({.name = "inner", .trace_id = outer.trace_id()});
  BOOST_LOG_TRIVIAL(info) << "m";
  {
    const Scope inner{child};
    BOOST_LOG_TRIVIAL(info) << "m";
  }
  {
    const Scope inner{renamed};
    BOOST_LOG_TRIVIAL(info) << "m";
  }
  BOOST_LOG_TRIVIAL(info) << "m";
  const std::string outer_span = outer.span_id().to_hex();
  EXPECT_THAT(lines(), ElementsAre("outer " + outer_span + " ",
                                   "outer " + child.span_id().to_hex() + " " + outer_span,
                                   "inner " + renamed.span_id().to_hex() + " ",
                                   "outer " + outer_span + " "));
}

TEST_F(BoostLog, ParsedFormattersAndFiltersFindTheAttributes) {
  sink_->set_formatter(boost::log::parse_formatter("[%TraceId%] [%job_id%] %Message%"));
  sink_->set_filter(expr::has_attr<std::string>("TraceId"));
  BOOST_LOG_TRIVIAL(info) << "is filtered out";
  const Scope scope{Context::new_trace({.name = "abc-123"})};
  BOOST_LOG_TRIVIAL(info) << "m";
  const Scope job{Context::current().with({{"job_id", "J-1"}})};
  BOOST_LOG_TRIVIAL(info) << "m";
  EXPECT_THAT(lines(), ElementsAre("[abc-123] [] m", "[abc-123] [J-1] m"));
}

TEST_F(BoostLog, AttributesCanBeOneLoggersAlone) {
  boost::log::core::get()->set_global_attributes({});
  boost::log::sources::logger own;
  own.add_attribute("Trace", boost_log_bridge::trace_id());
  own.add_attribute("Account", boost_log_bridge::field("account_id"));
  sink_->set_formatter(expr::stream << expr::attr<std::string>("Trace") << ' '
                                    << expr::attr<std::string>("Account"));
  const Scope scope{Context::new_trace({.name = "abc-123"}).with({{"account_id", true}})};
  BOOST_LOG(own) << "m";
  BOOST_LOG_TRIVIAL(info) << "m";
  EXPECT_THAT(lines(), ElementsAre("abc-123 true", " "));
}

TEST_F(BoostLog, ValuesCannotForgeALine) {
  sink_->set_formatter(expr::stream << expr::attr<std::string>("TraceId") << '|'
                                    << expr::attr<std::string>("job_id") << '|'
                                    << expr::attr<std::string>("Fields"));
  const Scope scope{
      Context::new_trace({.name = "a\nb\x1b[2J"}).with({{"job_id", "\r\n\xff\"x"}, {"k\n", 1}})};
  BOOST_LOG_TRIVIAL(info) << "m";
  EXPECT_THAT(lines(), ElementsAre("a\\nb\\x1b[2J|\\r\\n\\xff\"x|"
                                   "job_id=\"\\r\\n\\xff\\\"x\" k\\n=1"));
}

// Through the queue of an asynchronous sink, that is fed by its own thread only once all is logged.
TEST_F(BoostLog, AsynchronousSinksSeeTheIdsOfTheCall) {
  constexpr int kThreads = 8;
  constexpr int kLines = 2'000;
  const auto core = boost::log::core::get();
  core->remove_all_sinks();
  const auto sink =
      boost::make_shared<sinks::asynchronous_sink<LinesBackend, sinks::unbounded_fifo_queue>>(
          false);
  sink->set_formatter(expr::stream << expr::attr<std::string>("TraceId") << ' '
                                   << expr::attr<std::string>("SpanId") << ' '
                                   << expr::attr<std::string>("job_id") << '|' << expr::smessage);
  core->add_sink(sink);

  std::barrier start(kThreads);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&start, t] {
      const std::string name = "trace-" + std::to_string(t);
      const Scope scope{Context::new_trace({.name = name})};
      start.arrive_and_wait();
      for (int i = 0; i < kLines; ++i) {
        const Scope job{Context::current().child().with({{"job_id", i / 3}})};
        BOOST_LOG_TRIVIAL(info) << name << ' ' << Context::current().span_id().to_hex() << ' '
                                << i / 3;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  sink->feed_records();
  sink->flush();

  const std::vector<std::string>& all = sink->locked_backend()->lines_;
  ASSERT_EQ(all.size(), kThreads * kLines);
  for (const std::string& line : all) {
    const std::size_t middle = line.find('|');
    ASSERT_EQ(line.substr(0, middle), line.substr(middle + 1));
  }
}

TEST_F(BoostLog, AThreadThatEndsCanStillLog) {
  struct LogsAtTheEnd {
    ~LogsAtTheEnd() {
      const Scope scope{Context::new_trace({.name = "the end"})};
      BOOST_LOG_TRIVIAL(info) << "m";
    }
  };
  std::thread([] {
    thread_local const LogsAtTheEnd first;  // ends last
    static_cast<void>(&first);
    const Scope scope{Context::new_trace({.name = "before"})};
    BOOST_LOG_TRIVIAL(info) << "m";
  }).join();
  const std::vector<std::string> all = lines();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_THAT(all[0], testing::StartsWith("[before] "));
  EXPECT_THAT(all[1], testing::StartsWith("[the end] "));
}

}  // namespace
}  // namespace waybill
