// The system calls that Swift can't import from glibc. Each returns what the call returns, or -errno.
// No system header here: two modules that see one header with different feature macros disagree about its types.
#pragma once

struct ck_status {
  unsigned mode, uid, gid;
  unsigned long long size, device, inode, special, links;
};

// What a mount is: statfs(2), as far as it is looked at.
struct ck_filesystem {
  unsigned long long type, flags;
};

struct ck_signal {
  int number, code, pid;
};

// A process's capabilities, a bit each.
struct ck_capabilities {
  unsigned long long effective, permitted, inheritable;
};

enum { CK_LEADS_NOTHING, CK_LEADS_GROUP, CK_LEADS_SESSION };

// A file to wait for: poll(2).
struct ck_poll {
  int descriptor;
  short events, found;
};

// How a terminal treats what passes: the kernel's struct termios.
struct ck_modes {
  unsigned words[16];
};

// What a terminal does with what passes. A character that is 0 is none.
struct ck_manners {
  unsigned char end_of_file, literal, signals[3];  // the characters that mean the end, take the next as it is, send signals
  unsigned char heeds_signals, keeps_input;        // whether the last do, and whether what is unread is kept then
  unsigned char returns_carriage, reads_lines;     // whether "\n" is printed as "\r\n", and whole lines are read
  unsigned char echoes, echoes_controls;           // whether what is typed is printed, and as ^X what is no character
};

// A terminal's size, in characters and pixels.
struct ck_size {
  unsigned short rows, columns, width, height;
};

// A program to execute: the first of `paths` that is there, as execvp(3) looks for it.
struct ck_program {
  const char *const *paths;
  char *const *arguments;
  char *const *environment;
  unsigned long long mask;  // the signal mask that it starts with
  int leads;                // what it leads of its own: CK_LEADS_…
  int parent;               // the process with which it ends; 0 for none
  int terminal;             // its terminal; -1 for what it inherits
  int controls;             // whether that becomes its controlling terminal
  int in_front;             // whether its group is put into the foreground of the terminal, which is its session's
  unsigned replaced;        // bit N: the terminal takes the place of descriptor N
  int no_input;             // whether its standard input is /dev/null
  int directory;            // its working directory; -1 for the caller's
  int kept;                 // a descriptor that it inherits, although others are closed; -1 for none
  const unsigned *closed;   // what is closed before it is looked for: first and last, in turn
  int ranges;               // how many of these there are
  int known;                // what is open, to see it closed; -1 where nobody could answer for the kernel
  int *report;              // what stays open while nothing is executed, and gets the first of their numbers; or null
};

// A comparison of one argument of a call: seccomp_rule_add(3).
struct ck_filter_condition {
  unsigned argument, comparison;
  unsigned long long value, second;
};

// What a filter does with a call; bit N of `architectures` says whether it holds for the filter's Nth.
struct ck_filter_rule {
  int call;
  unsigned action, architectures, count;
  const struct ck_filter_condition *conditions;
};

struct ck_filter {
  unsigned otherwise, foreign;  // the actions for calls without a rule, and from other architectures
  const unsigned *architectures;
  unsigned architecture_count;
  const struct ck_filter_rule *rules;
  unsigned long rule_count;
};

long ck_openat(int directory, const char *path, int flags, unsigned mode);
long ck_openat2(int directory, const char *path, unsigned long long flags, unsigned long long resolve);
long ck_close(int descriptor);
long ck_access_mode(int descriptor);  // O_RDONLY, O_WRONLY or O_RDWR
long ck_descriptor_flags(int descriptor);
long ck_close_range(unsigned first, unsigned last, unsigned flags);
long ck_read(int descriptor, void *buffer, unsigned long count);
long ck_pread(int descriptor, void *buffer, unsigned long count, unsigned long long place);
enum { CK_WAITS_OTHERWISE, CK_READS, CK_POLLS, CK_SELECTS, CK_EPOLLS };
int ck_waiting_kind(long call);
long ck_write(int descriptor, const void *buffer, unsigned long count);
long ck_stat(int directory, const char *path, int flags, struct ck_status *status);
long ck_filesystem(int file, struct ck_filesystem *found);
long ck_powerless(const char *path);
long ck_search_links(const char *root, char *found, unsigned long size);
unsigned long long ck_stamp(unsigned long long stamp, const char *path, int depth);
long ck_access(int directory, const char *path, int mode, int flags);
long ck_mkdirat(int directory, const char *path, unsigned mode);
long ck_fchmod(int file, unsigned mode);
long ck_fchmodat(int directory, const char *path, unsigned mode);
long ck_mknodat(int directory, const char *path, unsigned mode);
long ck_symlinkat(const char *target, int directory, const char *path);
long ck_unlinkat(int directory, const char *path, int flags);
long ck_renameat(int from, const char *path, int to, const char *new_path);
long ck_flock(int file, int operation);
long ck_truncate(int file);
long ck_try_attribute(int file);
long ck_attribute(const char *path, const char *name, void *value, unsigned long size);
long ck_unshare(unsigned long flags);
long ck_setns(int namespace, int kind);
long ck_readlink_at(int directory, const char *path, char *buffer, unsigned long size);
long ck_directory_entries(int directory, void *buffer, unsigned long size);
long ck_mount_number(int file, unsigned long long *number);

