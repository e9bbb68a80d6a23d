import SystemPackage
import Testing

@testable import Pipeline

/// What stages have put into the root, looked up by path.
struct PlacedThingsTests {
  @Test(
    "the host's source of a path inside is found however many binds there are", arguments: [1, 5, 16, 17, 40, 1000])
  func eachPathIsFoundHoweverManyThereAre(_ count: Int) {
    var container = Container(command: [[0x61]], host: FakeHost().host)
    func place(_ index: Int) -> FilePath { FilePath("/mnt/\(index % 7)/d\(index)") }
    for index in 0..<count { container.put(FilePath("/host/\(index)"), at: place(index)) }
    for index in 0..<count {
      let below = place(index).appending("a").appending("b")
      #expect(container.hostPlace(of: place(index))?.source == FilePath("/host/\(index)"))
      #expect(container.hostPlace(of: below)?.path == place(index))
      #expect(container.hostPlace(of: FilePath(place(index).string + "x")) == nil)
    }
    for path: FilePath in ["/", "/mnt", "/mnt/0", "/other/d0"] { #expect(container.hostPlace(of: path) == nil) }
    // The last of a path holds, and the nearest.
    container.put(nil, at: place(0))
    #expect(container.hostPlace(of: place(0).appending("a")) == nil && container.isOwnPlace(place(0)))
    container.put("/again", at: place(0))
    #expect(container.hostPlace(of: place(0))?.source == "/again" && !container.isOwnPlace(place(0)))
    container.put("/root", at: "/")
    #expect(container.hostPlace(of: "/mnt")?.source == "/root" && container.hostPlace(of: place(0))?.source == "/again")
  }
}
