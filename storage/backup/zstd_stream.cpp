#include "storage/backup/zstd_stream.h"

#include <zstd.h>

namespace postern::backup {

namespace {

constexpr int kLevel = 3;
constexpr std::size_t kPieceOctets = 64 * 1024;
constexpr int kWindowLogMax = 24;  // 16 MiB: what a stranger's frame may ask for

const Error kTorn(ErrorKind::invalid, "the zstd frame is torn");

}  // namespace

void ZstdWriter::Free::operator()(ZSTD_CCtx* context) const {
  ZSTD_freeCCtx(context);
}

void ZstdReader::Free::operator()(ZSTD_DCtx* context) const {
  ZSTD_freeDCtx(context);
}

ZstdWriter::ZstdWriter(std::unique_ptr<ShelfFile> file)
    : file_(std::move(file)), context_(ZSTD_createCCtx()), out_(ZSTD_CStreamOutSize(), '\0') {
  ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_compressionLevel, kLevel);
  ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_checksumFlag, 1);
}

Result<void> ZstdWriter::write(std::string_view octets) {
  return compress(octets, false);
}

Result<void> ZstdWriter::finish() {
  TRY_VOID(compress({}, true));
  return file_->finish();
}

Result<void> ZstdWriter::compress(std::string_view octets, bool end) {
  ZSTD_inBuffer in{octets.data(), octets.size(), 0};
  for (;;) {
    ZSTD_outBuffer out{out_.data(), out_.size(), 0};
    const std::size_t left =
        ZSTD_compressStream2(context_.get(), &out, &in, end ? ZSTD_e_end : ZSTD_e_continue);
    if (ZSTD_isError(left)) return Error(ErrorKind::internal, ZSTD_getErrorName(left));
    if (out.pos > 0) TRY_VOID(file_->write(std::string_view(out_.data(), out.pos)));
    const bool done = end ? left == 0 : in.pos == in.size;
    if (done) return {};
  }
}

ZstdReader::ZstdReader(std::unique_ptr<FileOctets> file)
    : file_(std::move(file)), context_(ZSTD_createDCtx()), out_(ZSTD_DStreamOutSize(), '\0') {
  ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, kWindowLogMax);
}

Result<std::string_view> ZstdReader::read() {
  for (;;) {
    if (in_taken_ == in_.size()) {
      TRY(in_, file_->read(at_, kPieceOctets));
      at_ += in_.size();
      in_taken_ = 0;
      if (in_.empty() && ended_) return std::string_view();
      if (in_.empty()) return kTorn;
    }
    if (ended_) return kTorn;
    ZSTD_inBuffer in{in_.data(), in_.size(), in_taken_};
    ZSTD_outBuffer out{out_.data(), out_.size(), 0};
    const std::size_t left = ZSTD_decompressStream(context_.get(), &out, &in);
    if (ZSTD_isError(left)) return kTorn;
    in_taken_ = in.pos;
    ended_ = left == 0;
    if (out.pos > 0) return std::string_view(out_.data(), out.pos);
  }
}

Result<std::optional<std::string_view>> ZstdReader::line() {
  for (;;) {
    const std::size_t end = lines_.find('\n', lines_taken_);
    if (end != std::string::npos) {
      const std::string_view found = std::string_view(lines_).substr(lines_taken_, end - lines_taken_);
      lines_taken_ = end + 1;
      return std::optional<std::string_view>(found);
    }
    lines_.erase(0, std::exchange(lines_taken_, 0));
    if (lines_.size() > kLineOctetsMax) return kTorn;
    TRY(const std::string_view more, read());
    if (more.empty() && !lines_.empty()) return kTorn;
    if (more.empty()) return std::optional<std::string_view>();
    lines_ += more;
  }
}

}  // namespace postern::backup
