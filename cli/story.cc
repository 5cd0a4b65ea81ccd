#include <algorithm>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include <cli/story.h>
#include <cli/text.h>

namespace waybill::cli {

namespace {

constexpr std::size_t kNoHop = static_cast<std::size_t>(-1);
// Of a record's fields, so many are looked at when common ones are sought.
constexpr std::size_t kMostCommonFields = 64;

bool has_equal(const Record& record, const RecordField& field) noexcept {
  const RecordField* found = record.find(field.key);
  return found != nullptr && found->text == field.text && found->kind == field.kind;
}

// Fields that are equal in all records seen so far.
class CommonFields {
 public:
  void add(const Record& record) {
    if (seen_++ == 0) {
      const std::size_t count = std::min(record.fields.size(), kMostCommonFields);
      fields_.assign(record.fields.begin(), record.fields.begin() + count);
    } else {
      std::erase_if(fields_, [&](const RecordField& field) { return !has_equal(record, field); });
    }
  }

  // Of a single record, every field would be common; that says nothing.
  std::vector<RecordField> take() && {
    return seen_ > 1 ? std::move(fields_) : std::vector<RecordField>();
  }

 private:
  std::vector<RecordField> fields_;
  std::size_t seen_ = 0;
};

class Teller {
 public:
  explicit Teller(std::vector<Record> records) { story_.records = std::move(records); }

  Story tell() && {
    date_the_undated();
    std::ranges::stable_sort(story_.records, {}, &Record::order_time);
    sum_up();
    make_hops();
    find_parents();
    cut_cycles();
    hang_up();
    return std::move(story_);
  }

 private:
  void date_the_undated();
  void sum_up();
  void make_hops();
  std::size_t hop_of(const Record& record);
  void find_parents();
  void cut_cycles();
  void cut_cycle_through(std::size_t hop);
  void hang_up();
  void sort_items(std::vector<StoryItem>& items) const;

