// Files by which a machine is changed or read as a whole: proc(5), sysfs(5), cgroups(7).
#define _GNU_SOURCE
#include "attack.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

// Opens a file for writing, as often as something that could lie over it can be taken away.
static void try_writing(const char *path) {
  char what[PATH_MAX + 64];
  int file = open(path, O_WRONLY | O_CLOEXEC);
  snprintf(what, sizeof what, "%s for writing", path);
  report(what, file >= 0);
  if (file >= 0) return;
  for (int round = 0; round < 3 && file < 0; round++) {
    static const char *const places[] = {"/proc/sys", "/proc", "/sys", "/sys/fs/cgroup"};
    for (unsigned index = 0; index < sizeof places / sizeof *places; index++)
      mount(0, places[index], 0, MS_REMOUNT | MS_BIND, 0);
    mount(0, path, 0, MS_REMOUNT | MS_BIND, 0);
    file = open(path, O_WRONLY | O_CLOEXEC);
    umount2(path, MNT_DETACH);
  }
  if (file >= 0) {
    snprintf(what, sizeof what, "%s for writing, mounted anew", path);
    report(what, true);
  }
}

// Mounts file systems elsewhere, where nothing lies over them.
static void try_fresh(const char *type, const char *const *names) {
  char path[PATH_MAX];
  mkdir("/tmp/fresh", 0755);
  if (mount(type, "/tmp/fresh", type, 0, 0)) {
    snprintf(path, sizeof path, "a new %s", type);
    report(path, false);
    return;
  }
  for (; *names; names++) {
    snprintf(path, sizeof path, "/tmp/fresh/%s", *names);
    int file = open(path, O_WRONLY | O_CLOEXEC);
    report(path, file >= 0);
    if (file >= 0) close(file);
  }
  umount2("/tmp/fresh", MNT_DETACH);
}

void try_kernel_files(char **words) {
  for (; *words; words++) try_writing(*words);
  static const char *const proc[] = {"sys/kernel/core_pattern", "sys/kernel/modprobe", "sysrq-trigger", 0};
  static const char *const sys[] = {"kernel/uevent_helper", 0};
  try_fresh("proc", proc);
  try_fresh("sysfs", sys);
}

// Whether something is in it: a byte, or a name.
static bool tells(const char *path) {
  char byte;
  int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) return false;
  struct stat status;
  if (fstat(file, &status) == 0 && S_ISDIR(status.st_mode)) {
    DIR *directory = fdopendir(file);
    int count = 0;
    while (directory && readdir(directory)) count++;
    return count > 2;
  }
  errno = 0;
  return read(file, &byte, 1) == 1;
}

void try_kernel_secrets(char **words) {
  for (; *words; words++) report(*words, tells(*words));
}

// What CVE-2022-0492 did, up to the write: a cgroup v1 hierarchy, mounted inside, has a release_agent.
void try_release_agent(char **words) {
  (void)words;
  FILE *file = fopen("/proc/self/cgroup", "re");
  char line[512];
  unsigned tried = 0;
  mkdir("/tmp/cgroup", 0755);
  while (file && fgets(line, sizeof line, file)) {
    char *names = strchr(line, ':'), *end = names ? strchr(names + 1, ':') : 0;
    if (!end || end == names + 1) continue;
    *end = 0;
    tried++;
    // Only a hierarchy that is there already: another would be made, and stay.
    if (mount("cgroup", "/tmp/cgroup", "cgroup", 0, names + 1)) {
      report(names + 1, false);
      continue;
    }
    int agent = open("/tmp/cgroup/release_agent", O_WRONLY | O_CLOEXEC);
    report("release_agent for writing", agent >= 0);
    if (agent >= 0) close(agent);
    umount2("/tmp/cgroup", MNT_DETACH);
  }
  for (int version = 0; version < 2; version++) {
    const char *path = version ? "/sys/fs/cgroup/memory/release_agent" : "/sys/fs/cgroup/pids/release_agent";
    report(path, open(path, O_WRONLY | O_CLOEXEC) >= 0);
  }
  if (tried == 0) puts("there is no cgroup v1 hierarchy");
}
