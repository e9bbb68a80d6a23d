// From outside: exchanges two files again and again until it is killed: rename(2), RENAME_EXCHANGE.
#define _GNU_SOURCE
#include "attack.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static volatile sig_atomic_t ended;
static void end(int number) { (void)number, ended = 1; }

void exchange(char **words) {
  signal(SIGTERM, end);
  unsigned long count = 0;
  for (; !ended; count++) {
    if (renameat2(AT_FDCWD, words[0], AT_FDCWD, words[1], RENAME_EXCHANGE)) exit(98);
    if (count == 0) {
      puts("exchanging");
      fflush(stdout);
    }
  }
  printf("exchanged %lu\n", count);
}
