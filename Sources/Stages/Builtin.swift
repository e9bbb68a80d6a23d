public import Pipeline

/// The stages that littlectr brings, in the order in which they are listed.
public let builtin: [any IsolationStage.Type] = [
  UserNS.self,
  UTS.self,
  PID.self,
  IPC.self,
  CgroupNS.self,
  Mount.self,
  Chroot.self,
  Proc.self,
  Dev.self,
]
