// System calls that a container has no use for, and that have opened one: each as this processor's, as i386's by int 0x80,
// and as x32's. What is answered by EPERM or ENOSYS was refused; what fails for any other reason was reached, and works with
// better arguments. Where they are right, the call changes nothing outside its own process.
#define _GNU_SOURCE
#include "attack.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct clone_args namespaces = {.flags = CLONE_NEWUSER, .exit_signal = SIGCHLD};
// The program is linked without -pie, so that all of it lies at addresses of 32 bits, as int 0x80 needs.
static char nothing[256], io_uring[128];
static const uint64_t attributes[4] = {1, 0, 0, 0};

struct call {
  const char *name;
  long number, i386;
  uintptr_t arguments[6];
};

static const struct call calls[] = {
  {"unshare-user", SYS_unshare, 310, {CLONE_NEWUSER}},
  {"unshare-mount", SYS_unshare, 310, {CLONE_NEWNS}},
  {"unshare-net", SYS_unshare, 310, {CLONE_NEWNET}},
  {"setns", SYS_setns, 346, {-1, 0}},
  {"clone", SYS_clone, 120, {CLONE_NEWUSER | SIGCHLD}},
  {"clone3", SYS_clone3, 435, {(uintptr_t)&namespaces, sizeof namespaces}},
  {"mount", SYS_mount, 21, {0, (uintptr_t)nothing, 0, 0}},
  {"umount2", SYS_umount2, 52, {(uintptr_t)nothing, 2}},
  {"pivot_root", SYS_pivot_root, 217, {(uintptr_t)nothing, (uintptr_t)nothing}},
  {"fsopen", SYS_fsopen, 430, {(uintptr_t)nothing}},
  {"fsconfig", SYS_fsconfig, 431, {-1, 6, 0, 0, 0}},
  {"fsmount", SYS_fsmount, 432, {-1, 0, 0}},
  {"fspick", SYS_fspick, 433, {-1, (uintptr_t)nothing}},
  {"open_tree", SYS_open_tree, 428, {-100, (uintptr_t)"/", 1}},
  {"move_mount", SYS_move_mount, 429, {-1, (uintptr_t)nothing, -1, (uintptr_t)nothing, 4}},
  {"mount_setattr", SYS_mount_setattr, 442, {-1, (uintptr_t)nothing, 0x1000, (uintptr_t)attributes, sizeof attributes}},
  {"bpf", SYS_bpf, 357, {9999, (uintptr_t)nothing, 0}},
  {"keyctl", SYS_keyctl, 288, {0, -4, 1}},
  {"add_key", SYS_add_key, 286, {(uintptr_t)"user", (uintptr_t)"littlectr", (uintptr_t)"x", 1, -1}},
  {"request_key", SYS_request_key, 287, {(uintptr_t)"user", (uintptr_t)"littlectr", 0, -1}},
  {"userfaultfd", SYS_userfaultfd, 374, {1 | O_CLOEXEC}},
  {"io_uring_setup", SYS_io_uring_setup, 425, {1, (uintptr_t)io_uring}},
  {"io_uring_enter", SYS_io_uring_enter, 426, {-1, 0, 0, 0, 0, 0}},
  {"io_uring_register", SYS_io_uring_register, 427, {-1, 0, 0, 0}},
  {"perf_event_open", SYS_perf_event_open, 336, {0, 0, -1, -1, 0}},
  {"kexec_load", SYS_kexec_load, 283, {0, 0, 0, 0xffff}},
  {"init_module", SYS_init_module, 128, {0, 0, 0}},
  {"finit_module", SYS_finit_module, 350, {-1, (uintptr_t)nothing, 0}},
  {"delete_module", SYS_delete_module, 129, {(uintptr_t)nothing, 0}},
  {"swapon", SYS_swapon, 87, {(uintptr_t)nothing, 0}},
  {"swapoff", SYS_swapoff, 115, {(uintptr_t)nothing}},
  {"acct", SYS_acct, 51, {(uintptr_t)nothing}},
  // Of no address, so that the clock stays.
  {"clock_settime", SYS_clock_settime, 264, {0, 1}},
  {"settimeofday", SYS_settimeofday, 79, {1, 0}},
  {"reboot", SYS_reboot, 88, {0, 0, 0}},
  {"syslog", SYS_syslog, 103, {10, 0, 0}},
  {"open_by_handle_at", SYS_open_by_handle_at, 342, {-1, (uintptr_t)nothing, 0}},
  {"name_to_handle_at", SYS_name_to_handle_at, 341, {-100, (uintptr_t)"/", (uintptr_t)nothing, (uintptr_t)nothing, 0}},
  // FAN_REPORT_FID, which everybody may ask for.
  {"fanotify_init", SYS_fanotify_init, 338, {0x200, 0}},
#ifdef __x86_64__
  {"modify_ldt", SYS_modify_ldt, 123, {0, (uintptr_t)nothing, sizeof nothing}},
#endif
};
static const struct call *chosen;

