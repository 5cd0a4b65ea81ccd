// The member that says how severe a record is: one for each level, ready to be copied.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include <waybill/log/internal/json_writer.h>
#include <waybill/log/level.h>

namespace waybill::internal {

class LevelMembers {
 public:
  // `name` gives a level's name in the format.
  LevelMembers(const JsonKey& key, std::string_view (*name)(Level)) {
    for (std::size_t i = 0; i < members_.size(); ++i) {
      members_[i] = json_member(key, name(static_cast<Level>(i)));
    }
  }

  const Literal& operator[](Level level) const noexcept {
    return members_[static_cast<std::size_t>(level)];
  }

 private:
  std::array<Literal, static_cast<std::size_t>(Level::kOff) + 1> members_;
};

}  // namespace waybill::internal
