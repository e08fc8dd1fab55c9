// Law 9: the text index changes how long a search takes and never what it finds.
#include "storage/postgres/purge.h"
#include "tests/support/search_fixture.h"

namespace postern::tests {
namespace {

class SearchIndex : public SearchFixture {
 protected:
  // Criteria of every sort, the same for the same maker.
  SearchKey criteria(MailMaker& maker, int depth = 0) {
    switch (maker.below(depth < 2 ? 12 : 9)) {
      case 0: return key(SearchKind::subject, maker.needle());
      case 1: return key(SearchKind::address, maker.needle(), maker.one_in(2) ? "From" : "to");
      case 2: {
        static const char* const kFields[] = {"X-Note",  "Message-ID", "CC",   "References",
                                              "Subject", "Absent",     "Date", "no field at all X-Note"};
        return key(SearchKind::header, maker.one_in(4) ? "" : maker.needle(), kFields[maker.below(8)]);
      }
      case 3:
      case 4: return key(SearchKind::body, maker.needle());
      case 5:
      case 6: return key(SearchKind::text, maker.one_in(20) ? "" : maker.needle());
      case 7: {
        SearchKey sized = key(maker.one_in(2) ? SearchKind::larger : SearchKind::smaller);
        sized.number = 300 + maker.below(1000);
        return sized;
      }
      case 8: {
        SearchKey day = key(maker.one_in(2) ? SearchKind::sent_before : SearchKind::internal_since);
        day.day = std::chrono::sys_days(std::chrono::year(2024) / 2 / static_cast<int>(1 + maker.below(28)));
        return day;
      }
      case 9: return group(SearchKind::negation, {criteria(maker, depth + 1)});
      case 10:
        return group(SearchKind::conjunction, {criteria(maker, depth + 1), criteria(maker, depth + 1)});
      default:
        return group(SearchKind::disjunction, {criteria(maker, depth + 1), criteria(maker, depth + 1)});
    }
  }

  void expect_same(MailboxKey mailbox, const std::string& when, std::uint32_t seed, int rounds = 40) {
    MailMaker maker(seed);
    std::uint64_t found = 0;
    for (int round = 0; round < rounds; ++round) {
      const SearchKey asked = criteria(maker);
      const UidSet with = search(mailbox, asked);
      const UidSet without = search(mailbox, asked, false);
      found += without.size();
      EXPECT_EQ(with, without) << when << ", round " << round << ": kind " << static_cast<int>(asked.kind)
                               << " field '" << asked.field << "' text '" << asked.text << "' with "
                               << with.to_text() << " without " << without.to_text();
    }
    EXPECT_GT(found, 100u) << when;
  }

