#include "protocols/admin/call.h"

#include "gateway/base/text.h"

namespace postern::admin {

std::unique_ptr<ActingStore> Call::acting(RowVersion::Of of, const std::string& name) const {
  std::optional<RowVersion> unchanged;
  const auto condition = exchange.head().fields.find("If-Match");
  if (condition && text::trim(*condition) != "*") {
    std::string_view tag = text::trim(*condition);
    if (tag.size() >= 2 && tag.front() == '"' && tag.back() == '"') tag = tag.substr(1, tag.size() - 2);
    const bool readable = text::is_ascii(tag) && tag.find('\0') == std::string_view::npos;
    unchanged.emplace(of, name, readable ? std::string(tag) : std::string());
  }
  return store().acting(who.act(), std::move(unchanged));
}

std::int64_t Call::number(std::size_t arg) const {
  return static_cast<std::int64_t>(text::number(args.at(arg), INT64_MAX).value_or(0));
}

LoginContext Call::login_context() const {
  LoginContext context;
  context.session = exchange.session();
  context.door = Feature::self_service;
  context.stays = false;
  context.peer = exchange.client().peer;
  context.encrypted = exchange.client().encrypted;
  return context;
}

}  // namespace postern::admin
