#include "tests/support/transcript_setup.h"

#include <algorithm>
#include <array>
#include <iomanip>
#include <map>
#include <sstream>
#include <stdexcept>

#include "config/read_settings.h"
#include "gateway/async/task_scope.h"
#include "gateway/base/text.h"
#include "protocols/shared/credentials.h"
#include "storage/postgres/database.h"
#include "storage/postgres/open_store.h"
#include "tests/support/transcript_words.h"

namespace postern::tests {

namespace {

constexpr const char* kJoe = "joe@example.test";

template <class T>
T must(Result<T> result) {
  if (!result)
    throw std::runtime_error(std::string(name_of(result.error().kind)) + ": " + result.error().detail);
  return *std::move(result);
}
void must(const Result<void>& result) {
  if (!result)
    throw std::runtime_error(std::string(name_of(result.error().kind)) + ": " + result.error().detail);
}

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(std::move(word));
  return words;
}

// "key=value"; a value in parentheses may hold spaces.
std::string option(const std::string& text, const std::string& key) {
  const std::size_t at = text.find(' ' + key + '=');
  if (at == std::string::npos) return {};
  const std::size_t begin = at + key.size() + 2;
  if (begin < text.size() && text[begin] == '(')
    return text.substr(begin + 1, text.find(')', begin) - begin - 1);
  return text.substr(begin, text.find(' ', begin) - begin);
}

WallTime time_of(const std::string& text) {
  std::tm parts{};
  std::istringstream in(text);
  in >> std::get_time(&parts, "%Y-%m-%dT%H:%M:%SZ");
  if (in.fail()) throw std::runtime_error("no time: " + text);
  return WallTime(std::chrono::seconds(timegm(&parts)));
}

class Setup {
 public:
  explicit Setup(const std::string& conninfo)
      : store_(postgres::open_store(loop_, conninfo, settings_, clock_, Log::silent())),
        database_(loop_, conninfo, settings_.database, Log::silent()) {}
  void begin() {
    const auto tenant = must(await(store_->directory().create_tenant("tenant")));
    must(await(store_->directory().create_domain(tenant.id, "example.test", "standard")));
    add_account(kJoe, "secret");
  }
  ~Setup() { await(closed()); }

  void take(const TranscriptStep& step) {
    const auto words = words_of(step.rest);
    if (step.verb == "account") add_account(words.at(0), words.at(1));
    if (step.verb == "feature") set_feature(words.at(0), words.at(1), words.at(2) == "on");
    if (step.verb == "limit") set_limits(words.at(0), ' ' + step.rest);
    if (step.verb == "full") set_when_full(words.at(0), words.at(1));
    if (step.verb == "profile") set_profile(words.at(0), ' ' + step.rest);
    if (step.verb == "alias") add_alias(words);
    if (step.verb == "device") administer_device(words);
    if (step.verb == "policy") set_policy(words);
    if (step.verb == "mailbox") open_mailbox(step.rest);
    if (step.verb == "message") add_message(words.at(0), ' ' + step.rest);
  }

 private:
  template <class T>
  T await(Task<T> task) {
    std::optional<T> result;
    {
      TaskScope scope(loop_, [](std::exception_ptr bug) { std::rethrow_exception(bug); });
      scope.start(collect(std::move(task), result, loop_));
      while (scope.running() > 0) loop_.run();
    }
    return *std::move(result);
  }
  template <class T>
  static Task<void> collect(Task<T> task, std::optional<T>& result, Loop& loop) {
    T value = co_await std::move(task);
    result.emplace(std::move(value));
    loop.stop();
  }
  Task<bool> closed() {
    co_await store_->close();
    co_await database_.close();
    co_return true;
  }

  AccountId account(const std::string& address) {
    return must(await(store_->directory().find_account(address))).id;
  }

  void add_account(const std::string& address, const std::string& password) {
    Credentials credentials = must(make_credentials(Secret(password), 1));
    must(await(store_->directory().create_account(address, std::move(credentials), AccountLimits())));
  }

  void set_feature(const std::string& address, const std::string& name, bool enabled) {
    const auto feature = feature_from(name);
    if (!feature) throw std::runtime_error("no feature " + name);
    must(await(store_->directory().set_account_feature(account(address), *feature, enabled)));
  }

  void set_limits(const std::string& address, const std::string& text) {
    AccountLimits limits;
    limits.quota_octets = text::number(option(text, "octets"));
    limits.quota_messages = text::number(option(text, "messages"));
    must(await(store_->directory().set_limits(account(address), limits)));
  }

  // example.test reject
  void set_when_full(const std::string& domain, const std::string& what) {
    DomainQuota quota;
    quota.when_full = when_full_from(what).value();
    must(await(store_->quotas().set_domain(domain, std::move(quota))));
  }

  void set_profile(const std::string& address, const std::string& text) {
    Profile profile;
    profile.display_name = option(text, "name");
    profile.in_address_book = option(text, "hidden").empty();
    must(await(store_->directory().set_profile(account(address), profile)));
  }

  void add_alias(const std::vector<std::string>& words) {
    const std::vector<std::string> targets(words.begin() + 1, words.end());
    must(await(store_->directory().set_alias(words.at(0), targets)));
  }

