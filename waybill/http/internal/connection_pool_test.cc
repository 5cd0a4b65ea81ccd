#include <chrono>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

#include <waybill/http/internal/connection_pool.h>

namespace waybill::http::internal {
namespace {

using boost::asio::ip::tcp;
using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""h;

class ConnectionPoolTest : public testing::Test {
 protected:
  struct Pair {
    std::shared_ptr<Wire> wire;
    tcp::socket peer;
  };
  Pair connect() {
    tcp::socket near(io_);
    near.connect(acceptor_.local_endpoint());
    return {std::make_shared<Wire>(std::move(near), 1024), acceptor_.accept()};
  }
  std::shared_ptr<ConnectionPool> pool(ConnectionPool::Limits limits) {
    return std::make_shared<ConnectionPool>(io_, limits);
  }

  boost::asio::io_context io_;
  tcp::acceptor acceptor_{io_, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)};
};

TEST_F(ConnectionPoolTest, GivesTheOneUsedLastToItsHost) {
  const auto kept = pool({4, 4, 1h});
  const Pair first = connect();
  const Pair second = connect();
  kept->put("a:80", first.wire);
  kept->put("a:80", second.wire);
  EXPECT_EQ(kept->take("b:80"), nullptr);
  EXPECT_EQ(kept->take("a:80"), second.wire);
  EXPECT_EQ(kept->take("a:80"), first.wire);
  EXPECT_EQ(kept->take("a:80"), nullptr);
}

TEST_F(ConnectionPoolTest, PassesOverConnectionsThatAreDead) {
  const auto kept = pool({4, 4, 1h});
  const Pair good = connect();
  Pair closed = connect();
  Pair talking = connect();
  kept->put("a:80", good.wire);
  kept->put("a:80", closed.wire);
  kept->put("a:80", talking.wire);
  closed.peer.close();
  boost::asio::write(talking.peer, boost::asio::buffer("x", 1));
  EXPECT_EQ(kept->take("a:80"), good.wire);
  EXPECT_EQ(kept->size(), 0U);
}

TEST_F(ConnectionPoolTest, IsBoundedForEachHostAndTogether) {
  const auto kept = pool({2, 3, 1h});
  const Pair a1 = connect();
  const Pair a2 = connect();
  const Pair a3 = connect();
  const Pair b1 = connect();
  const Pair b2 = connect();
  for (const Pair* pair : {&a1, &a2, &a3}) kept->put("a:80", pair->wire);
  EXPECT_EQ(kept->size(), 2U);
  kept->put("b:80", b1.wire);
  kept->put("b:80", b2.wire);
  EXPECT_EQ(kept->size(), 3U);
  EXPECT_EQ(kept->take("a:80"), a3.wire);
  EXPECT_EQ(kept->take("a:80"), nullptr);
}

TEST_F(ConnectionPoolTest, KeepsNothingWhenToldSo) {
  const auto kept = pool({0, 0, 1h});
  kept->put("a:80", connect().wire);
  EXPECT_EQ(kept->size(), 0U);
}

TEST_F(ConnectionPoolTest, ClosesWhatIsNotUsedInTime) {
  const auto kept = pool({4, 4, 5ms});
  Pair pair = connect();
  kept->put("a:80", std::move(pair.wire));
  io_.run();
  EXPECT_EQ(kept->size(), 0U);
  char byte = 0;
  boost::system::error_code error;
  pair.peer.receive(boost::asio::buffer(&byte, 1), 0, error);
  EXPECT_EQ(error, boost::asio::error::eof);
}

}  // namespace
}  // namespace waybill::http::internal
