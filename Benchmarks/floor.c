// The lower bound that littlectr is measured against: the kernel calls of its six stages
// `userns uts pid mount chroot proc`, in littlectr's order, and nothing else. No file of options, no plan, no error
// texts, no undo. What littlectr needs beyond this program is the price of its design.
//
//   floor ROOT COMMAND [ARG…]      COMMAND is a path inside ROOT
//
// Exit status: 125 floor itself, 126 or 127 the command can't be executed, 128+N signal N, else the command's own.
// Build: gcc -O2 -static -o floor floor.c

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/mount.h>    // and not <sys/mount.h>: in glibc 2.36 the two can't be included together
#include <linux/openat2.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define HIDDEN "/proc/self/fdinfo"

#ifndef MNT_DETACH
#define MNT_DETACH 2
#endif

static sigset_t handled;     // what is taken by sigwaitinfo: the forwarded signals and SIGCHLD
static sigset_t inherited;   // the mask that floor was started with, which is the command's
static int channel[2];       // [0] the parent's end, [1] the child's

static void fail(const char *what) {
  perror(what);
  _exit(125);
}

// Returns the call's result, and ends the program when there is none.
static long must(long result, const char *what) {
  if (result < 0) fail(what);
  return result;
}

// The statuses of a shell: 128+N for signal N.
static int exit_status(int status) {
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static void block_signals(void) {
  const int signals[] = {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGWINCH, SIGTSTP, SIGCONT, SIGCHLD};
  sigemptyset(&handled);
  for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) sigaddset(&handled, signals[i]);
  must(sigprocmask(SIG_BLOCK, &handled, &inherited), "rt_sigprocmask");
}

// Forwards signals to `target` until a child's state changes, and then returns.
static void forward_signals_until_child(pid_t target) {
  for (;;) {
    int signal = sigwaitinfo(&handled, NULL);
    if (signal == SIGCHLD) return;
    if (signal > 0) kill(target, signal);
  }
}

// ---- parent ----

static void write_proc(pid_t pid, const char *file, const char *text) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/%s", pid, file);
  int fd = must(open(path, O_WRONLY | O_CLOEXEC), path);
  must(write(fd, text, strlen(text)), path);
  close(fd);
}

// Real root maps every id to itself; an ordinary user maps the one id that needs no helper.
static void write_id_maps(pid_t pid, uid_t uid, gid_t gid) {
  char uids[64] = "0 0 4294967295", gids[64] = "0 0 4294967295";
  if (uid != 0) {
    write_proc(pid, "setgroups", "deny");
    snprintf(uids, sizeof uids, "0 %u 1", uid);
    snprintf(gids, sizeof gids, "0 %u 1", gid);
  }
  write_proc(pid, "uid_map", uids);
  write_proc(pid, "gid_map", gids);
}

static int wait_for_container(pid_t pid) {
  int status;
  char report[64];
  do {
    forward_signals_until_child(pid);
  } while (must(waitpid(pid, &status, WNOHANG), "wait4") != pid);
  // littlectr's child reports here which step failed; floor's never does, but the parent has to look all the same.
  recv(channel[0], report, sizeof report, MSG_DONTWAIT);
  return exit_status(status);
}

// ---- child ----

static void wait_for_go(void) {
  char byte;
  close(channel[0]);
  if (recv(channel[1], &byte, 1, 0) != 1) _exit(125);
  // End of file: the parent died before prctl, and so its death killed nobody.
  if (recv(channel[1], &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0) _exit(125);
}

// Attaches `directory` where nothing finds it, and returns a descriptor of it.
static int attach_root(const char *directory) {
  struct mount_attr attributes = {.attr_set = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV};
  int root = must(syscall(SYS_open_tree, AT_FDCWD, directory, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE),
                  directory);
  must(syscall(SYS_mount_setattr, root, "", AT_EMPTY_PATH | AT_RECURSIVE, &attributes, sizeof attributes),
       "mount_setattr");
  // Where it hides nothing of the host's, on a copy that is in no other.
  struct mount_attr hiding = {.propagation = MS_UNBINDABLE};
  int hidden = must(syscall(SYS_open_tree, AT_FDCWD, HIDDEN, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC), "open_tree hidden");
  must(syscall(SYS_mount_setattr, hidden, "", AT_EMPTY_PATH, &hiding, sizeof hiding), "mount_setattr hidden");
  must(syscall(SYS_move_mount, hidden, "", AT_FDCWD, HIDDEN, MOVE_MOUNT_F_EMPTY_PATH), "move_mount hidden");
  close(hidden);
  must(syscall(SYS_move_mount, root, "", AT_FDCWD, HIDDEN, MOVE_MOUNT_F_EMPTY_PATH), "move_mount root");
  return root;
}

// The root is hostile: its proc may be a symlink to anything, so the mount point is held by descriptor.
static void mount_proc(int root) {
  struct open_how how = {.flags = O_PATH | O_DIRECTORY | O_CLOEXEC, .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS};
  int target = must(syscall(SYS_openat2, root, "proc", &how, sizeof how), "openat2 proc");
  int context = must(syscall(SYS_fsopen, "proc", FSOPEN_CLOEXEC), "fsopen proc");
  must(syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, NULL, NULL, 0), "fsconfig proc");
  int mount = must(syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC,
                           MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC), "fsmount proc");
  must(syscall(SYS_move_mount, mount, "", target, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH),
       "move_mount proc");
}