long ck_clone3(unsigned long long flags);
long ck_wait4(int pid, int *status, int options);
long ck_kill(int pid, int signal);
long ck_getpid(void);
long ck_getppid(void);
long ck_process_group(void);
long ck_setpgid(void);
long ck_setsid(void);
long ck_prctl(int operation, unsigned long argument);
long ck_execute(const struct ck_program *program);
long ck_spawn(const struct ck_program *program);
_Noreturn void ck_exit(int status);


long ck_block_signals(unsigned long long blocked, unsigned long long *previous);
long ck_set_signal_mask(unsigned long long mask);
long ck_default_signal(int signal);
long ck_take_signal(unsigned long long set, struct ck_signal *found, int waits);

int ck_is_ignored(int signal);
long ck_queue_signal(int pid, int signal);
long ck_notify(int file);
long ck_signalfd(unsigned long long set);
long ck_read_signal(int descriptor, struct ck_signal *signal);

long ck_poll(struct ck_poll *files, unsigned long count, int milliseconds);
long ck_send_descriptors(int socket, const void *buffer, unsigned long count, const int descriptors[2]);
long ck_receive_descriptors(int socket, void *buffer, unsigned long count, int flags, int descriptors[2]);

long ck_unlock_terminal(int ptmx);
long ck_open_peer(int ptmx, int flags);
long ck_modes(int terminal, struct ck_modes *modes);
long ck_set_modes(int terminal, const struct ck_modes *modes);
void ck_make_raw(struct ck_modes *modes, int spares_output);
void ck_make_quiet(struct ck_modes *modes);
int ck_are_alike(const struct ck_modes *modes, const struct ck_modes *others);
long ck_watch_terminal(int terminal, int ptmx);
long ck_take_change(int watch);
void ck_describe_modes(const struct ck_modes *modes, struct ck_manners *manners);
long ck_control_terminal(int terminal);
long ck_foreground(int terminal);
long ck_set_foreground(int terminal, int group);
long ck_flush_input(int terminal);
long ck_signal_foreground(int ptmx, int signal);
long ck_readable(int file);
long ck_size(int terminal, struct ck_size *size);
long ck_set_size(int terminal, const struct ck_size *size);

long ck_socketpair(int descriptors[2]);
long ck_move_up(int descriptor);
long ck_send(int descriptor, const void *buffer, unsigned long count, int flags);
long ck_receive(int descriptor, void *buffer, unsigned long count, int flags);

long ck_umask(unsigned mask);
long ck_setgroups(unsigned long count, const unsigned *groups);
long ck_fchown(int descriptor, unsigned user);  // the group stays
long ck_setresgid(unsigned id);
long ck_setresuid(unsigned id);
long ck_getresgid(unsigned ids[3]);
long ck_getresuid(unsigned ids[3]);
long ck_sethostname(const char *name, unsigned long count);
long ck_socket(int family, int kind, int protocol);
long ck_switch_on(int socket, const char *device);
long ck_prlimit(int resource, unsigned long long soft, unsigned long long hard);
long ck_get_limit(int resource, unsigned long long limit[2]);  // the soft and the hard one
long ck_setpriority(int which, int level);
long ck_sched_setaffinity(const void *mask, unsigned long size);
long ck_sched_getaffinity(void *mask, unsigned long size);
unsigned long ck_auxiliary(unsigned long type);

long ck_mount(const char *source, const char *target, const char *type, unsigned long flags, const char *data);
long ck_umount2(const char *target, int flags);
long ck_pivot_root(const char *new_root, const char *put_old);
long ck_chroot(const char *path);
long ck_chdir(const char *path);
long ck_fchdir(int descriptor);
long ck_open_tree(int directory, const char *path, unsigned flags);
long ck_move_mount(int from, const char *from_path, int to, const char *to_path, unsigned flags);
long ck_mount_setattr(int directory, const char *path, unsigned flags, unsigned long long set, unsigned long long clear,
                      unsigned long long propagation);
long ck_fsopen(const char *type, unsigned flags);
long ck_fsconfig(int context, unsigned command, const char *key, const char *value);
long ck_fsmount(int context, unsigned flags, unsigned attributes);

long ck_capget(struct ck_capabilities *sets);
long ck_capset(const struct ck_capabilities *sets);
long ck_landlock_layers(void);
long ck_keyctl(int operation, unsigned long first, unsigned long second);
long ck_landlock_version(void);
long ck_landlock_rules(unsigned long long files, unsigned long long ports, unsigned long long scopes);
long ck_landlock_allow_path(int rules, unsigned long long rights, int file);
long ck_landlock_allow_port(int rules, unsigned long long rights, unsigned long port);
long ck_landlock_restrict(int rules);
long ck_try_port(unsigned port, int connects);
extern const unsigned ck_seccomp_version;
int ck_filter_call(unsigned architecture, const char *name);
void ck_filter_calls(const unsigned *architectures, unsigned count, const char *name, int *numbers);
long ck_filter_compile(const struct ck_filter *filter, unsigned long long *code, unsigned long capacity, long *failed);
long ck_install_filter(unsigned flags, const unsigned long long *code, unsigned short count);
long ck_filter_mode(void);

// The program's arguments, as they were given to it.
int ck_argument_count(void);
const char *ck_argument(int index);
void ck_replace_arguments(const char *title);  // what /proc/PID/cmdline shows

const char *ck_errno_name(int number);
const char *ck_signal_name(int number);  // without "SIG"
