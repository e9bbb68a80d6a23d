# shellcheck shell=bash
# The defences that scripts/mutate takes out: name, the attacks that must get through then, options, file, sed's words.

# Lines and options of the configuration.
mutation 'fds' 'inherited descriptors: a (directory|command)' '--without fds'
mutation 'pid' 'host.s: (kill|a daemon)|as the command, /proc/self/exe|interpreter' '--without pid'
mutation 'ipc' 'shared memory' '--without ipc'
mutation 'overlay' 'the image below its layer' '--without overlay'
mutation 'net' 'abstract sockets' '--without net'
mutation 'dev' 'where something is mounted: .* at /dev(/[a-z]+)?$' '--without dev'
mutation 'terminal and seccomp' 'TIOCSTI and TIOCLINUX' '--without terminal --without seccomp'
mutation 'pivot_root' 'chroot and ..' '--set chroot.method=chroot --without overlay'
mutation 'keyring and seccomp' 'session keyring' '--without keyring --without seccomp'
mutation 'seccomp' 'system calls: (sockets|keys|old|files by number: (name|fan))' '--without seccomp'
mutation 'seccomp and capabilities' 'system calls: (new|mounts|the kernel|files)|the calls are refused|remounted|agent' \
  '--without seccomp --without capabilities'
mutation 'masks of proc and sys' 'files that change the machine: /proc and|what the kernel tells' \
  '--set proc.mask=none --set proc.readonly=none --set sys.mask=none --set sys.readonly=none'
mutation 'masks of proc and sys, capabilities and seccomp' '/proc, from below' \
  '--set proc.mask=none --set proc.readonly=none --set sys.mask=none --set sys.readonly=none --without capabilities --without seccomp'
mutation 'the empty environment' 'secrets of the caller.s: environment' '--set env.pass=LITTLECTR_SECRET'
mutation 'dropping groups' 'a file that a group may read' '--set userns.map=root'
mutation 'denying setgroups' 'a file that a group may not read' '--set userns.map=auto'
# As real root; these attacks only look.
mutation 'userns and capabilities' 'capabilities to be inherited' '--without userns --without capabilities'
mutation 'userns, capabilities and seccomp' 'device nodes|file handles|the machine.s: (swap|reboot|sys|acct|clock|set)' \
  '--without userns --without capabilities --without seccomp'
mutation 'userns, pid, capabilities and seccomp' 'root: links in /proc|overwritten: after the end' \
  '--without userns --without pid --without capabilities --without seccomp'

# Words of the source.
mutation 'closing before the command is looked for' 'inherited descriptors: a command' '' \
  Sources/Pipeline/Steps/Step+Execute.swift 's/closing: container\.closedDescriptors/closing: []/'
mutation 'the limits of openat2' \
  'links where.*(absolute|parent|magic).* at (/work|/tmp|/proc|/sys|/dev|/etc|/etc/passwd)$|exchanged.*(thousands|above)|working directory /' '' \
  Sources/CKernel/ckernel.c 's/how = \{flags, 0, resolve\}/how = {flags, 0, 0 * resolve}/'
mutation 'files made anew' 'links where.*(absolute|parent|magic|dangling).* at /etc/(resolv.conf|hosts|hostname|motd)$' '' \
  'Sources/Pipeline/Steps/Step+Making.swift Sources/Pipeline/Steps/Step+Files.swift' \
  's/try Syscall\.removeFile\(path, from: directory\.descriptor\)/if path.string.isEmpty { throw .ioError }/; s/Syscall\.create\(path, mode: mode, from: directory\.descriptor\)/Syscall.open(path, OpenFlags(rawValue: 0o1101), from: directory.descriptor)/'
mutation 'the limits of reading an image' 'passwd of the image: a (magic )?link' '' Sources/Pipeline/Machine/Host.swift \
  's/open\(path, \.path, below: layers\[0\], \[\.inRoot, \.noMagicLinks\]\)/open(FilePath(String(path.string.dropFirst())), .path, below: layers[0], [])/'
