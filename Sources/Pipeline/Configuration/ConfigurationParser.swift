internal import Kernel
internal import SystemPackage

/// Reads the text of stages.conf into entries.
struct ConfigurationParser {
  let catalog: StageCatalog
  let host: Host
  private(set) var entries: [Entry] = []
  /// What is on the way to each file that was read.
  private(set) var ways: [Way] = []
  private var filesRead = 0
  private var bytesRead = 0
  private var linesOff: [Entry] = []

  /// The longest line that is read, in bytes.
  static let longestLine = 1 << 16
  /// How many files one configuration may include, counting each time.
  static let mostFiles = 100

  init(catalog: StageCatalog, host: Host) { (self.catalog, self.host) = (catalog, host) }

  /// Reads a file and what it includes.
  ///
  /// - Parameter outer: the files that are being read, outermost first: a file among them would include itself.
  mutating func read(_ file: ConfigurationFile, outer: [ConfigurationFile] = []) throws(Failure) {
    filesRead += 1
    if let way = file.way { ways.append(way) }
    bytesRead += file.bytes.count
    let context = ValueContext(directory: file.directory)
    let variables = Variables(host: host, file: file)
    var number = 0
    var start = file.bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
    var continues = false
    // Whether a line above names a stage. Only of what is a configuration is anything quoted: another file may be secret.
    var isConfiguration = false
    while start < file.bytes.count {
      number += 1
      var end = file.bytes[start...].firstIndex(of: 0x0a) ?? file.bytes.count
      let next = end + 1
      if end > start, file.bytes[end - 1] == 0x0d { end -= 1 }
      var line = Line(file.bytes[start..<end], at: Location(file: file.name, line: number))
      start = next
      var (included, isText): ((path: FilePath, word: Line.Word)?, Bool) = (nil, false)
      do throws(Failure) {
        try check(line)
        let isIndented = line.beginsWithBlank
        guard line.skipToWord() else { continue }
        if isIndented {
          guard continues else {
            throw line.failure(
              "an indented line belongs to the stage above it, and there is none", line.position, line.bytes.endIndex,
              fix: "begin the line at its left edge")
          }
          try readOptions(&line, context, variables, isIndented: true)
        } else {
          isText = true
          included = try readStage(&line, context, variables, isConfiguration: isConfiguration)
          continues = included == nil
        }
      } catch {
        if isConfiguration || beginsAsConfiguration(line) { throw error }
        // What is said of bytes and blanks tells nothing of the text, nor does a name that is a stage's.
        if isText, !isAssignment(line) {
          throw ConfigurationAdvice.noConfiguration(line.location, isComment: StageHint.isComment(line))
        }
        var failure = error
        failure.excerpt?.isHidden = true
        throw failure
      }
      isConfiguration = true
      if let included { try include(included, line, file, outer) }
    }
  }

  /// Reads one line that stands on the command line.
  ///
  /// - Parameter lines: lines that are off; one of the same stage is taken as the beginning, with its place and options.
  mutating func read(_ text: String, from option: String, over lines: [Entry]) throws(Failure) {
    linesOff = lines
    var line = Line(Array(text.utf8)[...], at: Location(file: option))
    try check(line)
    guard line.skipToWord() else {
      throw line.failure("a stage is missing", 0, 1, fix: "write its name: \(catalog.names.joined(separator: ", "))")
    }
    let variables = Variables(host: host, file: nil)
    if try readStage(&line, ValueContext(directory: "."), variables) != nil {
      throw line.failure("'include' stands only in files", 0, 7, fix: "name the file with --conf")
    }
  }

  /// Refuses what isn't text.
  private func check(_ line: Line) throws(Failure) {
    guard line.bytes.count <= Self.longestLine else {
      let shown = Line(line.bytes.prefix(60), at: line.location)
      throw shown.failure(
        "this line has \(line.bytes.count) bytes", shown.bytes.startIndex, shown.bytes.endIndex,
        fix: "no line may have more than \(Self.longestLine)")
    }
    if arePrintable(line.bytes) { return }
    for (index, byte) in zip(line.bytes.indices, line.bytes)
    where byte < 0x20 && byte != 0x09 || byte >= 0x7f && byte <= 0x9f {
      // Those beyond ASCII have 0xc2 before them; after other bytes it is a part of a letter.
      let start = byte > 0x7f ? index - 1 : index
      if byte > 0x7f, index == line.bytes.startIndex || line.bytes[start] != 0xc2 { continue }
      throw line.failure(
        byte == 0 ? "a NUL byte" : "a control character (\(byte))", start, index + 1,
        fix: "the file is text: remove it")
    }
    do throws(UTF8.ValidationError) {
      _ = try UTF8Span(validating: line.bytes.span)
    } catch {
      let start = line.bytes.startIndex + error.byteOffsets.lowerBound
      throw line.failure("this isn't UTF-8", start, start + 1, fix: "save the file as UTF-8")
    }
  }

