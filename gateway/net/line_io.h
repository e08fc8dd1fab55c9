// LineIo: bounded lines and counted octets on top of a ByteStream, and corked output. Every text protocol
// (POP3, LMTP, IMAP, SMTP) reads and writes through it.
//
// Input: buffers at most what was asked for plus one socket read. An idle LineIo holds no buffer.
// Output: put() collects; flush() sends. put() never blocks; a producer of much calls flush_if_full().
// Lines end in CRLF or, if lenient, in a bare LF; a bare CR and NUL are reported, never dropped.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "gateway/net/byte_stream.h"
#include "gateway/net/tls_context.h"

namespace postern {

class TlsStream;

struct Line {
  std::string text;       // without the line end
  bool too_long = false;  // beyond octets_max: text is cut and the rest of the line is still unread
  bool bare_lf = false;   // ended in LF without CR
  bool has_nul = false;
  bool has_bare_cr = false;  // CR that is not part of the line end
};

class LineIo {
 public:
  LineIo(Loop& loop, std::unique_ptr<ByteStream> stream);
  ~LineIo();

  // The next line, of at most octets_max octets before its end. Errors: closed at the end of the stream
  // (an unfinished last line is dropped), timed_out.
  Task<Result<Line>> read_line(std::size_t octets_max, Deadline deadline);
  // Between one and octets_max octets; the view lives until the next co_await. closed, timed_out.
  Task<Result<std::string_view>> read_some(std::size_t octets_max, Deadline deadline);
  // The tail of what read_some() just returned (no co_await in between) was not for its caller: read it
  // again.
  void give_back(std::string_view tail);
  // Octets that were received but not yet taken: false means flushing now serves a waiting client.
  bool has_buffered_input() const { return taken_ < input_.size(); }
  bool has_buffered_line() const { return input_.find('\n', taken_) != std::string::npos; }

  void put(std::string_view octets) { output_ += octets; }
  std::string& output() { return output_; }  // to append to
  Task<Result<void>> flush(Deadline deadline);
  Task<Result<void>> flush_if_full(Deadline deadline);  // beyond kOutputFull
  // Straight through, after what was put: for large views that need no copy.
  Task<Result<void>> write(std::string_view octets, Deadline deadline);

  // STARTTLS (RFC 3207 §4, RFC 9051 §6.2.1): every octet buffered before the handshake is dropped. The answer
  // that announces TLS must have been flushed. denied: there were such octets (injection; close now);
  // closed, timed_out: no handshake. Afterwards the LineIo speaks TLS. `alpn`: the door's protocol id.
  Task<Result<void>> start_tls(TlsContext& context, Deadline deadline, std::string alpn = {});

  // The client's side of the same: the server's answer to STARTTLS has been read. The certificate is held to
  // `server_name` if the context verifies. Errors as above.
  Task<Result<void>> start_tls_client(std::shared_ptr<SSL_CTX> context, std::string server_name,
                                      Deadline deadline);

  // From here on both directions are compressed (RFC 4978). What was put before must have been flushed; what
  // has been received beyond the command belongs to the compressed stream.
  void compress();

  // Orderly: flushes, shuts down, waits up to kLinger for the peer to do the same, closes. Errors are of no
  // interest. (Closing over unread input would send a reset, which may overtake our last answer.)
  Task<void> finish(Deadline deadline);
  void close();

  ByteStream& stream() { return *stream_; }
  const ByteStream& stream() const { return *stream_; }

  static constexpr std::size_t kOutputFull = 64 * 1024;
  static constexpr Milliseconds kLinger{1000};
  static constexpr std::size_t kLingerOctetsMax = 1024 * 1024;

 private:
  Task<Result<void>> fill(Deadline deadline);
  bool has_octets_in_clear();
  Task<Result<void>> speak_tls(std::unique_ptr<TlsStream> tls, Deadline deadline);
  Line take_line(std::size_t text_octets, std::size_t line_octets);
  void drop_input();

  Loop& loop_;
  std::unique_ptr<ByteStream> stream_;
  std::string input_;
  std::size_t taken_ =
      0;  // how much of input_ is used up: removing from the front per line would be quadratic
  std::string output_;
};

}  // namespace postern
