// Settings, Provision, ResolveRecipients, ValidateCert and MeetingResponse.
#include <gtest/gtest.h>

#include "protocols/activesync/schema/meeting_response.h"
#include "protocols/activesync/schema/provision.h"
#include "protocols/activesync/schema/resolve_recipients.h"
#include "protocols/activesync/schema/settings.h"
#include "protocols/activesync/schema/validate_cert.h"
#include "tests/support/activesync_answers.h"

namespace postern::activesync {
namespace {

Parsed<SettingsRequest> settings(const std::string& inside) {
  return read_settings(request("<Settings:Settings>" + inside + "</Settings:Settings>").root());
}

TEST(Settings, Requests) {
  auto read = settings(
      "<DeviceInformation><Set><OS>iOS</OS><Model>iPhone</Model><EnableOutboundSMS>1</EnableOutboundSMS>"
      "<FriendlyName/></Set></DeviceInformation><DevicePassword><Set><Password>pw</Password></Set></"
      "DevicePassword>"
      "<UserInformation><Get/></UserInformation><Oof><Get><BodyType>Text</BodyType></Get></Oof>");
  ASSERT_TRUE(read);
  ASSERT_TRUE(read->device_information);
  EXPECT_EQ(read->device_information->os, "iOS");
  EXPECT_EQ(read->device_information->model, "iPhone");
  EXPECT_EQ(read->device_password->reveal(), "pw");
  EXPECT_TRUE(read->get_user_information);
  EXPECT_TRUE(read->get_oof);
  EXPECT_FALSE(read->set_oof);
  EXPECT_EQ(settings("").refusal(), Status(SettingsStatus::protocol_error));
  auto long_password = settings("<DevicePassword><Set><Password>" + std::string(256, 'p') +
                                "</Password></Set></DevicePassword>");
  EXPECT_EQ(long_password->device_password_refused, Status(SettingsStatus::invalid_arguments));
}

SettingsRequest oof(const std::string& inside) {
  return std::move(*settings("<Oof><Set>" + inside + "</Set></Oof>"));
}

TEST(Settings, OutOfOffice) {
  const std::string times =
      "<StartTime>2026-11-01T00:00:00.000Z</StartTime><EndTime>2026-11-09T00:00:00.000Z</EndTime>";
  const SettingsRequest between =
      oof("<OofState>2</OofState>" + times +
          "<OofMessage><AppliesToInternal/><AppliesToExternalKnown/><Enabled>1</Enabled>"
          "<ReplyMessage>Away</ReplyMessage><BodyType>HTML</BodyType></OofMessage>");
  ASSERT_TRUE(between.set_oof);
  EXPECT_EQ(between.set_oof->state, OofState::between);
  EXPECT_EQ(between.set_oof->messages,
            (std::vector<OofMessage>{{OofAudience::internal, true, "Away", "HTML"},
                                     {OofAudience::external_known, true, "Away", "HTML"}}));
  // R7544
  EXPECT_FALSE(oof("<OofState>1</OofState>" + times).set_oof->start);

  struct Case {
    std::string inside;
    SettingsStatus status;
  };
  const Case cases[] = {
      {"", SettingsStatus::protocol_error},
      {"<OofState>3</OofState>", SettingsStatus::invalid_arguments},
      {"<OofState>2</OofState><StartTime>2026-11-01T00:00:00.000Z</StartTime>",
       SettingsStatus::protocol_error},
      {"<OofState>1</OofState><EndTime>2026-11-01T00:00:00.000Z</EndTime>", SettingsStatus::protocol_error},
      {"<OofState>2</OofState>", SettingsStatus::conflicting_arguments},
      {"<OofState>1</OofState><OofMessage><Enabled>1</Enabled></OofMessage>", SettingsStatus::protocol_error},
      {"<OofState>1</OofState><OofMessage><AppliesToInternal/><ReplyMessage>x</ReplyMessage></OofMessage>",
       SettingsStatus::protocol_error},
      {"<OofState>1</OofState><OofMessage><AppliesToInternal/></OofMessage><OofMessage><AppliesToInternal/>"
       "</OofMessage>",
       SettingsStatus::protocol_error},
  };
  for (const Case& one : cases) EXPECT_EQ(oof(one.inside).oof_refused, Status(one.status)) << one.inside;
}

TEST(Settings, Answers) {
  SettingsResponse response;
  response.oof_status = SettingsStatus::ok;
  response.oof =
      Oof{OofState::always, std::nullopt, std::nullopt, {{OofAudience::internal, true, "Away", "Text"}}};
  response.device_information_status = SettingsStatus::ok;
  response.device_password_status = SettingsStatus::denied_by_policy;
  response.user_information =
      UserInformation{"Alice", {"alice@example.org", "a@example.org"}, "alice@example.org"};
  const auto xml = [&response](ProtocolVersion version) {
    return answer([&](std::string& out) { write(out, response, version); });
  };
  EXPECT_EQ(xml(ProtocolVersion::v14_1), R"(<Settings:Settings>
  <Status>1</Status>
  <Oof>
    <Status>1</Status>
    <Get>
      <OofState>1</OofState>
      <OofMessage>
        <AppliesToInternal/>
        <Enabled>1</Enabled>
        <ReplyMessage>Away</ReplyMessage>
        <BodyType>Text</BodyType>
      </OofMessage>
    </Get>
  </Oof>
  <DeviceInformation>
    <Status>1</Status>
  </DeviceInformation>
  <DevicePassword>
    <Status>7</Status>
  </DevicePassword>
  <UserInformation>
    <Status>1</Status>
    <Get>
      <Accounts>
        <Account>
          <UserDisplayName>Alice</UserDisplayName>
          <EmailAddresses>
            <SMTPAddress>alice@example.org</SMTPAddress>
            <SMTPAddress>a@example.org</SMTPAddress>
            <PrimarySmtpAddress>alice@example.org</PrimarySmtpAddress>
          </EmailAddresses>
        </Account>
      </Accounts>
    </Get>
  </UserInformation>
</Settings:Settings>
)");
  const std::string old = xml(ProtocolVersion::v12_1);
  EXPECT_EQ(old.find("Accounts"), std::string::npos);
  EXPECT_EQ(old.find("PrimarySmtpAddress"), std::string::npos);
  EXPECT_NE(old.find("<SMTPAddress>"), std::string::npos);
  response.status = SettingsStatus::protocol_error;
  EXPECT_EQ(xml(ProtocolVersion::v14_1), "<Settings:Settings>\n  <Status>2</Status>\n</Settings:Settings>\n");
}

Parsed<ProvisionRequest> provision(const std::string& inside) {
  return read_provision(request("<Provision:Provision>" + inside + "</Provision:Provision>").root());
}

TEST(Provision, TwoPhases) {
  auto first = provision(
      "<Settings:DeviceInformation><Set><Model>M</Model></Set></Settings:DeviceInformation>"
      "<Policies><Policy><PolicyType>MS-EAS-Provisioning-WBXML</PolicyType></Policy></Policies>");
  ASSERT_TRUE(first);
  EXPECT_EQ(first->device_information->model, "M");
  EXPECT_EQ(first->policy->type, kPolicyType);
  EXPECT_TRUE(first->policy->key.empty());
  EXPECT_FALSE(first->policy->applied);

  auto second = provision(
      "<Policies><Policy><Status>2</Status><PolicyKey>123</PolicyKey><PolicyType>MS-EAS-Provisioning-WBXML"
      "</PolicyType></Policy></Policies>");
  ASSERT_TRUE(second);
  EXPECT_EQ(second->policy->key, "123");
  EXPECT_EQ(second->policy->applied, PolicyApplied::partly);
}

TEST(Provision, WipeAcknowledgements) {
  EXPECT_EQ(provision("<RemoteWipe><Status>1</Status></RemoteWipe>")->remote_wipe, WipeResult::done);
  EXPECT_EQ(provision("<RemoteWipe><Status>2</Status></RemoteWipe>")->remote_wipe, WipeResult::failed);
  EXPECT_EQ(provision("<Status>1</Status><RemoteWipe/>")->remote_wipe, WipeResult::done);  // early iOS
  EXPECT_EQ(provision("<RemoteWipe/>")->remote_wipe, WipeResult::done);
  EXPECT_EQ(provision("<AccountOnlyRemoteWipe><Status>1</Status></AccountOnlyRemoteWipe>")
                ->account_only_remote_wipe,
            WipeResult::done);
}

TEST(Provision, Refusals) {
  for (const char* inside :
       {"", "<Policies/>", "<Policies><Policy/></Policies>",
        "<Policies><Policy><PolicyType>x</PolicyType><PolicyKey>1</PolicyKey></Policy></Policies>",
        "<Policies><Policy><PolicyType>x</PolicyType><Status>1</Status></Policy></Policies>",
        "<Policies><Policy><PolicyType>x</PolicyType><PolicyKey>1</PolicyKey><Status>5</Status></Policy></"
        "Policies>"}) {
    auto read = provision(inside);
    ASSERT_FALSE(read) << inside;
    EXPECT_EQ(read.refusal(), Status(ProvisionStatus::protocol_error));
  }
}

TEST(Provision, Answers) {
  ProvisionResponse response;
  response.device_information_status = SettingsStatus::ok;
  response.policy.emplace();
  response.policy->key = "77";
  response.policy->policy.emplace();
  response.policy->policy->device_password_enabled = 1;
  response.policy->policy->max_inactivity_time_device_lock_s = 900;
  response.policy->policy->allow_bluetooth = 2;
  response.policy->policy->approved_application_hashes = {"AAAA"};
  const auto xml = [&response](ProtocolVersion version) {
    return answer([&](std::string& out) { write(out, response, version); });
  };
  EXPECT_EQ(xml(ProtocolVersion::v14_1), R"(<Provision:Provision>
  <Settings:DeviceInformation>
    <Status>1</Status>
  </Settings:DeviceInformation>
  <Status>1</Status>
  <Policies>
    <Policy>
      <PolicyType>MS-EAS-Provisioning-WBXML</PolicyType>
      <Status>1</Status>
      <PolicyKey>77</PolicyKey>
      <Data>
        <EASProvisionDoc>
          <DevicePasswordEnabled>1</DevicePasswordEnabled>
          <MaxInactivityTimeDeviceLock>900</MaxInactivityTimeDeviceLock>
          <AllowBluetooth>2</AllowBluetooth>
          <ApprovedApplicationList>
            <Hash>AAAA</Hash>
          </ApprovedApplicationList>
        </EASProvisionDoc>
      </Data>
    </Policy>
  </Policies>
</Provision:Provision>
)");
  response = {};
  response.account_only_remote_wipe = true;
  EXPECT_EQ(
      xml(ProtocolVersion::v16_1),
      "<Provision:Provision>\n  <Status>1</Status>\n  <AccountOnlyRemoteWipe/>\n</Provision:Provision>\n");
  EXPECT_EQ(xml(ProtocolVersion::v16_0),
            "<Provision:Provision>\n  <Status>1</Status>\n</Provision:Provision>\n");
  response.remote_wipe = true;
  EXPECT_NE(xml(ProtocolVersion::v14_1).find("<RemoteWipe/>"), std::string::npos);
}

TEST(Provision, APolicyIsWrittenWhole) {
  Policy policy;
  policy.unapproved_in_rom_applications = {"app"};
  policy.allow_internet_sharing = 0;
  policy.min_device_password_length = 4;
  ProvisionResponse response;
  response.policy.emplace();
  response.policy->policy = policy;
  const std::string xml = answer([&](std::string& out) { write(out, response, ProtocolVersion::v12_1); });
  EXPECT_LT(xml.find("MinDevicePasswordLength>4"), xml.find("AllowInternetSharing>0"));
  EXPECT_LT(xml.find("AllowInternetSharing"), xml.find("UnapprovedInROMApplicationList"));
}

TEST(ResolveRecipients, RequestsAndAnswers) {
  const auto parse = [](const std::string& inside) {
    return read_resolve_recipients(
        request("<ResolveRecipients:ResolveRecipients>" + inside + "</ResolveRecipients:ResolveRecipients>")
            .root());
  };
  auto read = parse(
      "<To>ali</To><Options><CertificateRetrieval>2</CertificateRetrieval><MaxAmbiguousRecipients>5"
      "</MaxAmbiguousRecipients><Availability><StartTime>2026-11-01T00:00:00.000Z</StartTime>"
      "<EndTime>2026-11-02T00:00:00.000Z</EndTime></Availability></Options><To>bob</To>");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->to, (std::vector<std::string>{"ali", "bob"}));
  EXPECT_TRUE(read->certificates);
  EXPECT_EQ(read->ambiguous_max, 5U);
  EXPECT_TRUE(read->availability);
  for (const char* inside :
       {"", "<To/>", "<To>a</To><Options><CertificateRetrieval>4</CertificateRetrieval></Options>",
        "<To>a</To><Options><MaxCertificates>10000</MaxCertificates></Options>",
        "<To>a</To><Options><Availability/></Options>"}) {
    EXPECT_EQ(parse(inside).refusal(), Status(ResolveStatus::protocol_error)) << inside;
  }

