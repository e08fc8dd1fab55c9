// Moving in and out: files of other servers become mailboxes, mailboxes become files, and what cannot is
// said.
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "storage/exchange/disk.h"
#include "storage/exchange/export.h"
#include "storage/exchange/import.h"
#include "tests/support/message_fixture.h"

namespace postern::tests {
namespace {

using namespace exchange;

std::string unix_letter(const std::string& subject) {
  return "From: a@b.test\nSubject: " + subject + "\n\nHello.\n";
}

class Exchange : public MessageFixture {
 protected:
  void SetUp() override {
    MessageFixture::SetUp();
    char name[] = "/tmp/postern-exchange-XXXXXX";
    directory_ = ::mkdtemp(name);
    bob_ = create("bob@example.test").id;
  }
  void TearDown() override {
    std::filesystem::remove_all(directory_);
    expect_no_drift(bob_);
    MessageFixture::TearDown();
  }

  std::string path(const std::string& name) const { return directory_ + "/" + name; }
  void write(const std::string& name, const std::string& octets) {
    const std::filesystem::path file = path(name);
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << octets;
  }
  void make_maildir(const std::string& name) {
    for (const char* part : {"/cur", "/new", "/tmp"}) std::filesystem::create_directories(path(name + part));
  }
  Result<void> run(MailSource& source, std::optional<MailboxName> below = std::nullopt,
                   UidlFormat uidls = UidlFormat::ours) {
    ImportRequest request;
    request.account = alice_;
    request.source = "test";
    request.below = std::move(below);
    request.uidls = uidls;
    report_ = ImportReport();
    return await(import_mail(loop_, messages(), store_->intake(), source, std::move(request), report_,
                             [this](const ImportReport&) { return --batches_left_ != 0; }));
  }
  Result<void> import_maildir(bool keep_uids = false, UidlFormat uidls = UidlFormat::ours) {
    SourceLimits limits;
    limits.keep_uids = keep_uids;
    limits.message_octets_max = 100'000;
    return run(*maildir_source(path("Maildir"), limits), std::nullopt, uidls);
  }
  ExportReport do_export(ArchiveKind kind, const std::string& name, AccountId account) {
    ExportRequest request;
    request.account = account;
    request.path = path(name);
    request.kind = kind;
    ExportReport report;
    must(await(export_mail(loop_, mailboxes(), messages(), std::move(request), report,
                           [](const ExportReport&) { return true; })));
    return report;
  }
  // What a client sees of a mailbox, but for UIDs.
  using Shown = std::multiset<std::tuple<std::string, std::uint8_t, std::vector<std::string>, WallTime>>;
  Shown shown(AccountId account, const std::string& mailbox) {
    const MailboxKey key = must(await(mailboxes().find(account, name(mailbox)))).key;
    const SnapshotPtr now = snapshot(key);
    Shown all;
    now->each([&](std::size_t, const MessageState& state) {
      const auto facts = must(await(messages().facts(key, UidSet::one(state.uid), FetchDepth::facts)));
      const Flags flags = now->flags(state);
      all.emplace(content(key, state.uid), flags.system, flags.keywords,
                  std::chrono::floor<std::chrono::seconds>(facts.at(0).internal_date));
    });
    return all;
  }

