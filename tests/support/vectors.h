// Test vectors: tables of inputs and what they must give, gathered from standards and from the
// tests of other implementations. Each names its source.
//
// A vector that no source contradicts ("agreed") must hold. Of the others, each has an entry in the
// test's own list of choices: whether we do as the vector says, or otherwise. docs/propagation.md
// says why.
#pragma once

#include <fstream>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace waybill::test {

struct Vector {
  std::string id;
  std::string op;
  nlohmann::json in;
  nlohmann::json expect;
};

enum class Choice {
  kAsTheVector,
  kOtherwise,
};
using Choices = std::map<std::string, Choice, std::less<>>;

inline nlohmann::json load_json(const std::string& file) {
  std::ifstream in(std::string(WAYBILL_TEST_DATA) + "/" + file);
  if (!in) throw std::runtime_error("cannot read " + file);
  return nlohmann::json::parse(in);
}

inline std::string text_of(const nlohmann::json& object, const char* name) {
  return object.at(name).get<std::string>();
}

// [["name", "value"], ...]
inline std::vector<std::pair<std::string, std::string>> headers_of(const nlohmann::json& list) {
  std::vector<std::pair<std::string, std::string>> headers;
  for (const nlohmann::json& header : list) {
    headers.emplace_back(header.at(0).get<std::string>(), header.at(1).get<std::string>());
  }
  return headers;
}

// Calls `differs` with each vector of the file; it says in what our behaviour differs from what the
// vector expects, "" when in nothing. A vector that must hold and does not fails the test by its
// id, and so does one that is not agreed on and has no choice, or behaves unlike the choice. A
// choice for an agreed vector is for those that are wrong themselves.
template <class Differs>
void check_vectors(const std::string& file, const Choices& choices, Differs differs) {
  std::size_t used = 0;
  const nlohmann::json table = load_json(file);
  for (const nlohmann::json& entry : table.at("vectors")) {
    const Vector vector{text_of(entry, "id"), text_of(entry, "op"), entry.at("in"),
                        entry.at("expect")};
    const auto choice = choices.find(vector.id);
    used += choice != choices.end();
    const std::string difference = differs(vector);
    if (choice == choices.end() && !entry.at("agreed").get<bool>()) {
      ADD_FAILURE() << vector.id << ": sources disagree, and no choice has been made; in "
                    << vector.in << ", expected " << vector.expect << "; "
                    << (difference.empty() ? "holds" : difference);
    } else if (choice == choices.end() || choice->second == Choice::kAsTheVector) {
      EXPECT_EQ(difference, "") << vector.id << ": in " << vector.in << ", expected "
                                << vector.expect;
    } else {
      EXPECT_NE(difference, "") << vector.id << " holds, though the choice is otherwise";
    }
  }
  EXPECT_EQ(used, choices.size()) << "choices for vectors that " << file << " does not have";
  EXPECT_GT(table.at("vectors").size(), 20u);
}

// For `differs`: "name: got ..., " when the vector speaks of the name and means another value.
inline std::string difference_in(const nlohmann::json& expect, const char* name,
                                 const nlohmann::json& actual) {
  if (!expect.contains(name) || expect.at(name) == actual) return {};
  return std::string(name) + ": got " + actual.dump() + ", ";
}

}  // namespace waybill::test
