import SystemPackage
import Testing

@testable import Pipeline

struct IncludeRefusalTests {
  @Test func aFileThatIsNotThereIsNamed() throws {
    let folder = try Folder()
    let text = complaint("include \(folder.path)/gone")
    #expect(
      text == """
        littlectr: stages.conf:1:9: this file can't be included: ENOENT
            include \(folder.path)/gone
                    \(String(repeating: "^", count: folder.path.string.count + 5))
          why  there is no file \(folder.path)/gone
          fix  write include with a file that you may read
        """)
  }

  @Test func aDirectoryIsRefused() throws {
    let folder = try Folder()
    let text = complaint("include \(folder.path)")
    #expect(text.contains("\(folder.path) isn't a regular file"))
  }

  @Test func theWordAloneIsRefused() {
    #expect(complaint("include").hasPrefix("littlectr: stages.conf:1:1: a file is missing\n    include\n    ^^^^^^^\n"))
    #expect(complaint("include # file").hasPrefix("littlectr: stages.conf:1:1: a file is missing"))
  }

  @Test func oneFileALine() {
    #expect(
      complaint("include a b c").hasPrefix(
        "littlectr: stages.conf:1:11: one file only\n    include a b c\n              ^^^\n"))
  }

  @Test func anEmptyNameIsRefused() {
    #expect(complaint("include \"\"") != "no error")
  }
}
