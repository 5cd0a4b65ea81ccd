// The name of a picture's file: "98101-rgb_light-4bf92f35.png". The last part is the beginning of
// the trace id, so that one can go from a picture to its story.
#pragma once

#include <string>
#include <string_view>

#include <waybill/core/ids.h>

#include "scene.h"

namespace landscape {

inline std::string picture_name(std::string_view zip, Format format,
                                const waybill::TraceId& trace) {
  return std::string(zip) + "-" + std::string(name_of(format)) + "-" + trace.to_hex().substr(0, 8) +
         ".png";
}

// Whether this can be a picture's name: no path, nothing hidden.
inline bool is_picture_name(std::string_view name) {
  return name.ends_with(".png") && !name.starts_with('.') &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-.") ==
             std::string_view::npos;
}

}  // namespace landscape
