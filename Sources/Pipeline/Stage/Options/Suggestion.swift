/// The word of a list that is most like the one given, if one is near enough to be meant.
public func suggestion(for word: String, among words: [String]) -> String? {
  guard word.utf8.count <= 64 else { return nil }
  let bare = plain(word)
  if !bare.isEmpty, let same = words.first(where: { plain($0) == bare }) { return same }
  let nearest = words.map { ($0, distance(Array(word.utf8), Array($0.utf8))) }.min { $0.1 < $1.1 }
  guard let nearest, nearest.1 <= max(1, min(3, word.utf8.count / 3)) else { return nil }
  return nearest.0
}

/// The word in lower case, without `-` and `_`: what is meant is the same.
public func plain(_ word: String) -> String { word.lowercased().filter { $0 != "-" && $0 != "_" } }

/// `; did you mean 'WORD'?`, or nothing.
public func didYouMean(_ word: String, among words: [String]) -> String {
  suggestion(for: word, among: words).map { "; did you mean '\($0)'?" } ?? ""
}

/// The number of letters to insert, delete, replace or exchange with their neighbour: optimal string alignment.
private func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
  var rows = [Array(0...b.count)]
  for i in 0..<a.count {
    var row = [i + 1]
    for j in 0..<b.count {
      var least = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (a[i] == b[j] ? 0 : 1))
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { least = min(least, rows[i - 1][j - 1] + 1) }
      row.append(least)
    }
    rows.append(row)
  }
  return rows[a.count][b.count]
}
