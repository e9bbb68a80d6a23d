#define _GNU_SOURCE
#include "call.h"

#include "ckernel.h"

#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

// Below these limits the program would end by SIGSEGV before it can say anything: so they are looked at first of all, on a
// stack that may be as small as a few pages.

static const struct least {
  int resource;
  unsigned kilobytes;
  const char *what, *option;
} least[] = {
    {RLIMIT_STACK, 64, "the stack", "ulimit -s 8192"},
    {RLIMIT_DATA, 4096, "memory for data", "ulimit -d unlimited"},
    {RLIMIT_AS, 11264, "the address space", "ulimit -v unlimited"},
};

static char *append(char *end, const char *text) {
  while (*text) *end++ = *text++;
  return end;
}

static char *append_number(char *end, unsigned number) {
  if (number > 9) end = append_number(end, number / 10);
  *end++ = '0' + number % 10;
  return end;
}

static void refuse(const struct least *limit, unsigned long long bytes) {
  char text[384], *end = text;
  end = append(end, "littlectr: your limit on ");
  end = append(append(end, limit->what), " is ");
  end = append(append_number(end, (unsigned)(bytes >> 10)), " KiB\n  why  littlectr itself needs ");
  end = append(append_number(end, limit->kilobytes), " KiB to start\n  fix  ");
  end = append(append(end, limit->option), "; where that is refused, see limits.conf(5)\n");
  CALL(write, 2, text, end - text);
  _exit(125);
}

// Before all others, which use more.
__attribute__((constructor(101))) static void look_at_limits(void) {
  for (unsigned index = 0; index < sizeof least / sizeof *least; index++) {
    unsigned long long found[2] = {~0ull, ~0ull};
    long result = ck_get_limit(least[index].resource, found);
    if (result >= 0 && found[0] >> 10 < least[index].kilobytes) refuse(least + index, found[0]);
  }
}
