// /backup, /backup/evenings and /backup/runs: what was saved, and saving it now. Bringing something back from
// an evening is the command line's affair.
#include "protocols/admin/handlers.h"
#include "protocols/admin/times.h"

namespace postern::admin {

namespace {

bool wanted(const Call& call) {
  return !call.settings.backup.directory.empty();
}

Json evening_json(const SavedEvening& evening) {
  Json json;
  json["evening"] = evening.date;
  json["begun_at"] = time_text(evening.begun_at);
  json["ended_at"] = time_text(evening.ended_at);
  json["accounts"] = evening.accounts;
  json["messages"] = evening.messages;
  json["octets"] = evening.octets;
  json["new_messages"] = evening.new_messages;
  json["new_octets"] = evening.new_octets;
  json["failed"] = evening.failed;
  json["verified_at"] = time_json(evening.verified_at);
  json["broken"] = evening.broken;
  return json;
}

const char* state_of(const NightlyJobs::State& state) {
  if (state.running) return "running";
  return state.due ? "due" : "waiting";
}

}  // namespace

Task<Result<Answer>> get_backup(Call& call) {
  CO_TRY(const NightlyJobs::State state, co_await call.store().nightly_jobs().state(kBackupJob));
  const bool enabled = wanted(call);
  Json body;
  body["enabled"] = enabled;
  body["at"] = call.settings.nightly.at;
  body["zone"] = call.settings.nightly.zone;
  body["evenings_kept"] = call.settings.backup.evenings;
  body["state"] = enabled ? state_of(state) : "off";
  body["begun_at"] = time_json(state.begun_at);
  body["ended_at"] = time_json(state.ended_at);
  co_return Answer(200, std::move(body));
}

Task<Result<Answer>> list_evenings(Call& call) {
  CO_TRY(const std::vector<SavedEvening> evenings, co_await call.store().evenings().list());
  co_return whole_list_of(evenings, evening_json);
}

Task<Result<Answer>> start_backup(Call& call) {
  if (!wanted(call)) co_return conflict("no-backup", "The server's settings name no repository");
  const auto acting = call.acting();
  CO_TRY_VOID(co_await acting->nightly_jobs().ask(kBackupJob));
  co_return Answer(202);
}

}  // namespace postern::admin