// Makes it the root, and unmounts the old one.
static void pivot_to(int root) {
  must(fchdir(root), "fchdir root");
  must(syscall(SYS_pivot_root, ".", "."), "pivot_root");
  must(syscall(SYS_umount2, ".", MNT_DETACH), "umount2");
  must(chdir("/"), "chdir");
}

static int execute(void *command) {
  char **arguments = command;
  setpgid(0, 0);
  char *environment[] = {"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", NULL};
  sigprocmask(SIG_SETMASK, &inherited, NULL);
  execve(arguments[0], arguments, environment);
  int status = errno == ENOENT ? 127 : 126;
  perror(arguments[0]);
  _exit(status);
}

// PID 1: starts the command, forwards signals to it, reaps orphans, and ends with the command's status.
static void run_init(char **command) {
  static char stack[64 * 1024] __attribute__((aligned(16)));
  pid_t pid = must(clone(execute, stack + sizeof stack, CLONE_VM | CLONE_VFORK | SIGCHLD, command), "clone");
  send(channel[1], "", 1, MSG_NOSIGNAL);  // the command has been started
  syscall(SYS_close_range, 3, ~0U, 0);
  for (;;) {
    int status;
    pid_t ended;
    forward_signals_until_child(pid);
    while ((ended = waitpid(-1, &status, WNOHANG)) > 0)
      if (ended == pid) _exit(exit_status(status));
  }
}

static void be_container(const char *directory, char **command, int is_root) {
  must(prctl(PR_SET_PDEATHSIG, SIGKILL), "prctl");
  setpgid(0, 0);  // a signal to the container's group spares the caller's
  mode_t mask = umask(022);
  wait_for_go();
  if (is_root) must(setgroups(0, NULL), "setgroups");    // one-id maps forbid it
  must(sethostname("littlectr", strlen("littlectr")), "sethostname");
  must(syscall(SYS_mount, NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), "mount private");
  int root = attach_root(directory);
  mount_proc(root);    // while the old root's procfs can still be seen, since else the kernel refuses
  umask(mask);
  pivot_to(root);
  must(prctl(PR_SET_DUMPABLE, 0), "prctl");
  run_init(command);
}

// Looks at each directory on the way, as whoever asks who could have written what lies there.
static void look_at_way(const char *directory) {
  char way[4096];
  struct stat status;
  for (size_t end = 1; end < sizeof way && directory[end - 1]; end++) {
    if (directory[end] && directory[end] != '/') continue;
    memcpy(way, directory, end);
    way[end] = 0;
    if (lstat(way, &status)) return;
  }
}

// Reads a file whole, and does nothing with it.
static void read_file(const char *path) {
  char text[4096];
  int file = must(open(path, O_RDONLY | O_CLOEXEC), path);
  while (must(read(file, text, sizeof text), path)) {}
  close(file);
}

// Looks whether the root holds what a later run takes, as whoever lets a program write to the root must.
static void look_at_later(const char *directory) {
  const char *all[] = {"/.config/littlectr", "/.local/share/littlectr", "/.cache/littlectr"};
  char path[4096] = {0};
  look_at_way(directory);
  read_file("/proc/self/mountinfo");
  read_file("/etc/passwd");
  must(readlink("/proc/self/exe", path, sizeof path - 1), "readlink");
  look_at_way(path);
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
    snprintf(path, sizeof path, "%s%s", getenv("HOME") ? getenv("HOME") : "", all[i]);
    look_at_way(path);
  }
  look_at_way("/etc/littlectr");
  look_at_way("/var/lib/littlectr/images");
}

int main(int count, char **arguments) {
  if (count < 3) {
    fputs("usage: floor ROOT COMMAND [ARG…]\n", stderr);
    return 125;
  }
  uid_t uid = geteuid();
  gid_t gid = getegid();
  look_at_way(arguments[1]);
  look_at_later(arguments[1]);
  block_signals();
  must(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, channel), "socketpair");
  struct clone_args options = {.flags = CLONE_NEWUSER | CLONE_NEWUTS | CLONE_NEWPID | CLONE_NEWNS,
                               .exit_signal = SIGCHLD};
  pid_t pid = must(syscall(SYS_clone3, &options, sizeof options), "clone3");
  if (pid == 0) be_container(arguments[1], arguments + 2, uid == 0);

  close(channel[1]);
  write_id_maps(pid, uid, gid);
  must(send(channel[0], "", 1, MSG_NOSIGNAL), "send");
  return wait_for_container(pid);
}
