#define _GNU_SOURCE
#include "ckernel.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// A search for symbolic links that lead out of a tree, and for whether it is still the tree that was searched. It isn't on the way
// to exec of an ordinary container, and may take memory.

struct search {
  char *found;
  unsigned long size, used, root;
  char path[PATH_MAX];
};

// Makes a path of a link's target: absolute, without "." and "..", as if no other link were on the way.
static int place(char *place, const char *directory, const char *target) {
  int length = 0;
  for (int part = *target == '/'; part < 2; part++) {
    const char *rest = part == 0 ? directory : target;
    while (*rest) {
      while (*rest == '/') rest++;
      int count = (int)strcspn(rest, "/");
      if (count == 2 && rest[0] == '.' && rest[1] == '.') {
        while (length > 0 && place[--length] != '/') {}
      } else if (count > 0 && !(count == 1 && *rest == '.')) {
        if (length + count + 2 > PATH_MAX) return -1;
        place[length++] = '/';
        memcpy(place + length, rest, (unsigned)count);
        length += count;
      }
      rest += count;
    }
  }
  place[length] = 0;
  return length;
}

static long keep(struct search *search, int directory, const char *name) {
  char target[PATH_MAX], path[PATH_MAX];
  long length = readlinkat(directory, name, target, sizeof target - 1);
  if (length <= 0) return 0;
  target[length] = 0;
  length = place(path, search->path, target);
  if (length <= 0) return 0;
  if (strncmp(path, search->path, search->root) == 0 && (path[search->root] == '/' || path[search->root] == 0)) return 0;
  if (search->used + (unsigned long)length + 1 > search->size) return -E2BIG;
  memcpy(search->found + search->used, path, (unsigned long)length + 1);
  search->used += (unsigned long)length + 1;
  return 0;
}

static long walk(struct search *search, int parent, const char *name, unsigned long length) {
  int file = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  // What can't be read isn't readable by all.
  if (file < 0) return 0;
  DIR *directory = fdopendir(file);
  if (!directory) return -ENOMEM;
  long result = 0;
  for (struct dirent *entry; result == 0 && (entry = readdir(directory));) {
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    unsigned type = entry->d_type;
    struct stat status;
    if (type == DT_UNKNOWN && fstatat(file, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0) type = IFTODT(status.st_mode);
    if (type == DT_LNK) result = keep(search, file, entry->d_name);
    unsigned long next = length + 1 + strlen(entry->d_name);
    if (type != DT_DIR || next + 1 > sizeof search->path) continue;
    search->path[length] = '/';
    strcpy(search->path + length + 1, entry->d_name);
    result = walk(search, file, entry->d_name, next);
    search->path[length] = 0;
  }
  closedir(directory);
  return result;
}

long ck_search_links(const char *root, char *found, unsigned long size) {
  struct search search = {found, size, 0, strlen(root), ""};
  strcpy(search.path, root);
  long result = walk(&search, AT_FDCWD, root, search.root);
  return result < 0 ? result : (long)search.used;
}

static unsigned long long mix(unsigned long long stamp, unsigned long long value) {
  stamp = (stamp ^ value) * 0x100000001b3;
  return stamp ^ stamp >> 32;
}

unsigned long long ck_stamp(unsigned long long stamp, const char *path, int depth) {
  struct stat status;
  if (stat(path, &status) == -1) return mix(stamp, 1);
  stamp = mix(mix(stamp, status.st_ino), status.st_dev);
  stamp = mix(mix(stamp, (unsigned long long)status.st_ctim.tv_sec), (unsigned long long)status.st_ctim.tv_nsec);
  DIR *directory = depth > 0 && S_ISDIR(status.st_mode) ? opendir(path) : 0;
  if (!directory) return stamp;
  for (struct dirent *entry; (entry = readdir(directory));) {
    char next[PATH_MAX];
    unsigned long length = strlen(path), more = strlen(entry->d_name);
    if (*entry->d_name == '.' || (entry->d_type != DT_DIR && entry->d_type != DT_UNKNOWN)) continue;
    if (length + more + 2 > sizeof next) continue;
    memcpy(next, path, length);
    next[length] = '/';
    memcpy(next + length + 1, entry->d_name, more + 1);
    stamp = ck_stamp(stamp, next, depth - 1);
  }
  closedir(directory);
  return stamp;
}
