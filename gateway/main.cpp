// The program: its commands are in gateway/cli, one file each.
#include "gateway/cli/command_line.h"

int main(int argc, char** argv) {
  postern::cli::CommandLine line;
  add_serve(line);
  add_demo(line);
  add_stop(line);
  add_migrate(line);
  add_check_config(line);
  add_doctor(line);
  add_tenant(line);
  add_plan(line);
  add_domain(line);
  add_account(line);
  add_apply(line);
  add_alias(line);
  add_feature(line);
  add_app_password(line);
  add_administrator(line);
  add_token(line);
  add_record_lists(line);
  add_device(line);
  add_device_rule(line);
  add_session(line);
  add_policy(line);
  add_queue(line);
  add_quota(line);
  add_retention(line);
  add_recover(line);
  add_backup(line);
  add_import(line);
  add_export(line);
  add_completion(line);
  add_man(line);
  add_worker(line);
  return line.run(argc, argv);
}