  /// Whether a line that can't be read begins with a stage's name, or with what is meant to be one.
  private func beginsAsConfiguration(_ line: Line) -> Bool {
    guard let word = line.firstWord else { return false }
    return suggestion(for: word, among: words) != nil || catalog.isMeant(by: word)
      || StageHint.isKnown(line, catalog)
  }

  /// Whether the line begins with `NAME=`, where a stage or a key of one is meant.
  private func isAssignment(_ line: Line) -> Bool {
    let name = line.bytes.prefix { $0 != UInt8(ascii: "=") }
    guard name.endIndex < line.bytes.endIndex, let text = String(validating: name, as: UTF8.self) else { return false }
    return words.contains { $0.isSame(as: text) } || catalog.isMeant(by: text)
  }

  /// What a line may begin with.
  private var words: [String] { catalog.names + ["off", "try", "include"] }

  /// Reads a line that begins at the left edge; the path of an include, if it is one.
  private mutating func readStage(
    _ line: inout Line, _ context: ValueContext, _ variables: Variables, isConfiguration: Bool = true
  ) throws(Failure) -> (path: FilePath, word: Line.Word)? {
    var word = try line.word(variables)
    var mode = Entry.Mode.on
    if word.value == nil, word.name == "off" || word.name == "try" {
      mode = word.name == "off" ? .off : .tried
      guard line.skipToWord() else {
        throw line.failure("a stage is missing", word.start, word.end, fix: "write \(word.name) STAGE")
      }
      word = try line.word(variables)
    } else if word.value == nil, word.name == "include" {
      guard line.skipToWord() else {
        throw line.failure("a file is missing", word.start, word.end, fix: "write include FILE")
      }
      let file = try line.word(isValue: true, variables)
      if line.skipToWord() {
        throw line.failure(
          "one file only", line.position, line.bytes.endIndex, fix: "put each include on a line of its own")
      }
      return (context.path(file.value ?? ""), file)
    }
    guard word.value == nil, let type = catalog[name: word.name] else {
      let hint = StageHint(
        word: word, line: line, isAfterMode: mode != .on, isShown: isConfiguration || beginsAsConfiguration(line))
      throw hint.failure(catalog)
    }
    let off = type.isRepeatable ? nil : linesOff.first { $0.name == word.name }
    var entry = off ?? Entry(mode, type.init(), at: line.location)
    (entry.mode, entry.given) = (mode, [])
    entries.append(entry)
    try readOptions(&line, context, variables)
    return nil
  }

  /// Reads the words that follow a stage's name.
  private mutating func readOptions(
    _ line: inout Line, _ context: ValueContext, _ variables: Variables, isIndented: Bool = false
  ) throws(Failure) {
    var context = context
    var previous: Line.Word?
    while line.skipToWord() {
      let word = try line.word(variables)
      context.holdsVariable = word.holdsVariable
      do throws(WordError) {
        // Nothing before the '=' is no key, and no value for a stage that takes any.
        let value = word.name.isEmpty ? word.value.map { "=" + $0 } : word.value
        try entries[entries.count - 1].set(word.name, value, context)
      } catch {
        let hint = WordHint(word: word, previous: previous, line: line, isIndented: isIndented)
        throw line.failure(error, word, fix: hint.fix(for: entries[entries.count - 1], catalog))
      }
      previous = word
    }
  }

  private mutating func include(
    _ included: (path: FilePath, word: Line.Word), _ line: Line, _ file: ConfigurationFile, _ outer: [ConfigurationFile]
  ) throws(Failure) {
    let refuse = { (message: String, fix: String) in
      line.failure(message, included.word.start, included.word.end, fix: fix)
    }
    if filesRead > Self.mostFiles {
      throw refuse("more than \(Self.mostFiles) files are included", "include fewer")
    }
    let inner: ConfigurationFile
    do throws(Failure) {
      inner = try host.included(included.path, host)
    } catch {
      var failure = refuse("this file can't be included" + (error.errno.map { ": \($0.name)" } ?? ""), "")
      (failure.why, failure.fix) = (
        error.why, error.errno == nil ? error.fix : "write include with a file that you may read"
      )
      throw failure
    }
    if bytesRead + inner.bytes.count > ConfigurationFile.largest {
      throw refuse("with this file, more than 1 MiB is read", "include less")
    }
    let files = outer + [file]
    if let first = files.firstIndex(where: { $0.identity != nil && $0.identity == inner.identity }) {
      let circle = (files[first...].map(\.name) + [inner.name]).joined(separator: " → ")
      throw refuse("this file includes itself: \(circle)", "remove one of the includes")
    }
    try read(inner, outer: files)
  }
}
