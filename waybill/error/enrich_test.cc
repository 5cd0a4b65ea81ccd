#include <filesystem>
#include <future>
#include <ios>
#include <new>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <typeinfo>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include <waybill/core/core.h>
#include <waybill/error/error.h>

namespace waybill {
namespace {

class AppError : public WithContext<std::runtime_error> {
  using WithContext::WithContext;
};
// Of a library that knows nothing of contexts.
class LibraryError : public std::runtime_error {
 public:
  explicit LibraryError(int status)
      : std::runtime_error("status " + std::to_string(status)), code(status) {}
  int code;
};
class SlicedError : public std::exception {
 public:
  const char* what() const noexcept override { return "more than std::exception says"; }
};

Context run() {
  return Context::new_trace({.name = "run-1"}).with({{"run_id", "run-1"}});
}

template <class E>
const E* as(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const E& caught) {
    return &caught;
  } catch (...) {
    return nullptr;
  }
}

template <class E>
void expect_stays(const E& thrown) {
  const Context context = run();
  const auto error = enrich(std::make_exception_ptr(thrown), context);
  ASSERT_NE(as<E>(error), nullptr) << typeid(E).name();
  EXPECT_STREQ(as<E>(error)->what(), thrown.what());
  EXPECT_EQ(context_of(error), context);
}

TEST(Enrich, StandardExceptionsAreCaughtAsBefore) {
  const auto code = std::make_error_code(std::errc::no_such_file_or_directory);
  expect_stays(std::runtime_error("a"));
  expect_stays(std::range_error("a"));
  expect_stays(std::overflow_error("a"));
  expect_stays(std::underflow_error("a"));
  expect_stays(std::system_error(code, "a"));
  expect_stays(std::ios_base::failure("a"));
  expect_stays(std::filesystem::filesystem_error("a", "/b", code));
  expect_stays(std::logic_error("a"));
  expect_stays(std::out_of_range("a"));
  expect_stays(std::invalid_argument("a"));
  expect_stays(std::length_error("a"));
  expect_stays(std::domain_error("a"));
  expect_stays(std::future_error(std::future_errc::broken_promise));
  expect_stays(std::bad_alloc());
  expect_stays(std::bad_array_new_length());
  expect_stays(std::bad_cast());
  expect_stays(std::bad_variant_access());
  expect_stays(std::bad_optional_access());
  expect_stays(std::exception());
}

TEST(Enrich, KeepsWhatAnExceptionCarries) {
  const auto code = std::make_error_code(std::errc::timed_out);
  const auto error = enrich(std::make_exception_ptr(std::system_error(code, "a")), run());
  EXPECT_EQ(as<std::system_error>(error)->code(), code);
}

TEST(Enrich, ClassesThatAreNamedAreCaughtAsBefore) {
  const auto error = enrich<LibraryError>(std::make_exception_ptr(LibraryError(404)), run());
  ASSERT_NE(as<LibraryError>(error), nullptr);
  EXPECT_EQ(as<LibraryError>(error)->code, 404);
  EXPECT_EQ(context_of(error).trace_name(), "run-1");

  struct Bare {
    int value;
  };
  const auto bare = enrich<Bare>(std::make_exception_ptr(Bare{7}), run());
  ASSERT_NE(as<Bare>(bare), nullptr);
  EXPECT_EQ(as<Bare>(bare)->value, 7);
  EXPECT_EQ(context_of(bare).trace_name(), "run-1");
}

TEST(Enrich, OthersAreCaughtAsTheirNearestStandardClassAndNestTheOriginal) {
  const auto error = enrich(std::make_exception_ptr(LibraryError(404)), run());
  ASSERT_NE(as<std::runtime_error>(error), nullptr);
  EXPECT_STREQ(as<std::runtime_error>(error)->what(), "status 404");
  EXPECT_EQ(as<LibraryError>(error), nullptr);
  try {
    std::rethrow_if_nested(*as<std::runtime_error>(error));
    ADD_FAILURE() << "nothing is nested";
  } catch (const LibraryError& original) {
    EXPECT_EQ(original.code, 404);
  }
}

TEST(Enrich, TheMessageSurvivesABaseThatHasNone) {
  const auto error = enrich(std::make_exception_ptr(SlicedError()), run());
  EXPECT_STREQ(as<std::exception>(error)->what(), "more than std::exception says");
}

TEST(Enrich, LeavesWhatIsNoStdExceptionAsItIs) {
  const auto number = std::make_exception_ptr(42);
  EXPECT_EQ(enrich(number, run()), number);
  EXPECT_EQ(enrich(nullptr, run()), nullptr);
}

TEST(Enrich, CompletesInPlaceWhatKnowsItsContext) {
  const Context raised = Context::new_trace({.name = "worker"}).with({{"run_id", "own"}});
  std::exception_ptr error;
  {
    const Scope scope{raised};
    error = std::make_exception_ptr(AppError("no"));
  }
  const Context around = run().with({{"strategy", "ma"}});
  EXPECT_EQ(enrich(error, around), error);
  EXPECT_EQ(context_of(error).trace_id(), raised.trace_id());
  EXPECT_EQ(context_of(error).span_id(), raised.span_id());
  EXPECT_EQ(context_of(error).fields().find("run_id")->value, FieldValue("own"));
  EXPECT_EQ(context_of(error).fields().find("strategy")->value, FieldValue("ma"));
}

TEST(Enrich, GivesAnErrorWithFieldsAloneTheTrace) {
  const Scope scope{Context().with({{"job_id", 1}})};
  const AppError error("no");
  enrich(error, run());
  EXPECT_EQ(error.raised_in().trace_name(), "run-1");
  EXPECT_EQ(error.raised_in().fields().find("job_id")->value, FieldValue(1));
  EXPECT_EQ(error.raised_in().fields().find("run_id")->value, FieldValue("run-1"));
}

TEST(Enrich, ReferencesToTheContextBeforeStayGood) {
  const Scope scope{Context().with({{"job_id", 1}})};
  const AppError error("no");
  const Context& before = error.raised_in();
  for (int i = 0; i < 100; ++i) {
    enrich(error, Context().with({{fmt::format("key-{}", i), i}}));
  }
  EXPECT_EQ(before.fields().size(), 1u);
  EXPECT_EQ(error.raised_in().fields().size(), 101u);
}

TEST(Enrich, DoesNothingTwice) {
  const Context context = run();
  const auto once = enrich(std::make_exception_ptr(std::runtime_error("a")), context);
  EXPECT_EQ(enrich(once, context), once);
  EXPECT_EQ(enrich(once, Context::new_trace({.name = "other"})), once);
  EXPECT_EQ(context_of(once), context);
}

TEST(Enrich, DoesNothingOutsideOfAnyContext) {
  const auto error = std::make_exception_ptr(std::runtime_error("a"));
  EXPECT_EQ(enrich(error), error);
}

TEST(Enrich, SeesTheContextOfNestedErrors) {
  std::exception_ptr error;
  const Context raised = run();
  try {
    try {
      const Scope scope{raised};
      throw AppError("inner");
    } catch (...) {
      std::throw_with_nested(std::runtime_error("outer"));
    }
  } catch (...) {
    error = std::current_exception();
  }
  EXPECT_EQ(enrich(error, raised), error);  // nothing to add
  const auto more = enrich(error, Context().with({{"venue", "XETR"}}));
  EXPECT_EQ(context_of(more).trace_id(), raised.trace_id());
  EXPECT_EQ(context_of(more).fields().find("venue")->value, FieldValue("XETR"));
}

TEST(Enrich, ErrorsOnTheWayToAnotherThreadKeepWhatTheyWereGiven) {
  std::promise<int> promise;
  Context raised;
  std::thread([&] {
    const Scope scope{run()};
    raised = capture();
    try {
      (void)std::vector<int>().at(1);
    } catch (...) {
      promise.set_exception(enrich(std::current_exception()));
    }
  }).join();
  const Scope here{Context::new_trace()};
  try {
    promise.get_future().get();
    ADD_FAILURE() << "nothing was thrown";
  } catch (const std::out_of_range& error) {
    EXPECT_EQ(context_of(error), raised);
  }
}

TEST(Enrich, OneErrorMayBeEnrichedFromManyThreads) {
  const auto error = std::make_exception_ptr(AppError("shared"));
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([error, i] {
      for (int j = 0; j < 50; ++j) {
        const Scope scope{Context().with({{fmt::format("key-{}-{}", i, j), j}})};
        EXPECT_EQ(enrich(error), error);
        EXPECT_FALSE(context_of(error).empty());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(context_of(error).fields().size(), 200u);
}

TEST(RethrowEnriched, ThrowsOnWithTheContext) {
  const Scope scope{run()};
  try {
    try {
      throw std::out_of_range("index 7");
    } catch (...) {
      rethrow_enriched();
    }
  } catch (const std::out_of_range& error) {
    EXPECT_STREQ(error.what(), "index 7");
    EXPECT_EQ(context_of(error), Context::current());
  }
  try {
    try {
      throw LibraryError(500);
    } catch (...) {
      rethrow_enriched<LibraryError>();
    }
  } catch (const LibraryError& error) {
    EXPECT_EQ(error.code, 500);
    EXPECT_EQ(context_of(error), Context::current());
  }
}

TEST(RethrowEnriched, AnErrorOfOnesOwnStaysTheSameObject) {
  const Scope scope{run()};
  const AppError* first = nullptr;
  try {
    try {
      const Scope outside{Context{}};
      throw AppError("no");
    } catch (const AppError& error) {
      first = &error;
      rethrow_enriched();
    }
  } catch (const AppError& error) {
    EXPECT_EQ(&error, first);
    EXPECT_EQ(error.raised_in(), Context::current());
  }
}

}  // namespace
}  // namespace waybill
