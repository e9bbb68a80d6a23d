/// One variable of the environment.
public struct EnvironmentVariable: Sendable, Equatable {
  /// The part before `=`.
  public let name: String
  /// The part after `=`, which need not be UTF-8.
  public let bytes: [UInt8]
  /// A variable.
  public init(_ name: String, _ value: String) { self.init(name, bytes: Array(value.utf8)) }
  /// A variable of any bytes.
  public init(_ name: String, bytes: [UInt8]) { (self.name, self.bytes) = (name, bytes) }

  /// `NAME=VALUE`, as environ(7) has it.
  public var line: [UInt8] { Array(name.utf8) + [UInt8(ascii: "=")] + bytes }
}
