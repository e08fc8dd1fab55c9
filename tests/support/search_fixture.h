// Mail of every sort that search has to see through, criteria of every sort, and the same search with and
// without the text index.
#pragma once

#include <random>

#include "gateway/base/text.h"
#include "storage/postgres/search_indexing.h"
#include "storage/search.h"
#include "tests/support/message_fixture.h"

namespace postern::tests {

// Counts what is read; without the index, every answer comes from the messages themselves.
class CountingSource : public SearchSource {
 public:
  CountingSource(SearchSource& inner, bool with_index) : inner_(inner), with_index_(with_index) {}
  Task<Result<std::vector<IndexSlice>>> slices(MailboxKey mailbox, SliceKind kind,
                                               PageNumbers pages) override {
    if (!with_index_) pages.clear();
    return inner_.slices(mailbox, kind, std::move(pages));
  }
  Task<Result<std::vector<SliceOutline>>> outlines(MailboxKey mailbox, SliceKind kind, PageNumbers pages,
                                                   bool with_grams) override {
    if (!with_index_) pages.clear();
    return inner_.outlines(mailbox, kind, std::move(pages), with_grams);
  }
  Task<Result<std::vector<IndexSlice>>> slices_of(MailboxKey mailbox, SliceKind kind,
                                                  std::vector<SliceOutline> outlines) override {
    large_slices_read += outlines.size();
    return inner_.slices_of(mailbox, kind, std::move(outlines));
  }
  Task<Result<std::vector<MessageFacts>>> facts(MailboxKey mailbox, UidSet uids, FetchDepth depth) override {
    messages_read += uids.size();
    return inner_.facts(mailbox, std::move(uids), depth);
  }
  std::unique_ptr<MessageReader> open(AccountId account, const MessageFacts& message) override {
    return inner_.open(account, message);
  }
  Task<Result<std::vector<SmallMessage>>> small_messages(MailboxKey mailbox, UidSet uids) override {
    return inner_.small_messages(mailbox, std::move(uids));
  }

  std::uint64_t messages_read = 0;
  std::size_t large_slices_read = 0;

 private:
  SearchSource& inner_;
  const bool with_index_;
};

class SearchFixture : public MessageFixture {
 protected:
  void SetUp() override {
    MessageFixture::SetUp();
    source_ = std::make_unique<postgres::PostgresSearchSource>(*database_, messages());
    indexing_ = std::make_unique<postgres::SearchIndexing>(*database_, *source_, Log::silent());
  }
  void TearDown() override {
    await(indexing_->drained());
    MessageFixture::TearDown();
  }

  static SearchKey key(SearchKind kind, std::string text = "", std::string field = "") {
    SearchKey result;
    result.kind = kind;
    result.text = std::move(text);
    result.field = std::move(field);
    return result;
  }
  static SearchKey group(SearchKind kind, std::vector<SearchKey> children) {
    SearchKey result = key(kind);
    result.children = std::move(children);
    return result;
  }

  postgres::IndexingCounts index_now() {
    sql(kForgetLease, postgres::Params());
    return must(await(indexing_->run_once()));
  }
  UidSet search(MailboxKey mailbox, SearchKey criteria, bool with_index = true) {
    CountingSource counting(*source_, with_index);
    UidSet found = must(await(search_snapshot(loop_, counting, snapshot(mailbox), std::move(criteria), {})));
    messages_read_ = counting.messages_read;
    large_slices_read_ = counting.large_slices_read;
    return found;
  }
  std::int64_t count(const std::string& table, const std::string& where = "true") {
    const std::string text = "SELECT count(*) FROM " + table + " WHERE " + where;
    return sql(postgres::Statement{"", text.c_str()}, postgres::Params())[0].get<std::int64_t>(0);
  }
  void change(const std::string& text) { sql(postgres::Statement{"", text.c_str()}, postgres::Params()); }

  std::unique_ptr<postgres::PostgresSearchSource> source_;
  std::unique_ptr<postgres::SearchIndexing> indexing_;
  std::uint64_t messages_read_ = 0;
  std::size_t large_slices_read_ = 0;

 private:
  static constexpr postgres::Statement kForgetLease{"test_forget_lease", "DELETE FROM job_leases"};
};

// Made of words that occur again and again, in all the dresses that mail gives them.
class MailMaker {
 public:
  explicit MailMaker(std::uint32_t seed) : random_(seed) {}

  std::size_t below(std::size_t bound) { return random_() % bound; }
  bool one_in(std::size_t n) { return below(n) == 0; }

