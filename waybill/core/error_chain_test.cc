#include <stdexcept>
#include <string>
#include <typeinfo>
#include <vector>

#include <gtest/gtest.h>

#include <waybill/core/core.h>
#include <waybill/core/error.h>
#include <waybill/core/error_chain.h>

namespace waybill {
namespace {

// The first nests the second, and so on; the last one is thrown first.
std::exception_ptr nested(int depth) {
  try {
    if (depth > 1) {
      try {
        std::rethrow_exception(nested(depth - 1));
      } catch (...) {
        std::throw_with_nested(std::runtime_error("level " + std::to_string(depth)));
      }
    }
    throw std::out_of_range("the cause");
  } catch (...) {
    return std::current_exception();
  }
}

std::vector<std::string> shown(const ErrorChain& chain) {
  std::vector<std::string> all;
  for (const auto& link : chain.links()) {
    all.push_back(readable_type_name(link.type).append(": ").append(link.message));
  }
  return all;
}

TEST(ErrorChain, IsTheErrorAlone) {
  EXPECT_EQ(shown(ErrorChain(std::range_error("no"))),
            std::vector<std::string>{"std::range_error: no"});
  EXPECT_EQ(shown(ErrorChain(std::make_exception_ptr(std::range_error("no")))),
            std::vector<std::string>{"std::range_error: no"});
}

TEST(ErrorChain, GoesFromTheCaughtErrorToTheCause) {
  const std::vector<std::string> expected = {
      "std::runtime_error: level 3", "std::runtime_error: level 2", "std::out_of_range: the cause"};
  EXPECT_EQ(shown(ErrorChain(nested(3))), expected);
  try {
    std::rethrow_exception(nested(3));
  } catch (const std::exception& error) {
    EXPECT_EQ(shown(ErrorChain(error)), expected);
  }
}

TEST(ErrorChain, HasAnEnd) {
  const ErrorChain chain(nested(100));
  EXPECT_EQ(chain.links().size(), ErrorChain::kMostLinks);
  EXPECT_EQ(chain.links().front().message, "level 100");
}

TEST(ErrorChain, SaysWhatIsNoStdException) {
  EXPECT_EQ(shown(ErrorChain(std::make_exception_ptr(42))),
            std::vector<std::string>{"int: not a std::exception"});
  EXPECT_EQ(shown(ErrorChain(std::exception_ptr())),
            std::vector<std::string>{"none: no exception"});
  try {
    try {
      throw 42;
    } catch (...) {
      std::throw_with_nested(std::runtime_error("outer"));
    }
  } catch (const std::exception& error) {
    EXPECT_EQ(shown(ErrorChain(error)),
              (std::vector<std::string>{"std::runtime_error: outer", "int: not a std::exception"}));
  }
}

TEST(ErrorChain, KeepsWhatItRefersTo) {
  std::exception_ptr error = nested(2);
  const ErrorChain chain(error);
  const ErrorChain copy = chain;
  error = nullptr;
  EXPECT_EQ(chain.links().back().message, "the cause");
  EXPECT_EQ(copy.links().front().message, "level 2");
}

TEST(ErrorChain, KnowsWhereItBegan) {
  const Context context = Context::new_trace();
  const auto here = std::source_location::current();
  try {
    try {
      const Scope scope{context};
      throw Error("the cause");
    } catch (...) {
      std::throw_with_nested(Error("outer"));
    }
  } catch (const std::exception& error) {
    EXPECT_EQ(ErrorChain(error).raised_in(), context);
    EXPECT_EQ(ErrorChain(error).raised_at().line(), here.line() + 4);
  }
  EXPECT_EQ(ErrorChain(std::runtime_error("no")).raised_at().line(), 0u);
}

TEST(ReadableTypeName, LeavesWhatItCannotRead) {
  EXPECT_EQ(readable_type_name(typeid(std::runtime_error).name()), "std::runtime_error");
  EXPECT_EQ(readable_type_name("no such name"), "no such name");
}

}  // namespace
}  // namespace waybill
