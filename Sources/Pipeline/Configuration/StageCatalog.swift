/// The stages that a configuration may name.
public struct StageCatalog: Sendable {
  /// The types, in the order in which they are listed for users.
  public let types: [any IsolationStage.Type]

  /// A catalog of these types.
  public init(_ types: [any IsolationStage.Type]) { self.types = types }

  /// The type of that name.
  public subscript(name name: String) -> (any IsolationStage.Type)? { types.first { $0.name == name } }

  /// All names.
  public var names: [String] { types.map { $0.name } }
}
