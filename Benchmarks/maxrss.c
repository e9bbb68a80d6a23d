// Runs a command and prints the maximum resident set, in kB, of the largest of its processes.
//
//   maxrss COMMAND [ARG…]
//
// It is a program of its own, small and static, because the kernel counts what a process held before execve too: forked
// from Python, a runner of 1 MB would be shown with Python's 10 MB.
//
// Exit status: 125 maxrss itself, else the command's own.
// Build: gcc -O2 -static -o maxrss maxrss.c

#define _GNU_SOURCE
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int count, char **arguments) {
  struct rusage usage;
  int status;
  if (count < 2) {
    fputs("usage: maxrss COMMAND [ARG…]\n", stderr);
    return 125;
  }
  pid_t pid = fork();
  if (pid == 0) {
    execv(arguments[1], arguments + 1);
    perror(arguments[1]);
    _exit(125);
  }
  // Counts the children that the command waited for, and theirs: all that can be counted of a finished process.
  if (pid < 0 || wait4(pid, &status, 0, &usage) < 0) {
    perror("maxrss");
    return 125;
  }
  printf("%ld\n", usage.ru_maxrss);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
