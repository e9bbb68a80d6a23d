// Tries, from inside a container, what must not work there: attack NAME [WORD…].
//
// It prints a line for each way that it has tried, and "done" at the end, so that an attack which didn't even begin isn't
// taken for one that was held. Nothing is harmed where it works: files are opened for writing, but not written.
#define _GNU_SOURCE
#include "attack.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct {
  const char *name;
  void (*act)(char **words);
} acts[] = {
  {"call", try_call},
  {"capabilities", try_capabilities},
  {"descriptors", try_descriptors},
  {"devices", try_devices},
  {"environment", try_environment},
  {"executable", try_executable},
  {"groups", try_groups},
  {"handle", try_handle},
  {"kernel-files", try_kernel_files},
  {"kernel-secrets", try_kernel_secrets},
  {"ipc", try_ipc},
  {"key", try_key},
  {"mounts", try_mounts},
  {"nested", try_nested},
  {"outlive", try_outlive},
  {"places", try_places},
  {"processes", try_processes},
  {"release-agent", try_release_agent},
  {"remount", try_remount},
  {"set-user-id", try_set_user_id},
  {"set-user-id-everywhere", try_set_user_id_everywhere},
  {"socket", try_socket},
  {"sockets", try_sockets},
  {"terminal", try_terminal},
  {"trace", try_trace},
  {"walk", try_walk},
  {"make-socket", make_socket},
  {"poison", poison},
  {"exchange", exchange},
  {"hold-ipc", hold_ipc},
  {"listen", listen_at},
  {"with-key", run_with_key},
};

void report(const char *what, bool worked) {
  if (worked)
    printf("escaped: %s\n", what);
  else
    printf("held: %s: %s\n", what, strerror(errno));
  fflush(stdout);
}

void report_call(const char *what, long (*call)(void)) {
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    report(what, call() >= 0);
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  if (WIFSIGNALED(status)) {
    printf("held: %s: %s\n", what, strsignal(WTERMSIG(status)));
    fflush(stdout);
  }
}

static bool act(char **words) {
  for (unsigned index = 0; words[0] && index < sizeof acts / sizeof *acts; index++) {
    if (strcmp(words[0], acts[index].name)) continue;
    acts[index].act(words + 1);
    return true;
  }
  return false;
}

// Tries something as root of user and mount namespaces below, where all that the container's root gave up is there again.
void try_nested(char **words) {
  char map[64];
  snprintf(map, sizeof map, "0 %d 1", geteuid());
  if (unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWCGROUP)) {
    report("namespaces below", false);
    return;
  }
  FILE *file = fopen("/proc/self/uid_map", "we");
  if (file) fputs(map, file), fclose(file);
  act(words);
}

int main(int count, char **words) {
  if (count > 1 && act(words + 1)) {
    puts("done");
    return 0;
  }
  fprintf(stderr, "attack: there is no such attack\n");
  return 99;
}
