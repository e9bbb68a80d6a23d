#include "ckernel.h"

#include <string.h>

// Swift's runtime looks for the arguments by reading /proc/self/maps, and for swift-backtrace, the program that it would
// show a crash with, in nine calls: at each start, whether or not anybody asks. The runtime's own files that do so are left
// out of a static program when these functions, which are all that those files hold, are here.

static int argument_count;
static char **arguments;

// glibc hands the arguments to constructors too.
__attribute__((constructor)) static void keep_arguments(int count, char **values) {
  argument_count = count;
  arguments = values;
}

char **_swift_stdlib_getUnsafeArgvArgc(int *count);
char **_swift_stdlib_getUnsafeArgvArgc(int *count) {
  *count = argument_count;
  return arguments;
}

void _swift_stdlib_overrideUnsafeArgvArgc(char **values, int count);
void _swift_stdlib_overrideUnsafeArgvArgc(char **values, int count) { keep_arguments(count, values); }

// swift-backtrace isn't beside a statically linked program: "not found", one of this function's answers, is the truth.
char *swift_copyAuxiliaryExecutablePath(const char *name);
char *swift_copyAuxiliaryExecutablePath(const char *name) {
  (void)name;
  return 0;
}

int ck_argument_count(void) { return argument_count; }
const char *ck_argument(int index) { return index < argument_count ? arguments[index] : 0; }

void ck_replace_arguments(const char *title) {
  if (argument_count == 0) return;
  // The kernel lays all arguments out in one piece, each with its end.
  unsigned long size = arguments[argument_count - 1] + strlen(arguments[argument_count - 1]) - arguments[0];
  memset(arguments[0], 0, size);
  memcpy(arguments[0], title, strnlen(title, size));
}