// Whatever else is said than that it is forbidden, or unknown, was said by the call itself.
static long reached(long answer) {
  if (answer < 0 && (errno == EPERM || errno == ENOSYS)) return -1;
  if (answer == 0 && strncmp(chosen->name, "clone", 5) == 0) _exit(0);
  return 0;
}

static long native(void) {
  const uintptr_t *with = chosen->arguments;
  return reached(syscall(chosen->number, with[0], with[1], with[2], with[3], with[4], with[5]));
}

#ifdef __x86_64__
static long as_i386(void) {
  uint32_t with[5];
  for (int index = 0; index < 5; index++) with[index] = (uint32_t)chosen->arguments[index];
  long answer = chosen->i386;
  __asm__ volatile("int $0x80"
                   : "+a"(answer)
                   : "b"(with[0]), "c"(with[1]), "d"(with[2]), "S"(with[3]), "D"(with[4])
                   : "memory", "r8", "r9", "r10", "r11");
  errno = (int)answer < 0 ? -(int)answer : 0;
  return reached((int)answer);
}

static long as_x32(void) {
  const uintptr_t *with = chosen->arguments;
  return reached(syscall(0x40000000 | chosen->number, with[0], with[1], with[2], with[3], with[4], with[5]));
}
#endif

static int family;

static long a_socket(void) {
  for (int type = 1; type < 6; type++) {
    int file = socket(family, type, 0);
    if (file >= 0) return file;
  }
  return -1;
}

#ifdef __x86_64__
// socketcall(2), whose arguments are in memory: SYS_SOCKET.
static long by_socketcall(void) {
  static uint32_t with[3];
  for (uint32_t type = 1; type < 6; type++) {
    with[0] = (uint32_t)family, with[1] = type, with[2] = 0;
    long answer = 102;
    __asm__ volatile("int $0x80"
                     : "+a"(answer)
                     : "b"(1), "c"((uint32_t)(uintptr_t)with)
                     : "memory", "r8", "r9", "r10", "r11");
    errno = (int)answer < 0 ? -(int)answer : 0;
    if ((int)answer >= 0) return answer;
  }
  return -1;
}
#endif

// Sockets of AF_KEY, AF_PACKET, AF_RDS, AF_CAN, AF_TIPC, AF_BLUETOOTH, AF_ALG, AF_NFC, AF_VSOCK, AF_QIPCRTR, AF_SMC, AF_XDP.
void try_sockets(char **words) {
  static const int families[] = {15, 17, 21, 29, 30, 31, 38, 39, 40, 42, 43, 44};
  (void)words;
  for (unsigned index = 0; index < sizeof families / sizeof *families; index++) {
    char what[64];
    family = families[index];
    snprintf(what, sizeof what, "a socket of family %d", family);
    report_call(what, a_socket);
#ifdef __x86_64__
    snprintf(what, sizeof what, "a socket of family %d by socketcall", family);
    report_call(what, by_socketcall);
#endif
  }
}

void try_call(char **words) {
  for (; *words; words++) {
    for (unsigned index = 0; index < sizeof calls / sizeof *calls; index++) {
      if (strcmp(calls[index].name, *words)) continue;
      chosen = &calls[index];
      char what[64];
      snprintf(what, sizeof what, "%s as this processor's", chosen->name);
      report_call(what, native);
#ifdef __x86_64__
      snprintf(what, sizeof what, "%s as i386's", chosen->name);
      report_call(what, as_i386);
      snprintf(what, sizeof what, "%s as x32's", chosen->name);
      report_call(what, as_x32);
#endif
    }
  }
}
