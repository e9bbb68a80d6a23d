import Glibc

// What libFuzzer's main calls. FUZZ_TARGET in the environment says which target is meant.

/// The chosen target. It is found once.
private let chosen: FuzzTarget? = {
  let name = getenv("FUZZ_TARGET").map { String(cString: $0) }
  return FuzzTarget.all.first { $0.name == name }
}()

/// Prints what scripts/fuzz asks for, where no target is chosen: the targets' names, or words for libFuzzer to put in.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(
  _ count: UnsafeMutablePointer<CInt>, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> CInt {
  if chosen != nil { return 0 }
  for line in getenv("FUZZ_DICTIONARY") == nil ? FuzzTarget.all.map(\.name) : FuzzTarget.dictionary { print(line) }
  exit(0)
}

/// Checks one input; a broken promise ends the process, which libFuzzer takes for a finding.
@_cdecl("LLVMFuzzerTestOneInput")
public func test(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  do {
    try chosen?.check(Array(UnsafeBufferPointer(start: bytes, count: count)))
  } catch {
    fatalError("\(error)")
  }
  return 0
}
