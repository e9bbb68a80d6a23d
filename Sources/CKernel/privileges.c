#define _GNU_SOURCE
#include "call.h"

#include "ckernel.h"

#include <linux/capability.h>
#include <linux/landlock.h>
#include <signal.h>
#include <sys/prctl.h>

// Each set has its lower half in the first element and its upper half in the second.
long ck_capget(struct ck_capabilities *sets) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct half[2];
  long result = CALL(capget, &header, half);
  sets->effective = half[0].effective | (unsigned long long)half[1].effective << 32;
  sets->permitted = half[0].permitted | (unsigned long long)half[1].permitted << 32;
  sets->inheritable = half[0].inheritable | (unsigned long long)half[1].inheritable << 32;
  return result;
}

long ck_capset(const struct ck_capabilities *sets) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct half[2] = {
      {(unsigned)sets->effective, (unsigned)sets->permitted, (unsigned)sets->inheritable},
      {(unsigned)(sets->effective >> 32), (unsigned)(sets->permitted >> 32), (unsigned)(sets->inheritable >> 32)},
  };
  return CALL(capset, &header, half);
}

long ck_keyctl(int operation, unsigned long first, unsigned long second) {
  return CALL(keyctl, operation, first, second, 0, 0);
}

// How many rulesets of Landlock rule this process: no file tells, but one can be stacked on another 16 times at most. A child
// finds out how many more there may be.
long ck_landlock_layers(void) {
  enum { MOST = 16, REFUSED = 100 };
  long child = CALL(clone, SIGCHLD, 0, 0, 0, 0);
  if (child < 0) return child;
  if (child == 0) {
    struct landlock_ruleset_attr attributes = {.handled_access_fs = LANDLOCK_ACCESS_FS_EXECUTE};
    CALL(prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    long ruleset = CALL(landlock_create_ruleset, &attributes, sizeof attributes, 0);
    long result = ruleset < 0 ? ruleset : 0;
    int more = 0;
    while (result == 0 && more <= MOST)
      if ((result = CALL(landlock_restrict_self, ruleset, 0)) == 0) more++;
    _exit(result == -E2BIG ? more : (int)(REFUSED - result));
  }
  int status = 0;
  long ended = CALL(wait4, child, &status, 0, 0);
  if (ended < 0) return ended;
  int answer = (status & 0x7f) == 0 ? status >> 8 & 0xff : REFUSED + EPROTO;
  return answer <= MOST ? MOST - answer : -(long)(answer - REFUSED);
}
