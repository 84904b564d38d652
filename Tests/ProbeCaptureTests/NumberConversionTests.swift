import ProbeLinearAlgebra
import Testing

@testable import ProbeCapture

@Suite("bfloat16")
struct NumberConversionTests {
  @Test("rounds to nearest, ties to even")
  func rounding() {
    // 1 + 2^-8 is halfway between 1 and 1 + 2^-7; 1 + 3 * 2^-8 between 1 + 2^-7 and 1 + 2^-6.
    #expect(NumberConversion.bfloat16Bits(1 + 0x1p-8) == 0x3F80)
    #expect(NumberConversion.bfloat16Bits(1 + 0x3p-8) == 0x3F82)
    #expect(NumberConversion.bfloat16Bits((1 + 0x1p-8 as Float).nextUp) == 0x3F81)
    #expect(NumberConversion.bfloat16Bits(-0.0) == 0x8000)
    #expect(NumberConversion.bfloat16Bits(.greatestFiniteMagnitude) == 0x7F80)
    #expect(NumberConversion.bfloat16Bits(-.infinity) == 0xFF80)
    #expect(NumberConversion.bfloat16Bits(.nan) == 0x7FC0)
    #expect(NumberConversion.bfloat16Bits(Float(bitPattern: 0xFF80_0001)) == 0xFFC0)
    #expect(NumberConversion.bfloat16Bits(.leastNonzeroMagnitude) == 0)
  }

  @Test("keeps every one of its own values")
  func exact() {
    for bits in 0...UInt16.max {
      let value = NumberConversion.float(bfloat16Bits: bits)
      if value.isNaN {
        #expect(NumberConversion.bfloat16Bits(value) & 0x7FFF == 0x7FC0)
      } else if NumberConversion.bfloat16Bits(value) != bits {
        Issue.record("bits \(bits) came back as \(NumberConversion.bfloat16Bits(value))")
      }
    }
  }

  @Test("is never further from a value than half its spacing")
  func error() {
    var generator = RandomGenerator(seed: 5)
    for _ in 0..<2000 {
      let value = Float(generator.normal())
      let stored = NumberConversion.float(bfloat16Bits: NumberConversion.bfloat16Bits(value))
      // 8 significant bits: half a unit is 2^-9 of the binade, at most 2^-8 of the value.
      #expect(abs(stored - value) <= abs(value) * 0x1p-8)
    }
  }
}
