/// What the default profile lets through, whatever the arguments: what ordinary programs make, and the kernel checks for
/// itself with the rights of the process that makes it.
enum AllowedCalls {
  static let groups = [
    CallGroup(
      "reading and writing",
      """
      read write readv writev pread64 pwrite64 preadv pwritev preadv2 pwritev2 lseek _llseek sendfile sendfile64 splice tee \
      vmsplice copy_file_range readahead fadvise64 fadvise64_64 arm_fadvise64_64 fallocate fsync fdatasync sync syncfs \
      sync_file_range sync_file_range2 arm_sync_file_range msync cachestat
      """),
    CallGroup(
      "opening",
      """
      open openat openat2 creat close close_range dup dup2 dup3 fcntl fcntl64 flock pipe pipe2 memfd_create memfd_secret \
      eventfd eventfd2
      """),
    // statmount(2) and listmount(2) tell what /proc/self/mountinfo does.
    CallGroup(
      "looking at files",
      """
      stat stat64 lstat lstat64 fstat fstat64 newfstatat fstatat64 statx statfs statfs64 fstatfs fstatfs64 access faccessat \
      faccessat2 readlink readlinkat getdents getdents64 readdir getcwd statmount listmount
      """),
    // mknod(2) is for FIFOs and sockets: devices are refused by the kernel in a user namespace, and dead in the root.
    // chroot(2) is what dpkg, apt and daemons use; out of pivot_root's root it doesn't lead.
    CallGroup(
      "changing files",
      """
      chdir fchdir chroot umask mkdir mkdirat rmdir link linkat symlink symlinkat unlink unlinkat rename renameat renameat2 \
      mknod mknodat truncate truncate64 ftruncate ftruncate64 chmod fchmod fchmodat fchmodat2 chown chown32 fchown fchown32 \
      fchownat lchown lchown32 utime utimes utimensat utimensat_time64 futimesat
      """),
    CallGroup(
      "attributes of files",
      """
      setxattr lsetxattr fsetxattr setxattrat getxattr lgetxattr fgetxattr getxattrat listxattr llistxattr flistxattr \
      listxattrat removexattr lremovexattr fremovexattr removexattrat file_getattr file_setattr
      """),
    CallGroup("watching files", "inotify_init inotify_init1 inotify_add_watch inotify_rm_watch"),
    CallGroup(
      "waiting for files, and asynchronous I/O of the old kind, which databases use",
      """
      select _newselect pselect6 pselect6_time64 poll ppoll ppoll_time64 epoll_create epoll_create1 epoll_ctl epoll_wait \
      epoll_pwait epoll_pwait2 io_setup io_destroy io_submit io_cancel io_getevents io_pgetevents io_pgetevents_time64
      """),
    CallGroup(
      "memory of one's own",
      """
      brk mmap mmap2 munmap mremap mprotect madvise process_madvise mincore mlock mlock2 mlockall munlock munlockall \
      remap_file_pages mseal map_shadow_stack mbind get_mempolicy set_mempolicy set_mempolicy_home_node pkey_alloc pkey_free \
      pkey_mprotect membarrier
      """),
    CallGroup(
      "processes and threads",
      """
      fork vfork execve execveat exit exit_group wait4 waitid waitpid getpid getppid gettid getpgid getpgrp setpgid getsid \
      setsid kill tkill tgkill pidfd_open pidfd_send_signal process_mrelease set_tid_address set_robust_list \
      get_robust_list restart_syscall rseq futex futex_time64 futex_waitv futex_wait futex_wake futex_requeue prctl \
      arch_prctl set_thread_area get_thread_area set_tls breakpoint cacheflush uretprobe
      """),
    // From Linux 4.8 on a tracer can't get past a filter. All of them ask for the same right, and process 1 isn't dumpable.
    CallGroup("debuggers", "ptrace process_vm_readv process_vm_writev pidfd_getfd kcmp"),
    CallGroup(
      "signals",
      """
      rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigtimedwait rt_sigtimedwait_time64 rt_sigsuspend \
      rt_sigqueueinfo rt_tgsigqueueinfo sigaltstack signalfd signalfd4 pause signal sigaction sigprocmask sigpending \
      sigsuspend sigreturn sgetmask ssetmask
      """),
    CallGroup(
      "users, groups and capabilities",
      """
      getuid getuid32 geteuid geteuid32 getgid getgid32 getegid getegid32 getresuid getresuid32 getresgid getresgid32 \
      getgroups getgroups32 setuid setuid32 setgid setgid32 setreuid setreuid32 setregid setregid32 setresuid \
      setresuid32 setresgid setresgid32 setgroups setgroups32 setfsuid setfsuid32 setfsgid setfsgid32 capget capset
      """),
    CallGroup(
      "locking oneself down further",
      """
      seccomp landlock_create_ruleset landlock_add_rule landlock_restrict_self lsm_get_self_attr lsm_list_modules
      """),
    CallGroup(
      "processors and limits",
      """
      getpriority setpriority nice ioprio_get ioprio_set sched_yield sched_getaffinity sched_setaffinity sched_getattr \
      sched_setattr sched_getparam sched_setparam sched_getscheduler sched_setscheduler sched_get_priority_max \
      sched_get_priority_min sched_rr_get_interval sched_rr_get_interval_time64 getcpu getrlimit ugetrlimit setrlimit \
      prlimit64 getrusage times
      """),
    // The host name is the container's own, or the kernel refuses it.
    CallGroup("the system", "sysinfo uname sethostname setdomainname getrandom"),
    // adjtimex(2) and clock_adjtime(2), by which the C library makes it, are how programs ask whether the clock is right. What
    // they shall do is in memory, where a filter can't look; to set the clock needs a privilege that nobody inside has.
    CallGroup(
      "time",
      """
      time gettimeofday clock_gettime clock_gettime64 clock_getres clock_getres_time64 clock_nanosleep \
      clock_nanosleep_time64 nanosleep adjtimex clock_adjtime clock_adjtime64 alarm getitimer setitimer timer_create \
      timer_delete timer_settime timer_settime64 timer_gettime timer_gettime64 timer_getoverrun timerfd_create \
      timerfd_settime timerfd_settime64 timerfd_gettime timerfd_gettime64
      """),
    CallGroup(
      "sockets that are there",
      """
      bind connect listen accept accept4 getsockname getpeername getsockopt setsockopt shutdown send sendto sendmsg sendmmsg \
      recv recvfrom recvmsg recvmmsg recvmmsg_time64
      """),
    CallGroup(
      "System V IPC and message queues",
      """
      shmget shmat shmctl shmdt semget semop semctl semtimedop semtimedop_time64 msgget msgsnd msgrcv msgctl mq_open \
      mq_unlink mq_timedsend mq_timedsend_time64 mq_timedreceive mq_timedreceive_time64 mq_notify mq_getsetattr
      """),
    // The kernel has none of these any more and answers ENOSYS itself. With them the filter has fewer gaps, and is shorter.
    CallGroup(
      "calls that are no more",
      """
      break stty gtty ftime prof profil lock mpx ulimit idle bdflush oldstat oldlstat oldfstat olduname oldolduname \
      create_module get_kernel_syms query_module nfsservctl getpmsg putpmsg afs_syscall tuxcall security vserver _sysctl \
      epoll_ctl_old epoll_wait_old
      """),
  ]
}
