/// What the default profile refuses with EPERM, whatever the arguments. Calls in neither list are unknown, and get ENOSYS, so
/// that programs take the way that they have for older kernels.
enum RefusedCalls {
  static let groups = [
    // Most of the kernel's holes of the last years were reached with privileges in a user namespace made for the purpose.
    CallGroup("namespaces", "unshare setns"),
    CallGroup(
      "mounts",
      """
      mount umount umount2 pivot_root fsopen fsconfig fsmount fspick open_tree open_tree_attr move_mount mount_setattr
      """),
    // A file handle leads past the root to any file of the file system: what shocker.c did.
    CallGroup("file handles", "open_by_handle_at name_to_handle_at"),
    // Keys belong to users and sessions, not to containers.
    CallGroup("the kernel's keys", "keyctl add_key request_key"),
    // Large, new and often broken.
    CallGroup("programs in the kernel", "bpf perf_event_open"),
    CallGroup("io_uring, which goes past this filter", "io_uring_setup io_uring_enter io_uring_register"),
    // It holds the kernel in the middle of a call for as long as an attack needs.
    CallGroup("page faults", "userfaultfd"),
    CallGroup("the kernel itself", "init_module finit_module delete_module kexec_load kexec_file_load reboot"),
    CallGroup(
      "the whole machine", "swapon swapoff acct quotactl quotactl_fd syslog vhangup fanotify_init fanotify_mark"),
    CallGroup("its clock", "settimeofday stime clock_settime clock_settime64"),
    CallGroup("its hardware", "iopl ioperm"),
    // Of use to old Windows and DOS programs; each has had its own way to become root.
    CallGroup("segments of old processors", "modify_ldt vm86 vm86old"),
    CallGroup("other processes' memory, by its place", "move_pages migrate_pages"),
    CallGroup("security modules", "lsm_set_self_attr"),
    CallGroup("what nobody uses", "lookup_dcookie uselib ustat sysfs"),
  ]
}
