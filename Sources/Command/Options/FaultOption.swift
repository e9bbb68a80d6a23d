internal import Pipeline
internal import SystemPackage

/// The value of `--fault`: a step, by its number or its call's name, and what is to happen there.
struct FaultOption: OptionValue {
  static let syntax = "STEP=ERRNO|STEP=KILL"
  /// The number that explain gives the step, or its call's name.
  let step: String
  /// Nil for KILL.
  let errno: Errno?

  var optionText: String { "\(step)=\(errno?.name ?? "KILL")" }

  /// What is to happen in a plan.
  func fault(in plan: Plan) throws(Failure) -> Fault {
    let isThere: (Plan.Item) -> Bool = { item in
      item.step.text.lines.contains { $0.begins(with: step + "(") }
    }
    let index = Int(step).map { $0 - 1 } ?? plan.items.firstIndex(where: isThere)
    guard let index, plan.items.indices.contains(index) else {
      throw Failure(
        "--fault \(optionText)", why: "this container has \(plan.items.count) steps, and that is none of them",
        fix: "littlectr explain, with the same options, numbers them")
    }
    return errno.map { .failing(step: index, $0) } ?? .killing(step: index)
  }

  static func parse(_ text: String, _ context: ValueContext) throws(ValueError) -> FaultOption {
    let parts = text.fields("=")
    guard parts.count == 2, !parts[0].isEmpty, Int(parts[0]).map({ $0 > 0 }) ?? !parts[0].begins(with: "-") else {
      throw ValueError(expected: "a step and an errno, as in 3=EPERM or sethostname=EPERM, or 3=KILL")
    }
    if parts[1] == "KILL" { return FaultOption(step: parts[0], errno: nil) }
    guard let errno = (1..<134).map({ Errno(rawValue: $0) }).first(where: { $0.name == parts[1] }) else {
      throw ValueError(expected: "the name of an errno, as errno(3) lists them, or KILL after the '='")
    }
    return FaultOption(step: parts[0], errno: errno)
  }
}