  std::string word() {
    static const std::vector<std::string> kWords = {
        "meeting",  "Rechnung", "Straße", "GRÜSSE",  "naïve",      "ﬁnal", "日本語",  "Привет",
        "invoice",  "a",        "of",     "it",      "100%",       "x_y",  "\"so\"",  "back\\slash",
        "İstanbul", "œuvre",    "=?x?=",  "e\u0301", "don't stop", "Ǆ",    "<angle>", "a.b@c.test"};
    return kWords[below(kWords.size())];
  }
  std::string words(std::size_t at_most) {
    std::string text = word();
    for (std::size_t i = below(at_most); i > 0; --i) text += " " + word();
    return text;
  }
  // A run of characters of some words: what people look for.
  std::string needle() {
    const std::string text = words(3);
    std::vector<std::size_t> starts;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if ((static_cast<unsigned char>(text[i]) & 0xc0) != 0x80) starts.push_back(i);
    }
    const std::size_t first = below(starts.size());
    const std::size_t end =
        first + 1 + below(std::min<std::size_t>(one_in(3) ? 2 : 12, starts.size() - first));
    const std::size_t stop = end < starts.size() ? starts[end] : text.size();
    return text.substr(starts[first], stop - starts[first]);
  }

  std::string encoded_word(const std::string& text) {
    return one_in(2) ? "=?utf-8?b?" + postern::text::base64(text) + "?="
                     : "=?UTF-8?Q?" + quoted(text, true) + "?=";
  }
  std::string header_text(std::size_t at_most) {
    std::string text = one_in(3) ? words(at_most) : encoded_word(words(at_most));
    if (one_in(3)) text += "\r\n " + encoded_word(words(2)) + " " + encoded_word(words(2));
    return text;
  }
  std::string message() {
    std::string header;
    const auto field = [&header](const std::string& name, const std::string& body) {
      header += name + ": " + body + "\r\n";
    };
    field("From", header_text(2) + " <bob@" + (one_in(2) ? "example" : "other") + ".test>");
    if (!one_in(5))
      field("To", "\"" + std::string("Ann, A.") + "\" <ann@x.test>, " + encoded_word(word()) + " <b@y.test>");
    if (one_in(4)) field("Cc", "Team: c@z.test, d@z.test;");
    if (one_in(8)) field("Bcc", "hidden@x.test");
    if (!one_in(6)) field(one_in(9) ? "Subject " : "Subject", one_in(9) ? "" : header_text(4));
    field("Message-ID", "<" + std::to_string(random_()) + "@example.test>");
    field("Date", std::to_string(1 + below(28)) + " Feb 2024 12:00:00 +0100");
    if (one_in(2)) field("X-Note", header_text(3));
    if (one_in(6)) field("x-note", " " + encoded_word(" led by a blank"));
    if (one_in(12)) field("=?utf-8?q?X-Note?=", "a name in disguise");
    if (one_in(12)) header += "no field at all X-Note: or is it\r\n";
    if (one_in(20)) field("References", std::string(40'000, 'r'));  // beyond what a structure keeps
    if (one_in(4)) return header + multipart();
    return header + text_part();
  }

 private:
  static std::string quoted(const std::string& text, bool word) {
    std::string out;
    for (const char c : text) {
      const bool plain = postern::text::is_alpha(c) || postern::text::is_digit(c) || (!word && c == ' ');
      out += plain ? std::string(1, c) : "=" + postern::text::to_upper(postern::text::hex({&c, 1}));
    }
    return out;
  }
  std::string text_part() {
    std::string body;
    for (std::size_t lines = 1 + below(6); lines > 0; --lines) body += words(8) + "\r\n";
    if (one_in(30)) body += std::string(70'000, 'w') + " behind a long word " + word();
    switch (below(5)) {
      case 0:
        return "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
               postern::text::base64(body);
      case 1:
        return "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: "
               "quoted-printable\r\n\r\n" +
               quoted(body, false);
      case 2:
        return "Content-Type: text/html; charset=utf-8\r\n\r\n<p>" + body + "<b>" + word() + "</b>" + word() +
               "&amp;&szlig;</p><script>" + word() + "</script>";
      case 3:
        return "Content-Type: text/plain; charset=iso-8859-1\r\n\r\nStra\xdf"
               "e \xfc " +
               body;
      default: return "\r\n" + body;
    }
  }
  std::string multipart() {
    std::string body = "Content-Type: multipart/mixed; boundary=bb\r\n\r\npreamble " + word();
    for (std::size_t parts = 1 + below(3); parts > 0; --parts) body += "\r\n--bb\r\n" + text_part();
    if (one_in(2))
      body +=
          "\r\n--bb\r\nContent-Type: message/rfc822\r\n\r\nSubject: " + header_text(3) + "\r\n" + text_part();
    if (one_in(2))
      body += "\r\n--bb\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=\"" +
              word() + ".pdf\"\r\n\r\n" + words(5);
    return body + "\r\n--bb--\r\n";
  }

  std::mt19937 random_;
};

}  // namespace postern::tests
