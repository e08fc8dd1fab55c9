// What clients say of a message. MS-ASEMAIL section 2.2.2.
#include "protocols/activesync/schema/email_change.h"

#include <gtest/gtest.h>

#include "tests/support/activesync_answers.h"

namespace postern::activesync {
namespace {

// The document outlives the change, which has views of it.
struct Change {
  explicit Change(const std::string& inside)
      : document(request("<AirSync:ApplicationData>" + inside + "</AirSync:ApplicationData>")),
        value(read_email_change(document.root())) {}
  Document document;
  std::optional<EmailChange> value;
};

TEST(EmailChange, Marks) {
  const Change change(
      "<Email:Read>0</Email:Read><Email:Categories><Category>Work</Category><Category>Home</Category>"
      "</Email:Categories><Email:Flag><Status>2</Status><FlagType>Follow up</FlagType>"
      "<Tasks:StartDate>2026-11-23T08:00:00.000Z</Tasks:StartDate><Tasks:ReminderSet>1</Tasks:ReminderSet>"
      "<Tasks:Subject>Call</Tasks:Subject></Email:Flag>");
  ASSERT_TRUE(change.value);
  EXPECT_EQ(change.value->read, false);
  EXPECT_EQ(change.value->categories, (std::vector<std::string>{"Work", "Home"}));
  ASSERT_TRUE(change.value->flag);
  EXPECT_EQ(change.value->flag->status, FlagStatus::active);
  EXPECT_EQ(change.value->flag->type, "Follow up");
  EXPECT_EQ(change.value->flag->subject, "Call");
  EXPECT_EQ(change.value->flag->reminder_set, true);
  EXPECT_EQ(change.value->flag->start_date, parse_date_time("2026-11-23T08:00:00Z"));
  EXPECT_FALSE(change.value->draft);
}

TEST(EmailChange, EmptyElementsTakeMarksAway) {
  const Change change("<Email:Flag/><Email:Categories/>");
  ASSERT_TRUE(change.value);
  EXPECT_EQ(change.value->flag, FollowUpFlag());
  EXPECT_EQ(change.value->categories, std::vector<std::string>());
  EXPECT_FALSE(change.value->read);
}

TEST(EmailChange, Draft) {
  const Change change(
      "<Email:To>a@example.org</Email:To><Email2:Bcc>b@example.org</Email2:Bcc><Email:Subject>Hi</"
      "Email:Subject>"
      "<AirSyncBase:Body><Data>Text</Data><Type>1</Type></AirSyncBase:Body><Email:Importance>2</"
      "Email:Importance>"
      "<AirSyncBase:Attachments><Add><ClientId>a1</ClientId><DisplayName>x.png</DisplayName>"
      "<ContentType>image/png</ContentType><Content opaque=\"base64\">AAEC</Content><IsInline/>"
      "<ContentId>cid1</ContentId></Add><Delete><FileReference>7:1:2</FileReference></Delete>"
      "</AirSyncBase:Attachments>");
  ASSERT_TRUE(change.value);
  ASSERT_TRUE(change.value->draft);
  const Draft& draft = *change.value->draft;
  EXPECT_EQ(draft.to, "a@example.org");
  EXPECT_EQ(draft.bcc, "b@example.org");
  EXPECT_EQ(draft.cc, std::nullopt);
  EXPECT_EQ(draft.subject, "Hi");
  EXPECT_EQ(draft.importance, Importance::high);
  EXPECT_EQ(draft.body_type, BodyType::plain_text);
  EXPECT_EQ(draft.body, "Text");
  ASSERT_EQ(draft.attachments_added.size(), 1U);
  const NewAttachment& added = draft.attachments_added[0];
  EXPECT_EQ(added.client_id, "a1");
  EXPECT_EQ(added.display_name, "x.png");
  EXPECT_EQ(added.content_type, "image/png");
  EXPECT_EQ(added.content, std::string_view("\0\1\2", 3));
  EXPECT_EQ(added.content_id, "cid1");
  EXPECT_TRUE(added.is_inline);
  EXPECT_EQ(draft.attachments_removed, std::vector<std::string>{"7:1:2"});
}

TEST(EmailChange, Refusals) {
  for (const char* inside :
       {"<Email:Read>2</Email:Read>", "<Email:Flag><Status>3</Status></Email:Flag>",
        "<Email:Flag><Tasks:DueDate>tomorrow</Tasks:DueDate></Email:Flag>",
        "<Email:Importance>3</Email:Importance>", "<AirSyncBase:Body><Data>x</Data></AirSyncBase:Body>",
        "<AirSyncBase:Body><Type>3</Type></AirSyncBase:Body>",
        "<AirSyncBase:Attachments><Add><Content>x</Content></Add></AirSyncBase:Attachments>",
        "<AirSyncBase:Attachments><Delete/></AirSyncBase:Attachments>"}) {
    EXPECT_FALSE(Change(inside).value) << inside;
  }
}

TEST(EmailChange, Bounds) {
  std::string categories;
  for (std::size_t i = 0; i < kCategoriesMax; ++i) categories += "<Category>c</Category>";
  EXPECT_TRUE(Change("<Email:Categories>" + categories + "</Email:Categories>").value);
  EXPECT_FALSE(Change("<Email:Categories>" + categories + "<Category>c</Category></Email:Categories>").value);
  const std::string to(kAddressListOctetsMax, 'a');
  EXPECT_TRUE(Change("<Email:To>" + to + "</Email:To>").value);
  EXPECT_FALSE(Change("<Email:To>" + to + "a</Email:To>").value);
}

}  // namespace
}  // namespace postern::activesync
