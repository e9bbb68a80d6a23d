#define _GNU_SOURCE
#include "call.h"

#include "ckernel.h"

#include <asm/ioctls.h>
#include <asm/termbits.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

_Static_assert(sizeof(struct ck_modes) >= sizeof(struct termios), "the kernel's modes of a terminal");
_Static_assert(sizeof(struct ck_poll) == sizeof(struct pollfd), "poll's array");

long ck_poll(struct ck_poll *files, unsigned long count, int milliseconds) {
  struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000L};
  return CALL(ppoll, files, count, milliseconds < 0 ? 0 : &time, 0, 0);
}

// Room for the header of two descriptors, aligned as the header has to be.
union ancillary {
  struct cmsghdr header;
  char bytes[CMSG_SPACE(2 * sizeof(int))];
};

long ck_send_descriptors(int socket, const void *buffer, unsigned long count, const int descriptors[2]) {
  union ancillary ancillary = {{0}};
  struct iovec text = {(void *)buffer, count};
  struct msghdr message = {0, 0, &text, 1, &ancillary, sizeof ancillary, 0};
  ancillary.header.cmsg_len = CMSG_LEN(2 * sizeof(int));
  ancillary.header.cmsg_level = SOL_SOCKET;
  ancillary.header.cmsg_type = SCM_RIGHTS;
  memcpy(CMSG_DATA(&ancillary.header), descriptors, 2 * sizeof(int));
  return CALL(sendmsg, socket, &message, MSG_NOSIGNAL);
}

// The descriptors are -1 when the message has none.
long ck_receive_descriptors(int socket, void *buffer, unsigned long count, int flags, int descriptors[2]) {
  union ancillary ancillary = {{0}};
  struct iovec text = {buffer, count};
  struct msghdr message = {0, 0, &text, 1, &ancillary, sizeof ancillary, 0};
  long result = CALL(recvmsg, socket, &message, flags | MSG_CMSG_CLOEXEC);
  descriptors[0] = descriptors[1] = -1;
  if (result >= 0 && message.msg_controllen >= sizeof(struct cmsghdr) && ancillary.header.cmsg_type == SCM_RIGHTS &&
      ancillary.header.cmsg_len == CMSG_LEN(2 * sizeof(int)))
    memcpy(descriptors, CMSG_DATA(&ancillary.header), 2 * sizeof(int));
  return result;
}

long ck_unlock_terminal(int ptmx) {
  int locked = 0;
  return CALL(ioctl, ptmx, TIOCSPTLCK, &locked);
}

long ck_open_peer(int ptmx, int flags) { return CALL(ioctl, ptmx, TIOCGPTPEER, flags); }
long ck_modes(int terminal, struct ck_modes *modes) { return CALL(ioctl, terminal, TCGETS, modes); }
long ck_set_modes(int terminal, const struct ck_modes *modes) { return CALL(ioctl, terminal, TCSETS, modes); }

// As cfmakeraw(3): every byte passes as it is. What is printed may be spared, for others who print to the terminal.
void ck_make_raw(struct ck_modes *modes, int spares_output) {
  struct termios *raw = (struct termios *)modes;
  raw->c_iflag &= ~(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON);
  if (!spares_output) raw->c_oflag &= ~OPOST;
  raw->c_lflag &= ~(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
  raw->c_cflag = (raw->c_cflag & ~(CSIZE | PARENB)) | CS8;
  raw->c_cc[VMIN] = 1;
  raw->c_cc[VTIME] = 0;
}

// What is typed can be read at once and isn't printed. All else stays: the keys that send signals do so, too.
void ck_make_quiet(struct ck_modes *modes) {
  struct termios *quiet = (struct termios *)modes;
  quiet->c_lflag &= ~(ECHO | ECHONL | ICANON | IEXTEN);
  quiet->c_cc[VMIN] = 1;
  quiet->c_cc[VTIME] = 0;
}

// Whether terminals treat what passes in the same way. A pseudo-terminal has no speed, nor a number of bits.
int ck_are_alike(const struct ck_modes *modes, const struct ck_modes *others) {
  const struct termios *one = (const struct termios *)modes, *other = (const struct termios *)others;
  return one->c_iflag == other->c_iflag && one->c_oflag == other->c_oflag && one->c_lflag == other->c_lflag &&
         memcmp(one->c_cc, other->c_cc, sizeof one->c_cc) == 0;
}

// A file that can be read once the terminal's modes may have been changed, by whomever: the kernel wakes all who wait for
// the terminal then, and also when room comes about for what is printed; and who waits for the other side, if that isn't
// -1, when something has been read.
long ck_watch_terminal(int terminal, int ptmx) {
  struct epoll_event event = {.events = EPOLLOUT | EPOLLET};
  long watch = CALL(epoll_create1, EPOLL_CLOEXEC);
  if (watch < 0) return watch;
  long result = CALL(epoll_ctl, watch, EPOLL_CTL_ADD, terminal, &event);
  if (result >= 0 && ptmx >= 0) result = CALL(epoll_ctl, watch, EPOLL_CTL_ADD, ptmx, &event);
  if (result < 0) CALL(close, watch);
  return result < 0 ? result : watch;
}

long ck_take_change(int watch) {
  struct epoll_event events[2];
  return CALL(epoll_pwait, watch, events, 2, 0, 0, 0);
}

// What a terminal does with what is typed and printed, as far as it is looked at.
void ck_describe_modes(const struct ck_modes *modes, struct ck_manners *manners) {
  const struct termios *found = (const struct termios *)modes;
  *manners = (struct ck_manners){
      .end_of_file = found->c_cc[VEOF],
      .signals = {found->c_cc[VINTR], found->c_cc[VQUIT], found->c_cc[VSUSP]},
      .heeds_signals = (found->c_lflag & ISIG) != 0,
      .keeps_input = (found->c_lflag & NOFLSH) != 0,
      .literal = (found->c_lflag & ICANON) && (found->c_lflag & IEXTEN) ? found->c_cc[VLNEXT] : 0,
      .reads_lines = (found->c_lflag & ICANON) != 0,
      .returns_carriage = (found->c_oflag & OPOST) && (found->c_oflag & ONLCR),
      .echoes = (found->c_lflag & ECHO) != 0,
      .echoes_controls = (found->c_lflag & ECHOCTL) != 0,
  };
}

long ck_control_terminal(int terminal) { return CALL(ioctl, terminal, TIOCSCTTY, 0); }

// The process group in a terminal's foreground.
long ck_foreground(int terminal) {
  int group = 0;
  long result = CALL(ioctl, terminal, TIOCGPGRP, &group);
  return result < 0 ? result : group;
}

long ck_set_foreground(int terminal, int group) { return CALL(ioctl, terminal, TIOCSPGRP, &group); }
long ck_flush_input(int terminal) { return CALL(ioctl, terminal, TCFLSH, TCIFLUSH); }
// Sends a signal to the foreground of the other side.
long ck_signal_foreground(int ptmx, int signal) { return CALL(ioctl, ptmx, TIOCSIG, signal); }

// How many bytes can be read at once: of a terminal that waits for ends of lines, those of whole lines.
long ck_readable(int file) {
  int count = 0;
  long result = CALL(ioctl, file, FIONREAD, &count);
  return result < 0 ? result : count;
}
long ck_size(int terminal, struct ck_size *size) { return CALL(ioctl, terminal, TIOCGWINSZ, size); }
long ck_set_size(int terminal, const struct ck_size *size) { return CALL(ioctl, terminal, TIOCSWINSZ, size); }
