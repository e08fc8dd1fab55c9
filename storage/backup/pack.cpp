#include "storage/backup/pack.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <zstd.h>

#include <memory>

#include "gateway/base/text.h"

namespace postern::backup {

namespace {

constexpr std::size_t kBlock = 512;
constexpr int kLevel = 3;
const Error kTorn(ErrorKind::invalid, "the pack is torn");

std::size_t padded(std::size_t size) {
  return (size + kBlock - 1) / kBlock * kBlock;
}

// POSIX.1-1988 §10.1.1. Sizes beyond 8 GiB are no messages.
std::string header_of(const std::string& name, std::size_t size) {
  std::string header(kBlock, '\0');
  const auto put = [&header](std::size_t at, std::string_view text) {
    header.replace(at, text.size(), text);
  };
  put(0, name);
  put(100, "0000600");
  put(108, "0000000");
  put(116, "0000000");
  put(124, fmt::format("{:011o}", size));
  put(136, "00000000000");
  put(148, "        ");
  put(156, "0");
  put(257, std::string_view("ustar\00000", 8));
  unsigned sum = 0;
  for (const char c : header) sum += static_cast<unsigned char>(c);
  put(148, fmt::format("{:06o}", sum));
  header[154] = '\0';
  return header;
}

std::optional<std::uint64_t> octal(std::string_view field) {
  std::uint64_t value = 0;
  bool any = false;
  for (const char c : field) {
    if (c == ' ' || c == '\0') break;
    if (c < '0' || c > '7') return std::nullopt;
    value = value * 8 + static_cast<std::uint64_t>(c - '0');
    any = true;
  }
  if (!any) return std::nullopt;
  return value;
}

}  // namespace

void PackWriter::add(BlobId blob, std::string_view octets) {
  tar_ += header_of(std::to_string(raw(blob)) + ".eml", octets.size());
  tar_ += octets;
  tar_.resize(padded(tar_.size()));
}

Result<std::string> PackWriter::finish() {
  tar_.append(2 * kBlock, '\0');
  const std::string tar = std::exchange(tar_, std::string());
  return compress(tar);
}

Result<Pack> Pack::read(std::string_view file) {
  Pack pack;
  TRY(pack.tar_, decompress(file, kUnpackedMax));
  const std::string_view tar = pack.tar_;
  for (std::size_t at = 0; at + kBlock <= tar.size();) {
    const std::string_view header = tar.substr(at, kBlock);
    if (header.find_first_not_of('\0') == std::string_view::npos) return pack;
    const auto size = octal(header.substr(124, 12));
    const std::string_view name = header.substr(0, header.find('\0'));
    if (!size || !name.ends_with(".eml") || *size > tar.size() - at - kBlock) return kTorn;
    const auto blob = text::number(name.substr(0, name.size() - 4), INT64_MAX);
    if (!blob) return kTorn;
    pack.members_[BlobId(static_cast<std::int64_t>(*blob))] =
        tar.substr(at + kBlock, static_cast<std::size_t>(*size));
    at += kBlock + padded(static_cast<std::size_t>(*size));
  }
  return kTorn;
}

const std::string_view* Pack::find(BlobId blob) const {
  const auto found = members_.find(blob);
  return found == members_.end() ? nullptr : &found->second;
}

Result<std::string> compress(std::string_view octets) {
  const std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context(ZSTD_createCCtx(), ZSTD_freeCCtx);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, kLevel);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
  std::string frame(ZSTD_compressBound(octets.size()), '\0');
  const std::size_t size =
      ZSTD_compress2(context.get(), frame.data(), frame.size(), octets.data(), octets.size());
  if (ZSTD_isError(size)) return Error(ErrorKind::internal, ZSTD_getErrorName(size));
  frame.resize(size);
  return frame;
}

Result<std::string> decompress(std::string_view frame, std::uint64_t octets_max) {
  const unsigned long long size = ZSTD_getFrameContentSize(frame.data(), frame.size());
  const bool said = size != ZSTD_CONTENTSIZE_ERROR && size != ZSTD_CONTENTSIZE_UNKNOWN && size <= octets_max;
  if (!said) return Error(ErrorKind::invalid, "no zstd frame, or too large");
  std::string octets(static_cast<std::size_t>(size), '\0');
  const std::size_t got = ZSTD_decompress(octets.data(), octets.size(), frame.data(), frame.size());
  if (ZSTD_isError(got) || got != octets.size()) return Error(ErrorKind::invalid, "the zstd frame is torn");
  return octets;
}

std::string sha256_hex(std::string_view octets) {
  std::string digest(32, '\0');
  EVP_Digest(octets.data(), octets.size(), reinterpret_cast<unsigned char*>(digest.data()), nullptr,
             EVP_sha256(), nullptr);
  return text::hex(digest);
}

}  // namespace postern::backup
