#define _GNU_SOURCE
#include "call.h"

#include "ckernel.h"

#include <string.h>
#include <sys/auxv.h>
#include <sys/resource.h>
#include <unistd.h>

// Below these limits the program would end by SIGSEGV before it can say anything: so they are looked at first of all, on a
// stack that may be as small as a few pages. 76 KiB of stack are the most that was measured without the proof of a
// filter, which takes half a KiB more for each comparison that it nests: FilterProof.deepest.

static const struct least {
  int resource;
  unsigned kilobytes;
  const char *what, *option;
} least[] = {
    {RLIMIT_STACK, 160, "the stack", "ulimit -s 8192"},
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

// How much of the stack is in use. Arguments and environment are at its upper end, last of all the program's path.
static unsigned long long used_stack(void) {
  char here;
  const char *path = (const char *)getauxval(AT_EXECFN);
  return path > &here ? path + strlen(path) + 1 - &here : 0;
}

static void refuse(const struct least *limit, unsigned long long bytes, unsigned long long used) {
  char text[384], *end = text;
  end = append(end, "littlectr: your limit on ");
  end = append(append(end, limit->what), " is ");
  end = append(append_number(end, (unsigned)(bytes >> 10)), " KiB\n  why  littlectr itself needs ");
  end = append(append_number(end, limit->kilobytes), " KiB to start");
  if (used >> 10) {
    end = append(append_number(append(end, ", beside the "), (unsigned)(used >> 10)), " KiB of your arguments and");
    end = append(end, " environment");
  }
  end = append(end, "\n  fix  ");
  end = append(append(end, limit->option), "; where that is refused, see limits.conf(5)\n");
  CALL(write, 2, text, end - text);
  _exit(125);
}

// Before all others, which use more.
__attribute__((constructor(101))) static void look_at_limits(void) {
  for (unsigned index = 0; index < sizeof least / sizeof *least; index++) {
    unsigned long long found[2] = {~0ull, ~0ull};
    long result = ck_get_limit(least[index].resource, found);
    unsigned long long used = least[index].resource == RLIMIT_STACK ? used_stack() : 0;
    if (result >= 0 && (found[0] < used || (found[0] - used) >> 10 < least[index].kilobytes))
      refuse(least + index, found[0], used);
  }
}
