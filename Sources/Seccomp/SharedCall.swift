/// On i386 one call stands for several, and its first argument says for which: socketcall(2), and ipc(2). Most have a number of
/// their own beside.
struct SharedCall {
  /// The number of the call that stands for several.
  let number: UInt32
  /// What its first argument is.
  let argument: UInt32
  /// The call's own number; nil if it has none.
  let own: UInt32?

  /// All numbers by which the call is made.
  var numbers: [UInt32] { own.map { [number, $0] } ?? [number] }

  /// The call that libseccomp gives that number; nil if it isn't one of these.
  init?(_ pseudo: Int32) {
    switch -pseudo {
    case 101...120:
      (number, argument, own) = (102, UInt32(-pseudo - 100), Self.find(Self.sockets[Int(-pseudo - 101)]))
    case 201...204, 211...214, 221...224:
      (number, argument, own) = (117, UInt32(-pseudo - 200), Self.find(Self.systemV[Int(-pseudo - 201)]))
    default: return nil
    }
  }

  private static func find(_ number: UInt32) -> UInt32? { number == 0 ? nil : number }

  /// From socket, bind, connect on, as <linux/net.h> has them; 0 for accept, send and recv, which have none.
  private static let sockets: [UInt32] = [
    359, 361, 362, 363, 0, 367, 368, 360, 0, 0, 369, 371, 373, 366, 365, 370, 372, 364, 337, 345,
  ]
  /// From semop on, as <linux/ipc.h> has them; 0 for semop and semtimedop, which have none, and for numbers of no call.
  private static let systemV: [UInt32] = [
    0, 393, 394, 0, 0, 0, 0, 0, 0, 0, 400, 401, 399, 402, 0, 0, 0, 0, 0, 0, 397, 398, 395, 396,
  ]
}
