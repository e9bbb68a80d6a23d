// How this target's files make system calls. _GNU_SOURCE must be defined before it.
#pragma once

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

// The one place where errno is read: every call below ends here, with nothing between the kernel's answer and this.
// Each argument is made as wide as a register first: of an int that goes through `...` the upper half is anything.
#define CALL(name, ...) CALL_OF_SIX(name, ##__VA_ARGS__, 0, 0, 0, 0, 0, 0)
#define CALL_OF_SIX(name, a, b, c, d, e, f, ...) \
  checked(syscall(SYS_##name, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f)))

static inline long checked(long result) { return result == -1 ? -(long)errno : result; }

// The kernel's signal set, which is not glibc's: 64 bits on every architecture that this is built for.
#define KERNEL_SIGSET_SIZE 8
