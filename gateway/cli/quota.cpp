// postern quota: what domains say about room, the notices that full mailboxes get, and the last recount.
// What one account may keep is `postern account quota`.
#include <fmt/format.h>

#include <iostream>
#include <iterator>

#include "gateway/cli/command_line.h"
#include "gateway/cli/time_option.h"
#include "gateway/cli/with_store.h"

namespace postern::cli {

namespace {

constexpr const char* kExamples =
    R"(  postern quota show example.org
  postern quota set example.org --pool 100G --administrator post@example.org
  postern quota set example.org --when-full reject             552 instead of 452
  postern quota set example.org --no-pool
  postern quota notice example.org 95                          what they are told
  postern quota notice example.org 95 --subject "Almost full" --text-stdin <notice.txt
  postern quota notice example.org 95 --usual
  postern quota drifts                                         what the last recount found wrong
)";

struct QuotaOptions {
  std::string domain;
  std::optional<std::uint64_t> pool_octets;
  std::optional<std::uint64_t> pool_messages;
  bool no_pool = false;
  std::optional<std::string> when_full;
  std::optional<std::string> administrator;
  int level = 0;
  std::optional<std::string> subject;
  bool text_from_stdin = false;
  bool usual = false;
};
using Options = const QuotaOptions&;

Json count_or_none(const std::optional<std::uint64_t>& number) {
  return number ? Json(*number) : Json();
}

Task<Result<void>> show(StoreSession& session, OutputFormat format, Options options) {
  Quotas& quotas = session.store.quotas();
  CO_TRY(const DomainQuota quota, co_await quotas.domain(options.domain));
  CO_TRY(const DomainUsage usage, co_await quotas.usage(options.domain));
  Json record;
  record["domain"] = options.domain;
  record["accounts"] = usage.accounts;
  record["octets"] = usage.octets;
  record["pool_octets"] = count_or_none(quota.pool_octets);
  record["messages"] = usage.messages;
  record["pool_messages"] = count_or_none(quota.pool_messages);
  record["when_full"] = name_of(quota.when_full);
  record["administrator"] = quota.administrator;
  print_record(format, record);
  co_return Result<void>();
}

Task<Result<void>> set(StoreSession& session, OutputFormat format, Options options) {
  Quotas& quotas = session.store.quotas();
  CO_TRY(DomainQuota quota, co_await quotas.domain(options.domain));
  if (options.no_pool) quota.pool_octets = quota.pool_messages = std::nullopt;
  if (options.pool_octets) quota.pool_octets = options.pool_octets;
  if (options.pool_messages) quota.pool_messages = options.pool_messages;
  if (options.when_full) quota.when_full = when_full_from(*options.when_full).value();
  if (options.administrator) quota.administrator = *options.administrator;
  CO_TRY_VOID(co_await quotas.set_domain(options.domain, std::move(quota)));
  co_return co_await show(session, format, options);
}

Task<Result<void>> notice(StoreSession& session, OutputFormat format, Options options) {
  Quotas& quotas = session.store.quotas();
  const auto level = static_cast<QuotaLevel>(options.level);
  if (options.usual) CO_TRY_VOID(co_await quotas.set_notice(options.domain, level, std::nullopt));
  if (options.subject || options.text_from_stdin) {
    CO_TRY(QuotaNotice changed, co_await quotas.notice(options.domain, level));
    if (options.subject) changed.subject = *options.subject;
    if (options.text_from_stdin)
      changed.text.assign(std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>());
    CO_TRY_VOID(co_await quotas.set_notice(options.domain, level, std::move(changed)));
  }
  CO_TRY(const QuotaNotice now, co_await quotas.notice(options.domain, level));
  Json record;
  record["level"] = options.level;
  record["subject"] = now.subject;
  record["text"] = now.text;
  print_done(format, "Subject: " + now.subject + "\n\n" + now.text, record);
  co_return Result<void>();
}

Task<Result<void>> drifts(StoreSession& session, OutputFormat format, Options) {
  CO_TRY(const Quotas::Recount recount, co_await session.store.quotas().last_recount());
  std::vector<Json> rows;
  for (const QuotaDrift& drift : recount.drifts) {
    Json& row = rows.emplace_back();
    row["account"] = raw(drift.account);
    row["counter"] = drift.what;
    row["stored"] = drift.stored;
    row["counted"] = drift.counted;
  }
  if (format == OutputFormat::json) {
    Json record;
    record["recounted"] = recount.at ? Json(time_text(*recount.at)) : Json();
    record["drifts"] = rows;
    print_record(format, record);
  } else if (rows.empty()) {
    print_done(format, recount.at ? "All was right at " + time_text(*recount.at) + "." : "Not counted yet.",
               {});
  } else {
    const std::vector<std::string> columns{"account", "counter", "stored", "counted"};
    print_rows(format, columns, rows);
  }
  co_return Result<void>();
}

}  // namespace

void add_quota(CommandLine& line) {
  const auto options = std::make_shared<QuotaOptions>();
  CLI::App& noun = line.noun("quota", "Room: pools of domains, notices, the nightly recount", kExamples);
  using Action = Task<Result<void>> (*)(StoreSession&, OutputFormat, Options);
  const auto verb = [&](const char* name, const char* description, Action action) -> CLI::App& {
    return line.verb(noun, name, description, [options, action](const CommonOptions& common) {
      return with_store(common,
                        [&](StoreSession& session) { return action(session, common.output, *options); });
    });
  };
  const auto verb_on_domain = [&](const char* name, const char* description, Action action) -> CLI::App& {
    CLI::App& made = verb(name, description, action);
    made.add_option("domain", options->domain, "Domain")->required();
    return made;
  };
  verb_on_domain("show", "What a domain uses and may use", show);
  CLI::App& setting = verb_on_domain("set", "What is not named stays as it is", set);
  auto* octets =
      setting.add_option("--pool", options->pool_octets, "Octets of all accounts together, e.g. 100G")
          ->transform(CLI::AsSizeValue(false).description(""));
  auto* messages = setting.add_option("--pool-messages", options->pool_messages, "Messages of all together");
  setting.add_flag("--no-pool", options->no_pool, "No limit for all together")
      ->excludes(octets)
      ->excludes(messages);
  line.one_of(*setting.add_option("--when-full", options->when_full,
                                  "Mail for a full account: defer, reject, settings"),
              {"defer", "reject", "settings"});
  setting.add_option("--administrator", options->administrator,
                     "Who hears of full accounts, too; empty: nobody");
  CLI::App& telling = verb_on_domain("notice", "Show or change what accounts are told by mail", notice);
  telling.add_option("level", options->level, "80, 95 or 100 per cent; 0: there is room again")
      ->required()
      ->check(CLI::IsMember({0, 80, 95, 100}).description(""));
  auto* usual = telling.add_flag("--usual", options->usual, "The usual words again");
  telling.add_option("--subject", options->subject, "{address}, {percent}, {used}, {limit} are filled in")
      ->excludes(usual);
  telling.add_flag("--text-stdin", options->text_from_stdin, "Its text comes from standard input")
      ->excludes(usual);
  verb("drifts", "Counters that the last recount found to be wrong", drifts);
}

}  // namespace postern::cli
