#define _GNU_SOURCE
#include "call.h"

#include "ckernel.h"

#include <fcntl.h>
#include <linux/sched.h>
#include <net/if.h>
#include <signal.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <sys/wait.h>

long ck_openat(int directory, const char *path, int flags, unsigned mode) {
  return CALL(openat, directory, path, flags, mode);
}

long ck_openat2(int directory, const char *path, unsigned long long flags, unsigned long long resolve) {
  struct { unsigned long long flags, mode, resolve; } how = {flags, 0, resolve};
  long result;
  // Below a root, a path with `..` is refused while anybody on the machine mounts or renames: the next moment it isn't.
  for (int attempts = 0; attempts < 128; attempts++) {
    result = CALL(openat2, directory, path, &how, sizeof how);
    if (result != -EAGAIN) break;
  }
  return result;
}

long ck_close(int descriptor) { return CALL(close, descriptor); }
long ck_access_mode(int descriptor) {
  long flags = CALL(fcntl, descriptor, F_GETFL);
  return flags < 0 ? flags : flags & O_ACCMODE;
}
long ck_descriptor_flags(int descriptor) { return CALL(fcntl, descriptor, F_GETFD); }
long ck_close_range(unsigned first, unsigned last, unsigned flags) { return CALL(close_range, first, last, flags); }
long ck_read(int descriptor, void *buffer, unsigned long count) { return CALL(read, descriptor, buffer, count); }
long ck_pread(int descriptor, void *buffer, unsigned long count, unsigned long long place) {
  return CALL(pread64, descriptor, buffer, count, place);
}

long ck_write(int descriptor, const void *buffer, unsigned long count) { return CALL(write, descriptor, buffer, count); }

long ck_stat(int directory, const char *path, int flags, struct ck_status *status) {
  struct stat found;
  if (fstatat(directory, path, &found, flags) == -1) return -(long)errno;
  *status = (struct ck_status){found.st_mode, found.st_uid, found.st_gid,  found.st_size,
                              found.st_dev,  found.st_ino, found.st_rdev, found.st_nlink};
  return 0;
}

long ck_filesystem(int file, struct ck_filesystem *found) {
  struct statfs status;
  long result = CALL(fstatfs, file, &status);
  if (result >= 0) *found = (struct ck_filesystem){(unsigned)status.f_type, status.f_flags};
  return result;
}

// Tells what keeps a program from the privileges that its file gives: 0 for nothing, 1 for a file that gives none, 2 for its mount,
// 3 for an owner who isn't root.
long ck_powerless(const char *path) {
  struct stat found;
  struct statfs mount;
  if (stat(path, &found) == -1) return -(long)errno;
  long result = CALL(statfs, path, &mount);
  if (result < 0) return result;
  if (mount.f_flags & ST_NOSUID) return 2;
  if (found.st_mode & S_ISUID && found.st_uid == 0) return 0;
  if (CALL(getxattr, path, "security.capability", 0, 0) > 0) return 0;
  return found.st_mode & S_ISUID ? 3 : 1;
}

long ck_access(int directory, const char *path, int mode, int flags) {
  return CALL(faccessat2, directory, path, mode, flags);
}

long ck_mkdirat(int directory, const char *path, unsigned mode) { return CALL(mkdirat, directory, path, mode); }
long ck_fchmod(int file, unsigned mode) { return CALL(fchmod, file, mode); }
long ck_fchmodat(int directory, const char *path, unsigned mode) { return CALL(fchmodat, directory, path, mode); }
long ck_mknodat(int directory, const char *path, unsigned mode) { return CALL(mknodat, directory, path, mode, 0); }

long ck_symlinkat(const char *target, int directory, const char *path) {
  return CALL(symlinkat, target, directory, path);
}

long ck_unlinkat(int directory, const char *path, int flags) { return CALL(unlinkat, directory, path, flags); }

long ck_renameat(int from, const char *path, int to, const char *new_path) {
  return CALL(renameat2, from, path, to, new_path, 0);
}

long ck_flock(int file, int operation) { return CALL(flock, file, operation); }
long ck_truncate(int file) { return CALL(ftruncate, file, 0); }

// Tells whether extended attributes of users can be kept in a directory, by setting one and removing it again.
long ck_try_attribute(int file) {
  long result = CALL(fsetxattr, file, "user.littlectr", "", 0, 0);
  return result < 0 ? result : CALL(fremovexattr, file, "user.littlectr");
}

long ck_attribute(const char *path, const char *name, void *value, unsigned long size) {
  return CALL(getxattr, path, name, value, size);
}

long ck_unshare(unsigned long flags) { return CALL(unshare, flags); }
long ck_setns(int namespace, int kind) { return CALL(setns, namespace, kind); }
long ck_readlink_at(int directory, const char *path, char *buffer, unsigned long size) {
  return CALL(readlinkat, directory, path, buffer, size);
}

long ck_directory_entries(int directory, void *buffer, unsigned long size) {
  return CALL(getdents64, directory, buffer, size);
}

long ck_mount_number(int file, unsigned long long *number) {
  struct statx found;
  const unsigned mount_id = 0x1000;
  long result = CALL(statx, file, "", AT_EMPTY_PATH, mount_id, &found);
  if (result >= 0 && !(found.stx_mask & mount_id)) return -ENOSYS;
  // stx_mnt_id, which older headers don't name, follows stx_dev_minor.
  memcpy(number, (const char *)&found + 0x90, sizeof *number);
  return result;
}

