// What a stage needs beside this module's own names, so that a stage's file imports Pipeline alone: swift-system's
// vocabulary, texts, JSON, filters of system calls, and the types of the kernel that steps take. The calls themselves stay out
// of reach on purpose.
@_exported public import JSON
@_exported public import Seccomp
@_exported public import SystemPackage
@_exported public import Text
@_exported public import enum Kernel.MountPropagation
@_exported public import struct Kernel.FilesystemType
@_exported public import struct Kernel.FileRights
@_exported public import struct Kernel.MountAttributes
@_exported public import struct Kernel.PortRights
@_exported public import struct Kernel.RestrictedScopes
