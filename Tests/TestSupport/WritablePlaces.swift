/// What a program can write, found by trying.
package enum WritablePlaces {
  /// A shell script that walks the whole root, /proc and /sys as well, and prints each directory in which it can make a file,
  /// and each file and device that it can open for writing.
  ///
  /// - Parameter passed: directories into whose depth it doesn't look: they hold too much.
  package static func script(passing passed: [String] = []) -> String {
    let pruned = passed.map { "-path '\($0)/*' -prune -o " }.joined()
    return """
      exec 2>/dev/null
      find / \(pruned)-type d -print |
      while IFS= read -r place; do
        if true >"$place/.probe"; then echo "$place"; rm "$place/.probe"; fi
      done
      find / \(pruned)\\( -type f -o -type c -o -type b \\) -print |
      while IFS= read -r place; do
        if true >>"$place"; then echo "$place"; fi
      done
      exit 0
      """
  }

  /// The places that the line `landlock` of a configuration gives for writing, as the script finds them: without a terminal
  /// none can be opened, but each may ask for a new one.
  package static func listed(in text: String) -> [String] {
    let values = text.split { " \n".contains($0) }.filter { $0.hasPrefix("write=") }.map { String($0.dropFirst(6)) }
    return values.filter { $0 != "/dev/tty" }.map { $0 == "/dev/pts" ? "/dev/pts/ptmx" : $0 }.sorted()
  }
}
