// A reader of logfmt for tests, after the grammar that kr/logfmt documents.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace waybill::test {

class LogfmtReader {
 public:
  using Pairs = std::vector<std::pair<std::string, std::string>>;

  explicit LogfmtReader(std::string_view line) : rest_(line) {}

  // Throws for what the grammar only passes over: a writer has no use for it.
  Pairs read() {
    Pairs pairs;
    while (!rest_.empty()) {
      const std::string key = read_ident();
      if (key.empty() || !take('=')) throw std::runtime_error("no key at: " + std::string(rest_));
      pairs.emplace_back(key, !rest_.empty() && rest_[0] == '"' ? read_quoted() : read_ident());
      if (!rest_.empty() && !take(' '))
        throw std::runtime_error("no end at: " + std::string(rest_));
    }
    return pairs;
  }

 private:
  static bool is_ident_byte(char c) {
    return static_cast<unsigned char>(c) > ' ' && c != '=' && c != '"';
  }

  bool take(char c) {
    if (rest_.empty() || rest_[0] != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::string read_ident() {
    std::size_t size = 0;
    while (size < rest_.size() && is_ident_byte(rest_[size])) ++size;
    std::string ident(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return ident;
  }

  // Readers undo the escapes of JSON.
  std::string read_quoted() {
    std::size_t end = 1;
    while (end < rest_.size() && rest_[end] != '"') end += rest_[end] == '\\' ? 2 : 1;
    if (end >= rest_.size()) throw std::runtime_error("quotes are open");
    const auto text = nlohmann::json::parse(rest_.substr(0, end + 1)).get<std::string>();
    rest_.remove_prefix(end + 1);
    return text;
  }

  std::string_view rest_;
};

inline LogfmtReader::Pairs read_logfmt(std::string_view line) {
  return LogfmtReader(line).read();
}

}  // namespace waybill::test
