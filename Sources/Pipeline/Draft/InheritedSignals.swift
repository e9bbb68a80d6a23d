internal import Kernel
internal import Synchronization

/// The signals that were blocked when littlectr was started. Programs that it starts get that mask back.
public final class InheritedSignals: Sendable {
  private let bits = Atomic<UInt64>(0)
  private let ending = Atomic<Int32>(0)

  init() {}

  var mask: SignalSet {
    get { SignalSet(bits: bits.load(ordering: .relaxed)) }
    set { bits.store(newValue.bits, ordering: .relaxed) }
  }

  /// The signal that has asked littlectr to end while a program of the host's was waited for.
  var asked: Signal? {
    get {
      let number = ending.load(ordering: .relaxed)
      return number == 0 ? nil : Signal(number: number)
    }
    set { ending.store(newValue?.number ?? 0, ordering: .relaxed) }
  }
}