  ResolvedRecipient alice;
  alice.display_name = "Alice";
  alice.email_address = "alice@example.org";
  alice.availability = CommonStatus::availability_failure;
  alice.certificates = ResolveStatus::no_certificate;
  alice.picture.emplace();
  ResolveResponse response;
  response.names = {{"ali", ResolveStatus::ok, 1, {alice}}, {"bob", ResolveStatus::not_resolved, 0, {}}};
  EXPECT_EQ(answer([&](std::string& out) { write(out, response); }), R"(<ResolveRecipients:ResolveRecipients>
  <Status>1</Status>
  <Response>
    <To>ali</To>
    <Status>1</Status>
    <RecipientCount>1</RecipientCount>
    <Recipient>
      <Type>1</Type>
      <DisplayName>Alice</DisplayName>
      <EmailAddress>alice@example.org</EmailAddress>
      <Availability>
        <Status>163</Status>
      </Availability>
      <Certificates>
        <Status>7</Status>
      </Certificates>
      <Picture>
        <Status>173</Status>
      </Picture>
    </Recipient>
  </Response>
  <Response>
    <To>bob</To>
    <Status>4</Status>
    <RecipientCount>0</RecipientCount>
  </Response>
</ResolveRecipients:ResolveRecipients>
)");
}

TEST(ValidateCert, RequestsAndAnswers) {
  const auto parse = [](const std::string& inside) {
    return read_validate_cert(
        request("<ValidateCert:ValidateCert>" + inside + "</ValidateCert:ValidateCert>").root());
  };
  auto read = parse(
      "<CheckCRL>1</CheckCRL><Certificates><Certificate>AAE\n "
      "C</Certificate><Certificate>!</Certificate></Certificates>"
      "<CertificateChain><Certificate>AAEC</Certificate></CertificateChain>");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->certificates, (std::vector<std::string>{std::string("\0\1\2", 3), ""}));
  EXPECT_EQ(read->chain.size(), 1U);
  EXPECT_TRUE(read->check_crl);
  EXPECT_FALSE(parse(""));
  EXPECT_FALSE(parse("<Certificates/>"));
  EXPECT_EQ(answer([](std::string& out) {
              write_cert_statuses(out, {CertStatus::ok, CertStatus::expired});
            }),
            "<ValidateCert:ValidateCert>\n  <Status>1</Status>\n  <Certificate>\n    <Status>1</Status>\n"
            "  </Certificate>\n  <Certificate>\n    <Status>7</Status>\n  </Certificate>\n"
            "</ValidateCert:ValidateCert>\n");
  EXPECT_EQ(answer([](std::string& out) { write_cert_refusal(out, CertStatus::protocol_error); }),
            "<ValidateCert:ValidateCert>\n  <Status>2</Status>\n</ValidateCert:ValidateCert>\n");
}

