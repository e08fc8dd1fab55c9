#include "storage/postgres/ledger_codec.h"

namespace postern::postgres {

namespace {

constexpr char kVersion = 1;
constexpr std::size_t kNumberOctets = 8;

void put(std::string& out, std::uint64_t number) {
  for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(number >> shift);
}
void put(std::string& out, std::string_view text) {
  put(out, static_cast<std::uint64_t>(text.size()));
  out += text;
}

// Remembers that something was missing and then yields zeros.
class Source {
 public:
  explicit Source(std::string_view octets) : rest_(octets) {
    ok_ = !rest_.empty() && rest_.front() == kVersion;
    if (ok_) rest_.remove_prefix(1);
  }

  std::uint64_t number() {
    std::uint64_t value = 0;
    for (const char c : take(kNumberOctets)) value = value << 8 | static_cast<unsigned char>(c);
    return value;
  }
  std::string text() { return std::string(take(number())); }
  bool ok() const { return ok_; }
  bool ended() const { return ok_ && rest_.empty(); }

 private:
  std::string_view take(std::uint64_t octets) {
    ok_ = ok_ && octets <= rest_.size();
    if (!ok_) return {};
    const std::string_view taken = rest_.substr(0, octets);
    rest_.remove_prefix(octets);
    return taken;
  }

  std::string_view rest_;
  bool ok_;
};

Error damaged() {
  return Error(ErrorKind::internal, "damaged ledger");
}

}  // namespace

std::string encode_generation(const SyncGeneration& generation) {
  std::string out(1, kVersion);
  put(out, generation.key);
  put(out, raw(generation.modseq));
  put(out, generation.told.ranges().size());
  for (const UidRange& range : generation.told.ranges()) {
    put(out, raw(range.first));
    put(out, raw(range.last));
  }
  put(out, generation.added.size());
  for (const auto& [client_id, server_id] : generation.added) {
    put(out, client_id);
    put(out, server_id);
  }
  put(out, generation.options);
  return out;
}

std::string encode_generation(const FolderGeneration& generation) {
  std::string out(1, kVersion);
  put(out, generation.key);
  put(out, generation.folders.size());
  for (const KnownFolder& folder : generation.folders) {
    put(out, static_cast<std::uint64_t>(raw(folder.id)));
    put(out, static_cast<std::uint64_t>(raw(folder.parent)));
    put(out, folder.name);
  }
  return out;
}

Result<SyncGeneration> decode_sync_generation(std::string_view octets) {
  Source in(octets);
  SyncGeneration generation;
  generation.key = static_cast<std::uint32_t>(in.number());
  generation.modseq = ModSeq{in.number()};
  for (std::uint64_t left = in.number(); in.ok() && left > 0; --left) {
    const Uid first{static_cast<std::uint32_t>(in.number())};
    const Uid last{static_cast<std::uint32_t>(in.number())};
    if (first > last) return damaged();
    if (in.ok()) generation.told.add(first, last);
  }
  for (std::uint64_t left = in.number(); in.ok() && left > 0; --left) {
    std::string client_id = in.text();
    std::string server_id = in.text();
    generation.added.emplace_back(std::move(client_id), std::move(server_id));
  }
  generation.options = in.text();
  if (!in.ended()) return damaged();
  return generation;
}

Result<FolderGeneration> decode_folder_generation(std::string_view octets) {
  Source in(octets);
  FolderGeneration generation;
  generation.key = static_cast<std::uint32_t>(in.number());
  for (std::uint64_t left = in.number(); in.ok() && left > 0; --left) {
    KnownFolder folder;
    folder.id = CollectionId{static_cast<std::int64_t>(in.number())};
    folder.parent = CollectionId{static_cast<std::int64_t>(in.number())};
    folder.name = in.text();
    generation.folders.push_back(std::move(folder));
  }
  if (!in.ended()) return damaged();
  return generation;
}

}  // namespace postern::postgres
