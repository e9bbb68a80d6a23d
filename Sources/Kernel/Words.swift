/// Bytes as numbers of 64 bits, in the machine's own order; the last is filled up with zeros.
public func words(of bytes: ArraySlice<UInt8>) -> [UInt64] {
  let count = (bytes.count + 7) / 8
  return unsafe [UInt64](unsafeUninitializedCapacity: count) { words, filled in
    if count == 0 { return }
    unsafe words[count - 1] = 0
    unsafe bytes.withUnsafeBytes { unsafe UnsafeMutableRawBufferPointer(words).copyMemory(from: $0) }
    filled = count
  }
}

/// Numbers of 64 bits as bytes, in the machine's own order.
public func bytes(of words: [UInt64]) -> [UInt8] { unsafe words.withUnsafeBytes { unsafe [UInt8]($0) } }

/// Whether all of the bytes are printable characters of ASCII. It looks at eight at a time.
public func arePrintable(_ bytes: ArraySlice<UInt8>) -> Bool {
  unsafe bytes.withUnsafeBytes { bytes in
    var others: UInt64 = 0
    // The top bit of a byte below 0x20, of 0x7f, and of one above.
    func look(_ word: UInt64) { others |= (word &- 0x2020_2020_2020_2020) | (word &+ 0x0101_0101_0101_0101) | word }
    var index = 0
    while index + 8 <= bytes.count {
      look(unsafe bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
      index += 8
    }
    while index < bytes.count {
      look(unsafe 0x2020_2020_2020_2000 | UInt64(bytes[index]))
      index += 1
    }
    return others & 0x8080_8080_8080_8080 == 0
  }
}
