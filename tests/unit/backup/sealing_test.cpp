#include "storage/backup/sealing.h"

#include <gtest/gtest.h>

#include "storage/backup/sealed_shelf.h"
#include "tests/unit/backup/memory_shelf.h"

namespace postern::backup::tests {
namespace {

SealingKey key(char octet) {
  return SealingKey(Secret(std::string(32, octet)));
}

class Sealed : public testing::Test {
 protected:
  std::string& put(const std::string& octets, std::size_t piece = 1000) {
    auto file = *shelf_.create("name", Replaces::yes);
    for (std::size_t at = 0; at < octets.size(); at += piece)
      EXPECT_TRUE(file->write(std::string_view(octets).substr(at, piece)));
    EXPECT_TRUE(file->finish());
    return under_->files.at("name");
  }
  Result<std::string> get(const std::string& name = "name") { return read_whole(shelf_, name, 1 << 30); }

  std::shared_ptr<MemoryShelf> under_ = std::make_shared<MemoryShelf>();
  SealedShelf shelf_{under_, key('k')};
};

std::string text_of(std::size_t size) {
  std::string text(size, ' ');
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>(i * 31 + i / 251);
  return text;
}

TEST_F(Sealed, ComesBackWhateverItsSize) {
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, kSealedChunkOctets - 1, kSealedChunkOctets,
                                 kSealedChunkOctets + 1, 3 * kSealedChunkOctets, 200'000UL}) {
    const std::string text = text_of(size);
    const std::string& sealed = put(text, 77'777);
    EXPECT_EQ(*unsealed_size(sealed.size()), size);
    ASSERT_TRUE(get()) << size;
    EXPECT_EQ(*get(), text);
    const bool shows = size >= 40 && sealed.find(text.substr(0, 40)) != std::string::npos;
    EXPECT_FALSE(shows) << size;
  }
}

TEST_F(Sealed, IsReadFromAnywhere) {
  const std::string text = text_of(200'000);
  put(text);
  const auto file = *shelf_.open("name");
  for (const std::size_t at : {0UL, 65'535UL, 65'536UL, 131'070UL, 199'999UL})
    EXPECT_EQ(*file->read(at, 10), text.substr(at, 10)) << at;
  EXPECT_EQ(*file->read(200'000, 10), "");
  EXPECT_EQ(*file->read(900'000, 10), "");
}

TEST_F(Sealed, EveryChangedOctetIsFound) {
  const std::string whole = put("a few words");
  for (std::size_t at = 0; at < whole.size(); ++at) {
    under_->files["name"] = whole;
    under_->files["name"][at] ^= 1;
    EXPECT_FALSE(get()) << at;
  }
}

TEST_F(Sealed, CutsAndExchangesAreFound) {
  const std::string whole = put(text_of(3 * kSealedChunkOctets));
  constexpr std::size_t kChunk = kSealedChunkOctets + kSealTagOctets;
  for (const std::size_t size :
       {0UL, 10UL, kSealHeaderOctets, kSealHeaderOctets + 5, kSealHeaderOctets + kChunk,
        kSealHeaderOctets + 2 * kChunk, whole.size() - 1}) {
    under_->files["name"] = whole.substr(0, size);
    EXPECT_FALSE(get()) << size;
  }
  std::string exchanged = whole;
  exchanged.replace(kSealHeaderOctets, kChunk, whole, kSealHeaderOctets + kChunk, kChunk);
  under_->files["name"] = exchanged;
  EXPECT_FALSE(get());
  under_->files["name"] = whole + whole.substr(kSealHeaderOctets);
  EXPECT_FALSE(get());
  under_->files["other name"] = whole;
  EXPECT_FALSE(get("other name"));
}

TEST_F(Sealed, AnotherKeyIsToldAsSuch) {
  put("words");
  SealedShelf other(under_, key('o'));
  const auto read = other.open("name");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().kind, ErrorKind::denied);
  EXPECT_NE(read.error().detail.find(key('k').id()), std::string::npos);
  under_->files["name"] = "never sealed at all, and long enough for a header of some octets";
  EXPECT_EQ(shelf_.open("name").error().kind, ErrorKind::invalid);
}

TEST_F(Sealed, TwoFilesNeverLookAlike) {
  const std::string once = put("words");
  EXPECT_NE(once, put("words"));
}

// docs/backup.md shows how to open one with Python: this is what it is tested with, too.
TEST(SealingKeys, HaveIdsThatStay) {
  EXPECT_EQ(key('k').id().size(), 16u);
  EXPECT_NE(key('k').id(), key('l').id());
  EXPECT_EQ(key('k').id(), SealingKey(Secret(std::string(32, 'k'))).id());
}

}  // namespace
}  // namespace postern::backup::tests
