// postern token: what programs prove to the API who they are with. Shown once, when it is made.
#include "gateway/base/text.h"
#include "gateway/cli/command_line.h"
#include "gateway/cli/time_option.h"
#include "gateway/cli/with_store.h"

namespace postern::cli {

namespace {

constexpr const char* kExamples = R"(  postern administrator token ann --name backup --days 90     makes one
  postern token list ann
  postern token delete ann 17
)";

struct TokenOptions {
  std::string administrator;
  std::int64_t number = 0;
};

Json json_of(const Token& token) {
  Json record;
  record["token"] = raw(token.id);
  record["name"] = token.name;
  Json scopes = Json::array();
  for (const std::string_view scope : token.scopes.names()) scopes.push_back(scope);
  record["scopes"] = std::move(scopes);
  record["created"] = time_text(token.created_at);
  record["expires"] = time_text(token.expires_at);
  record["last_used"] = token.last_used_at ? Json(time_text(*token.last_used_at)) : Json();
  return record;
}

Task<Result<void>> list(StoreSession& session, OutputFormat format, const TokenOptions& options) {
  CO_TRY(const Administrator owner, co_await session.store.administrators().find_name(options.administrator));
  CO_TRY(const std::vector<Token> tokens, co_await session.store.administrators().tokens(owner.id));
  std::vector<Json> rows;
  for (const Token& token : tokens) rows.push_back(json_of(token));
  std::vector<std::string> columns{"token", "name", "created", "expires", "last_used"};
  if (format != OutputFormat::table) columns.insert(columns.begin() + 2, "scopes");
  print_rows(format, columns, rows);
  co_return Result<void>();
}

Task<Result<void>> remove(StoreSession& session, OutputFormat format, const TokenOptions& options) {
  CO_TRY(const Administrator owner, co_await session.store.administrators().find_name(options.administrator));
  const TokenId id{options.number};
  CO_TRY_VOID(co_await session.store.administrators().remove_token(owner.id, id));
  Json record;
  record["deleted"] = options.number;
  print_done(format, "Token " + std::to_string(options.number) + " is worth nothing any more.", record);
  co_return Result<void>();
}

}  // namespace

void add_token(CommandLine& line) {
  const auto options = std::make_shared<TokenOptions>();
  CLI::App& noun = line.noun("token", "Tokens of the API", kExamples);
  using Action = Task<Result<void>> (*)(StoreSession&, OutputFormat, const TokenOptions&);
  const auto verb = [&](const char* name, const char* description, Action action) -> CLI::App& {
    CLI::App& made = line.verb(noun, name, description, [options, action](const CommonOptions& common) {
      return with_store(common,
                        [&](StoreSession& session) { return action(session, common.output, *options); });
    });
    made.add_option("administrator", options->administrator, "Whose")->required();
    return made;
  };
  verb("list", "Of an administrator", list);
  verb("delete", "End one at once", remove)
      .add_option("token", options->number, "Its number, as `list` shows it")
      ->required();
}

}  // namespace postern::cli
