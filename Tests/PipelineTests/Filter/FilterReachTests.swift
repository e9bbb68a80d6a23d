import Testing

@testable import Pipeline

/// Whether a filter lets a call through with any arguments.
struct FilterReachTests {
  private func code(_ rules: [FilterRule], otherwise: FilterAction) throws -> FilterCode {
    let source = FilterSource(
      [FilterProgram(otherwise: otherwise, rules)], FilterArchitecture.run(by: "x86_64"))
    return try source.compiled().code
  }

  @Test("a call refused for some arguments isn't refused for all") func someArguments() throws {
    let odd = FilterCondition(argument: 0, .masked, 1, 1)
    let code = try code(
      [FilterRule(["umask"], .errno(1)), FilterRule(["chdir"], .errno(1), [odd])], otherwise: .allow)
    for (name, isRefused) in [("umask", true), ("chdir", false), ("getpid", false), ("no_such_call", false)] {
      #expect(NeededCalls.isRefused(name, by: code, of: "x86_64") == isRefused, "\(name)")
    }
    #expect(!NeededCalls.isRefused("umask", by: code, of: "pdp11"), "nobody knows its numbers there")
  }

  @Test("a call let through for some arguments isn't refused") func someAreLetThrough() throws {
    let code = try code(
      [FilterRule(["ioctl"], .allow, [FilterCondition(argument: 1, .masked, .max, 0x5401)])], otherwise: .errno(38))
    #expect(!NeededCalls.isRefused("ioctl", by: code, of: "x86_64"))
    #expect(NeededCalls.isRefused("umask", by: code, of: "x86_64"))
  }
}
