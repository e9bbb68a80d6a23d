# shellcheck shell=bash
# The defences that scripts/mutate takes out: name, the attacks that must get through then, options, file, sed's words.

# Lines and options of the configuration.
mutation 'fds' 'inherited descriptors: a directory' '--without fds'
mutation 'pid' 'host.s: kill|as the command, /proc/self/exe' '--without pid'
mutation 'net' 'abstract sockets' '--without net'
mutation 'dev' 'where something is mounted: .* at /dev(/null|/pts|/shm|/console)?$' '--without dev'
mutation 'terminal and seccomp' 'TIOCSTI and TIOCLINUX' '--without terminal --without seccomp'
mutation 'pivot_root' 'chroot and ..' '--set chroot.method=chroot --without overlay'
mutation 'keyring and seccomp' 'session keyring' '--without keyring --without seccomp'
mutation 'seccomp and capabilities' 'system calls|the calls are refused' '--without seccomp --without capabilities'
mutation 'masks of proc and sys' 'files that change the machine: /proc|what the kernel tells' \
  '--set proc.mask=none --set proc.readonly=none --set sys.mask=none --set sys.readonly=none'
mutation 'capabilities and seccomp' 'release_agent|from below' '--without capabilities --without seccomp'
mutation 'the empty environment' 'secrets of the caller.s: environment' '--set env.pass=LITTLECTR_SECRET'
mutation 'letting go of groups' 'a file that a group may read' '--set userns.map=root'
mutation 'denying setgroups' 'a file that a group may not read' '--set userns.map=auto'
# As real root; these attacks only look.
mutation 'userns, capabilities and seccomp' 'device nodes|file handles' \
  '--without userns --without capabilities --without seccomp'
mutation 'userns, pid, capabilities and seccomp' 'root: links in /proc|overwritten: after the end' \
  '--without userns --without pid --without capabilities --without seccomp'

# Words of the source.
mutation 'the limits of openat2' \
  'links where.*(absolute|parent|magic).* at (/work|/tmp|/proc|/sys|/dev|/etc)$|exchanged|working directory /' '' \
  Sources/CKernel/ckernel.c 's/how = \{flags, 0, resolve\}/how = {flags, 0, 0 * resolve}/'
mutation 'the limits of reading an image' 'passwd of the image: a (magic )?link' '' Sources/Pipeline/Host.swift \
  's/open\(path, \.path, below: directory, \[\.inRoot, \.noMagicLinks\]\)/open(FilePath(String(path.string.dropFirst())), .path, below: directory, [])/'
mutation 'PR_SET_DUMPABLE' 'ptrace' '--without dumpable' Sources/Pipeline/Steps/Step+Execute.swift \
  's/try Syscall.forbidTracing\(\)/if false { try Syscall.forbidTracing() }/'
mutation 'the check of an id' 'a number that is too large' '' Sources/Stages/Accounts.swift \
  's/return value < UInt64\(UInt32.max\) \? UInt32\(value\) : nil/return UInt32(truncatingIfNeeded: value)/'
mutation 'the check of who wrote stages.conf' 'wrote: a stages.conf' '' \
  Sources/Pipeline/Configuration/ConfigurationFile.swift \
  's/if status\.userID != host\.userID, /if status.userID == 1, /; s/if status\.mode \& 0o002 != 0/if status.mode \& 0o002 == 1/'
mutation 'the limit on what is read' '100 MB|NULs|lines of megabytes' '' Sources/Pipeline/Host.swift \
  's/largestFile = 16 << 20/largestFile = 1 << 40/'
mutation 'looking before opening' 'passwd of the image: a fifo' '' Sources/Pipeline/Host.swift \
  's/guard try Syscall.status\(of: found\)\.isRegular/guard try Syscall.status(of: found).mode != 0/'
mutation 'nosuid and nonewprivs' 'set-user-ID programs' '--without nonewprivs --without seccomp' \
  Sources/Kernel/Syscall+Mounts.swift 's/noSetUserID = MountAttributes\(rawValue: 0x2\)/noSetUserID = MountAttributes(rawValue: 0x2 >> 8)/'
mutation 'numbers that are never names' 'whose name is a number' '' Sources/Stages/Who.swift \
  's/case \.number\(let wanted\): wanted == number$/case .number(let wanted): wanted == number || name.elementsEqual(String(wanted).utf8)/'
mutation 'passing over lines with a NUL' 'a NUL in a name' '' Sources/Stages/Accounts.swift 's/!line\.contains\(0\), //'
mutation 'the check of who wrote a filter' 'a filter ' '' Sources/Pipeline/Filter/FilterCache.swift \
  's/\{ status\.userID == host\.userID && status\.mode & 0o022 == 0 \}/{ true }/; s/\.noFollow, //'

# What is held by more than littlectr.
beyond 'a file is not mounted over a directory, nor the other way round; littlectr stops then' 'other files where'
beyond 'a root that is attached nowhere has nothing above it' 'a relative link at'
beyond 'the image of a running program is never written' 'overwritten: from inside'
beyond 'a user namespace gets mounts, and gives none' 'mounts that come through'
beyond 'a static program loads nothing' 'libraries that look users up'
beyond 'execve takes a path, and no options' 'names that begin with -'
