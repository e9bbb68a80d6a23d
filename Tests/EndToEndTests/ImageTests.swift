import Glibc
import Testing

/// The image that set-up makes.
@Suite struct ImageTests {
  @Test func theDefaultImageIsTheOneThatRuns() throws {
    // From the repository, as a user does: with its stages.conf and its images.
    let repository = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }
    let image = repository + "/images/default"
    try #require(access(image, F_OK) == 0, "there is no image; ./setup makes it")
    try Sandbox.with(.caller) { sandbox in
      let seen = try sandbox.execute([sandbox.littlectr, "run", "cat", "/etc/os-release"], in: repository)
      let own = try FileTree.text(image + "/etc/os-release")
      #expect(seen.ending == .exited(0) && seen.output == own && seen.error == "" && !own.isEmpty, "\(seen)")
    }
  }
}
