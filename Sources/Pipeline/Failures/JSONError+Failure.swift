extension JSONError {
  /// The same as an error of a file: with the line, the column, and the line's text.
  public func failure(in bytes: [UInt8], named name: String) -> Failure {
    let place = min(offset, bytes.count)
    let start = bytes[..<place].lastIndex(of: 0x0a).map { $0 + 1 } ?? 0
    let end = bytes[place...].firstIndex(of: 0x0a) ?? bytes.count
    let line = bytes[..<place].count { $0 == 0x0a } + 1
    let column = marked(bytes[start..<place]).count + 1
    var failure = Failure(message)
    failure.location = Location(file: name, line: line)
    failure.excerpt = Excerpt(text: marked(bytes[start..<end]), column: column, length: 1)
    return failure
  }
}
