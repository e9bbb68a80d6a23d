// Rights that came along, or can be got: groups, set-user-ID programs, keys, sockets, the caller's terminal.
#define _GNU_SOURCE
#include "attack.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

// Reads the files that words name, with the groups that there are, and with none.
void try_groups(char **words) {
  for (int round = 0; round < 2; round++) {
    for (char **path = words; *path; path++) {
      char byte;
      int file = open(*path, O_RDONLY | O_CLOEXEC);
      report(*path, file >= 0 && read(file, &byte, 1) == 1);
    }
    if (round == 0 && setgroups(0, 0)) printf("setgroups: %s\n", strerror(errno));
  }
}

// Executes programs that somebody else owns, who would give his rights with them. Without words it is such a program.
void try_set_user_id(char **words) {
  if (!words[0]) {
    printf("uid %d, effective %d\n", getuid(), geteuid());
    if (geteuid() != getuid() || getegid() != getgid()) report("set-user-ID", true);
    return;
  }
  for (; *words; words++) {
    printf("%s\n", *words);
    fflush(stdout);
    if (fork() == 0) {
      execl(*words, *words, "set-user-id", (char *)0);
      report(*words, false);
      _exit(0);
    }
    wait(0);
  }
}

// Makes a set-user-ID program of itself, as root, on every mount that takes one; then has somebody else execute them.
void try_set_user_id_everywhere(char **words) {
  (void)words;
  static char paths[128][512], line[4096];
  int count = 0;
  FILE *mounts = fopen("/proc/self/mountinfo", "re");
  while (mounts && count < 128 && fgets(line, sizeof line, mounts)) {
    char place[480] = "";
    if (sscanf(line, "%*s %*s %*s %*s %479s", place) != 1) continue;
    snprintf(paths[count], sizeof paths[count], "%s/set-user-id", place);
    int from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    int to = open(paths[count], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);
    while (to >= 0 && sendfile(to, from, 0, 1 << 20) > 0) continue;
    if (to >= 0 && fchmod(to, 06755) == 0) count++;
    close(from), close(to);
  }
  printf("programs: %d\n", count);
  setgroups(0, 0);
  if (setresgid(1000, 1000, 1000) || setresuid(1000, 1000, 1000)) printf("nobody else: %s\n", strerror(errno));
  fflush(stdout);
  for (int index = 0; index < count; index++) {
    if (fork() == 0) {
      execl(paths[index], paths[index], "set-user-id", (char *)0);
      report(paths[index], false);
      _exit(0);
    }
    wait(0);
  }
  if (count == 0) exit(97);
}

// Capabilities that go on to other programs.
void try_capabilities(char **words) {
  (void)words;
  FILE *file = fopen("/proc/self/status", "re");
  char line[256], name[32];
  unsigned long long set;
  while (file && fgets(line, sizeof line, file)) {
    if (sscanf(line, "%31[A-Za-z]: %llx", name, &set) != 2) continue;
    if (strcmp(name, "CapInh") == 0 || strcmp(name, "CapAmb") == 0) errno = 0, report(name, set != 0);
  }
}

// A key of the caller's session, by its name: keyctl(2), KEYCTL_SEARCH and KEYCTL_READ.
void try_key(char **words) {
  static const int keyrings[] = {-3, -4, -5};
  for (int index = 0; index < 3; index++) {
    char text[64];
    long key = syscall(SYS_keyctl, 10, keyrings[index], "user", words[0], 0);
    report("a key of the caller's is found", key > 0);
    if (key > 0) report("it is read", syscall(SYS_keyctl, 11, key, text, sizeof text) > 0);
  }
  report("a key of the caller's is requested", syscall(SYS_request_key, "user", words[0], 0, 0) > 0);
}

static int socket_at(const char *name, struct sockaddr_un *address, socklen_t *length) {
  address->sun_family = AF_UNIX;
  strncpy(address->sun_path + 1, name, sizeof address->sun_path - 2);
  *length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + strlen(name));
  return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

void try_socket(char **words) {
  struct sockaddr_un address = {0};
  socklen_t length;
  int file = socket_at(words[0], &address, &length);
  report("the host's abstract socket", connect(file, (struct sockaddr *)&address, length) == 0);
}

// From outside: holds an abstract socket until it is killed.
void listen_at(char **words) {
  struct sockaddr_un address = {0};
  socklen_t length;
  int file = socket_at(words[0], &address, &length);
  if (bind(file, (struct sockaddr *)&address, length) || listen(file, 8)) exit(98);
  puts("listening");
  fflush(stdout);
  for (;;) pause();
}

// From outside: makes a socket's file.
void make_socket(char **words) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  strncpy(address.sun_path, words[0], sizeof address.sun_path - 1);
  int file = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (bind(file, (struct sockaddr *)&address, sizeof address)) exit(98);
}

// From outside: executes words[1…] in a session keyring that holds a key named words[0].
void run_with_key(char **words) {
  long keyring = syscall(SYS_keyctl, 1, 0);
  long key = syscall(SYS_add_key, "user", words[0], "hunter2", 7, -3);
  // Whoever has it may search it and its keys, and read them.
  if (keyring < 0 || key < 0 || syscall(SYS_keyctl, 5, key, 0x3f3f0000) < 0) {
    perror("attack: key");
    exit(98);
  }
  execv(words[1], words + 1);
  exit(98);
}