  void fill_with_every_sort(MailboxKey mailbox, int n, std::uint32_t seed) {
    MailMaker maker(seed);
    std::vector<Task<Result<Appended>>> tasks;
    for (int i = 0; i < n; ++i) tasks.push_back(append(messages(), mailbox, maker.message(), NewMessage()));
    for (auto& result : await_all(std::move(tasks))) must(std::move(result));
  }
};

TEST_F(SearchIndex, FindsTheSameAtEveryStageOfAMailboxesLife) {
  const MailboxKey archive = find("Archive").key;
  fill_with_every_sort(inbox_, 300, 1);
  expect_same(inbox_, "before indexing", 11, 20);
  EXPECT_EQ(index_now().pages, 2u);
  expect_same(inbox_, "indexed", 12, 120);
  change("DELETE FROM search_slices WHERE page = 1 OR (page = 0 AND kind > 4)");
  expect_same(inbox_, "half indexed", 13);

  UidSet moved, copied;
  moved.add(Uid(100), Uid(240));
  copied.add(Uid(1), Uid(200));
  must(await(messages().copy(inbox_, copied, archive)));
  must(await(messages().move(inbox_, moved, archive)));
  must(await(messages().remove(inbox_, uids({3, 5, 250}), Door::imap)));
  expect_same(inbox_, "after moving out", 14);
  expect_same(archive, "moved in", 15);
  index_now();
  expect_same(inbox_, "indexed again", 16);
  expect_same(archive, "moved in and indexed", 17);
  EXPECT_GT(count("search_slices", "mailbox_id = " + std::to_string(raw(archive.mailbox))), 0);

  change("UPDATE plans SET recovery_days = 0");
  postgres::Purge purge(*database_, settings_.store, Log::silent());
  change("DELETE FROM job_leases");
  EXPECT_GT(must(await(purge.run_once())).messages, 100u);
  expect_same(inbox_, "after a purge", 18);
  index_now();
  expect_same(inbox_, "purged and indexed", 19);
}

TEST_F(SearchIndex, ReadsNoMessageOfAnIndexedPage) {
  fill_with_mail(inbox_, 300);
  EXPECT_EQ(search(inbox_, key(SearchKind::subject, "no 25")).to_text(), "25,250:259");
  EXPECT_EQ(messages_read_, 300u);
  EXPECT_EQ(index_now().messages, 255u);
  EXPECT_EQ(search(inbox_, key(SearchKind::subject, "NO 25")).to_text(), "25,250:259");
  EXPECT_EQ(messages_read_, 45u);  // the tail
  EXPECT_EQ(search(inbox_, key(SearchKind::body, "hello")).size(), 300u);
  EXPECT_EQ(messages_read_, 45u);
  EXPECT_EQ(large_slices_read_, 2u);
  EXPECT_TRUE(search(inbox_, key(SearchKind::text, "goodbye")).empty());
  EXPECT_EQ(messages_read_, 45u);
  EXPECT_EQ(large_slices_read_, 0u);  // their grams do not have it
  SearchKey large = key(SearchKind::larger);
  large.number = 10;
  EXPECT_EQ(search(inbox_, large).size(), 300u);
  EXPECT_EQ(messages_read_, 45u);
}

TEST_F(SearchIndex, AShortNeedleIsLookedForInEverySlice) {
  fill_with_mail(inbox_, 200);
  index_now();
  EXPECT_EQ(search(inbox_, key(SearchKind::body, "O.")).size(), 200u);
  EXPECT_EQ(large_slices_read_, 1u);
  EXPECT_TRUE(search(inbox_, key(SearchKind::body, "q")).empty());
  EXPECT_EQ(large_slices_read_, 1u);
}

TEST_F(SearchIndex, ATextThatIsTooLongForTheIndexIsFound) {
  std::string body;
  while (body.size() <= kRecordOctetsMax) body += "words and words and words again, without an end\r\n";
  put(inbox_, letter("long", body + "the needle"));
  fill_with_mail(inbox_, 140);
  index_now();
  EXPECT_EQ(search(inbox_, key(SearchKind::body, "the needle")), uids({1}));
  EXPECT_EQ(search(inbox_, key(SearchKind::subject, "long")), uids({1}));
}

TEST_F(SearchIndex, OnlyFullPagesAreIndexedAndOnlyOnce) {
  fill_with_mail(inbox_, 126);
  EXPECT_EQ(index_now().pages, 0u);
  put(inbox_, letter("the last of its page"));
  EXPECT_EQ(index_now().pages, 1u);
  EXPECT_EQ(index_now().pages, 0u);
}

TEST_F(SearchIndex, WhatIsPurgedLeavesTheIndex) {
  fill_with_mail(inbox_, 300);
  index_now();
  must(await(messages().remove(inbox_, uids({2, 4, 299}), Door::imap)));
  change("UPDATE plans SET recovery_days = 0");
  postgres::Purge purge(*database_, settings_.store, Log::silent());
  change("DELETE FROM job_leases");
  EXPECT_EQ(must(await(purge.run_once())).messages, 3u);
  EXPECT_EQ(count("search_slices", "page = 0"), 0);
  EXPECT_GT(count("search_slices", "page = 1"), 0);
  EXPECT_EQ(index_now().messages, 125u);
  EXPECT_EQ(search(inbox_, key(SearchKind::subject, "no")).size(), 297u);
  EXPECT_EQ(messages_read_, 44u);
}

TEST_F(SearchIndex, APurgedMailboxAndAnEndedAccountLeaveNothing) {
  const MailboxKey lists = make("Lists").key;
  fill_with_mail(lists, 130);
  fill_with_mail(inbox_, 130);
  index_now();
  EXPECT_EQ(count("search_progress"), 2);
  must(remove("Lists"));
  change("UPDATE plans SET recovery_days = 0");
  postgres::Purge purge(*database_, settings_.store, Log::silent());
  change("DELETE FROM job_leases");
  EXPECT_EQ(must(await(purge.run_once())).mailboxes, 1u);
  const std::string ours = "mailbox_id = " + std::to_string(raw(lists.mailbox));
  EXPECT_EQ(count("search_slices", ours), 0);
  EXPECT_EQ(count("search_progress", ours), 0);
  EXPECT_GT(count("search_slices"), 0);
  change("UPDATE accounts SET deleted_at = now() - interval '1 day'");
  change("DELETE FROM job_leases");
  EXPECT_EQ(must(await(purge.run_once())).accounts, 1u);
  EXPECT_EQ(count("search_slices"), 0);
  EXPECT_EQ(count("search_progress"), 0);
}

// Calls back when the facts of a page have been read.
class Interrupted final : public CountingSource {
 public:
  Interrupted(SearchSource& inner, std::function<Task<void>()> between)
      : CountingSource(inner, true), between_(std::move(between)) {}
  Task<Result<std::vector<SmallMessage>>> small_messages(MailboxKey mailbox, UidSet uids) override {
    auto small = co_await CountingSource::small_messages(mailbox, std::move(uids));
    co_await between_();
    co_return small;
  }

