// The files of a repository, one kind after the other: text and back, and torn ones refused.
#include <gtest/gtest.h>
#include <zstd.h>

#include "storage/backup/blob_table.h"
#include "storage/backup/evening.h"
#include "storage/backup/manifest.h"
#include "storage/backup/pack.h"
#include "tests/unit/backup/memory_shelf.h"

namespace postern::backup::tests {
namespace {

std::string squeezed(const std::string& text) {
  MemoryShelf shelf;
  ZstdWriter writer(*shelf.create("x", Replaces::yes));
  EXPECT_TRUE(writer.write(text));
  EXPECT_TRUE(writer.finish());
  return shelf.files["x"];
}

Result<std::string> unsqueezed(const std::string& file) {
  ZstdReader reader(std::make_unique<mailfiles::TextOctets>(file));
  std::string text;
  for (;;) {
    TRY(const std::string_view piece, reader.read());
    if (piece.empty()) return text;
    text += piece;
  }
}

TEST(ZstdStreams, ComeBackAndTornOnesAreRefused) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "line " + std::to_string(i * 7919) + "\n";
  const std::string file = squeezed(text);
  EXPECT_LT(file.size(), text.size());
  EXPECT_EQ(*unsqueezed(file), text);
  EXPECT_EQ(*unsqueezed(squeezed("")), "");
  for (std::size_t size = 0; size < 200; ++size) EXPECT_FALSE(unsqueezed(file.substr(0, size))) << size;
  EXPECT_FALSE(unsqueezed(file.substr(0, file.size() - 1)));
  EXPECT_FALSE(unsqueezed(file + "x"));
  EXPECT_FALSE(unsqueezed(file + file));
  std::string damaged = file;
  damaged[damaged.size() / 2] ^= 1;
  EXPECT_FALSE(unsqueezed(damaged));
}

TEST(ZstdStreams, LinesAreBounded) {
  const std::string file = squeezed("one\n\nthree\n");
  ZstdReader reader(std::make_unique<mailfiles::TextOctets>(file));
  EXPECT_EQ(**reader.line(), "one");
  EXPECT_EQ(**reader.line(), "");
  EXPECT_EQ(**reader.line(), "three");
  EXPECT_FALSE(*reader.line());
  const std::string without_end = squeezed("one");
  ZstdReader cut(std::make_unique<mailfiles::TextOctets>(without_end));
  EXPECT_FALSE(cut.line());
  const std::string bomb = squeezed(std::string(3 * ZstdReader::kLineOctetsMax, 'x'));
  ZstdReader endless(std::make_unique<mailfiles::TextOctets>(bomb));
  EXPECT_FALSE(endless.line());
}

Result<Pack> pack_of(const std::string& file) {
  return Pack::read(std::make_unique<mailfiles::TextOctets>(file));
}

TEST(Packs, AreTarArchivesAndTornOnesAreRefused) {
  MemoryShelf shelf;
  PackWriter writer(*shelf.create("p", Replaces::no));
  EXPECT_EQ(writer.size(), 0u);
  ASSERT_TRUE(writer.add(BlobId(7), "one"));
  ASSERT_TRUE(writer.add(BlobId(8), ""));
  ASSERT_TRUE(writer.add(BlobId(9), std::string(512, 'x')));
  ASSERT_TRUE(writer.finish());
  const std::string file = shelf.files["p"];
  const auto pack = pack_of(file);
  ASSERT_TRUE(pack);
  EXPECT_EQ(pack->size(), 3u);
  EXPECT_EQ(*pack->find(BlobId(7)), "one");
  EXPECT_EQ(*pack->find(BlobId(8)), "");
  EXPECT_EQ(pack->find(BlobId(9))->size(), 512u);
  EXPECT_EQ(pack->find(BlobId(1)), nullptr);
  for (std::size_t size = 0; size < file.size(); ++size) EXPECT_FALSE(pack_of(file.substr(0, size))) << size;
  const std::string tar = *unsqueezed(file);
  EXPECT_EQ(tar.substr(257, 8), std::string("ustar\0"
                                            "00",
                                            8));
  EXPECT_FALSE(pack_of(squeezed(tar.substr(0, 600))));
  std::string lying = tar;
  lying.replace(124, 11, "77777777777");
  EXPECT_FALSE(pack_of(squeezed(lying)));
  std::string named = tar;
  named.replace(0, 12, "../../etc/pa");
  EXPECT_FALSE(pack_of(squeezed(named)));
}

Manifest some_head() {
  Manifest head;
  head.account = AccountId(3);
  head.address = "j\xC3\xBCrg@example.test";
  head.taken_at = WallTime(std::chrono::microseconds(1'736'157'600'123'456));
  SavedMailbox& mailbox = head.mailboxes.emplace_back();
  mailbox.id = MailboxId(5);
  mailbox.name = "Entw\xC3\xBCrfe";
  mailbox.special_use = SpecialUse::drafts;
  mailbox.uid_validity = UidValidity(9);
  return head;
}

SavedMessage some_message() {
  SavedMessage message;
  message.mailbox = MailboxId(5);
  message.uid = Uid(4);
  message.flags.set(SystemFlag::seen).add_keyword("$Work");
  message.internal_zone_minutes = -90;
  message.pack = "p";
  return message;
}

std::string manifest_file(int messages) {
  MemoryShelf shelf;
  ManifestWriter writer(*shelf.create("m", Replaces::yes));
  EXPECT_TRUE(writer.begin(some_head()));
  for (int i = 0; i < messages; ++i) EXPECT_TRUE(writer.add(some_message()));
  EXPECT_TRUE(writer.finish());
  return shelf.files["m"];
}

Result<int> count_in(const std::string& file) {
  TRY(const auto reader, ManifestReader::open(std::make_unique<mailfiles::TextOctets>(file)));
  for (int count = 0;; ++count) {
    TRY(const auto message, reader->next());
    if (!message) return count;
  }
}

TEST(Manifests, AreTextAndBack) {
  const std::string file = manifest_file(2);
  auto reader = *ManifestReader::open(std::make_unique<mailfiles::TextOctets>(file));
  EXPECT_EQ(reader->head().address, some_head().address);
  EXPECT_EQ(reader->head().taken_at, some_head().taken_at);
  ASSERT_EQ(reader->head().mailboxes.size(), 1u);
  EXPECT_EQ(reader->head().mailboxes[0].name, "Entw\xC3\xBCrfe");
  EXPECT_EQ(reader->head().mailboxes[0].special_use, SpecialUse::drafts);
  const auto message = *reader->next();
  ASSERT_TRUE(message);
  EXPECT_EQ(message->flags, some_message().flags);
  EXPECT_EQ(message->internal_zone_minutes, -90);
  EXPECT_TRUE(*reader->next());
  EXPECT_FALSE(*reader->next());
  EXPECT_FALSE(*reader->next());
}

TEST(Manifests, TornOnesAreRefused) {
  const std::string text = *unsqueezed(manifest_file(2));
  EXPECT_EQ(*count_in(squeezed(text)), 2);
  for (std::size_t size = 0; size < text.size(); ++size)
    EXPECT_FALSE(count_in(squeezed(text.substr(0, size)))) << size;
  const std::size_t line = text.find("{\"in\"");
  const std::size_t next = text.find('\n', line) + 1;
  EXPECT_FALSE(count_in(squeezed(text.substr(0, line) + text.substr(next)))) << "a message is missing";
  EXPECT_FALSE(count_in(squeezed(text + "{}\n")));
  EXPECT_FALSE(count_in(squeezed("{\"format\":\"postern-manifest-3\"}\n")));
  EXPECT_FALSE(count_in(squeezed("[]\n")));
}

TEST(Evenings, AreTextAndBack) {
  Evening evening;
  evening.date = "2025-01-31";
  evening.run = "2025-01-31-1a2b3c4d";
  evening.lineage.store = "6f9619ff";
  evening.lineage.life = 3;
  evening.missed = {"2025-01-30"};
  evening.failed = {"x"};
  EveningAccount& account = evening.accounts.emplace_back();
  account.account = AccountId(7);
  account.state = "abc";
  const auto again = evening_from(to_text(evening));
  ASSERT_TRUE(again);
  EXPECT_EQ(to_text(*again), to_text(evening));
  EXPECT_EQ(again->lineage, evening.lineage);
  EXPECT_FALSE(evening_from("{}"));
  EXPECT_FALSE(evening_from("nothing"));
  Begun begun;
  begun.run = evening.run;
  begun.lineage = evening.lineage;
  EXPECT_EQ(begun_from(to_text(begun))->run, evening.run);
  EXPECT_FALSE(begun_from("{\"format\":\"postern-evening-2\"}"));
}

TEST(Evenings, DatesBetween) {
  using Dates = std::vector<std::string>;
  EXPECT_EQ(dates_between("2025-02-27", "2025-03-02", 9), (Dates{"2025-02-28", "2025-03-01"}));
  EXPECT_EQ(dates_between("2024-12-30", "2025-01-01", 9), Dates{"2024-12-31"});
  EXPECT_EQ(dates_between("2025-01-01", "2025-01-02", 9), Dates{});
  EXPECT_EQ(dates_between("2025-01-02", "2025-01-01", 9), Dates{});
  EXPECT_EQ(dates_between("1970-01-01", "2025-01-01", 2), (Dates{"2024-12-30", "2024-12-31"}));
  EXPECT_TRUE(is_date("2025-01-31"));
  for (const char* none : {"", "2025-1-31", "2025-01-3a", "2025/01/31", "2025-01-31x"})
    EXPECT_FALSE(is_date(none));
}

TEST(BlobTables, FindWhatWasAddedInAnyOrder) {
  BlobTable table;
  const auto pack = [](std::int64_t n) { return "pack " + std::to_string(n % 7); };
  for (std::int64_t i = 0; i < 20'000; ++i) {
    const std::int64_t blob = i * 7919 % 20'011;
    table.add(BlobId(blob), pack(blob));
  }
  table.add(BlobId(5), "another");
  for (std::int64_t i = 0; i < 20'000; ++i) {
    const std::int64_t blob = i * 7919 % 20'011;
    ASSERT_NE(table.find(BlobId(blob)), nullptr) << blob;
    EXPECT_EQ(*table.find(BlobId(blob)), pack(blob));
  }
  EXPECT_EQ(table.find(BlobId(30'000)), nullptr);
}

}  // namespace
}  // namespace postern::backup::tests