  std::string directory_;
  AccountId bob_{};
  ImportReport report_;
  int batches_left_ = 0;  // 0: no end
};

TEST_F(Exchange, AMaildirComesInWithFoldersFlagsKeywordsAndDates) {
  make_maildir("Maildir");
  make_maildir("Maildir/.Projects.Bridge");
  make_maildir("Maildir/Plain/Below");
  write("Maildir/cur/1736157600.M1.host:2,FSb", unix_letter("one"));
  write("Maildir/new/1736157601.M2.host", unix_letter("two"));
  write("Maildir/dovecot-keywords", "0 $Forwarded\n1 work\n");
  write("Maildir/.Projects.Bridge/cur/1736157602.M3.host:2,T", unix_letter("three"));
  write("Maildir/Plain/Below/cur/1736157603.M4.host:2,", unix_letter("four"));
  std::filesystem::last_write_time(
      path("Maildir/cur/1736157600.M1.host:2,FSb"),
      std::filesystem::file_time_type::clock::now() - std::chrono::hours(24 * 400));
  must(import_maildir());
  EXPECT_EQ(report_.messages, 4u);
  EXPECT_EQ(report_.folders, 3u);
  EXPECT_EQ(report_.skipped, 0u);
  EXPECT_EQ(content(inbox_, Uid(1)), "From: a@b.test\r\nSubject: one\r\n\r\nHello.\r\n");
  EXPECT_EQ(flags_of(inbox_, 1), flags({SystemFlag::flagged, SystemFlag::seen}, {"work"}));
  EXPECT_EQ(flags_of(inbox_, 2), Flags());
  EXPECT_EQ(flags_of(find("Projects/Bridge").key, 1), flags({SystemFlag::deleted}));
  EXPECT_EQ(status(find("Plain/Below").key).messages, 1u);
  const auto facts = must(await(messages().facts(inbox_, uids({1}), FetchDepth::facts)));
  EXPECT_LT(facts.at(0).internal_date, clock_.now() - std::chrono::days(399));
  // Again: nothing new.
  must(import_maildir());
  EXPECT_EQ(report_.messages, 0u);
  EXPECT_EQ(report_.known, 4u);
  // A flag that has changed renames the file, and is no new message.
  std::filesystem::rename(path("Maildir/new/1736157601.M2.host"), path("Maildir/cur/1736157601.M2.host:2,S"));
  write("Maildir/new/1736157609.M9.host", unix_letter("late"));
  must(import_maildir());
  EXPECT_EQ(report_.messages, 1u);
  EXPECT_EQ(status(inbox_).messages, 3u);
}

TEST_F(Exchange, UidsAndUidlsOfDovecotStay) {
  make_maildir("Maildir");
  for (int i = 1; i <= 250; ++i)
    write("Maildir/cur/1736157600.M" + std::to_string(i) + ".host:2,S", unix_letter("x"));
  std::string list = "3 V1700000000 N1000 G0\n";
  for (int i = 1; i <= 250; ++i) {
    list += std::to_string(3 * i) + (i == 2 ? " Pown-uidl" : "") + " :1736157600.M" + std::to_string(i) +
            ".host\n";
  }
  write("Maildir/dovecot-uidlist", list);
  write("Maildir/new/1736157700.late.host", unix_letter("late"));
  // Broken off after the first batch, and gone on with.
  batches_left_ = 1;
  EXPECT_EQ(refusal(import_maildir(true, UidlFormat::dovecot)), ErrorKind::closed);
  EXPECT_EQ(report_.messages, 100u);
  batches_left_ = 0;
  must(import_maildir(true, UidlFormat::dovecot));
  EXPECT_EQ(report_.messages, 151u);
  EXPECT_EQ(report_.known, 100u);
  EXPECT_TRUE(report_.reasons.empty());
  const MailboxStatus now = status(inbox_);
  EXPECT_EQ(now.uid_validity, UidValidity(1700000000));
  EXPECT_EQ(now.uid_next, Uid(1000));
  const SnapshotPtr all = snapshot(inbox_);
  for (std::uint32_t i = 1; i <= 250; ++i) ASSERT_NE(all->find(Uid(3 * i)), nullptr) << i;
  EXPECT_NE(all->find(Uid(751)), nullptr);
  const auto facts = must(await(messages().facts(inbox_, uids({3, 6, 751}), FetchDepth::facts)));
  EXPECT_EQ(facts.at(0).pop3_uidl, "000000036553f100");
  EXPECT_EQ(facts.at(1).pop3_uidl, "own-uidl");
  EXPECT_EQ(facts.at(2).pop3_uidl, "");
  // The account's next mailbox lies beyond.
  EXPECT_GT(make("Next").status.uid_validity, UidValidity(1700000000));
}

TEST_F(Exchange, AMailboxThatHasUidsOfItsOwnKeepsThem) {
  put(inbox_, letter("here"));
  const MailboxStatus before = status(inbox_);
  make_maildir("Maildir");
  make_maildir("Maildir/.Other");
  write("Maildir/cur/1.a:2,", unix_letter("one"));
  write("Maildir/dovecot-uidlist", "3 V5 N9\n3 :1.a\n");
  write("Maildir/.Other/cur/1.a:2,", unix_letter("two"));
  must(import_maildir(true));
  EXPECT_EQ(report_.skipped, 1u);
  ASSERT_EQ(report_.reasons.size(), 1u);
  EXPECT_NE(report_.reasons[0].find("UIDs of its own"), std::string::npos);
  EXPECT_EQ(status(inbox_).uid_validity, before.uid_validity);
  EXPECT_EQ(status(find("Other").key).messages, 1u);
  must(import_maildir(false));
  EXPECT_EQ(status(inbox_).messages, 2u);
}

TEST_F(Exchange, MailThatCameMeanwhileCostsUidsOnly) {
  make_maildir("Maildir");
  for (int i = 1; i <= 150; ++i) write("Maildir/cur/1.M" + std::to_string(1000 + i), unix_letter("x"));
  std::string list = "3 V1700000000 N151\n";
  for (int i = 1; i <= 150; ++i) list += std::to_string(i) + " :1.M" + std::to_string(1000 + i) + "\n";
  write("Maildir/dovecot-uidlist", list);
  batches_left_ = 1;
  EXPECT_EQ(refusal(import_maildir(true)), ErrorKind::closed);
  batches_left_ = 0;
  put(inbox_, letter("meanwhile"));
  must(import_maildir(true));
  EXPECT_EQ(status(inbox_).messages, 151u);
  EXPECT_EQ(report_.reasons.size(), 1u);
}

TEST_F(Exchange, HostileFilesAreRefusedOneByOne) {
  make_maildir("Maildir");
  make_maildir("Maildir/.bad\xFF");
  make_maildir("Maildir/.torn");
  write("Maildir/cur/1.good,S=37:2,", unix_letter("good"));
  write("Maildir/cur/2.torn,S=4711:2,", unix_letter("torn"));
  write("Maildir/cur/3.empty:2,", "");
  write("Maildir/cur/4.large:2,", std::string(100'001, 'x'));
  write("secret", "Subject: secret\n\nx\n");
  std::filesystem::create_symlink(path("secret"), path("Maildir/cur/5.link:2,"));
  std::filesystem::create_directory_symlink("/", path("Maildir/.linked"));
  std::filesystem::create_directories(path("Maildir/cur/6.directory"));
  ASSERT_EQ(::mkfifo(path("Maildir/cur/7.pipe").c_str(), 0600), 0);
  write("Maildir/.torn/dovecot-uidlist", "3 V5 N9\n8");
  write("Maildir/.torn/cur/1.a:2,", unix_letter("x"));
  must(import_maildir(true));
  EXPECT_EQ(report_.messages, 1u);
  EXPECT_EQ(report_.skipped, 5u);  // three files, two folders
  EXPECT_EQ(report_.reasons.size(), 5u);
  EXPECT_EQ(status(inbox_).messages, 1u);
  EXPECT_EQ(names(), std::vector<std::string>{});
  EXPECT_EQ(refusal(run(*maildir_source(path("nothing"), SourceLimits()))), ErrorKind::not_found);
  EXPECT_EQ(refusal(run(*maildir_source(directory_ + "/Maildir/tmp", SourceLimits()))), ErrorKind::invalid);
  EXPECT_EQ(read_file(path("Maildir/cur/5.link:2,"), 100).error().kind, ErrorKind::invalid);
  EXPECT_EQ(read_file(path("Maildir/cur/7.pipe"), 100).error().kind, ErrorKind::invalid);
}

TEST_F(Exchange, MboxFilesAndTreesOfLettersComeIn) {
  const std::string separator = "From a@b.test Mon Jan  6 10:00:00 2025\n";
  write("mail/INBOX",
        separator + "Status: RO\n" + unix_letter("one") + "\n" + separator + unix_letter("two"));
  write("mail/Old/2024.mbox", separator + unix_letter("three"));
  write("mail/broken", "no mbox at all\n");
  must(run(*mbox_source(path("mail"), mailfiles::MboxDialect::mboxrd, SourceLimits()), name("In")));
  EXPECT_EQ(report_.messages, 3u);
  EXPECT_EQ(report_.skipped, 1u);
  const MailboxKey inbox = find("In/INBOX").key;
  EXPECT_EQ(flags_of(inbox, 1), flags({SystemFlag::seen}));
  EXPECT_EQ(status(find("In/Old/2024").key).messages, 1u);
  must(run(*mbox_source(path("mail/INBOX"), mailfiles::MboxDialect::mboxrd, SourceLimits())));
  EXPECT_EQ(status(inbox_).messages, 2u);

  write("letters/a.eml", unix_letter("four"));
  write("letters/Deep/er/b.EML", unix_letter("five"));
  write("letters/Deep/readme.txt", "no letter");
  must(run(*eml_source(path("letters"), SourceLimits()), name("Letters")));
  EXPECT_EQ(report_.messages, 2u);
  EXPECT_EQ(status(find("Letters/Deep/er").key).messages, 1u);
}

TEST_F(Exchange, AFullMailboxStopsAndTellsTheTruth) {
  make_maildir("Maildir");
  for (int i = 0; i < 150; ++i) write("Maildir/cur/1.M" + std::to_string(1000 + i), unix_letter("x"));
  AccountLimits limits;
  limits.quota_messages = 120;
  must(await(directory().set_limits(alice_, limits)));
  EXPECT_EQ(refusal(import_maildir()), ErrorKind::over_quota);
  EXPECT_EQ(report_.messages, 100u);
  EXPECT_EQ(status(inbox_).messages, 100u);
  must(await(directory().set_limits(alice_, AccountLimits())));
  must(import_maildir());
  EXPECT_EQ(report_.messages, 50u);
}

TEST_F(Exchange, WhatGoesOutComesInTheSame) {
  NewMessage with;
  with.flags = flags({SystemFlag::seen, SystemFlag::flagged}, {"$Work", "later"});
  with.internal_date = WallTime(std::chrono::seconds(1'700'000'000));
  must(await(append(messages(), inbox_, letter("one"), with)));
  put(inbox_, letter("From here", "From the start\r\n>From again\r\n\r\n"),
      flags({SystemFlag::draft}, {"later"}));
  put(inbox_, letter("large", std::string(700'000, 'x')));
  const MailboxKey deep = make("Entw\xC3\xBCrfe/v1").key;
  put(deep, letter("deep"), flags({SystemFlag::answered}, {"$Work"}));
  for (const ArchiveKind kind : {ArchiveKind::maildir, ArchiveKind::mbox, ArchiveKind::eml}) {
    const std::string target = "out" + std::to_string(static_cast<int>(kind));
    const ExportReport out = do_export(kind, target, alice_);
    EXPECT_EQ(out.messages, 4u);
    EXPECT_EQ(out.mailboxes, 8u);
    EXPECT_TRUE(out.reasons.empty());
    std::unique_ptr<MailSource> source;
    if (kind == ArchiveKind::maildir) source = maildir_source(path(target), SourceLimits());
    if (kind == ArchiveKind::mbox)
      source = mbox_source(path(target), mailfiles::MboxDialect::mboxrd, SourceLimits());
    if (kind == ArchiveKind::eml) source = eml_source(path(target), SourceLimits());
    ImportRequest request;
    request.account = bob_;
    request.source = target;
    request.below = name(target);
    ImportReport in;
    must(await(import_mail(loop_, messages(), store_->intake(), *source, request, in,
                           [](const ImportReport&) { return true; })));
    EXPECT_EQ(in.messages, 4u) << target;
    EXPECT_EQ(in.skipped, 0u) << target;
    for (const std::string box : {"INBOX", "Entw\xC3\xBCrfe/v1"}) {
      Shown expected = shown(alice_, box);
      if (kind == ArchiveKind::eml) {  // which has no flags
        Shown bare;
        for (auto one : expected)
          bare.emplace(std::get<0>(one), 0, std::vector<std::string>(), std::get<3>(one));
        expected = bare;
      }
      EXPECT_EQ(shown(bob_, target + "/" + box), expected) << target;
    }
  }
}

TEST_F(Exchange, AnExportGoesOnAndBringsWhatIsNew) {
  put(inbox_, letter("one"), flags({}, {"$Work"}));
  EXPECT_EQ(do_export(ArchiveKind::maildir, "out", alice_).messages, 1u);
  put(inbox_, letter("two"), flags({}, {"later", "$Work"}));
  const ExportReport second = do_export(ArchiveKind::maildir, "out", alice_);
  EXPECT_EQ(second.messages, 1u);
  EXPECT_EQ(second.there, 1u);
  // UIDs go along: another account can take them over.
  SourceLimits limits;
  limits.keep_uids = true;
  ImportRequest request;
  request.account = bob_;
  request.source = "out";
  ImportReport in;
  must(await(import_mail(loop_, messages(), store_->intake(), *maildir_source(path("out"), limits), request,
                         in, [](const ImportReport&) { return true; })));
  const MailboxKey bobs = must(await(mailboxes().find(bob_, name("INBOX")))).key;
  EXPECT_EQ(status(bobs).uid_validity, status(inbox_).uid_validity);
  EXPECT_EQ(snapshot(bobs)->uids(), uids({1, 2}));
  EXPECT_EQ(flags_of(bobs, 2), flags_of(inbox_, 2));
  // An mbox file cannot be gone on with.
  do_export(ArchiveKind::mbox, "boxes", alice_);
  EXPECT_EQ(do_export(ArchiveKind::mbox, "boxes", alice_).reasons.size(), 6u);
  struct stat facts {};
  ASSERT_EQ(::stat(path("boxes/INBOX.mbox").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600u);
  ASSERT_EQ(::stat(path("boxes").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0700u);
}

TEST_F(Exchange, NamesOfMailboxesLeadNowhere) {
  const MailboxKey up = make(".up/er").key;
  put(up, letter("one"));
  do_export(ArchiveKind::eml, "inner/out", alice_);
  EXPECT_TRUE(std::filesystem::exists(path("inner/out/_.up/er")));
  EXPECT_EQ(do_export(ArchiveKind::maildir, "inner/dir", alice_).messages, 1u);
  EXPECT_TRUE(std::filesystem::exists(path("inner/dir/._up.er/cur")));
}

}  // namespace
}  // namespace postern::tests