  Story story_;
  std::unordered_map<std::string, std::size_t> hop_by_span_;
  std::vector<std::size_t> hop_of_record_;
  std::vector<std::size_t> parent_of_hop_;
};

// Records that nothing dates count as of the trace's beginning.
void Teller::date_the_undated() {
  Nanoseconds earliest = Record::kNoTime;
  for (const Record& record : story_.records) {
    if (record.order_time == Record::kNoTime) continue;
    const bool is_first = earliest == Record::kNoTime;
    earliest = is_first ? record.order_time : std::min(earliest, record.order_time);
  }
  story_.has_times = earliest != Record::kNoTime;
  for (Record& record : story_.records) {
    if (record.order_time == Record::kNoTime) record.order_time = story_.has_times ? earliest : 0;
  }
}

void Teller::sum_up() {
  story_.start = story_.records.front().order_time;
  story_.end = story_.records.back().order_time;
  std::unordered_set<std::string_view> services;
  CommonFields common;
  for (const Record& record : story_.records) {
    services.insert(record.service);
    common.add(record);
    story_.warnings += record.severity == Severity::kWarn;
    story_.errors += record.severity >= Severity::kError;
  }
  story_.services = services.size();
  story_.common = std::move(common).take();
}

// A hop's index; the hop is new where its span was not seen before.
std::size_t Teller::hop_of(const Record& record) {
  if (record.span_id.empty()) return kNoHop;
  const auto [place, is_new] =
      hop_by_span_.try_emplace(lowercase(record.span_id), story_.hops.size());
  if (is_new) {
    Hop hop;
    hop.span_id = record.span_id;
    hop.service = record.service;
    hop.logger = record.logger;
    hop.start = record.order_time;
    story_.hops.push_back(std::move(hop));
  }
  return place->second;
}

void Teller::make_hops() {
  std::vector<CommonFields> common;
  for (std::size_t i = 0; i < story_.records.size(); ++i) {
    const Record& record = story_.records[i];
    const std::size_t index = hop_of(record);
    hop_of_record_.push_back(index);
    if (index == kNoHop) continue;
    common.resize(story_.hops.size());
    common[index].add(record);
    Hop& hop = story_.hops[index];
    if (hop.parent_span_id.empty()) hop.parent_span_id = record.parent_span_id;
    hop.end = record.order_time;
    hop.errors += record.severity >= Severity::kError;
    ++hop.records;
    hop.items.push_back({StoryItem::Kind::kRecord, i});
  }
  for (std::size_t i = 0; i < story_.hops.size(); ++i) {
    std::vector<RecordField> fields = std::move(common[i]).take();
    std::erase_if(fields, [&](const RecordField& field) {
      return std::ranges::any_of(story_.common,
                                 [&](const RecordField& known) { return known.key == field.key; });
    });
    story_.hops[i].common = std::move(fields);
  }
}

void Teller::find_parents() {
  parent_of_hop_.assign(story_.hops.size(), kNoHop);
  for (std::size_t i = 0; i < story_.hops.size(); ++i) {
    Hop& hop = story_.hops[i];
    if (hop.parent_span_id.empty()) continue;
    const auto found = hop_by_span_.find(lowercase(hop.parent_span_id));
    hop.parent = found != hop_by_span_.end() ? Hop::Parent::kKnown : Hop::Parent::kMissing;
    if (found != hop_by_span_.end()) parent_of_hop_[i] = found->second;
  }
}

// Follows parents upwards from every hop, each hop once. Coming back to a hop of the same walk
// means a cycle.
void Teller::cut_cycles() {
  std::vector<std::size_t> walk_of(story_.hops.size(), kNoHop);
  for (std::size_t start = 0; start < story_.hops.size(); ++start) {
    std::size_t at = start;
    while (at != kNoHop && walk_of[at] == kNoHop) {
      walk_of[at] = start;
      at = parent_of_hop_[at];
    }
    if (at != kNoHop && walk_of[at] == start) cut_cycle_through(at);
  }
}

// Cuts above the hop that began first.
void Teller::cut_cycle_through(std::size_t hop) {
  std::size_t first = hop;
  for (std::size_t at = parent_of_hop_[hop]; at != hop; at = parent_of_hop_[at]) {
    if (story_.hops[at].start < story_.hops[first].start) first = at;
  }
  story_.hops[first].parent = Hop::Parent::kCycle;
  parent_of_hop_[first] = kNoHop;
}

void Teller::hang_up() {
  std::size_t root = kNoHop;
  std::size_t roots = 0;
  for (std::size_t i = 0; i < story_.hops.size(); ++i) {
    if (story_.hops[i].parent == Hop::Parent::kNone) root = roots++ == 0 ? i : root;
  }
  std::vector<StoryItem>& strays = roots == 1 ? story_.hops[root].items : story_.top;
  if (roots == 1) story_.top.push_back({StoryItem::Kind::kHop, root});
  for (std::size_t i = 0; i < story_.records.size(); ++i) {
    if (hop_of_record_[i] == kNoHop) strays.push_back({StoryItem::Kind::kRecord, i});
  }
  for (std::size_t i = 0; i < story_.hops.size(); ++i) {
    const std::size_t parent = parent_of_hop_[i];
    if (roots == 1 && i == root) continue;
    (parent != kNoHop ? story_.hops[parent].items : strays).push_back({StoryItem::Kind::kHop, i});
  }
  sort_items(story_.top);
  for (Hop& hop : story_.hops) sort_items(hop.items);
}

// By time; at the same time a record, which may be the cause, comes before a hop.
void Teller::sort_items(std::vector<StoryItem>& items) const {
  std::ranges::stable_sort(items, {}, [this](const StoryItem& item) {
    const bool is_hop = item.kind == StoryItem::Kind::kHop;
    return std::pair(is_hop ? story_.hops[item.index].start : story_.records[item.index].order_time,
                     is_hop ? 1 : 0);
  });
}

}  // namespace

Story tell_story(std::vector<Record> records) {
  return Teller(std::move(records)).tell();
}

}  // namespace waybill::cli
