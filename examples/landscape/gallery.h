// The web page that shows the pictures drawn so far.
#pragma once

#include <string>

#include <waybill/http/message.h>

namespace landscape {

// Newest first, at most a few dozen.
waybill::http::Response gallery_page(const std::string& folder);

// One picture's bytes, or 404.
waybill::http::Response picture(const std::string& folder, const std::string& name);

}  // namespace landscape