  // joe@example.test phone1 allow | block | quarantine | wipe account_only
  void administer_device(const std::vector<std::string>& words) {
    const DeviceKey key(account(words.at(0)), words.at(1));
    const std::string& act = words.at(2);
    DeviceStore& devices = store_->devices();
    if (act == "allow") must(await(devices.decide(key, DeviceAccess::allowed)));
    if (act == "block") must(await(devices.decide(key, DeviceAccess::blocked)));
    if (act == "quarantine") must(await(devices.decide(key, DeviceAccess::quarantined)));
    if (act == "remove") must(await(devices.remove(key)));
    if (act != "wipe") return;
    static const std::map<std::string, DeviceWipe> kWipes = {
        {"none", DeviceWipe::none}, {"full", DeviceWipe::full}, {"account_only", DeviceWipe::account_only}};
    must(await(devices.request_wipe(key, kWipes.at(words.at(3)), "the transcript")));
  }

  // A plan, domain or account, and its values.
  void set_policy(std::vector<std::string> words) {
    const std::string of = words.at(0);
    words.erase(words.begin());
    PolicyLevel level = PolicyLevel::plan;
    if (of.find('.') != std::string::npos) level = PolicyLevel::domain;
    if (of.find('@') != std::string::npos) level = PolicyLevel::account;
    must(await(store_->devices().set_policy_values(level, of, std::move(words))));
  }

  // "name" of joe's, or "name of kim@example.test".
  void open_mailbox(const std::string& text) {
    const std::size_t of = text.find(" of ");
    const AccountId owner = account(of == std::string::npos ? kJoe : text.substr(of + 4));
    const MailboxName name = must(MailboxName::parse(text::trim(text.substr(0, of))));
    auto found = await(store_->mailboxes().find(owner, name));
    if (!found) found = await(store_->mailboxes().create(owner, name, SpecialUse::none));
    mailbox_ = must(std::move(found)).key;
  }

  void add_message(const std::string& file, const std::string& text) {
    if (const auto uid = text::number(option(text, "uid"))) {
      static constexpr postgres::Statement kNextUid{"test_next_uid", R"sql(
        UPDATE mailboxes SET uid_next = $3::bigint WHERE account_id = $1::bigint AND mailbox_id = $2::bigint)sql"};
      postgres::Params params(mailbox_.account, mailbox_.mailbox, static_cast<std::int64_t>(*uid));
      must(await(database_.query(postgres::Lane::write, kNextUid, std::move(params))));
    }
    NewMessage message;
    for (const std::string& flag : words_of(option(text, "flags"))) {
      const std::uint8_t bit = system_flag_bit(flag);
      message.flags.system |= bit;
      if (bit == 0) message.flags.add_keyword(flag);
    }
    if (const std::string date = option(text, "date"); !date.empty()) message.internal_date = time_of(date);
    const Appended appended = must(await(append(corpus_message(file), std::move(message))));
    if (option(text, "structure") == "broken") break_structure(appended.uid);
  }

  void break_structure(Uid uid) {
    static constexpr postgres::Statement kBreak{"test_break_structure", R"sql(
      UPDATE blobs SET structure = '\xff'
       WHERE account_id = $1::bigint
         AND blob_id = (SELECT blob_id FROM messages
                         WHERE account_id = $1::bigint AND mailbox_id = $2::bigint AND uid = $3::bigint))sql"};
    postgres::Params params(mailbox_.account, mailbox_.mailbox, uid);
    must(await(database_.query(postgres::Lane::write, kBreak, std::move(params))));
  }

  Task<Result<Appended>> append(std::string octets, NewMessage with) {
    auto sink = store_->messages().receive(mailbox_.account, std::string());
    CO_TRY_VOID(co_await sink->write(octets));
    CO_TRY(const StagedMessage staged, co_await sink->finish());
    co_return co_await store_->messages().append(staged, mailbox_, std::move(with));
  }

  Settings settings_;
  Clock clock_;
  Loop loop_;
  std::unique_ptr<Store> store_;
  postgres::Database database_;
  MailboxKey mailbox_;
};

// "imap.idle_timeout_s=2" lines, as the settings file that they stand for.
Settings settings_from(const std::vector<std::string>& lines) {
  std::map<std::string, std::string> sections;
  for (const std::string& line : lines) {
    const std::size_t dot = line.find('.');
    const std::size_t equals = line.find('=');
    sections[line.substr(0, dot)] +=
        "  " + line.substr(dot + 1, equals - dot - 1) + ": " + line.substr(equals + 1) + "\n";
  }
  std::string yaml;
  for (const auto& [section, text] : sections) yaml += section + ":\n" + text;
  if (yaml.empty()) return Settings();
  auto read = read_settings_text(yaml, "transcript");
  if (auto* settings = std::get_if<Settings>(&read)) return *settings;
  throw std::runtime_error(std::get<1>(read).front().to_text());
}

bool is_opening(const std::string& verb) {
  constexpr std::array<std::string_view, 12> kOpening{"full",    "settings", "workers", "account",
                                                      "profile", "alias",    "feature", "device",
                                                      "policy",  "limit",    "mailbox", "message"};
  return std::find(kOpening.begin(), kOpening.end(), verb) != kOpening.end();
}

}  // namespace

TranscriptSetup set_up(const std::string& conninfo, std::vector<TranscriptStep>& steps) {
  TranscriptSetup result;
  std::vector<std::string> settings;
  Setup setup(conninfo);
  setup.begin();
  std::size_t taken = 0;
  for (; taken < steps.size() && is_opening(steps[taken].verb); ++taken) {
    const TranscriptStep& step = steps[taken];
    if (step.verb == "settings") settings.push_back(step.rest);
    if (step.verb == "workers") result.workers = text::number(step.rest).value_or(1);
    setup.take(step);
  }
  steps.erase(steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(taken));
  result.settings = settings_from(settings);
  return result;
}

void change_while_serving(const std::string& conninfo, const TranscriptStep& step) {
  Setup(conninfo).take(step);
}

}  // namespace postern::tests