// clone3(2), or clone(2) where a filter or an old kernel answers ENOSYS. The child goes on with a copy of the stack.
long ck_clone3(unsigned long long flags) {
  struct clone_args arguments = {.flags = flags, .exit_signal = SIGCHLD};
  long result = CALL(clone3, &arguments, sizeof arguments);
  // clone(2) has the exit signal where CLONE_NEWTIME is.
  if (result == -ENOSYS && (flags & CSIGNAL)) return result;
  // The other arguments of clone are all zero, so their order, which differs between architectures, doesn't matter.
  return result == -ENOSYS ? CALL(clone, flags | SIGCHLD, 0, 0, 0, 0) : result;
}

long ck_wait4(int pid, int *status, int options) { return CALL(wait4, pid, status, options, 0); }
long ck_kill(int pid, int signal) { return CALL(kill, pid, signal); }
long ck_getppid(void) { return CALL(getppid); }
long ck_getpid(void) { return CALL(getpid); }
long ck_process_group(void) { return CALL(getpgid, 0); }
long ck_setpgid(void) { return CALL(setpgid, 0, 0); }
long ck_setsid(void) { return CALL(setsid); }
long ck_prctl(int operation, unsigned long argument) { return CALL(prctl, operation, argument, 0, 0, 0); }
void ck_exit(int status) { _exit(status); }

long ck_socketpair(int descriptors[2]) {
  return CALL(socketpair, AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, descriptors);
}

// Gives a descriptor another number, 3 or above.
long ck_move_up(int descriptor) {
  long result = CALL(fcntl, descriptor, F_DUPFD_CLOEXEC, 3);
  if (result >= 0) CALL(close, descriptor);
  return result;
}

long ck_send(int descriptor, const void *buffer, unsigned long count, int flags) {
  return CALL(sendto, descriptor, buffer, count, MSG_NOSIGNAL | flags, 0, 0);
}

long ck_receive(int descriptor, void *buffer, unsigned long count, int flags) {
  return CALL(recvfrom, descriptor, buffer, count, flags, 0, 0);
}

long ck_umask(unsigned mask) { return CALL(umask, mask); }
long ck_setgroups(unsigned long count, const unsigned *groups) { return CALL(setgroups, count, groups); }
long ck_fchown(int descriptor, unsigned user) { return CALL(fchown, descriptor, user, -1); }
long ck_setresgid(unsigned id) { return CALL(setresgid, id, id, id); }
long ck_setresuid(unsigned id) { return CALL(setresuid, id, id, id); }
long ck_getresgid(unsigned ids[3]) { return CALL(getresgid, ids, ids + 1, ids + 2); }
long ck_getresuid(unsigned ids[3]) { return CALL(getresuid, ids, ids + 1, ids + 2); }
long ck_sethostname(const char *name, unsigned long count) { return CALL(sethostname, name, count); }
long ck_socket(int family, int kind, int protocol) { return CALL(socket, family, kind | SOCK_CLOEXEC, protocol); }

// Switches a network device on.
long ck_switch_on(int socket, const char *device) {
  struct ifreq request = {.ifr_flags = IFF_UP};
  strncpy(request.ifr_name, device, sizeof request.ifr_name - 1);
  return CALL(ioctl, socket, SIOCSIFFLAGS, &request);
}

unsigned long ck_auxiliary(unsigned long type) { return getauxval(type); }

long ck_mount(const char *source, const char *target, const char *type, unsigned long flags, const char *data) {
  return CALL(mount, source, target, type, flags, data);
}

long ck_umount2(const char *target, int flags) { return CALL(umount2, target, flags); }
long ck_pivot_root(const char *new_root, const char *put_old) { return CALL(pivot_root, new_root, put_old); }
long ck_chroot(const char *path) { return CALL(chroot, path); }
long ck_chdir(const char *path) { return CALL(chdir, path); }
long ck_fchdir(int descriptor) { return CALL(fchdir, descriptor); }
long ck_open_tree(int directory, const char *path, unsigned flags) { return CALL(open_tree, directory, path, flags); }

long ck_move_mount(int from, const char *from_path, int to, const char *to_path, unsigned flags) {
  return CALL(move_mount, from, from_path, to, to_path, flags);
}

long ck_mount_setattr(int directory, const char *path, unsigned flags, unsigned long long set, unsigned long long clear,
                      unsigned long long propagation) {
  struct { unsigned long long set, clear, propagation, userns; } attributes = {set, clear, propagation, 0};
  return CALL(mount_setattr, directory, path, flags, &attributes, sizeof attributes);
}

long ck_fsopen(const char *type, unsigned flags) { return CALL(fsopen, type, flags); }

long ck_fsconfig(int context, unsigned command, const char *key, const char *value) {
  return CALL(fsconfig, context, command, key, value, 0);
}

long ck_fsmount(int context, unsigned flags, unsigned attributes) { return CALL(fsmount, context, flags, attributes); }

// What a call waits for, by its number.
int ck_waiting_kind(long call) {
  switch (call) {
  case SYS_read: case SYS_readv: return CK_READS;
#ifdef SYS_poll
  case SYS_poll:
#endif
  case SYS_ppoll: return CK_POLLS;
#ifdef SYS_select
  case SYS_select:
#endif
  case SYS_pselect6: return CK_SELECTS;
#ifdef SYS_epoll_wait
  case SYS_epoll_wait:
#endif
  case SYS_epoll_pwait: case SYS_epoll_pwait2: return CK_EPOLLS;
  default: return CK_WAITS_OTHERWISE;
  }
}

const char *ck_errno_name(int number) { return strerrorname_np(number); }
const char *ck_signal_name(int number) { return sigabbrev_np(number); }
