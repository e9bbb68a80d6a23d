#define _GNU_SOURCE
#include "call.h"

#include "ckernel.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>

// Lets the program lead a group or a session, and gives it its terminal in the place of what it would inherit.
static long set_apart(const struct ck_program *program) {
  long result = 0;
  if (program->leads == CK_LEADS_GROUP) result = CALL(setpgid, 0, 0);
  if (program->leads == CK_LEADS_SESSION) result = CALL(setsid);
  if (result >= 0 && program->parent) {
    result = CALL(prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    // A parent that has ended before that sends no signal.
    if (result >= 0 && CALL(getppid) != program->parent) return -ESRCH;
  }
  if (result < 0 || program->terminal < 0) return result;
  if (program->controls) result = CALL(ioctl, program->terminal, TIOCSCTTY, 0);
  if (program->in_front) {
    int group = CALL(getpid);
    result = CALL(ioctl, program->terminal, TIOCSPGRP, &group);
  }
  for (int number = 0; number < 3 && result >= 0; number++)
    if (program->replaced & 1u << number) result = CALL(dup3, program->terminal, number, 0);
  return result;
}

// Gives the program nothing to read, a descriptor to keep, and a working directory, where it asks for them.
static long set_place(const struct ck_program *program) {
  long input = program->no_input ? CALL(openat, AT_FDCWD, "/dev/null", O_RDONLY, 0) : 0;
  if (input > 0) CALL(dup3, input, 0, 0), CALL(close, input);
  if (input >= 0 && program->kept >= 0) input = CALL(fcntl, program->kept, F_SETFD, 0);
  return input >= 0 && program->directory >= 0 ? CALL(fchdir, program->directory) : input;
}

// Closes what must not be open any more when a path is looked up: through /proc/self/fd a link of an image's leads to it.
// An outer filter may answer for the kernel: then a range begins with what is known to be open, and must not be afterwards.
static long close_rest(const struct ck_program *program) {
  long result = 0;
  int known = program->known;
  for (int index = 0; index < program->ranges && result >= 0; index++) {
    unsigned first = program->closed[2 * index], last = program->closed[2 * index + 1];
    if (index == 0 && program->report) {
      result = CALL(dup3, *program->report, first, O_CLOEXEC);
      if (result < 0) return result;
      *program->report = (int)first++;
      if (known >= 0) known = *program->report;
    }
    if (first > last) continue;
    // Below a limit on descriptors that is lower, nothing of it is open.
    long put = known < 0 || known == (int)first ? known : CALL(dup3, known, first, O_CLOEXEC);
    result = CALL(close_range, first, last, 0);
    if (result >= 0 && put >= 0 && CALL(close, first) != -EBADF) result = -EPROTO;
    // Where it is among what has been closed, the next range has nothing to begin with.
    if (!program->report) known = -1;
  }
  return result;
}

// Tries each path in turn, with execvp(3)'s rule: a file that may not be executed is remembered, and the search goes on.
long ck_execute(const struct ck_program *program) {
  long refused = -ENOENT;
  long result = set_apart(program);
  if (result >= 0) result = set_place(program);
  if (result >= 0) result = close_rest(program);
  if (result < 0) return result;
  // SIGKILL is never blocked: where nothing has been filled in, an outer filter has answered for the kernel.
  unsigned long long before = ~0ull;
  CALL(rt_sigprocmask, SIG_SETMASK, &program->mask, &before, KERNEL_SIGSET_SIZE);
  if (before == ~0ull) return -EPROTO;
  for (const char *const *path = program->paths; *path; path++) {
    result = CALL(execve, *path, program->arguments, program->environment);
    if (result == -EACCES) refused = result;
    else if (result != -ENOENT && result != -ENOTDIR) return result;
  }
  return refused;
}

struct ck_spawned {
  const struct ck_program *program;
  long result;
};

static int spawned(void *argument) {
  struct ck_spawned *self = argument;
  self->result = ck_execute(self->program);
  _exit(127);
}

// Starts the program in a child that borrows this process's memory until it executes, so that no page is copied.
// The child writes its errno into that memory: no pipe is needed to learn it.
long ck_spawn(const struct ck_program *program) {
  static char stack[32768] __attribute__((aligned(16)));
  struct ck_spawned self = {program, 0};
  int pid = clone(spawned, stack + sizeof stack, CLONE_VM | CLONE_VFORK | SIGCHLD, &self);
  if (pid == -1) return -(long)errno;
  if (self.result == 0) return pid;
  CALL(wait4, pid, 0, 0, 0);
  return self.result;
}
