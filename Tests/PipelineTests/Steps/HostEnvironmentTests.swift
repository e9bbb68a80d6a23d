import Testing

@testable import Pipeline

/// What of the caller's environment programs of the host's get.
struct HostEnvironmentTests {
  @Test(arguments: [
    ("PATH=/bin:bin::.:/usr/bin:", "PATH=/bin:/usr/bin"), ("PATH=:", "PATH=/usr/bin:/bin"),
    ("LD_LIBRARY_PATH=lib;/opt/lib:$ORIGIN/lib", "LD_LIBRARY_PATH=/opt/lib:$ORIGIN/lib"), ("LD_LIBRARY_PATH=.", nil),
    ("LD_PRELOAD=libx.so ./libx.so /lib/x.so", "LD_PRELOAD=libx.so:/lib/x.so"), ("LD_AUDIT=a/b:", nil),
    ("LITTLECTR_CHILD=1", nil), ("LITTLECTR_ROOT=/", nil), ("PATHS=.", "PATHS=."), ("HOME=.", "HOME=."), ("x", "x"),
  ])
  func relativePlacesAreLeftOut(_ variable: String, _ kept: String?) {
    #expect(HostEnvironment.harmless(Array(variable.utf8)).map { String(decoding: $0, as: UTF8.self) } == kept)
  }
}
