#include "protocols/imap/preview.h"

#include <gtest/gtest.h>

namespace postern::imap {
namespace {

mime::Part part(std::string type, std::string subtype) {
  mime::Part made;
  made.type = std::move(type);
  made.subtype = std::move(subtype);
  return made;
}

TEST(Preview, TakesPlainTextBeforeHtmlAndNoAttachment) {
  mime::Part attached = part("text", "plain");
  attached.disposition = "attachment";
  mime::Part alternative = part("multipart", "alternative");
  alternative.children = {part("text", "html"), part("text", "plain")};
  mime::Part mixed = part("multipart", "mixed");
  mixed.children = {attached, alternative};
  EXPECT_EQ(preview_part(mixed), &mixed.children[1].children[1]);
  mixed.children[1].children.pop_back();
  EXPECT_EQ(preview_part(mixed), &mixed.children[1].children[0]);
  EXPECT_EQ(preview_part(attached), nullptr);
  EXPECT_EQ(preview_part(part("image", "png")), nullptr);
}

TEST(Preview, OneLineOfWholeCharacters) {
  EXPECT_EQ(preview_of(" \r\n Soup\r\n\r\n at \t noon. \r\n"), "Soup at noon.");
  EXPECT_EQ(preview_of(""), "");
  std::string umlauts;
  for (int i = 0; i < 300; ++i) umlauts += "\xC3\xBC";
  EXPECT_EQ(preview_of(umlauts), umlauts.substr(0, 2 * kPreviewCharactersMax));
  EXPECT_EQ(preview_of(std::string(199, 'a') + " b"), std::string(199, 'a'));
  EXPECT_EQ(preview_of(std::string(198, 'a') + " b"), std::string(198, 'a') + " b");
}

}  // namespace
}  // namespace postern::imap
