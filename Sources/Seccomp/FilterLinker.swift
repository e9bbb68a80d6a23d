extension FilterCode {
  /// One filter out of several programs, of which each may leave calls to later ones: `FilterAction.program`.
  ///
  /// libseccomp can't say "all but these" of a call whose arguments are looked at where all other calls are refused. So
  /// such a call is left to a program of its own, which lets through, or refuses, what no rule of it names.
  static func linking(_ programs: [FilterCode]) -> FilterCode {
    var starts: [Int] = []
    var length = 0
    for program in programs {
      starts.append(length)
      length += program.instructions.count
    }
    var result: [UInt64] = []
    for program in programs {
      for index in program.instructions.indices {
        let instruction = program[index]
        let next = starts.indices.first { start in
          instruction == FilterInstruction(FilterInstruction.answer, FilterAction.program(start).rawValue)
        }
        if let next, starts[next] > result.count {
          let distance = UInt32(starts[next] - result.count - 1)
          result.append(FilterInstruction(FilterInstruction.jump, distance).bits)
        } else {
          result.append(instruction.bits)
        }
      }
    }
    return FilterCode(result)
  }
}
