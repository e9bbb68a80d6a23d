internal import CKernel
public import SystemPackage

extension Syscall {
  /// Where the symbolic links below a directory lead that lead out of it: absolute paths, each once, in order: getdents(2),
  /// readlink(2).
  ///
  /// - Throws: `.tooLarge` when there are more than a MiB of them.
  public static func targetsOfLinks(leaving root: FilePath) throws(Errno) -> [[UInt8]] {
    var found = [UInt8](repeating: 0, count: 1 << 20)
    let count = try unsafe answer(for: root) { root in
      unsafe found.withUnsafeMutableBytes { unsafe ck_search_links(root, $0.baseAddress, UInt($0.count)) }
    }
    let targets = found.prefix(count).split(separator: 0).map { Array($0) }
    return Set(targets).sorted { $0.lexicographicallyPrecedes($1) }
  }

  /// A number that is another once something was added to directories or removed from them, down to a depth: stat(2).
  public static func stamp(of paths: [(path: FilePath, depth: Int)]) -> UInt64 {
    paths.reduce(0xcbf2_9ce4_8422_2325) { stamp, tree in
      unsafe tree.path.withPlatformString { unsafe ck_stamp(stamp, $0, Int32(tree.depth)) }
    }
  }
}
