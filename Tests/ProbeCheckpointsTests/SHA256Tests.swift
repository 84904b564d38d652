import ProbeLinearAlgebra
import Testing

@testable import ProbeCheckpoints

@Suite("SHA-256")
struct SHA256Tests {
  private func digest(_ text: String) -> String {
    var hash = SHA256()
    hash.update(text)
    return hash.hexadecimalDigest()
  }

  @Test("the examples of FIPS 180-4 and of NIST's test vectors have their published digests")
  func publishedExamples() {
    // csrc.nist.gov, "Cryptographic Standards and Guidelines: Example Values", SHA256.pdf; SHA256ShortMsg.rsp, Len = 0.
    #expect(digest("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      digest("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
        == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
  }

  @Test("lengths around the padding's edges agree with Python's hashlib")
  func paddingEdges() {
    // hashlib.sha256(b"a" * n).hexdigest()
    let expected = [
      55: "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318",
      56: "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a",
      63: "7d3e74a05d7db15bce4ad9ec0658ea98e3f06eeecf16b4c6fff2da457ddc2f34",
      64: "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb",
      65: "635361c48bb9eab14198e76ea8ab7f1a41685d6ad62aa9146d301d4f17eb0ae0",
    ]
    for (count, value) in expected { #expect(digest(String(repeating: "a", count: count)) == value) }
  }

  @Test("the processor's instructions, where there are any, give what the portable rounds give")
  func instructions() {
    var generator = RandomGenerator(seed: 6)
    for blocks in [1, 2, 7] {
      let message = (0..<blocks * 64).map { _ in UInt8(generator.integer(below: 256)) }
      let start = SIMD8<UInt32>((0..<8).map { _ in UInt32(truncatingIfNeeded: generator.next()) })
      message.withUnsafeBytes { bytes in
        #expect(SHA256.compress(bytes, from: start) == SHA256.compressPortably(bytes, from: start))
      }
    }
  }

  @Test("a message fed in pieces of any size has the digest of the whole")
  func pieces() {
    var generator = RandomGenerator(seed: 5)
    let message = (0..<1000).map { _ in UInt8(generator.integer(below: 256)) }
    var whole = SHA256()
    message.withUnsafeBytes { whole.update($0) }
    for _ in 0..<20 {
      var hash = SHA256()
      var rest = message[...]
      while !rest.isEmpty {
        let piece = Array(rest.prefix(generator.integer(below: 130)))
        piece.withUnsafeBytes { hash.update($0) }
        rest = rest.dropFirst(piece.count)
      }
      #expect(hash.hexadecimalDigest() == whole.hexadecimalDigest())
    }
  }
}
