import SystemPackage
import Testing

@testable import Pipeline

struct IncludeRefusalTests {
  @Test func aFileThatIsNotThereIsNamed() throws {
    let folder = try Folder()
    let text = complaint("include \(folder.path)/gone")
    #expect(
      text == """
        littlectr: \(folder.path)/gone: openat(AT_FDCWD, "\(folder.path)/gone", O_RDONLY|O_NONBLOCK|O_CLOEXEC): ENOENT
          why  there is no file \(folder.path)/gone
          fix  name one that is there, or leave the option out: littlectr help stages.conf tells where it looks
        """)
  }

  @Test func aDirectoryIsRefused() throws {
    let folder = try Folder()
    let text = complaint("include \(folder.path)")
    #expect(text.contains("\(folder.path) isn't a regular file"))
  }

  @Test func theWordAloneIsRefused() {
    #expect(complaint("include").hasPrefix("stages.conf:1:1: a file is missing\n    include\n    ^^^^^^^\n"))
    #expect(complaint("include # file").hasPrefix("stages.conf:1:1: a file is missing"))
  }

  @Test func oneFileALine() {
    #expect(
      complaint("include a b c").hasPrefix("stages.conf:1:11: one file only\n    include a b c\n              ^^^\n"))
  }

  @Test func anEmptyNameIsRefused() {
    #expect(complaint("include \"\"") != "no error")
  }
}
