#include "gateway/net/privileges.h"

#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace postern {

namespace {

Error refused(const std::string& what) {
  return Error(ErrorKind::denied, what + ": " + std::strerror(errno));
}

Result<void> become(const std::string& user) {
  errno = 0;
  const passwd* entry = ::getpwnam(user.c_str());
  if (!entry) return Error(ErrorKind::not_found, "no such user: " + user);
  const gid_t group = entry->pw_gid;
  const uid_t owner = entry->pw_uid;
  if (owner == 0) return Error(ErrorKind::denied, "that user is root: " + user);
  if (::setgroups(1, &group) != 0) return refused("setgroups");
  if (::setresgid(group, group, group) != 0) return refused("setresgid");
  if (::setresuid(owner, owner, owner) != 0) return refused("setresuid");
  if (::setuid(0) == 0) return Error(ErrorKind::denied, "root could be regained");
  return {};
}

}  // namespace

Result<void> drop_root(const std::string& user) {
  // A change of identity clears the signal that tells a worker of its supervisor's death (prctl(2)).
  int parent_death_signal = 0;
  ::prctl(PR_GET_PDEATHSIG, &parent_death_signal);
  if (::geteuid() == 0) TRY_VOID(become(user));
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return refused("no_new_privs");
  const rlimit none{0, 0};
  if (::setrlimit(RLIMIT_CORE, &none) != 0) return refused("core limit");
  if (::prctl(PR_SET_DUMPABLE, 0) != 0) return refused("dumpable");
  ::prctl(PR_SET_PDEATHSIG, parent_death_signal);
  return {};
}

}  // namespace postern
