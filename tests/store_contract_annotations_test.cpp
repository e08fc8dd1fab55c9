// The promises of Annotations: what is set comes back by name and depth, all or none, within bounds; changes
// are told by revision; they go where their mailbox goes.
#include "storage/annotations.h"

#include "tests/support/mailbox_fixture.h"

namespace postern::tests {
namespace {

using Depth = AnnotationsWanted::Depth;

class AnnotationContract : public MailboxFixture {
 protected:
  void SetUp() override {
    MailboxFixture::SetUp();
    inbox_ = find("INBOX").key.mailbox;
  }
  Annotations& annotations() { return store_->annotations(); }
  Result<void> try_set(MailboxId mailbox, std::vector<Annotation> values) {
    return await(annotations().set(alice_, mailbox, std::move(values)));
  }
  void set(MailboxId mailbox, std::vector<Annotation> values) { must(try_set(mailbox, std::move(values))); }
  // "entry=value …", of one mailbox; "entry!octets" of a value that is too long.
  std::string get(MailboxId mailbox, std::vector<std::string> entries, Depth depth = Depth::entry,
                  std::uint64_t octets_max = UINT64_MAX) {
    AnnotationsWanted wanted;
    wanted.entries = std::move(entries);
    wanted.depth = depth;
    wanted.octets_max = octets_max;
    std::string text;
    for (const AnnotationFound& one : must(await(annotations().find(alice_, {mailbox}, std::move(wanted))))) {
      EXPECT_EQ(one.mailbox, mailbox);
      text += text.empty() ? "" : " ";
      text += one.entry + (one.value ? '=' + *one.value : '!' + std::to_string(one.octets));
    }
    return text;
  }
  // "mailbox:entry …" that changed since the revision, which becomes the one of now.
  std::string changed(std::uint64_t& revision) {
    const AnnotationChanges changes = must(await(annotations().changes_since(alice_, revision)));
    EXPECT_GE(changes.revision, revision);
    revision = changes.revision;
    std::string text;
    for (const auto& one : changes.changed) {
      text += (text.empty() ? "" : " ") + std::to_string(raw(one.mailbox) == 0 ? 0 : 1) + ':' + one.entry;
    }
    return text;
  }
  static std::vector<Annotation> many(std::size_t count, std::size_t octets = 1,
                                      const std::string& at = "/a/") {
    std::vector<Annotation> values;
    for (std::size_t i = 0; i < count; ++i)
      values.push_back({at + std::to_string(i), std::string(octets, 'x')});
    return values;
  }

