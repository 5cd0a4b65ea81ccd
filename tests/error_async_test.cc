// Errors keep their context through coroutines, pools and futures, and in results of other
// libraries.
#include <future>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <boost/outcome/result.hpp>
#include <gtest/gtest.h>

#include <waybill/async/sync_wait.h>
#include <waybill/async/task.h>
#include <waybill/async/thread.h>
#include <waybill/async/thread_pool.h>
#include <waybill/async/when_all.h>
#include <waybill/core/core.h>
#include <waybill/error/error.h>

namespace waybill {
namespace {

class AppError : public WithContext<std::runtime_error> {
  using WithContext::WithContext;
};

std::string job_of(const Context& context) {
  const Field* field = context.fields().find("job_id");
  return field != nullptr ? field->value.to_string() : "none";
}

// Raises under its own job, after it has gone to another thread.
task<int> raise_own(ThreadPool& pool, int job) {
  const Scope scope{Context::current().with({{"job_id", job}})};
  co_await pool.schedule();
  throw AppError(std::to_string(job));
}

task<int> raise_foreign(ThreadPool& pool, int job) {
  const Scope scope{Context::current().with({{"job_id", job}})};
  co_await pool.schedule();
  try {
    (void)std::vector<int>().at(1);
  } catch (...) {
    rethrow_enriched();
  }
  co_return 0;
}

// What is caught behind a co_await is caught under the context of the catching task.
template <class E>
task<bool> raised_in_own_job(task<int> raising, int job) {
  const Scope scope{Context::current().with({{"job_id", "caught"}})};
  try {
    co_await std::move(raising);
  } catch (const E& error) {
    co_return job_of(context_of(error)) == std::to_string(job) &&
        job_of(Context::current()) == "caught";
  }
  co_return false;
}

TEST(ErrorsInCoroutines, KnowTheContextTheyWereRaisedIn) {
  ThreadPool pool({.threads = 4});
  const Scope scope{Context::new_trace({.name = "gather"})};
  sync_wait([](ThreadPool& threads) -> task<> {
    for (int job = 0; job < 500; ++job) {
      const auto [own, foreign] = co_await when_all(
          raised_in_own_job<AppError>(raise_own(threads, job), job),
          raised_in_own_job<std::out_of_range>(raise_foreign(threads, -job - 1), -job - 1));
      EXPECT_TRUE(own) << job;
      EXPECT_TRUE(foreign) << job;
    }
  }(pool));
}

TEST(ErrorsInPools, ComeBackWithTheContextOfTheTask) {
  ThreadPool pool({.threads = 2});
  const Context submitted = Context::new_trace({.name = "request"});
  Future<int> future = [&] {
    const Scope scope{submitted};
    return pool.submit([]() -> int { throw AppError("no"); });
  }();
  try {
    future.get();
    ADD_FAILURE() << "nothing was thrown";
  } catch (const AppError& error) {
    EXPECT_EQ(error.raised_in().trace_name(), "request");
  }
}

TEST(ErrorsInFutures, AreRethrownAsWhatTheyAre) {
  std::future<int> future;
  {
    const Scope scope{Context::new_trace({.name = "request"})};
    future = waybill::async(std::launch::async, []() -> int {
      try {
        throw std::invalid_argument("zip");
      } catch (...) {
        rethrow_enriched();
      }
    });
  }
  const Scope elsewhere{Context::new_trace({.name = "elsewhere"})};
  try {
    future.get();
    ADD_FAILURE() << "nothing was thrown";
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ(error.what(), "zip");
    EXPECT_EQ(context_of(error).trace_name(), "request");
  }
}

enum class Errc { kNoQuote = 1 };

TEST(Contextual, FitsWhereAnErrorFits) {
  namespace outcome = BOOST_OUTCOME_V2_NAMESPACE;
  using Quote = outcome::basic_result<double, Contextual<Errc>, outcome::policy::all_narrow>;
  const auto quote = [](bool known) -> Quote {
    const Scope scope{Context::new_trace({.name = "quote"})};
    if (known) return 150.25;
    return with_context(Errc::kNoQuote);
  };
  EXPECT_EQ(quote(true).value(), 150.25);
  const Quote none = quote(false);
  ASSERT_TRUE(none.has_error());
  EXPECT_EQ(none.error(), Errc::kNoQuote);
  EXPECT_EQ(context_of(none.error()).trace_name(), "quote");
}

}  // namespace
}  // namespace waybill
