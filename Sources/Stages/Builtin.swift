public import Pipeline

/// The stages that littlectr brings, in the order in which they are listed.
public let builtin: [any IsolationStage.Type] = [
  UserNS.self,
  UTS.self,
  PID.self,
  IPC.self,
  CgroupNS.self,
  Net.self,
  Time.self,
  Mount.self,
  Chroot.self,
  HostRoot.self,
  Overlay.self,
  Proc.self,
  Sys.self,
  Dev.self,
  Terminal.self,
  Etc.self,
  Bind.self,
  TmpFS.self,
  File.self,
  FDs.self,
  RLimit.self,
  Scheduling.self,
  DieWith.self,
  Hook.self,
]
