#include "storage/backup/pack.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <memory>

#include "gateway/base/text.h"

namespace postern::backup {

namespace {

constexpr std::size_t kBlock = 512;
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

Result<void> PackWriter::add(BlobId blob, std::string_view octets) {
  TRY_VOID(out_.write(header_of(std::to_string(raw(blob)) + ".eml", octets.size())));
  TRY_VOID(out_.write(octets));
  TRY_VOID(out_.write(std::string(padded(octets.size()) - octets.size(), '\0')));
  size_ += kBlock + padded(octets.size());
  return {};
}

Result<void> PackWriter::finish() {
  TRY_VOID(out_.write(std::string(2 * kBlock, '\0')));
  return out_.finish();
}

Result<Pack> Pack::read(std::unique_ptr<FileOctets> file) {
  Pack pack;
  ZstdReader in(std::move(file));
  for (;;) {
    TRY(const std::string_view piece, in.read());
    if (piece.empty()) break;
    if (pack.tar_.size() + piece.size() > kUnpackedMax)
      return Error(ErrorKind::too_large, "the pack is too large");
    pack.tar_ += piece;
  }
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

std::string sha256_hex(std::string_view octets) {
  std::string digest(32, '\0');
  EVP_Digest(octets.data(), octets.size(), reinterpret_cast<unsigned char*>(digest.data()), nullptr,
             EVP_sha256(), nullptr);
  return text::hex(digest);
}

}  // namespace postern::backup
