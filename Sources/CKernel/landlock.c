#define _GNU_SOURCE
#include "call.h"

#include "ckernel.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

// The C library's headers may be older than the calls; their numbers are the same on every architecture.
#define SYS_own_landlock_create_ruleset 444
#define SYS_own_landlock_add_rule 445
#define SYS_own_landlock_restrict_self 446

enum { OF_PATH = 1, OF_PORT = 2, ASK_VERSION = 1 };

long ck_landlock_version(void) { return CALL(own_landlock_create_ruleset, 0, 0, ASK_VERSION); }

long ck_landlock_rules(unsigned long long files, unsigned long long ports, unsigned long long scopes) {
  struct { unsigned long long files, ports, scopes; } handled = {files, ports, scopes};
  return CALL(own_landlock_create_ruleset, &handled, sizeof handled, 0);
}

long ck_landlock_allow_path(int rules, unsigned long long rights, int file) {
  struct { unsigned long long rights; int file; } __attribute__((packed)) rule = {rights, file};
  return CALL(own_landlock_add_rule, rules, OF_PATH, &rule, 0);
}

long ck_landlock_allow_port(int rules, unsigned long long rights, unsigned long port) {
  struct { unsigned long long rights, port; } rule = {rights, port};
  return CALL(own_landlock_add_rule, rules, OF_PORT, &rule, 0);
}

long ck_landlock_restrict(int rules) { return CALL(own_landlock_restrict_self, rules, 0); }

long ck_try_port(unsigned port, int connects) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
  long socket = CALL(socket, AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return socket;
  long result = connects ? CALL(connect, socket, &address, sizeof address) : CALL(bind, socket, &address, sizeof address);
  CALL(close, socket);
  return result;
}
