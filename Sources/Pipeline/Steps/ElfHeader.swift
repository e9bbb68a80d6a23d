/// What the beginning of an ELF file tells: the machine that it is for, and the loader that it wants. See elf(5).
struct ElfHeader {
  /// The number of the machine: EM_X86_64 is 62.
  let machine: Int
  /// The loader's path, from the PT_INTERP segment, if it lies in the bytes given.
  let interpreter: String?

  /// Reads a header; nil if the bytes aren't an ELF file's.
  init?(_ bytes: [UInt8]) {
    guard bytes.count >= 52, bytes.starts(with: [0x7f, 0x45, 0x4c, 0x46]) else { return nil }
    let (is64, isLittle) = (bytes[4] == 2, bytes[5] != 2)
    /// A number of that many bytes; 0 where the file ends.
    func number(_ offset: Int, _ count: Int) -> Int {
      guard offset >= 0, offset <= bytes.count - count else { return 0 }
      let field = bytes[offset..<(offset + count)]
      return (isLittle ? Array(field.reversed()) : Array(field)).reduce(0) { $0 << 8 | Int($1) }
    }
    machine = number(18, 2)
    var found: String?
    // An address of the file, as wide as the class has it.
    let width = is64 ? 8 : 4
    let table = number(is64 ? 32 : 28, width)
    let (size, count) = (number(is64 ? 54 : 42, 2), number(is64 ? 56 : 44, 2))
    for index in 0..<min(count, 64) where (0..<bytes.count).contains(table) {
      let segment = table + index * size
      guard number(segment, 4) == 3 else { continue }
      let offset = number(segment + width, width)
      guard offset > 0, offset < bytes.count else { break }
      found = shown(Array(bytes[offset...].prefix { $0 != 0 }))
      break
    }
    interpreter = found
  }

  /// A machine's name as uname(1) has it.
  static func name(_ machine: Int) -> String {
    let names = [
      3: "i386", 8: "mips", 20: "ppc", 21: "ppc64", 22: "s390x", 40: "arm", 62: "x86_64", 183: "aarch64", 243: "riscv",
      258: "loongarch64",
    ]
    return names[machine] ?? "machine number \(machine)"
  }
}
