#include <sstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cli/command_line.h>
#include <cli/testing.h>
#include <waybill/core/context.h>
#include <waybill/core/scope.h>
#include <waybill/queue/queue.h>

namespace waybill::cli {
namespace {

using nlohmann::json;
using std::chrono_literals::operator""ms;
using ::testing::AllOf;
using ::testing::HasSubstr;

class QueueCommand : public ::testing::Test {
 protected:
  int run(std::vector<std::string> arguments) {
    out_.str("");
    err_.str("");
    arguments.insert(arguments.begin(), "queue");
    return run_command_line(arguments, out_, err_);
  }

  // A message of a trace of this name, given up.
  std::string bury(const std::string& trace, const std::string& body) {
    {
      const Scope scope{Context::new_trace({.name = trace})};
      queue_->send({.body = body});
    }
    auto delivery = queue_->receive(0ms);
    const std::string id = delivery->id();
    delivery->dead_letter("no \x1b[31mink");
    return id;
  }

  testing::TemporaryFolder folder_;
  const std::string file_ = folder_.path() + "/work.db";
  const std::string url_ = "sqlite:" + file_ + "?queue=jobs";
  std::unique_ptr<queue::Queue> queue_ = queue::open(url_);
  std::ostringstream out_;
  std::ostringstream err_;
};

TEST_F(QueueCommand, DepthCounts) {
  bury("a", "x");
  queue_->send({{.body = "1"}, {.body = "2"}});
  EXPECT_EQ(run({"depth", url_}), 0);
  EXPECT_EQ(out_.str(), "ready 2  delayed 0  in flight 0  dead 1\n");
  EXPECT_EQ(run({"depth", url_, "--json"}), 0);
  EXPECT_EQ(json::parse(out_.str()).at("ready"), 2);
}

TEST_F(QueueCommand, PeekTakesNothing) {
  queue_->send({{.body = "first\n"}, {.body = "second"}});
  EXPECT_EQ(run({"peek", url_, "--limit", "1"}), 0);
  EXPECT_THAT(out_.str(), AllOf(HasSubstr("first\\n"), ::testing::Not(HasSubstr("second"))));
  EXPECT_EQ(queue_->counts().ready, 2U);
}

TEST_F(QueueCommand, DeadLettersByTrace) {
  const std::string id = bury("order-7", "seven");
  bury("order-8", "eight");
  EXPECT_EQ(run({"dead", url_, "--trace", "order-7"}), 0);
  EXPECT_THAT(out_.str(), AllOf(HasSubstr(id + "  attempts 1  [order-7]  no \\x1b[31mink"),
                                ::testing::Not(HasSubstr("order-8"))));
  EXPECT_EQ(run({"dead", url_, "--trace", "order-9"}), 1);
  EXPECT_EQ(run({"dead", url_, "--json"}), 0);
  EXPECT_EQ(json::parse(out_.str().substr(0, out_.str().find('\n'))).at("trace_id"), "order-7");
}

TEST_F(QueueCommand, ShowsOneWithHeadersAndBody) {
  const std::string id = bury("order-7", "the body");
  EXPECT_EQ(run({"show", url_, id}), 0);
  EXPECT_THAT(out_.str(), AllOf(HasSubstr("X-Trace-ID: order-7"), HasSubstr("\nthe body\n")));
  EXPECT_EQ(run({"show", url_, "99"}), 1);
  EXPECT_THAT(err_.str(), HasSubstr("no dead letter '99'"));
}

TEST_F(QueueCommand, RetriesByIdAndByTrace) {
  const std::string id = bury("order-7", "seven");
  bury("order-8", "eight");
  EXPECT_EQ(run({"retry", url_, id, "99"}), 0);
  EXPECT_EQ(out_.str(), "1 dead letter put back in line\n");
  EXPECT_EQ(queue_->receive(0ms)->body(), "seven");
  EXPECT_EQ(run({"retry", url_}), 2);
  EXPECT_EQ(run({"retry", url_, "--trace", "order-8"}), 0);
  EXPECT_EQ(queue_->receive(0ms)->body(), "eight");
  EXPECT_EQ(queue_->counts().dead, 0U);
}

TEST_F(QueueCommand, RemovesAll) {
  bury("order-7", "seven");
  bury("order-8", "eight");
  EXPECT_EQ(run({"remove", url_, "--all"}), 0);
  EXPECT_EQ(out_.str(), "2 dead letters removed\n");
  EXPECT_EQ(queue_->counts().dead, 0U);
}

TEST_F(QueueCommand, MakesNoQueue) {
  EXPECT_EQ(run({"depth", "sqlite:" + file_ + "x?queue=jobs"}), 2);
  EXPECT_THAT(err_.str(), HasSubstr("there is no queue file"));
  EXPECT_EQ(run({"depth", "sqlite:" + file_ + "?queue=other"}), 2);
  EXPECT_THAT(err_.str(), HasSubstr("there is no queue 'other'"));
  EXPECT_EQ(run({"sink", url_}), 2);
}

}  // namespace
}  // namespace waybill::cli
