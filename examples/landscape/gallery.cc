#include "gallery.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include <fmt/format.h>

#include "picture_name.h"

namespace landscape {
namespace {

namespace fs = std::filesystem;
using waybill::http::Response;

constexpr std::size_t kMostPictures = 48;

constexpr std::string_view kPage = R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Landscapes</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
  body {{ font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 80rem; padding: 0 1rem;
          background: #f6f5f1; color: #23252a; }}
  form {{ margin-bottom: 2rem; }} input, button {{ font: inherit; padding: .4rem .7rem; }}
  main {{ display: grid; grid-template-columns: repeat(auto-fill, minmax(22rem, 1fr)); gap: 1.2rem; }}
  figure {{ margin: 0; background: #fff; border-radius: .5rem; overflow: hidden;
            box-shadow: 0 1px 4px #0003; }}
  img {{ display: block; width: 100%; }} figcaption {{ padding: .5rem .8rem; font-size: .85rem; }}
</style></head><body>
<h1>Landscapes</h1>
<form method="post" action="/admin/generate" onsubmit="fetch('/admin/generate?zip=' + this.zip.value,
  {{method: 'POST'}}).then(() => setTimeout(() => location.reload(), 3000)); return false">
  <label>ZIP code <input name="zip" value="98101" pattern="[0-9]{{5}}" required></label>
  <button>Draw</button></form>
<main>{}</main></body></html>
)";

struct File {
  std::string name;
  fs::file_time_type time;
};

std::vector<File> newest_pictures(const std::string& folder) {
  std::vector<File> files;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (is_picture_name(name)) files.push_back({name, entry.last_write_time(error)});
  }
  std::sort(files.begin(), files.end(),
            [](const File& a, const File& b) { return a.time > b.time; });
  if (files.size() > kMostPictures) files.resize(kMostPictures);
  return files;
}

}  // namespace

Response gallery_page(const std::string& folder) {
  std::string figures;
  for (const File& file : newest_pictures(folder)) {
    figures +=
        fmt::format(R"(<figure><a href="/pictures/{0}"><img src="/pictures/{0}" alt="{0}"></a>)"
                    R"(<figcaption>{0}</figcaption></figure>)",
                    file.name);
  }
  if (figures.empty()) figures = "<p>No pictures yet: enter a ZIP code.</p>";
  return Response::html(200, fmt::format(kPage, figures));
}

Response picture(const std::string& folder, const std::string& name) {
  if (!is_picture_name(name)) return Response::error(404, "no such picture");
  std::ifstream file(fs::path(folder) / name, std::ios::binary);
  if (!file) return Response::error(404, "no such picture");
  Response response{.status = 200, .headers = {{"Content-Type", "image/png"}}, .body = {}};
  response.body.assign(std::istreambuf_iterator<char>(file), {});
  return response;
}

}  // namespace landscape
