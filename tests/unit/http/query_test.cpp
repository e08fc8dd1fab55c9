#include "protocols/http/query.h"

#include <gtest/gtest.h>

#include "protocols/http/router.h"

namespace postern::http {
namespace {

TEST(Query, Values) {
  const std::string_view query = "Cmd=Sync&user=a%40b.c&x&empty=&Cmd=Other&plus=a+b%2B&bad=%4";
  EXPECT_EQ(query_value(query, "cmd"), "Sync");
  EXPECT_EQ(query_value(query, "User"), "a@b.c");
  EXPECT_EQ(query_value(query, "x"), "");
  EXPECT_EQ(query_value(query, "empty"), "");
  EXPECT_EQ(query_value(query, "plus"), "a b+");
  EXPECT_EQ(query_value(query, "bad"), std::nullopt);
  EXPECT_EQ(query_value(query, "none"), std::nullopt);
  EXPECT_EQ(query_value("", "x"), std::nullopt);
  for (const char* broken : {"%", "%4", "%zz", "a%", "%%41"}) EXPECT_FALSE(percent_decoded(broken)) << broken;
}

TEST(Router, ExactPathsBeforePlacesBelow) {
  Router router;
  for (const char* path : {"/a", "/a/*", "/a/b"}) {
    Route route{"GET", path, 0, {}};
    router.add(std::move(route));
  }
  EXPECT_EQ(router.find("GET", "/A")->path, "/a");
  EXPECT_EQ(router.find("HEAD", "/a/B")->path, "/a/b");
  EXPECT_EQ(router.find("GET", "/a/x/y")->path, "/a/*");
  EXPECT_EQ(router.find("GET", "/a/")->path, "/a/*");
  EXPECT_EQ(router.find("POST", "/a"), nullptr);
  EXPECT_EQ(router.find("GET", "/ab"), nullptr);
  EXPECT_TRUE(router.methods("/ab").empty());
  EXPECT_EQ(router.methods("/a/x"), (std::vector<std::string>{"GET", "HEAD", "OPTIONS"}));
}

}  // namespace
}  // namespace postern::http
