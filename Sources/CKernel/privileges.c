#define _GNU_SOURCE
#include "call.h"

#include "ckernel.h"

#include <linux/capability.h>

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
