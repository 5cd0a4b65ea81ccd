#include "tests/faults/brokers.h"

#ifdef WAYBILL_QUEUE_REDIS
#include <waybill/queue_redis/internal/test_redis.h>
#endif

namespace waybill::faults {
namespace {

// Nothing to kill but the workers.
class SqliteFile final : public Broker {
 public:
  std::string url() const override {
    return "sqlite:" + directory_.file("work.db") + "?queue=faults";
  }

 private:
  queue::internal::TestDirectory directory_;
};

#ifdef WAYBILL_QUEUE_REDIS
// appendonly yes, appendfsync always.
class Redis final : public Broker {
 public:
  std::string url() const override { return server_.url("faults"); }
  void kill(std::mt19937&) override { server_.kill(); }
  void restart() override { server_.restart(); }

 private:
  queue::internal::TestRedis server_;
};
#endif

template <class Kept>
Kind kind(std::string name) {
  return {std::move(name), [] { return std::make_unique<Kept>(); }};
}

}  // namespace

std::vector<Kind> kinds() {
  std::vector<Kind> all{kind<SqliteFile>("sqlite")};
#ifdef WAYBILL_QUEUE_REDIS
  all.push_back(kind<Redis>("redis"));
#endif
  return all;
}

}  // namespace waybill::faults