TEST(MeetingResponse, RequestsAndAnswers) {
  const auto document = request(
      "<MeetingResponse:MeetingResponse>"
      "<Request><RequestId>1:2</RequestId><CollectionId>1</CollectionId><UserResponse>2</"
      "UserResponse><SendResponse>"
      "<AirSyncBase:Body><Type>1</Type><Data>Maybe</Data></AirSyncBase:Body></SendResponse></Request>"
      "<Request><UserResponse>1</UserResponse><Search:LongId>L</Search:LongId><InstanceId>x</InstanceId></"
      "Request>"
      "<Request><UserResponse>4</UserResponse><Search:LongId>L</Search:LongId></Request>"
      "<Request><UserResponse>3</UserResponse><Search:LongId>L</Search:LongId><RequestId>1:2</RequestId></"
      "Request>"
      "</MeetingResponse:MeetingResponse>");
  auto read = read_meeting_response(document.root());
  ASSERT_TRUE(read);
  ASSERT_EQ(read->size(), 4U);
  const MeetingAnswer& first = read->at(0);
  EXPECT_FALSE(first.refused);
  EXPECT_EQ(first.response, UserResponse::tentative);
  EXPECT_EQ(first.send_response->body, "Maybe");
  EXPECT_EQ(read->at(1).refused, Status(CommonStatus::invalid_date_time));
  EXPECT_EQ(read->at(2).refused, Status(MeetingStatus::invalid_request));
  EXPECT_EQ(read->at(3).refused, Status(MeetingStatus::invalid_request));
  EXPECT_EQ(answer([](std::string& out) {
              write_meeting_results(
                  out, {{"1:2", MeetingStatus::ok, "9:1"}, {"", MeetingStatus::invalid_request, ""}});
            }),
            "<MeetingResponse:MeetingResponse>\n  <Result>\n    <RequestId>1:2</RequestId>\n    "
            "<Status>1</Status>\n"
            "    <CalendarId>9:1</CalendarId>\n  </Result>\n  <Result>\n    <Status>2</Status>\n  </Result>\n"
            "</MeetingResponse:MeetingResponse>\n");
}

}  // namespace
}  // namespace postern::activesync
