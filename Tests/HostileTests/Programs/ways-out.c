// Ways from a container's root to the host's files. The first word is a directory of the host's.
#define _GNU_SOURCE
#include "attack.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

// Whether a directory is the host's: below it is the victim, or it is the victim itself.
static bool is_outside(int directory, const char *victim) {
  return faccessat(directory, victim + 1, F_OK, 0) == 0 || faccessat(directory, "secret", F_OK, 0) == 0;
}

void try_walk(char **words) {
  if (mkdir("/tmp/cage", 0755) && errno != EEXIST) report("mkdir", false);
  bool out = chroot("/tmp/cage") == 0;
  for (int count = 0; out && count < 64; count++) out = chdir("..") == 0;
  if (out) out = chroot(".") == 0;
  report("chroot and 64 times ..", access(words[0], F_OK) == 0);
  // The old root as pivot_root leaves it: below the new one until it is detached.
  for (int count = 0; count < 64; count++)
    if (chdir("..")) break;
  report("the directory above /", access(words[0] + 1, F_OK) == 0);
}

void try_descriptors(char **words) {
  for (int number = 3; number < 1024; number++) {
    if (fcntl(number, F_GETFD) < 0) continue;
    char what[64];
    snprintf(what, sizeof what, "descriptor %d is open", number);
    report(what, true);
  }
  if (access("secret", F_OK) == 0) report("the working directory is the host's", true);
  DIR *processes = opendir("/proc");
  struct dirent *entry;
  while (processes && (entry = readdir(processes))) {
    if (entry->d_name[0] < '0' || entry->d_name[0] > '9') continue;
    static const char *const links[] = {"root", "cwd", "fd/0", "fd/1", "fd/2", "fd/3", "fd/4", "fd/5", "fd/6", "fd/7"};
    for (unsigned index = 0; index < sizeof links / sizeof *links; index++) {
      char path[PATH_MAX];
      snprintf(path, sizeof path, "/proc/%s/%s", entry->d_name, links[index]);
      int directory = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
      if (directory < 0) continue;
      if (is_outside(directory, words[0])) report(path, true);
      close(directory);
    }
  }
}

// Asks a file system for its root by number, as "shocker" did: open_by_handle_at(2).
void try_handle(char **words) {
  for (char **place = words + 1; *place; place++) {
    union {
      struct file_handle handle;
      char room[sizeof(struct file_handle) + MAX_HANDLE_SZ];
    } known = {.handle = {.handle_bytes = MAX_HANDLE_SZ}};
    int mount, at = open(*place, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (at < 0 || name_to_handle_at(AT_FDCWD, *place, &known.handle, &mount, 0)) {
      report(*place, false);
      continue;
    }
    unsigned root[2] = {2, 0};
    memcpy(known.handle.f_handle, root, sizeof root);
    known.handle.handle_type = 1;
    known.handle.handle_bytes = 8;
    int found = open_by_handle_at(at, &known.handle, O_RDONLY | O_CLOEXEC);
    report(*place, found >= 0 && is_outside(found, words[0]));
  }
}

void try_devices(char **words) {
  for (char **place = words; *place; place++) {
    char path[PATH_MAX], byte, what[PATH_MAX + 32];
    snprintf(path, sizeof path, "%s/littlectr-zero", *place);
    unlink(path);
    // /dev/zero has the rights of /dev/mem in this, and harms nobody.
    if (mknod(path, S_IFCHR | 0666, makedev(1, 5)) && errno != EEXIST) {
      report(path, false);
      continue;
    }
    int file = open(path, O_RDONLY | O_CLOEXEC);
    snprintf(what, sizeof what, "a device node in %s", *place);
    report(what, file >= 0 && read(file, &byte, 1) == 1);
    unlink(path);
  }
}

// Whether all that was to be mounted is there, and nowhere else.
static void try_whole(void) {
  static const struct {
    const char *path;
    unsigned type;
  } mounts[] = {{"/proc", 0x9fa0},        {"/sys", 0x62656572}, {"/dev", 0x1021994}, {"/dev/pts", 0x1cd1},
                {"/dev/shm", 0x1021994}, {"/tmp", 0x1021994}};
  for (unsigned index = 0; index < sizeof mounts / sizeof *mounts; index++) {
    struct statfs status;
    char what[64];
    snprintf(what, sizeof what, "%s is another file system", mounts[index].path);
    if (statfs(mounts[index].path, &status) || (unsigned)status.f_type != mounts[index].type) report(what, true);
  }
  struct stat null;
  if (stat("/dev/null", &null) || !S_ISCHR(null.st_mode) || null.st_rdev != makedev(1, 3))
    report("/dev/null is something else", true);
  if (access("/work/mark", F_OK)) report("/work is something else", true);
  char text[4] = "";
  int motd = open("/etc/motd", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (motd < 0 || read(motd, text, 4) != 4 || memcmp(text, "motd", 4)) report("/etc/motd is something else", true);
  int passwd = open("/etc/passwd", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (passwd < 0 || read(passwd, text, 4) != 4 || memcmp(text, "root", 4)) report("/etc/passwd is something else", true);
}

// Looks at what is mounted, if the first word is "whole", and writes where the other words say.
void try_places(char **words) {
  if (strcmp(words[0], "whole") == 0) {
    try_whole();
    words++;
  }
  for (; *words; words++) {
    char path[PATH_MAX];
    struct stat there;
    bool inside = stat(*words, &there) == 0 && S_ISDIR(there.st_mode);
    snprintf(path, sizeof path, inside ? "%s/owned" : "%s", *words);
    int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_NONBLOCK | O_CLOEXEC, 0666);
    if (file >= 0 && write(file, "owned\n", 6) != 6) printf("%s isn't written: %s\n", path, strerror(errno));
    snprintf(path, sizeof path, "%s/secret", *words);
    if (access(path, F_OK) == 0) report(path, true);
  }
}

void try_mounts(char **words) {
  (void)words;
  static const char *const places[] = {"/tmp", "/etc", "/proc", "/work"};
  for (unsigned index = 0; index < sizeof places / sizeof *places; index++) {
    syscall(SYS_mount, 0, "/", 0, 0x100000 | 0x4000, 0);  // MS_SHARED|MS_REC
    long made = syscall(SYS_mount, "littlectr-hostile", places[index], "tmpfs", 0, 0);
    if (made == 0) printf("mounted: %s\n", places[index]);
    else report(places[index], false);
  }
}
