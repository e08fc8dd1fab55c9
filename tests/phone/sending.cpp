// SendMail, SmartReply and SmartForward. MS-ASCMD sections 2.2.1.17, 2.2.1.20 and 2.2.1.19. Before 14.0 the
// message is the body itself and the rest is in the query.
#include <fmt/format.h>

#include <chrono>
#include <ctime>

#include "tests/phone/phone.h"

namespace postern::phone {

namespace {

struct Letter {
  std::string recipient;
  std::string subject;
  std::string text;
};

std::string mime_of(const Phone& phone, const Letter& letter, const std::string& client_id) {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  char date[64];
  std::strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S +0000", &parts);
  const auto ticks = std::chrono::system_clock::now().time_since_epoch().count();
  return fmt::format(
      "From: <{}>\r\nTo: <{}>\r\nSubject: {}\r\nDate: {}\r\nMessage-ID: <{}.{}@phone.example>\r\n"
      "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{}\r\n",
      phone.identity.address, letter.recipient, letter.subject, date, client_id, ticks, letter.text);
}

void expect_success(Command command, const Answer& answer) {
  if (answer.document) expect_status(answer.root(), "ComposeMail:Status"_tag, 0, name_of(command));
  expect(answer.is_empty(), std::string(name_of(command)) + ": a body where success has none");
}

struct Source {
  std::string folder_id;
  std::string item_id;
};

class Sending {
 public:
  Sending(Phone& phone, Command command, Tag root) : phone_(phone), command_(command), root_(root) {}

  void about(Source source) { source_ = std::move(source); }

  // The same octets and the same ClientId each time, as a phone does that has had no answer.
  void send(const Letter& letter, unsigned times) {
    const std::string client_id = phone_.new_client_id();
    const std::string mime = mime_of(phone_, letter, client_id);
    for (; times > 0; --times) {
      expect_success(command_,
                     phone_.version < ProtocolVersion::v14_0 ? send_octets(mime) : send_xml(client_id, mime));
    }
  }

 private:
  Answer send_octets(const std::string& mime) {
    Parameters parameters;
    parameters.collection_id = source_.folder_id;
    parameters.item_id = source_.item_id;
    parameters.save_in_sent = true;
    return phone_.server.ask_with_message(command_, mime, parameters);
  }

  Answer send_xml(const std::string& client_id, const std::string& mime) {
    std::vector<Node> fields = {text("ComposeMail:ClientId"_tag, client_id)};
    if (!source_.item_id.empty()) {
      fields.push_back(element("ComposeMail:Source"_tag, {text("ComposeMail:FolderId"_tag, source_.folder_id),
                                                          text("ComposeMail:ItemId"_tag, source_.item_id)}));
    }
    fields.push_back(empty("ComposeMail:SaveInSentItems"_tag));
    fields.push_back(text("ComposeMail:Mime"_tag, mime));
    return phone_.ask(command_, element(root_, std::move(fields)));
  }

  Phone& phone_;
  const Command command_;
  const Tag root_;
  Source source_;
};

Source source_with(Phone& phone, const std::string& subject) {
  const LocalFolder& inbox = phone.mailbox.of_type(kInbox);
  return {inbox.id, item_with_subject(inbox, subject)};
}

}  // namespace

void send_mail(Phone& phone, const std::string& recipient, const std::string& subject, unsigned times) {
  Sending sending(phone, Command::send_mail, "ComposeMail:SendMail"_tag);
  sending.send({recipient, subject, "Word: " + word_of(subject)}, times);
}

void reply(Phone& phone, const std::string& subject) {
  Sending sending(phone, Command::smart_reply, "ComposeMail:SmartReply"_tag);
  sending.about(source_with(phone, subject));
  sending.send({phone.identity.address, "Re: " + subject, "Yes, I will."}, 1);
}

void forward(Phone& phone, const std::string& subject, const std::string& recipient) {
  Sending sending(phone, Command::smart_forward, "ComposeMail:SmartForward"_tag);
  sending.about(source_with(phone, subject));
  sending.send({recipient, "Fwd: " + subject, "Have a look at this."}, 1);
}

}  // namespace postern::phone
