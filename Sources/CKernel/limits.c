#define _GNU_SOURCE
#include "call.h"

#include "ckernel.h"

long ck_prlimit(int resource, unsigned long long soft, unsigned long long hard) {
  struct { unsigned long long soft, hard; } limit = {soft, hard};
  return CALL(prlimit64, 0, resource, &limit, 0);
}

long ck_get_limit(int resource, unsigned long long limit[2]) { return CALL(prlimit64, 0, resource, 0, limit); }

long ck_setpriority(int which, int level) { return CALL(setpriority, which, 0, level); }

long ck_sched_setaffinity(const void *mask, unsigned long size) { return CALL(sched_setaffinity, 0, size, mask); }
long ck_sched_getaffinity(void *mask, unsigned long size) { return CALL(sched_getaffinity, 0, size, mask); }
