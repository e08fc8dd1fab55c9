#include "storage/backup/s3_listing.h"

#include <gtest/gtest.h>

namespace postern::backup {
namespace {

TEST(S3Listing, KeysPrefixesAndTheRest) {
  const auto listing = parse_s3_listing(
      "<?xml version=\"1.0\"?><ListBucketResult "
      "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>b</Name>"
      "<Prefix>p/</Prefix><IsTruncated>true</IsTruncated><NextContinuationToken>a&amp;b+/=</"
      "NextContinuationToken>"
      "<Contents><Key>p/one.json</Key><Size>3</Size></Contents><Contents><Key>p/&lt;two&gt;</Key></Contents>"
      "<CommonPrefixes><Prefix>p/evenings/</Prefix></CommonPrefixes></ListBucketResult>");
  ASSERT_TRUE(listing);
  EXPECT_EQ(listing->keys, (std::vector<std::string>{"p/one.json", "p/<two>"}));
  EXPECT_EQ(listing->prefixes, std::vector<std::string>{"p/evenings/"});
  EXPECT_EQ(listing->continuation, "a&b+/=");
}

TEST(S3Listing, WhatIsNoneIsRefused) {
  for (const char* text : {"", "<html>", "<ListBucketResult><Contents><Key>a</Key>",
                           "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>"})
    EXPECT_FALSE(parse_s3_listing(text)) << text;
  EXPECT_TRUE(parse_s3_listing("<ListBucketResult></ListBucketResult>"));
}

TEST(S3Listing, ErrorsHaveACode) {
  EXPECT_EQ(s3_error_code("<?xml?><Error><Code>NoSuchBucket</Code><Message>no</Message></Error>"),
            "NoSuchBucket");
  EXPECT_EQ(s3_error_code("<Code>x</Code>"), "");
  EXPECT_EQ(s3_error_code(""), "");
}

TEST(S3Listing, QueriesAreEncoded) {
  EXPECT_EQ(percent_encoded("p/a b~c_d-e.f+="), "p%2Fa%20b~c_d-e.f%2B%3D");
}

}  // namespace
}  // namespace postern::backup
