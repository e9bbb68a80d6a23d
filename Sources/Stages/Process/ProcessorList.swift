import Pipeline

/// Processors by their numbers, as Linux writes them: `0-1,3`.
struct ProcessorList: OptionValue, Equatable {
  /// The numbers, in order, each once.
  let numbers: [Int]

  static let syntax = "LIST"
  /// The kernel's own limit is 8192.
  private static let largest = 8191

  static func parse(_ text: String, _ context: ValueContext) throws(ValueError) -> ProcessorList {
    let error = ValueError(expected: "processors such as 0, 0-3 or 0-1,3, from 0 to \(largest)")
    var found = [Bool](repeating: false, count: largest + 1)
    for part in text.fields(",") {
      let ends = part.fields("-")
      guard ends.count <= 2, let first = number(ends[0]), let last = number(ends[ends.count - 1]), first <= last else {
        throw error
      }
      for index in first...last { found[index] = true }
    }
    return ProcessorList(numbers: found.indices.filter { found[$0] })
  }

  private static func number(_ text: String) -> Int? {
    guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text) else {
      return nil
    }
    return number <= largest ? number : nil
  }

  var optionText: String {
    var parts: [(first: Int, last: Int)] = []
    for number in numbers {
      if let last = parts.last, last.last + 1 == number {
        parts[parts.count - 1].last = number
      } else {
        parts.append((number, number))
      }
    }
    return parts.map { $0.first == $0.last ? "\($0.first)" : "\($0.first)-\($0.last)" }.joined(separator: ",")
  }
}
