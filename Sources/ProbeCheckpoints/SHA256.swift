internal import CVectorMath

/// The secure hash SHA-256, fed piece by piece (FIPS 180-4, sections 4.1.2, 4.2.2, 5 and 6.2).
public struct SHA256: Sendable {
  /// The hash value H (section 5.3.3: the fractional parts of the square roots of the first eight primes).
  private var state: SIMD8<UInt32> = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
  ]
  /// Bytes that do not yet fill a block of 64.
  private var pending: [UInt8] = []
  /// The length of the message so far, in bytes.
  private var length: UInt64 = 0

  /// The hash of nothing yet.
  public init() { pending.reserveCapacity(64) }

  /// Appends bytes to the message.
  ///
  /// - Complexity: O(count).
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    length &+= UInt64(bytes.count)
    var rest = bytes[...]
    if !pending.isEmpty {
      let taken = rest.prefix(64 - pending.count)
      pending.append(contentsOf: taken)
      rest = rest.dropFirst(taken.count)
      guard pending.count == 64 else { return }
      pending.withUnsafeBytes { state = Self.compress($0, from: state) }
      pending.removeAll(keepingCapacity: true)
    }
    let whole = rest.count / 64 * 64
    if whole > 0 {
      state = Self.compress(UnsafeRawBufferPointer(rebasing: rest.prefix(whole)), from: state)
      rest = rest.dropFirst(whole)
    }
    pending.append(contentsOf: rest)
  }

  /// Appends the UTF-8 bytes of `text` to the message.
  public mutating func update(_ text: String) {
    Array(text.utf8).withUnsafeBytes { update($0) }
  }

  /// The hash of the message, as 64 lower-case hexadecimal digits.
  public func hexadecimalDigest() -> String {
    var copy = self
    // Section 5.1.1: a 1 bit, zeros, the length in bits as 64 bits big-endian.
    var padding = [UInt8](repeating: 0, count: (copy.pending.count < 56 ? 56 : 120) - copy.pending.count)
    padding[0] = 0x80
    withUnsafeBytes(of: (length << 3).bigEndian) { padding.append(contentsOf: $0) }
    padding.withUnsafeBytes { copy.update($0) }
    return (0..<8).map { word in
      let digits = String(copy.state[word], radix: 16)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }.joined()
  }

  /// Section 4.2.2: the fractional parts of the cube roots of the first 64 primes.
  private static let constants: [UInt32] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
    0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
    0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
    0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
    0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
    0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
    0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
  ]

  /// Section 6.2.2, for each block of 64 bytes.
  static func compress(_ blocks: UnsafeRawBufferPointer, from start: SIMD8<UInt32>) -> SIMD8<UInt32> {
    var fast = (0..<8).map { start[$0] }
    let isDone =
      blocks.baseAddress.map { rp_sha256_blocks(&fast, $0, blocks.count / 64, constants) } ?? 0
    if isDone != 0 { return SIMD8(fast) }
    return compressPortably(blocks, from: start)
  }

  /// The same without the processor's own instructions.
  static func compressPortably(
    _ blocks: UnsafeRawBufferPointer, from start: SIMD8<UInt32>
  ) -> SIMD8<UInt32> {
    var state = start
    constants.withUnsafeBufferPointer { k in
      withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { w in
        for block in stride(from: 0, to: blocks.count, by: 64) {
          for t in 0..<16 {
            w[t] = UInt32(bigEndian: blocks.loadUnaligned(fromByteOffset: block + 4 * t, as: UInt32.self))
          }
          for t in 16..<64 {
            let small0 = rotate(w[t - 15], 7) ^ rotate(w[t - 15], 18) ^ (w[t - 15] >> 3)
            let small1 = rotate(w[t - 2], 17) ^ rotate(w[t - 2], 19) ^ (w[t - 2] >> 10)
            w[t] = w[t - 16] &+ small0 &+ w[t - 7] &+ small1
          }
          var a = state[0], b = state[1], c = state[2], d = state[3]
          var e = state[4], f = state[5], g = state[6], h = state[7]
          // Eight rounds put every working variable back in its place: none is moved.
          for t in stride(from: 0, to: 64, by: 8) {
            round(a, b, c, &d, e, f, g, &h, k[t] &+ w[t])
            round(h, a, b, &c, d, e, f, &g, k[t + 1] &+ w[t + 1])
            round(g, h, a, &b, c, d, e, &f, k[t + 2] &+ w[t + 2])
            round(f, g, h, &a, b, c, d, &e, k[t + 3] &+ w[t + 3])
            round(e, f, g, &h, a, b, c, &d, k[t + 4] &+ w[t + 4])
            round(d, e, f, &g, h, a, b, &c, k[t + 5] &+ w[t + 5])
            round(c, d, e, &f, g, h, a, &b, k[t + 6] &+ w[t + 6])
            round(b, c, d, &e, f, g, h, &a, k[t + 7] &+ w[t + 7])
          }
          state = state &+ SIMD8(a, b, c, d, e, f, g, h)
        }
      }
    }
    return state
  }

  /// One round of section 6.2.2, step 3: only `d` and `h` change, and every name moves on by one place.
  @inline(__always)
  private static func round(
    _ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: inout UInt32, _ e: UInt32, _ f: UInt32, _ g: UInt32,
    _ h: inout UInt32, _ input: UInt32
  ) {
    let choice = (e & f) ^ (~e & g)
    let majority = (a & b) ^ (a & c) ^ (b & c)
    let first = h &+ (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) &+ choice &+ input
    d &+= first
    h = first &+ (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) &+ majority
  }

  /// `value` turned right by `count` bits (ROTR, section 3.2).
  @inline(__always)
  private static func rotate(_ value: UInt32, _ count: UInt32) -> UInt32 {
    value &>> count | value &<< (32 &- count)
  }
}
