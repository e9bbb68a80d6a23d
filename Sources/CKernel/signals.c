#define _GNU_SOURCE
#include "call.h"

#include "ckernel.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>

long ck_block_signals(unsigned long long blocked, unsigned long long *previous) {
  return CALL(rt_sigprocmask, SIG_BLOCK, &blocked, previous, KERNEL_SIGSET_SIZE);
}

long ck_set_signal_mask(unsigned long long mask) {
  return CALL(rt_sigprocmask, SIG_SETMASK, &mask, 0, KERNEL_SIGSET_SIZE);
}

long ck_default_signal(int number) { return signal(number, SIG_DFL) == SIG_ERR ? -(long)errno : 0; }

int ck_is_ignored(int number) {
  struct sigaction found;
  return sigaction(number, 0, &found) == 0 && found.sa_handler == SIG_IGN;
}

// Takes a signal of the set; waits for one, or fails with EAGAIN if none has come already.
long ck_take_signal(unsigned long long set, struct ck_signal *found, int waits) {
  siginfo_t info;
  struct timespec none = {0, 0};
  long result = CALL(rt_sigtimedwait, &set, &info, waits ? 0 : &none, KERNEL_SIGSET_SIZE);
  if (result > 0) *found = (struct ck_signal){info.si_signo, info.si_code, info.si_pid};
  return result;
}

// Sends a signal that tells by its code that it was queued: sigqueue(3), without a value.
long ck_queue_signal(int pid, int signal) {
  siginfo_t info = {.si_signo = signal, .si_code = SI_QUEUE};
  info.si_pid = getpid();
  info.si_uid = getuid();
  return CALL(rt_sigqueueinfo, pid, signal, &info);
}

// Has SIGIO come when something can be read.
long ck_notify(int file) {
  int notifies = 1;
  long result = CALL(fcntl, file, F_SETOWN, getpid());
  return result < 0 ? result : CALL(ioctl, file, FIOASYNC, &notifies);
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
