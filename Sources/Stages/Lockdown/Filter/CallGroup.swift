internal import Pipeline

/// System calls that belong together, by the names of their manual pages: syscalls(2). Each architecture has its own part of
/// them: a name that it lacks makes no rule there.
struct CallGroup {
  /// What they do, as a phrase.
  let what: String
  /// The calls, with a blank between.
  let names: String

  init(_ what: String, _ names: String) { (self.what, self.names) = (what, names) }

  /// The calls.
  var calls: [String] { names.words() }
}
