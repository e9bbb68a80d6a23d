/// Something that a stage gives and others rely on: a root, a table of mounts, the ids of a user namespace. The order of lines
/// follows from what stages give and need, so that no stage has to know another.
///
///     extension Facet { public static let database = Facet("database") }
public struct Facet: Sendable, Equatable {
  /// Its name, which is all that two facets are compared by.
  public let name: String
  /// Why only one stage may give it; nil if several may.
  public let onlyOnce: String?

  /// A facet.
  public init(_ name: String, onlyOnce: String? = nil) { (self.name, self.onlyOnce) = (name, onlyOnce) }

  /// Whether it is the same.
  @inlinable
  public static func == (a: Facet, b: Facet) -> Bool { a.name == b.name }
}
