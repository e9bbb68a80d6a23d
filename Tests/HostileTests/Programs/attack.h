// What the parts of the attacking program share.
#pragma once
#include <stdbool.h>

// Prints "escaped: WHAT" where something has worked that must not, else "held: WHAT: errno".
void report(const char *what, bool worked);

// Calls something in a process of its own, which may be killed for it. What it answers is reported: from 0 on it has worked.
void report_call(const char *what, long (*call)(void));

// Each of these tries one thing; words holds what follows its name on the command line, and ends with a null.
void try_call(char **words);
void try_capabilities(char **words);
void try_descriptors(char **words);
void try_devices(char **words);
void try_environment(char **words);
void try_executable(char **words);
void try_groups(char **words);
void try_ipc(char **words);
void try_key(char **words);
void try_kernel_files(char **words);
void try_kernel_secrets(char **words);
void try_mounts(char **words);
void try_nested(char **words);
void try_outlive(char **words);
void try_places(char **words);
void try_processes(char **words);
void try_release_agent(char **words);
void try_remount(char **words);
void try_set_user_id(char **words);
void try_set_user_id_everywhere(char **words);
void try_socket(char **words);
void try_sockets(char **words);
void try_terminal(char **words);
void try_trace(char **words);
void try_walk(char **words);
void try_handle(char **words);

// These help from outside.
void make_socket(char **words);
void poison(char **words);
void exchange(char **words);
void hold_ipc(char **words);
void listen_at(char **words);
void run_with_key(char **words);