mutation 'PR_SET_DUMPABLE' 'ptrace' '--without dumpable' Sources/Pipeline/Steps/Step+Execute.swift \
  's/try Syscall.forbidTracing\(\)/if false { try Syscall.forbidTracing() }/'
mutation 'the check of an id' 'a number that is too large' '' Sources/Stages/Process/Accounts.swift \
  's/return value < UInt64\(UInt32.max\) \? UInt32\(value\) : nil/return UInt32(truncatingIfNeeded: value)/'
mutation 'the check of who wrote stages.conf' 'wrote: a stages.conf' '' \
  Sources/Pipeline/Trust/Doubt.swift \
  's/if owner == host\.userID \|\| owner == 0/if owner != UInt32.max/; s/if place\.found\.mode & 0o002 != 0/if place.found.mode == 1/'
mutation 'covering what a later run takes' 'what a later run takes' '' Sources/Pipeline/Plan/Plan.swift \
  's/for \(entry, step\) in reach\.covering/for (entry, step) in reach.covering.prefix(0)/'
mutation 'looking for nothing where one happens to be' 'files of a repository: a stages.conf' '' \
  Sources/Pipeline/Configuration/ConfigurationSearch.swift 's/return directories \+ \[/return [(.user, ".")] + directories + [/'
mutation 'the limit on what is read' '100 MB|NULs|lines of megabytes' '' Sources/Pipeline/Machine/Host.swift \
  's/largestFile = 16 << 20/largestFile = 1 << 40/'
mutation 'looking before opening' 'passwd of the image: a (fifo|group file that)' '' \
  Sources/Pipeline/Machine/Host+Current.swift \
  's/guard try Syscall.status\(of: found\)\.isRegular/guard try Syscall.status(of: found).mode != 0/'
mutation 'nosuid and nonewprivs' 'set-user-ID programs' '--without nonewprivs --without seccomp' \
  Sources/Kernel/Syscall+Mounts.swift 's/noSetUserID = MountAttributes\(rawValue: 0x2\)/noSetUserID = MountAttributes(rawValue: 0x2 >> 8)/'
mutation 'numbers that are never names' 'whose name is a number' '' Sources/Stages/Values/UserReference.swift \
  's/case \.number\(let wanted\): wanted == number$/case .number(let wanted): wanted == number || name.elementsEqual(String(wanted).utf8)/'
mutation 'passing over lines with a NUL' 'a NUL in a name' '' Sources/Stages/Process/Accounts.swift 's/!line\.contains\(0\), //'
mutation 'the check of who wrote a filter' 'a filter ' '' Sources/Seccomp/FilterCache.swift \
  's/\{ status\.userID == userID && status\.mode & 0o022 == 0 \}/{ true }/; s/\.noFollow, //'

# What is held by more than littlectr.
beyond 'a kernel without modules has no such calls, and no mutation gets at them' 'the machine.s: (kexec_load|(init|finit|delete)_module)'
beyond 'nothing is made or written there, and mounts end with the container' 'exchanged with a directory: over'
beyond 'mkdir and mknod follow no link' 'links where.*dangling'
beyond 'the kernel ends such a search' 'a link to itself'
beyond 'the host has no root there' 'a link to the old root'
beyond 'the terminal is opened in a file system of its own, and its name is the host.s' 'other files where terminals'
beyond 'a program of the host.s finds its libraries by absolute paths, before the root changes' 'a hook in'
beyond 'a file is not mounted over a directory, nor the other way round; littlectr stops then' 'other files where'
beyond 'a root that is attached nowhere has nothing above it' 'a relative link at'
beyond 'the image of a running program is never written' 'overwritten: from inside'
beyond 'a user namespace gets mounts, and gives none' 'mounts that come through'
beyond 'a static program loads nothing' 'libraries that look users up'
beyond 'execve takes a path, and no options' 'names that begin with -'
