// What other processes have: their memory, descriptors, executables, environment, and their lives.
#define _GNU_SOURCE
#include "attack.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// The processes to attack: 1, the parent, and those that words name.
static int targets(char **words, pid_t found[16]) {
  int count = 0;
  found[count++] = 1;
  if (getppid() > 1) found[count++] = getppid();
  for (; *words && count < 16; words++) found[count++] = atoi(*words);
  return count;
}

void try_trace(char **words) {
  pid_t found[16];
  int count = targets(words, found);
  for (int index = 0; index < count; index++) {
    char what[64], path[64], byte;
    snprintf(what, sizeof what, "ptrace of process %d", found[index]);
    report(what, ptrace(PTRACE_SEIZE, found[index], 0, 0) == 0);
    snprintf(path, sizeof path, "/proc/%d/mem", found[index]);
    report(path, open(path, O_RDWR | O_CLOEXEC) >= 0);
    snprintf(path, sizeof path, "/proc/%d/environ", found[index]);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    report(path, file >= 0 && read(file, &byte, 1) == 1);
    struct iovec own = {&byte, 1}, other = {(void *)0x400000, 1};
    errno = 0;
    ssize_t answer = process_vm_readv(found[index], &own, 1, &other, 1, 0);
    snprintf(what, sizeof what, "process_vm_readv of process %d", found[index]);
    report(what, answer >= 0 || errno == EFAULT);
    int handle = (int)syscall(SYS_pidfd_open, found[index], 0);
    snprintf(what, sizeof what, "pidfd_getfd of process %d", found[index]);
    report(what, handle >= 0 && syscall(SYS_pidfd_getfd, handle, 0, 0) >= 0);
  }
}

void try_processes(char **words) {
  for (; *words; words++) {
    char what[64];
    pid_t id = atoi(*words);
    snprintf(what, sizeof what, "kill of process %d", id);
    report(what, kill(id, SIGKILL) == 0);
    snprintf(what, sizeof what, "the name of process %d", id);
    report(what, getpgid(id) >= 0);
  }
}

// Whether a link of /proc leads to the runner's file, a copy which has this name: no other program is touched.
static bool is_runner(const char *link) {
  char target[PATH_MAX] = "";
  if (readlink(link, target, sizeof target - 1) < 0) return false;
  return strlen(target) > 7 && strcmp(target + strlen(target) - 7, "/runner") == 0;
}

// Opens the runner's file for writing: at once, through a descriptor, and, with "later", after its end.
void try_executable(char **words) {
  int held[64], count = 0;
  // What was handed over by a runner that has executed itself.
  for (int number = 3; number < 16; number++) {
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", number);
    if (is_runner(path)) held[count++] = number;
  }
  if (count) puts("the runner's file is open");
  DIR *processes = opendir("/proc");
  struct dirent *entry;
  while (processes && (entry = readdir(processes))) {
    if (entry->d_name[0] < '0' || entry->d_name[0] > '9') continue;
    char path[PATH_MAX], again[64];
    snprintf(path, sizeof path, "/proc/%s/exe", entry->d_name);
    if (!is_runner(path)) continue;
    report(path, open(path, O_WRONLY | O_CLOEXEC) >= 0);
    report("truncate", truncate(path, 1) == 0);
    int file = open(path, O_PATH | O_CLOEXEC);
    if (file < 0 || count == 64) continue;
    held[count++] = file;
    snprintf(again, sizeof again, "/proc/self/fd/%d", file);
    report(path, open(again, O_WRONLY | O_CLOEXEC) >= 0);
  }
  if (!words[0] || strcmp(words[0], "later")) return;
  fflush(stdout);
  if (fork()) return;
  // As a daemon, which outlives the container if it can, for two seconds at most.
  setsid();
  int nowhere = open("/dev/null", O_RDWR);
  for (int number = 0; number < 3; number++) dup2(nowhere, number);
  for (int round = 0; round < 2000; round++) {
    for (int index = 0; index < count; index++) {
      char again[64];
      snprintf(again, sizeof again, "/proc/self/fd/%d", held[index]);
      int file = open(again, O_WRONLY | O_APPEND);
      if (file >= 0 && write(file, "owned", 5) == 5) _exit(0);
    }
    struct timespec pause = {0, 1000000};
    nanosleep(&pause, 0);
  }
  _exit(0);
}

extern char **environ;

void try_environment(char **words) {
  for (char **variable = environ; *variable; variable++)
    if (strstr(*variable, words[0])) report("the environment", true);
  static const char *const files[] = {"/proc/1/environ", "/proc/1/cmdline"};
  for (unsigned index = 0; index < 2; index++) {
    char text[65536] = "";
    int file = open(files[index], O_RDONLY | O_CLOEXEC);
    ssize_t size = file < 0 ? -1 : read(file, text, sizeof text - 1);
    report(files[index], size > 0 && memmem(text, (size_t)size, words[0], strlen(words[0])));
  }
}
