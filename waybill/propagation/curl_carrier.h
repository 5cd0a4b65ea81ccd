// CurlCarrier: the headers of a request that libcurl sends (CURLOPT_HTTPHEADER), as a carrier.
//
//   curl_slist* headers = curl_slist_append(nullptr, "Content-Type: application/json");
//   CurlCarrier carrier(headers);
//   inject(Context::current(), carrier);               // `headers` may be another list now
//   curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
//
// Refers to the pointer to the list, and changes it; whoever owns the list frees it, as ever.
// Header only: whoever includes this links libcurl, the library itself does not.
#pragma once

#include <new>
#include <optional>
#include <string>
#include <string_view>

#include <curl/curl.h>

#include <waybill/propagation/carrier.h>

namespace waybill {

class CurlCarrier final : public Carrier {
 public:
  explicit CurlCarrier(curl_slist*& list) noexcept : list_(&list) {}

  std::optional<std::string_view> get(std::string_view key) const override {
    for (const curl_slist* entry = *list_; entry != nullptr; entry = entry->next) {
      const Header header = parse(entry->data);
      if (header.is_sent && equal_ignoring_case(header.name, key)) return header.value;
    }
    return std::nullopt;
  }

  std::string get_joined(std::string_view key) const override {
    std::string joined;
    bool any = false;
    for (const curl_slist* entry = *list_; entry != nullptr; entry = entry->next) {
      const Header header = parse(entry->data);
      if (!header.is_sent || !equal_ignoring_case(header.name, key)) continue;
      if (any) joined += ',';
      joined += header.value;
      any = true;
    }
    return joined;
  }

  bool offer_all(HeaderLookup& lookup) const override {
    for (const curl_slist* entry = *list_; entry != nullptr; entry = entry->next) {
      const Header header = parse(entry->data);
      if (header.is_sent) lookup.offer(header.name, header.value);
    }
    return true;
  }

  // Throws std::bad_alloc, with the list as it was, when libcurl has no memory.
  void set(std::string_view key, std::string_view value) override {
    std::string text(key);
    // "Name;" is how libcurl is told to send a header without a value.
    text += value.empty() ? ";" : ": ";
    text += value;
    rebuild(key, text.c_str());
  }

  void remove(std::string_view key) override {
    if (get(key)) rebuild(key, nullptr);
  }

 private:
  struct Header {
    std::string_view name;
    std::string_view value;
    bool is_sent;  // "Name:" tells libcurl to leave a header of its own out
  };

  static Header parse(const char* data) noexcept {
    const std::string_view text(data);
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) {
      const bool empty_value = text.ends_with(';');
      return {text.substr(0, text.size() - (empty_value ? 1 : 0)), {}, empty_value};
    }
    std::string_view value = text.substr(colon + 1);
    while (value.starts_with(' ') || value.starts_with('\t')) value.remove_prefix(1);
    while (value.ends_with(' ') || value.ends_with('\t')) value.remove_suffix(1);
    return {text.substr(0, colon), value, !value.empty()};
  }

  // The list without the headers of this name, and with `added` at its end.
  void rebuild(std::string_view key, const char* added) {
    curl_slist* fresh = nullptr;
    const auto append = [&fresh](const char* text) {
      curl_slist* longer = curl_slist_append(fresh, text);
      if (longer == nullptr) {
        curl_slist_free_all(fresh);
        throw std::bad_alloc();
      }
      fresh = longer;
    };
    for (const curl_slist* entry = *list_; entry != nullptr; entry = entry->next) {
      if (!equal_ignoring_case(parse(entry->data).name, key)) append(entry->data);
    }
    if (added != nullptr) append(added);
    curl_slist_free_all(*list_);
    *list_ = fresh;
  }

  curl_slist** list_;
};

}  // namespace waybill
