#define _GNU_SOURCE
#include "call.h"

#include "ckernel.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>

// libseccomp, and the kernel's own call. The library is asked only while a filter is compiled: never on the way to exec of
// a container whose filter is kept.

const unsigned ck_seccomp_version = SCMP_VER_MAJOR << 16 | SCMP_VER_MINOR << 8 | SCMP_VER_MICRO;

int ck_filter_call(unsigned architecture, const char *name) {
  return architecture ? seccomp_syscall_resolve_name_arch(architecture, name) : seccomp_syscall_resolve_name(name);
}

// A call's numbers on several architectures, each as ck_filter_call answers.
void ck_filter_calls(const unsigned *architectures, unsigned count, const char *name, int *numbers) {
  for (unsigned index = 0; index < count; index++)
    numbers[index] = seccomp_syscall_resolve_name_arch(architectures[index], name);
}

// A filter for one architecture; nothing if there isn't memory for it.
static scmp_filter_ctx made(const struct ck_filter *filter, unsigned architecture) {
  scmp_filter_ctx context = seccomp_init(filter->otherwise);
  if (!context) return 0;
  // Without the tree, a call at the end of the list costs as many comparisons as there are calls.
  int failed = seccomp_attr_set(context, SCMP_FLTATR_ACT_BADARCH, filter->foreign) ||
               seccomp_attr_set(context, SCMP_FLTATR_CTL_OPTIMIZE, 2) ||
               (architecture != seccomp_arch_native() &&
                (seccomp_arch_add(context, architecture) || seccomp_arch_remove(context, SCMP_ARCH_NATIVE)));
  if (failed) seccomp_release(context), context = 0;
  return context;
}

static int added(scmp_filter_ctx context, const struct ck_filter_rule *rule) {
  struct scmp_arg_cmp comparisons[6];
  for (unsigned index = 0; index < rule->count; index++) {
    const struct ck_filter_condition *condition = rule->conditions + index;
    comparisons[index] = (struct scmp_arg_cmp){condition->argument, (enum scmp_compare)condition->comparison,
                                               condition->value, condition->second};
  }
  return seccomp_rule_add_array(context, rule->action, rule->call, rule->count, comparisons);
}

// Reads the finished filter: the library writes it only to a file.
static long exported(scmp_filter_ctx context, unsigned long long *code, unsigned long capacity) {
  long file = CALL(memfd_create, "filter", MFD_CLOEXEC);
  if (file < 0) return file;
  long result = seccomp_export_bpf(context, file);
  if (result == 0) result = CALL(pread64, file, code, capacity * sizeof *code, 0);
  CALL(close, file);
  // There is room for more than the kernel takes: what fills it is too long.
  if (result == (long)(capacity * sizeof *code)) return -E2BIG;
  return result < 0 ? result : result / (long)sizeof *code;
}

// Compiles a filter into `code`; answers its length in instructions. What is wrong with a rule is told by `failed`.
long ck_filter_compile(const struct ck_filter *filter, unsigned long long *code, unsigned long capacity, long *failed) {
  scmp_filter_ctx whole = 0;
  long result = 0;
  *failed = -1;
  for (unsigned index = 0; index < filter->architecture_count && result == 0; index++) {
    scmp_filter_ctx part = made(filter, filter->architectures[index]);
    if (!part) {
      result = -ENOMEM;
      break;
    }
    for (unsigned long rule = 0; rule < filter->rule_count && result == 0; rule++) {
      if (!(filter->rules[rule].architectures & 1u << index)) continue;
      result = added(part, filter->rules + rule);
      if (result != 0) *failed = rule;
    }
    if (result == 0 && whole) result = seccomp_merge(whole, part);
    else if (result == 0) whole = part;
    if (result != 0 && part != whole) seccomp_release(part);
  }
  if (result == 0) result = exported(whole, code, capacity);
  if (whole) seccomp_release(whole);
  return result;
}

long ck_install_filter(unsigned flags, const unsigned long long *code, unsigned short count) {
  struct sock_fprog program = {count, (struct sock_filter *)code};
  return CALL(seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
}

long ck_filter_mode(void) { return CALL(prctl, PR_GET_SECCOMP, 0, 0, 0, 0); }
