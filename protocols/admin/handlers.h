// What answers each operation, by resource; each pair of lines is a file of that name.
#pragma once

#include "protocols/admin/call.h"

namespace postern::admin {

#define POSTERN_HANDLER(name) Task<Result<Answer>> name(Call& call)

// server.cpp
POSTERN_HANDLER(get_contract);
POSTERN_HANDLER(get_health);
POSTERN_HANDLER(get_server);
// session.cpp
POSTERN_HANDLER(sign_in);
POSTERN_HANDLER(get_session);
POSTERN_HANDLER(sign_out);
// second_factor.cpp
POSTERN_HANDLER(begin_second_factor);
POSTERN_HANDLER(confirm_second_factor);
POSTERN_HANDLER(remove_second_factor);
POSTERN_HANDLER(reset_second_factor);
// me.cpp
POSTERN_HANDLER(get_me);
POSTERN_HANDLER(get_my_client_settings);
POSTERN_HANDLER(set_my_password);
// administrators.cpp
POSTERN_HANDLER(list_administrators);
POSTERN_HANDLER(create_administrator);
POSTERN_HANDLER(get_administrator);
POSTERN_HANDLER(change_administrator);
POSTERN_HANDLER(delete_administrator);
// tokens.cpp
POSTERN_HANDLER(list_tokens);
POSTERN_HANDLER(create_token);
POSTERN_HANDLER(delete_token);
// tenants.cpp
POSTERN_HANDLER(list_tenants);
POSTERN_HANDLER(create_tenant);
POSTERN_HANDLER(get_tenant);
POSTERN_HANDLER(change_tenant);
POSTERN_HANDLER(delete_tenant);
POSTERN_HANDLER(get_licences);
// plans.cpp
POSTERN_HANDLER(list_plans);
POSTERN_HANDLER(get_plan);
POSTERN_HANDLER(put_plan);
POSTERN_HANDLER(delete_plan);
// domains.cpp
POSTERN_HANDLER(list_domains);
POSTERN_HANDLER(create_domain);
POSTERN_HANDLER(get_domain);
POSTERN_HANDLER(change_domain);
POSTERN_HANDLER(delete_domain);
POSTERN_HANDLER(set_catch_all);
POSTERN_HANDLER(delete_catch_all);
// features.cpp
POSTERN_HANDLER(get_domain_features);
POSTERN_HANDLER(change_domain_features);
POSTERN_HANDLER(get_account_features);
POSTERN_HANDLER(change_account_features);
// accounts.cpp
POSTERN_HANDLER(list_accounts);
POSTERN_HANDLER(create_account);
POSTERN_HANDLER(get_account);
POSTERN_HANDLER(change_account);
POSTERN_HANDLER(delete_account);
POSTERN_HANDLER(set_password);
// app_passwords.cpp
POSTERN_HANDLER(list_app_passwords);
POSTERN_HANDLER(create_app_password);
POSTERN_HANDLER(delete_app_password);
POSTERN_HANDLER(list_my_app_passwords);
POSTERN_HANDLER(create_my_app_password);
POSTERN_HANDLER(delete_my_app_password);
// aliases.cpp
POSTERN_HANDLER(list_aliases);
POSTERN_HANDLER(get_alias);
POSTERN_HANDLER(put_alias);
POSTERN_HANDLER(delete_alias);
// devices.cpp
POSTERN_HANDLER(list_devices);
POSTERN_HANDLER(list_account_devices);
POSTERN_HANDLER(get_device);
POSTERN_HANDLER(change_device);
POSTERN_HANDLER(forget_device);
POSTERN_HANDLER(wipe_device);
POSTERN_HANDLER(cancel_wipe);
POSTERN_HANDLER(resync_device);
POSTERN_HANDLER(list_my_devices);
POSTERN_HANDLER(forget_my_device);
POSTERN_HANDLER(wipe_my_device);
POSTERN_HANDLER(cancel_my_wipe);
// device_rules.cpp
POSTERN_HANDLER(list_device_rules);
POSTERN_HANDLER(add_device_rule);
POSTERN_HANDLER(delete_device_rule);
// quota.cpp
POSTERN_HANDLER(get_domain_quota);
POSTERN_HANDLER(change_domain_quota);
POSTERN_HANDLER(list_quota_notices);
POSTERN_HANDLER(put_quota_notice);
POSTERN_HANDLER(delete_quota_notice);
POSTERN_HANDLER(get_quota_recount);
// recovery.cpp
POSTERN_HANDLER(list_removed_messages);
POSTERN_HANDLER(get_removed_header);
POSTERN_HANDLER(list_removed_folders);
POSTERN_HANDLER(list_deleted_accounts);
// retention.cpp
POSTERN_HANDLER(get_domain_retention);
POSTERN_HANDLER(change_domain_retention);
POSTERN_HANDLER(get_plan_retention);
POSTERN_HANDLER(change_plan_retention);
// restores.cpp
POSTERN_HANDLER(restore_messages);
POSTERN_HANDLER(restore_folder);
POSTERN_HANDLER(restore_account);
// backup.cpp
POSTERN_HANDLER(get_backup);
POSTERN_HANDLER(list_evenings);
POSTERN_HANDLER(start_backup);
// queue.cpp
POSTERN_HANDLER(list_queue);
POSTERN_HANDLER(get_queued);
POSTERN_HANDLER(drop_queued);
POSTERN_HANDLER(retry_queued);
// sessions.cpp
POSTERN_HANDLER(list_sessions);
POSTERN_HANDLER(end_session);
// usage.cpp
POSTERN_HANDLER(export_usage);
// record_lists.cpp
POSTERN_HANDLER(list_feature_events);
POSTERN_HANDLER(list_audit);

#undef POSTERN_HANDLER

}  // namespace postern::admin
