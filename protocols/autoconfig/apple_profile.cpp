#include "protocols/autoconfig/apple_profile.h"

#include <fmt/format.h>

#include "gateway/base/text.h"
#include "protocols/shared/digest.h"

namespace postern::autoconfig {

namespace {

// A property list's dictionary, one key a line.
class Dict {
 public:
  Dict& text(std::string_view key, std::string_view value) {
    return raw(key, "<string>" + xml_escaped(value) + "</string>");
  }
  Dict& number(std::string_view key, unsigned value) {
    return raw(key, fmt::format("<integer>{}</integer>", value));
  }
  Dict& flag(std::string_view key, bool value) { return raw(key, value ? "<true/>" : "<false/>"); }
  Dict& array_of_one(std::string_view key, const Dict& item) {
    return raw(key, "<array>\n" + item.xml() + "</array>");
  }
  std::string xml() const { return "<dict>\n" + lines_ + "</dict>\n"; }

 private:
  Dict& raw(std::string_view key, const std::string& value) {
    lines_ += fmt::format("<key>{}</key>\n{}\n", key, value);
    return *this;
  }
  std::string lines_;
};

// RFC 9562 §5.8: a version 8 UUID of our own making.
std::string uuid_of(const std::string& name) {
  std::string octets = sha256("postern profile " + name).substr(0, 16);
  octets[6] = static_cast<char>((octets[6] & 0x0F) | 0x80);
  octets[8] = static_cast<char>((octets[8] & 0x3F) | 0x80);
  const std::string digits = text::to_upper(text::hex(octets));
  return digits.substr(0, 8) + "-" + digits.substr(8, 4) + "-" + digits.substr(12, 4) + "-" +
         digits.substr(16, 4) + "-" + digits.substr(20);
}

std::string_view name_of(ProfileKind kind) {
  switch (kind) {
    case ProfileKind::imap: return "imap";
    case ProfileKind::pop3: return "pop3";
    case ProfileKind::mobile_sync: return "mobile_sync";
  }
  return "imap";
}

void add_head(Dict& dict, const std::string& type, const std::string& identifier, const std::string& name) {
  dict.text("PayloadType", type)
      .number("PayloadVersion", 1)
      .text("PayloadIdentifier", identifier)
      .text("PayloadUUID", uuid_of(identifier))
      .text("PayloadDisplayName", name);
}

Dict mail_account(const ClientServer& incoming, const ClientServer* outgoing, const std::string& address) {
  Dict dict;
  dict.text("EmailAccountType", incoming.service == MailService::imap ? "EmailTypeIMAP" : "EmailTypePOP")
      .text("EmailAddress", address)
      .text("IncomingMailServerAuthentication", "EmailAuthPassword")
      .text("IncomingMailServerHostName", incoming.host)
      .number("IncomingMailServerPortNumber", incoming.port)
      .flag("IncomingMailServerUseSSL", true)
      .text("IncomingMailServerUsername", address);
  if (outgoing == nullptr) return dict;
  dict.text("OutgoingMailServerAuthentication", "EmailAuthPassword")
      .text("OutgoingMailServerHostName", outgoing->host)
      .number("OutgoingMailServerPortNumber", outgoing->port)
      .flag("OutgoingMailServerUseSSL", true)
      .text("OutgoingMailServerUsername", address)
      .flag("OutgoingPasswordSameAsIncomingPassword", true);
  return dict;
}

}  // namespace

Result<std::string> apple_profile(const ClientSettings& settings, const std::string& address,
                                  ProfileKind kind) {
  const std::string identifier = fmt::format("{}.{}.{}", settings.http_host, name_of(kind), address);
  Dict account;
  std::string type = "com.apple.mail.managed";
  if (kind == ProfileKind::mobile_sync) {
    if (!settings.mobile_sync) return Error(ErrorKind::not_found, "no Mobile Sync here");
    type = "com.apple.eas.account";
    account.text("Host", settings.http_host)
        .flag("SSL", true)
        .text("EmailAddress", address)
        .text("UserName", address);
  } else {
    const ClientServer* incoming =
        settings.find(kind == ProfileKind::imap ? MailService::imap : MailService::pop3);
    if (incoming == nullptr) return Error(ErrorKind::not_found, "no such door here");
    account = mail_account(*incoming, settings.find(MailService::submission), address);
    account.text("EmailAccountDescription", settings.provider);
  }
  add_head(account, type, identifier + ".account", settings.provider);
  Dict profile;
  profile.array_of_one("PayloadContent", account).text("PayloadOrganization", settings.provider);
  add_head(profile, "Configuration", identifier, settings.provider + " (" + address + ")");
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
         "<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" "
         "\"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n"
         "<plist version=\"1.0\">\n" +
         profile.xml() + "</plist>\n";
}

}  // namespace postern::autoconfig
