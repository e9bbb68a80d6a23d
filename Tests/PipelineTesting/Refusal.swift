import Pipeline

/// What is thrown; nil if nothing is.
public func refusal<Value>(_ body: () throws(Failure) -> Value) -> Failure? {
  do throws(Failure) {
    _ = try body()
    return nil
  } catch {
    return error
  }
}
