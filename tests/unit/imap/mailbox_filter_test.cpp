// Which mailboxes a filter means (RFC 5465 §6, RFC 7377 §2.2).
#include "protocols/imap/mailbox_filter.h"

#include <gtest/gtest.h>

namespace postern::imap {
namespace {

using Kind = MailboxFilter::Kind;

MailboxName name(std::string_view text) {
  return *MailboxName::parse(text);
}

MailboxFilter filter(Kind kind, std::initializer_list<std::string_view> names = {}) {
  MailboxFilter out;
  out.kind = kind;
  for (const std::string_view one : names) out.names.push_back({name(one), ""});
  return out;
}

bool means(const MailboxFilter& filter, std::string_view mailbox) {
  return matches(filter, name(mailbox), {name("subscribed")});
}

TEST(MailboxFilters, ByName) {
  const MailboxFilter two = filter(Kind::mailboxes, {"a", "b/c"});
  EXPECT_TRUE(means(two, "a") && means(two, "b/c"));
  EXPECT_FALSE(means(two, "a/b") || means(two, "b") || means(two, "ab"));
  EXPECT_TRUE(means(filter(Kind::mailboxes, {"inbox"}), "INBOX"));
  MailboxFilter impossible = filter(Kind::mailboxes);
  impossible.names.push_back({MailboxName(), "no name"});
  EXPECT_FALSE(means(impossible, "a"));
}

TEST(MailboxFilters, ByTree) {
  const MailboxFilter tree = filter(Kind::subtree, {"a"});
  EXPECT_TRUE(means(tree, "a") && means(tree, "a/b") && means(tree, "a/b/c"));
  EXPECT_FALSE(means(tree, "ab") || means(tree, "b/a"));
  const MailboxFilter one = filter(Kind::subtree_one, {"a"});
  EXPECT_TRUE(means(one, "a") && means(one, "a/b"));
  EXPECT_FALSE(means(one, "a/b/c") || means(one, "ab"));
}

TEST(MailboxFilters, ByWhatTheyAreToTheUser) {
  EXPECT_TRUE(means(filter(Kind::personal), "a") && means(filter(Kind::inboxes), "a"));
  EXPECT_TRUE(means(filter(Kind::subscribed), "subscribed"));
  EXPECT_FALSE(means(filter(Kind::subscribed), "a"));
  EXPECT_FALSE(means(filter(Kind::selected), "a") || means(filter(Kind::selected_delayed), "a"));
  EXPECT_TRUE(is_of_selected(filter(Kind::selected)) && is_of_selected(filter(Kind::selected_delayed)));
  EXPECT_FALSE(is_of_selected(filter(Kind::personal)));
}

}  // namespace
}  // namespace postern::imap
