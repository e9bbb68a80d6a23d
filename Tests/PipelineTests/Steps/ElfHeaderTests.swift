import Foundation
import Testing

@testable import Kernel
@testable import Pipeline

struct ElfHeaderTests {
  /// The header of a program with one segment, PT_INTERP.
  private func header(machine: Int, is64: Bool = true, isLittle: Bool = true, interpreter: String? = nil) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 256)
    func put(_ offset: Int, _ value: Int, _ count: Int) {
      for index in 0..<count {
        let shift = 8 * (isLittle ? index : count - 1 - index)
        bytes[offset + index] = UInt8(truncatingIfNeeded: value >> shift)
      }
    }
    bytes.replaceSubrange(0..<6, with: [0x7f, 0x45, 0x4c, 0x46, is64 ? 2 : 1, isLittle ? 1 : 2])
    put(18, machine, 2)
    guard let interpreter else { return bytes }
    put(is64 ? 32 : 28, 64, is64 ? 8 : 4)
    put(is64 ? 54 : 42, is64 ? 56 : 32, 2)
    put(is64 ? 56 : 44, 1, 2)
    put(64, 3, 4)
    put(64 + (is64 ? 8 : 4), 160, is64 ? 8 : 4)
    bytes.replaceSubrange(160..<(160 + interpreter.utf8.count), with: Array(interpreter.utf8))
    return bytes
  }

  @Test func theMachineIsRead() {
    #expect(ElfHeader(header(machine: 62))?.machine == 62)
    #expect(ElfHeader(header(machine: 183, is64: false))?.machine == 183)
    #expect(ElfHeader(header(machine: 22, isLittle: false))?.machine == 22)
    #expect(ElfHeader(header(machine: 258, is64: false, isLittle: false))?.machine == 258)
  }

  @Test func theLoaderIsRead() {
    for is64 in [true, false] {
      let found = ElfHeader(header(machine: 62, is64: is64, interpreter: "/lib/ld.so.1"))?.interpreter
      #expect(found == "/lib/ld.so.1", "64 bits: \(is64)")
    }
    #expect(ElfHeader(header(machine: 62))?.interpreter == nil)
  }

  @Test func theLoaderOfTheOtherByteOrderIsRead() {
    #expect(
      ElfHeader(header(machine: 8, is64: false, isLittle: false, interpreter: "/lib/ld"))?.interpreter == "/lib/ld")
    #expect(ElfHeader(header(machine: 22, isLittle: false, interpreter: "/lib/ld"))?.interpreter == "/lib/ld")
  }

  @Test func thisProgramIsRead() throws {
    let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: "/proc/self/exe"))
    let found = try #require(ElfHeader([UInt8](file.readData(ofLength: 4096))))
    #expect(ElfHeader.name(found.machine) == ProcessContext.system.machine)
    #expect(found.interpreter?.hasPrefix("/lib") == true)
  }

  @Test func machinesHaveTheNamesOfUname() {
    #expect(ElfHeader.name(62) == "x86_64")
    #expect(ElfHeader.name(183) == "aarch64")
    #expect(ElfHeader.name(40) == "arm")
    #expect(ElfHeader.name(9999) == "machine number 9999")
  }

  @Test func whatIsNoELFIsNone() {
    #expect(ElfHeader([]) == nil)
    #expect(ElfHeader(Array("#!/bin/sh\n".utf8) + [UInt8](repeating: 0, count: 60)) == nil)
    #expect(ElfHeader([0x7f, 0x45, 0x4c, 0x46]) == nil)
    #expect(ElfHeader(Array(header(machine: 62).prefix(51))) == nil)
  }

  @Test func noiseIsHarmless() {
    var random = SeededGenerator(seed: 31)
    let valid = header(machine: 62, interpreter: "/lib/ld")
    for _ in 0..<2000 {
      var bytes = Array(valid.prefix(Int.random(in: 0...valid.count, using: &random)))
      for _ in 0..<6 where !bytes.isEmpty {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: .min ... .max, using: &random)
      }
      _ = ElfHeader(bytes)
      _ = ElfHeader([0x7f, 0x45, 0x4c, 0x46] + random.bytes(40..<90))
    }
  }
}
