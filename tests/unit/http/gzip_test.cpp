#include "protocols/http/gzip.h"

#include <gtest/gtest.h>
#include <zlib.h>

namespace postern::http {
namespace {

RequestHead accepting(const std::string& codings) {
  RequestHead head;
  head.fields.add("Accept-Encoding", codings);
  return head;
}

TEST(Gzip, OnlyWhereItIsWantedAndGains) {
  const Response text(200, "text/xml; charset=utf-8", std::string(kGzipOctetsMin, 'a'));
  for (const char* codings :
       {"gzip", "GZIP", "x-gzip", "*", "br, gzip", "gzip;q=1", "gzip ; q=0.001", "*;q=0.1"}) {
    EXPECT_TRUE(wants_gzip(accepting(codings), text)) << codings;
  }
  for (const char* codings : {"", "br", "gzip;q=0", "gzip;q=0.000", "*, gzip;q=0", "*;q=0", "gzipx"}) {
    EXPECT_FALSE(wants_gzip(accepting(codings), text)) << codings;
  }
  EXPECT_FALSE(wants_gzip(RequestHead(), text));
  EXPECT_FALSE(
      wants_gzip(accepting("gzip"), Response(200, "text/xml", std::string(kGzipOctetsMin - 1, 'a'))));
  EXPECT_FALSE(wants_gzip(accepting("gzip"), Response(200, "image/png", std::string(kGzipOctetsMin, 'a'))));
  EXPECT_TRUE(wants_gzip(accepting("gzip"),
                         Response(200, "application/vnd.ms-sync.wbxml", std::string(kGzipOctetsMin, 'a'))));
  Response encoded = text;
  encoded.fields.set("Content-Encoding", "gzip");
  EXPECT_FALSE(wants_gzip(accepting("gzip"), encoded));
}

TEST(Gzip, UnzipsToWhatItWas) {
  for (const std::size_t octets : {0UL, 1UL, 100'000UL}) {
    std::string original;
    for (std::size_t i = 0; i < octets; ++i) original += static_cast<char>(i * i >> 3);
    const std::string zipped = gzip(original);
    z_stream stream{};
    ASSERT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
    std::string back(octets + 1, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(zipped.data()));
    stream.avail_in = static_cast<uInt>(zipped.size());
    stream.next_out = reinterpret_cast<Bytef*>(back.data());
    stream.avail_out = static_cast<uInt>(back.size());
    EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
    back.resize(stream.total_out);
    inflateEnd(&stream);
    EXPECT_EQ(back, original);
  }
}

}  // namespace
}  // namespace postern::http
