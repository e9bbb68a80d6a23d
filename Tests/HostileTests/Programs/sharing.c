// What a container could share with the host: memory and message queues, mounts that can only be read, its own end.
#define _GNU_SOURCE
#include "attack.h"

#include <fcntl.h>
#include <mqueue.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

// A number of a name, and a name with a slash.
static key_t key_of(const char *name, char slashed[256]) {
  uint32_t hash = 2166136261u;
  for (const char *one = name; *one; one++) hash = (hash ^ (unsigned char)*one) * 16777619u;
  snprintf(slashed, 256, "/%s", name);
  return (key_t)(hash >> 1 | 1);
}

void try_ipc(char **words) {
  char name[256];
  key_t key = key_of(words[0], name);
  report("the host's shared memory, by its key", shmget(key, 0, 0) >= 0);
  report("the host's message queue", mq_open(name, O_RDWR) >= 0);
}

// From outside: has memory and a queue that all may use, until it is ended.
void hold_ipc(char **words) {
  char name[256];
  key_t key = key_of(words[0], name);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigprocmask(SIG_BLOCK, &set, 0);
  int memory = shmget(key, 4096, IPC_CREAT | IPC_EXCL | 0666), got;
  // Whatever there is, is removed.
  mqd_t queue = mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0666, 0);
  if (memory >= 0 && queue >= 0) {
    puts("holding");
    fflush(stdout);
    sigwait(&set, &got);
  }
  if (memory >= 0) shmctl(memory, IPC_RMID, 0);
  if (queue >= 0) mq_unlink(name);
  if (memory < 0 || queue < 0) exit(98);
}

static bool can_write(const char *directory) {
  char path[4096];
  snprintf(path, sizeof path, "%s/owned", directory);
  int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
  if (file < 0) return false;
  unlink(path);
  return close(file) == 0;
}

// Makes writable what can only be read, by each of the ways that there are: mount(2), mount_setattr(2).
void try_remount(char **words) {
  for (; *words; words++) {
    char what[256];
    uint64_t attributes[4] = {0, 1, 0, 0};  // attr_clr = MOUNT_ATTR_RDONLY
    snprintf(what, sizeof what, "a file in %s", *words);
    report(what, can_write(*words));
    bool done = mount(0, *words, 0, MS_REMOUNT | MS_BIND, 0) == 0;
    snprintf(what, sizeof what, "%s mounted anew", *words);
    report(what, done);
    done = syscall(SYS_mount_setattr, -100, *words, 0, attributes, sizeof attributes) == 0;
    snprintf(what, sizeof what, "attributes of %s", *words);
    report(what, done);
    umount2(*words, MNT_DETACH);
    snprintf(what, sizeof what, "a file in %s afterwards", *words);
    report(what, can_write(*words));
  }
}

// Goes on after the container's end, if it can, for a minute at most.
void try_outlive(char **words) {
  (void)words;
  fflush(stdout);
  if (fork()) return;
  setsid();
  if (fork()) _exit(0);
  for (int number = 1; number < 32; number++)
    if (number != SIGKILL && number != SIGSTOP) signal(number, SIG_IGN);
  int nowhere = open("/dev/null", O_RDWR);
  for (int number = 0; number < 3; number++) dup2(nowhere, number);
  for (int count = 0; count < 60; count++) sleep(1);
  _exit(0);
}
