# shellcheck shell=bash
# The defences that scripts/mutate takes out: name, the attacks that must get through then, options, file, sed's words.

# Lines and options of the configuration.
mutation 'fds' 'inherited descriptors: a directory' '--without fds'
mutation 'pid' 'host.s: kill|as the command, /proc/self/exe' '--without pid'
mutation 'net' 'abstract sockets' '--without net'
mutation 'terminal and seccomp' 'typing at the caller.s terminal' '--without terminal --without seccomp'
mutation 'pivot_root' 'chroot and ..' '--set chroot.method=chroot --without overlay'
mutation 'keyring and seccomp' 'session keyring' '--without keyring --without seccomp'
mutation 'seccomp and capabilities' 'system calls' '--without seccomp --without capabilities'
mutation 'masks of proc and sys' 'files that change|what the kernel tells' \
  '--set proc.mask=none --set proc.readonly=none --set sys.mask=none --set sys.readonly=none'
mutation 'the empty environment' 'secrets of the caller.s: environment' '--set env.pass=LITTLECTR_SECRET'
mutation 'letting go of groups' 'a file that a group may read' '--set userns.map=root'
mutation 'denying setgroups' 'a file that a group may not read' '--set userns.map=auto'

# Words of the source.
mutation 'RESOLVE_IN_ROOT' 'links where|exchanged|passwd of the image: a link' '' Sources/CKernel/ckernel.c \
  's/how = \{flags, 0, resolve\}/how = {flags, 0, 0 * resolve}/'
mutation 'PR_SET_DUMPABLE' 'from inside|ptrace' '--without dumpable' Sources/Pipeline/Steps/Step+Execute.swift \
  's/try Syscall.forbidTracing\(\)/_ = 0/'
mutation 'the check of an id' 'a number that is too large' '' Sources/Stages/Accounts.swift \
  's/return value < UInt64\(UInt32.max\) \? UInt32\(value\) : nil/return UInt32(truncatingIfNeeded: value)/'
mutation 'the check of who wrote stages.conf' 'files that another' '' \
  Sources/Pipeline/Configuration/ConfigurationFile.swift 's/if status.(userID != host.userID|mode & 0o002)/if false \&\& status.\1/'
mutation 'the limit on what is read' '100 MB|NULs' '' Sources/Pipeline/Host.swift 's/largestFile = 16 << 20/largestFile = 1 << 40/'
mutation 'looking before opening' 'a fifo$' '' Sources/Pipeline/Host.swift 's/\.status\(of: found\)\.isRegular/.status(of: found).mode != 0/'
mutation 'nosuid and nonewprivs' 'set-user-ID programs' '--without nonewprivs --without seccomp' \
  'Sources/Kernel/Syscall+Mounts.swift' 's/noSetUserID = MountAttributes\(rawValue: 0x2\)/noSetUserID = MountAttributes(rawValue: 0)/'