  MailboxId inbox_{};
};

TEST_F(AnnotationContract, ComeBackByName) {
  EXPECT_EQ(get(inbox_, {"/private/comment"}), "");
  set(inbox_, {{"/private/comment", "mine"}, {"/shared/comment", std::string("o\0rs", 4)}});
  set(kAccountItself, {{"/private/comment", ""}});
  EXPECT_EQ(get(inbox_, {"/shared/comment", "/private/comment", "/private/none"}),
            std::string("/private/comment=mine /shared/comment=o\0rs", 42));
  EXPECT_EQ(get(kAccountItself, {"/private/comment"}), "/private/comment=");
  set(inbox_,
      {{"/private/comment", std::nullopt}, {"/private/none", std::nullopt}, {"/shared/comment", "new"}});
  EXPECT_EQ(get(inbox_, {"/shared/comment", "/private/comment"}), "/shared/comment=new");
}

TEST_F(AnnotationContract, ComeBackByDepthAndSize) {
  set(inbox_, {{"/a", "0"}, {"/a/b", "1"}, {"/a/b/c", "22"}, {"/ab", "3"}, {"/a%", "4"}});
  EXPECT_EQ(get(inbox_, {"/a"}), "/a=0");
  EXPECT_EQ(get(inbox_, {"/a"}, Depth::children), "/a=0 /a/b=1");
  EXPECT_EQ(get(inbox_, {"/a"}, Depth::everything_below), "/a=0 /a/b=1 /a/b/c=22");
  EXPECT_EQ(get(inbox_, {"/a/b"}, Depth::children), "/a/b=1 /a/b/c=22");
  EXPECT_EQ(get(inbox_, {"/a", "/a/b"}, Depth::everything_below, 1), "/a=0 /a/b=1 /a/b/c!2");
  EXPECT_EQ(get(inbox_, {"/a/b/c"}, Depth::entry, 2), "/a/b/c=22");
  EXPECT_EQ(get(inbox_, {"/a"}, Depth::entry, 0), "/a!1");
}

TEST_F(AnnotationContract, AreBoundedAllOrNone) {
  EXPECT_TRUE(try_set(inbox_, {{"/a", std::string(kAnnotationOctetsMax, 'x')}}));
  EXPECT_EQ(refusal(try_set(inbox_, {{"/b", "1"}, {"/a", std::string(kAnnotationOctetsMax + 1, 'x')}})),
            ErrorKind::too_large);
  EXPECT_EQ(get(inbox_, {"/b"}), "");
  set(inbox_, {{"/a", std::nullopt}});
  set(inbox_, many(kAnnotationsPerMailboxMax));
  EXPECT_EQ(refusal(try_set(inbox_, {{"/a/0", "changed"}, {"/b", "one too many"}})), ErrorKind::over_quota);
  EXPECT_EQ(get(inbox_, {"/a/0", "/b"}), "/a/0=x");
  set(inbox_, {{"/a/0", std::nullopt}, {"/b", "instead"}});
  EXPECT_EQ(get(inbox_, {"/a/0", "/b"}), "/b=instead");
  set(kAccountItself, {{"/b", "has bounds of its own"}});
}

TEST_F(AnnotationContract, OfAnAccountAreBoundedInOctets) {
  const std::size_t each = kAnnotationOctetsPerAccountMax / kAnnotationOctetsMax;
  set(inbox_, many(each, kAnnotationOctetsMax));
  EXPECT_EQ(refusal(try_set(kAccountItself, {{"/b", "1"}})), ErrorKind::over_quota);
  set(inbox_, {{"/a/0", std::string(kAnnotationOctetsMax - 1, 'x')}});
  set(kAccountItself, {{"/b", "1"}});
}

TEST_F(AnnotationContract, OfWhatIsNotThereAreRefused) {
  EXPECT_EQ(refusal(try_set(MailboxId{999'999}, {{"/a", "1"}})), ErrorKind::not_found);
  EXPECT_EQ(refusal(await(annotations().set(AccountId{999}, kAccountItself, {{"/a", "1"}}))),
            ErrorKind::not_found);
  EXPECT_EQ(refusal(await(annotations().changes_since(AccountId{999}, 0))), ErrorKind::not_found);
  const MailboxId gone = make("gone").key.mailbox;
  must(remove("gone"));
  EXPECT_EQ(refusal(try_set(gone, {{"/a", "1"}})), ErrorKind::not_found);
}

TEST_F(AnnotationContract, TellWhatChangedAndRing) {
  int rung = 0;
  const Subscription listening = store_->changes().listen_account(alice_, [&rung] { ++rung; });
  std::uint64_t revision = 0;
  EXPECT_EQ(changed(revision), "");
  set(inbox_, {{"/a", "1"}, {"/b", "2"}});
  EXPECT_EQ(rung, 1);
  EXPECT_EQ(changed(revision), "1:/a 1:/b");
  EXPECT_EQ(changed(revision), "");
  set(inbox_, {{"/a", "1"}, {"/b", std::nullopt}, {"/c", std::nullopt}});
  set(kAccountItself, {{"/d", "1"}});
  EXPECT_EQ(changed(revision), "0:/d 1:/b") << "/a is as it was, /c never was";
}

TEST_F(AnnotationContract, ForgetOldRemovals) {
  set(inbox_, {{"/a", "1"}});
  set(inbox_, {{"/a", std::nullopt}});
  static constexpr postgres::Statement kAge{"test_age_annotations", R"sql(
    UPDATE account_usage SET annotations_revision = annotations_revision + $2::bigint WHERE account_id = $1::bigint)sql"};
  static constexpr postgres::Statement kRows{"test_count_annotations", R"sql(
    SELECT count(*) FROM annotations WHERE account_id = $1::bigint)sql"};
  const auto rows = [this] { return sql(kRows, postgres::Params(alice_))[0].get<std::int64_t>(0); };
  sql(kAge, postgres::Params(alice_, std::int64_t{999}));
  set(inbox_, {{"/b", "1"}});
  EXPECT_EQ(rows(), 2);
  set(inbox_, {{"/b", "2"}});
  EXPECT_EQ(rows(), 1);
}

TEST_F(AnnotationContract, GoWhereTheirMailboxGoes) {
  const MailboxId box = make("old").key.mailbox;
  set(box, {{"/a", "1"}});
  must(rename("old", "new"));
  EXPECT_EQ(get(find("new").key.mailbox, {"/a"}), "/a=1");
  must(remove("new"));
  EXPECT_EQ(get(make("new").key.mailbox, {"/a"}), "") << "another of the same name has none";
  set(inbox_, {{"/b", "2"}});
  must(rename("INBOX", "archive of 2025"));
  EXPECT_EQ(get(find("INBOX").key.mailbox, {"/b"}), "/b=2");
  EXPECT_EQ(get(find("archive of 2025").key.mailbox, {"/b"}), "/b=2");
}

}  // namespace
}  // namespace postern::tests
