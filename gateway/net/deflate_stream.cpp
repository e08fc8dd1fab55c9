#include "gateway/net/deflate_stream.h"

#include <zlib.h>

#include <algorithm>
#include <stdexcept>
#include <vector>

namespace postern {

namespace {

constexpr int kWindowBits = -15;  // raw
constexpr int kMemoryLevel = 8;
constexpr std::size_t kSliceOctets = 64 * 1024;

Bytef* octets_of(const char* data) {
  return reinterpret_cast<Bytef*>(const_cast<char*>(data));
}

// Blocks that end on an octet, refer to nothing before them and leave nothing behind.
std::string deflated(std::string_view octets) {
  z_stream stream{};
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kWindowBits, kMemoryLevel,
                   Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::runtime_error("deflate cannot begin");
  }
  std::string out(deflateBound(&stream, octets.size()) + 16, '\0');
  stream.next_in = octets_of(octets.data());
  stream.avail_in = static_cast<uInt>(octets.size());
  stream.next_out = octets_of(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int done = deflate(&stream, Z_FULL_FLUSH);
  const std::size_t size = out.size() - stream.avail_out;
  const bool whole = done == Z_OK && stream.avail_in == 0 && stream.avail_out > 0;
  deflateEnd(&stream);
  if (!whole) throw std::runtime_error("deflate needs more room than it said");
  out.resize(size);
  return out;
}

}  // namespace

class DeflateStream::Inflater {
 public:
  Inflater() {
    if (inflateInit2(&stream_, kWindowBits) != Z_OK) throw std::runtime_error("inflate cannot begin");
  }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  // Appends at most octets_max octets to `out`; tells how much of `in` it took. closed: no such stream, or
  // its end.
  Result<std::size_t> inflate_some(std::string_view in, std::string& out, std::size_t octets_max) {
    const std::size_t before = out.size();
    out.resize(before + octets_max);
    stream_.next_in = octets_of(in.data());
    stream_.avail_in = static_cast<uInt>(in.size());
    stream_.next_out = octets_of(out.data() + before);
    stream_.avail_out = static_cast<uInt>(octets_max);
    const int done = inflate(&stream_, Z_SYNC_FLUSH);
    out.resize(out.size() - stream_.avail_out);
    if (done != Z_OK && done != Z_BUF_ERROR) return Error(ErrorKind::closed, "not a deflate stream");
    return in.size() - stream_.avail_in;
  }

 private:
  z_stream stream_{};
};

DeflateStream::DeflateStream(std::unique_ptr<ByteStream> inner, std::string received)
    : inner_(std::move(inner)), inflater_(std::make_unique<Inflater>()), received_(std::move(received)) {}
DeflateStream::~DeflateStream() = default;

Task<Result<std::string_view>> DeflateStream::read(Deadline deadline) {
  std::string().swap(inflated_);
  while (true) {
    // Also without input: what did not fit the last time is still inside.
    const std::string_view rest = std::string_view(received_).substr(taken_);
    CO_TRY(const std::size_t taken, inflater_->inflate_some(rest, inflated_, kReadOctetsMax));
    taken_ += taken;
    if (!inflated_.empty()) co_return std::string_view(inflated_);
    std::string().swap(received_);
    std::string().swap(inflated_);
    taken_ = 0;
    CO_TRY(const std::string_view more, co_await inner_->read(deadline));
    if (more.empty()) co_return std::string_view();
    received_ = more;
  }
}

Task<Result<void>> DeflateStream::write(std::string_view octets, Deadline deadline) {
  while (!octets.empty()) {
    const std::string_view slice = octets.substr(0, kSliceOctets);
    octets.remove_prefix(slice.size());
    const std::string compressed = deflated(slice);
    CO_TRY_VOID(co_await inner_->write(compressed, deadline));
  }
  co_return Result<void>();
}

}  // namespace postern
