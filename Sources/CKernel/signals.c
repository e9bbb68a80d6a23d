#define _GNU_SOURCE
#include "call.h"

#include "ckernel.h"

#include <signal.h>
#include <sys/signalfd.h>

long ck_block_signals(unsigned long long blocked, unsigned long long *previous) {
  return CALL(rt_sigprocmask, SIG_BLOCK, &blocked, previous, KERNEL_SIGSET_SIZE);
}

long ck_set_signal_mask(unsigned long long mask) {
  return CALL(rt_sigprocmask, SIG_SETMASK, &mask, 0, KERNEL_SIGSET_SIZE);
}

long ck_default_signal(int number) { return signal(number, SIG_DFL) == SIG_ERR ? -(long)errno : 0; }

long ck_wait_signal(unsigned long long set, struct ck_signal *found) {
  siginfo_t info;
  long result = CALL(rt_sigtimedwait, &set, &info, 0, KERNEL_SIGSET_SIZE);
  if (result > 0) *found = (struct ck_signal){info.si_signo, info.si_code, info.si_pid};
  return result;
}

// The signals that come from now on are read from a descriptor: those of the set, which must be blocked.
long ck_signalfd(unsigned long long set) {
  return CALL(signalfd4, -1, &set, KERNEL_SIGSET_SIZE, SFD_CLOEXEC | SFD_NONBLOCK);
}

long ck_read_signal(int descriptor, struct ck_signal *found) {
  struct signalfd_siginfo info;
  long result = CALL(read, descriptor, &info, sizeof info);
  if (result > 0) *found = (struct ck_signal){info.ssi_signo, info.ssi_code, info.ssi_pid};
  return result;
}
