#include "protocols/activesync/schema/email_flag.h"

namespace postern::activesync {

namespace {

using Date = std::optional<WallTime> FollowUpFlag::*;
struct DateRow {
  Tag tag;
  Date member;
};
// In the order in which they are written.
constexpr DateRow kDates[] = {
    {"Tasks:DateCompleted"_tag, &FollowUpFlag::date_completed},
    {"Email:CompleteTime"_tag, &FollowUpFlag::complete_time},
    {"Tasks:StartDate"_tag, &FollowUpFlag::start_date},
    {"Tasks:DueDate"_tag, &FollowUpFlag::due_date},
    {"Tasks:UtcStartDate"_tag, &FollowUpFlag::utc_start_date},
    {"Tasks:UtcDueDate"_tag, &FollowUpFlag::utc_due_date},
    {"Tasks:ReminderTime"_tag, &FollowUpFlag::reminder_time},
    {"Tasks:OrdinalDate"_tag, &FollowUpFlag::ordinal_date},
};

bool take_date(Element child, FollowUpFlag& flag) {
  for (const DateRow& row : kDates) {
    if (row.tag != child.tag() || child.text().empty()) continue;
    flag.*row.member = parse_date_time(child.text());
    return (flag.*row.member).has_value();
  }
  return true;
}

}  // namespace

std::optional<FollowUpFlag> read_flag(Element element) {
  FollowUpFlag flag;
  for (const Element child : element) {
    switch (child.tag()) {
      case "Email:Status"_tag: {
        const auto status = number_of(child, 2);
        if (!status) return std::nullopt;
        flag.status = static_cast<FlagStatus>(*status);
        break;
      }
      case "Email:FlagType"_tag: flag.type = text_of(child, kTextOctetsMax).value_or(""); break;
      case "Tasks:Subject"_tag: flag.subject = text_of(child, kTextOctetsMax).value_or(""); break;
      case "Tasks:SubOrdinalDate"_tag:
        flag.sub_ordinal_date = text_of(child, kIdOctetsMax).value_or("");
        break;
      case "Tasks:ReminderSet"_tag:
        flag.reminder_set = boolean_of(child, false);
        if (!flag.reminder_set) return std::nullopt;
        break;
      default:
        if (!take_date(child, flag)) return std::nullopt;
    }
  }
  return flag;
}

void write_flag(Writer& out, const FollowUpFlag& flag) {
  if (flag.status == FlagStatus::cleared) return out.empty("Email:Flag"_tag);
  const auto element = out.open("Email:Flag"_tag);
  if (!flag.subject.empty()) out.text("Tasks:Subject"_tag, flag.subject);
  out.number("Email:Status"_tag, static_cast<std::uint8_t>(flag.status));
  if (!flag.type.empty()) out.text("Email:FlagType"_tag, flag.type);
  for (const DateRow& row : kDates) {
    if (flag.*row.member) out.text(row.tag, format_date_time(*(flag.*row.member)));
  }
  if (flag.reminder_set) out.boolean("Tasks:ReminderSet"_tag, *flag.reminder_set);
  if (!flag.sub_ordinal_date.empty()) out.text("Tasks:SubOrdinalDate"_tag, flag.sub_ordinal_date);
}

}  // namespace postern::activesync
