/// A value that is lent without its type in anybody's signature. Who reaches for it names the type, which is checked.
///
/// It can't be copied, and is only lent, so that nobody keeps it for longer than the value lives.
@safe public struct TypedReference: ~Copyable {
  @usableFromInline let place: UnsafeMutableRawPointer
  @usableFromInline let type: any Any.Type

  /// Lends a value.
  public static func lend<Value, Failure: Error>(
    _ value: inout Value, _ body: (borrowing TypedReference) throws(Failure) -> Void
  ) throws(Failure) {
    try unsafe withUnsafeMutablePointer(to: &value) { pointer throws(Failure) in
      try unsafe body(TypedReference(place: UnsafeMutableRawPointer(pointer), type: Value.self))
    }
  }

  private init(place: UnsafeMutableRawPointer, type: any Any.Type) {
    unsafe self.place = place
    self.type = type
  }

  /// Reads or changes the value in its place, as the type that it was lent as.
  @inlinable
  public func access<Value, Result>(as _: Value.Type, _ body: (inout Value) -> Result) -> Result {
    precondition(type == Value.self, "a value of another type was lent")
    return unsafe body(&place.assumingMemoryBound(to: Value.self).pointee)
  }
}