 private:
  std::function<Task<void>()> between_;
};

Task<void> execute(postgres::Database& database, const char* text) {
  postgres::Params none;
  const postgres::Statement statement{"", text};
  auto done = co_await database.query(postgres::Lane::write, statement, std::move(none));
  EXPECT_TRUE(done);
}

TEST_F(SearchIndex, APageIsNotWrittenOnceAMessageOfItIsPurged) {
  fill_with_mail(inbox_, 140);
  const auto take_one = [this] {
    return execute(*database_, "UPDATE messages SET mailbox_id = 0 WHERE uid = 7");
  };
  Interrupted interrupted(*source_, take_one);
  postgres::SearchIndexing indexing(*database_, interrupted, Log::silent());
  const auto counts = must(await(indexing.run_once()));
  EXPECT_EQ(counts.pages, 0u);
  EXPECT_EQ(counts.put_off, 1u);
  EXPECT_EQ(count("search_slices"), 0);
  change("UPDATE messages SET mailbox_id = (SELECT max(mailbox_id) FROM messages) WHERE uid = 7");
  EXPECT_EQ(index_now().messages, 127u);
}

TEST_F(SearchIndex, APageIsPutOffWhileItsMailboxIsPurged) {
  fill_with_mail(inbox_, 140);
  change("INSERT INTO search_progress (account_id, mailbox_id) SELECT account_id, mailbox_id FROM mailboxes");
  auto purging = must(await(database_->begin()));
  postgres::Params none;
  const postgres::Statement lock{"", "SELECT FROM search_progress FOR UPDATE"};
  must(await(purging.query(lock, std::move(none))));
  EXPECT_EQ(index_now().put_off, 1u);
  must(await(purging.commit()));
  EXPECT_EQ(index_now().pages, 1u);
}

TEST_F(SearchIndex, AnotherProcessIndexesOnlyWhenThisOneHasEnded) {
  fill_with_mail(inbox_, 130);
  postgres::SearchIndexing other(*database_, *source_, Log::silent());
  postgres::JobLease lease(*database_, "text index");
  EXPECT_TRUE(must(await(lease.take())));
  EXPECT_FALSE(must(await(other.run_once())).elected);
  must(await(lease.end(Milliseconds(0))));
  EXPECT_EQ(must(await(other.run_once())).pages, 1u);
  await(other.drained());
}

TEST_F(SearchIndex, BrokenOffAnywhereItGoesOnWhereItWas) {
  fill_with_mail(inbox_, 700);
  indexing_->stop();
  sql(postgres::Statement{"", "DELETE FROM job_leases"}, postgres::Params());
  EXPECT_EQ(refusal(await(indexing_->run_once())), ErrorKind::closed);
  await(indexing_->drained());
  // As after a kill between a page and the note of it: pages stand, the note does not.
  indexing_ = std::make_unique<postgres::SearchIndexing>(*database_, *source_, Log::silent());
  EXPECT_EQ(index_now().pages, 5u);
  change("UPDATE search_progress SET next_page = 0");
  change("DELETE FROM search_slices WHERE page IN (2, 4)");
  EXPECT_EQ(index_now().pages, 2u);
  EXPECT_EQ(search(inbox_, key(SearchKind::subject, "no")).size(), 700u);
  EXPECT_EQ(messages_read_, 61u);
}

}  // namespace
}  // namespace postern::tests
